/** `exchange/perp/`: perpetual futures: their terms and prices, the venue of their orders, and the clearing house of their money. */

export * from './accounts.js'
export * from './clearing-house.js'
export * from './contract.js'
export * from './liquidation.js'
export * from './perp-venue.js'
export * from './terms.js'
