/** The names of the two portfolios. */

export const spotName = 'spot'
/** Also of the account at the futures exchange. */
export const futuresName = 'futures'
