/** The bounds of the launch world in memory. */

export const launchLimits = {
  /** Tokens that are still traded; while there are so many, nothing is launched, which is counted. */
  livingTokens: 10_000,
  /** Minutes of volume, price and mood that are kept of a token. */
  minutesKept: 60,
  /** Kinds of launches that the summary lists. */
  kindsListed: 10_000,
  /** Reasons for which orders came to nothing with a counter of their own; later ones count as `other`. */
  lostReasons: 32,
  /** Outcomes that wait to be learnt by the trade-agent; beyond it they are not, and counted. */
  openOutcomes: 20_000,
  /** Outcomes from which its confidence is calibrated, the last ones. */
  calibrationOutcomes: 4_000,
  /** Stops in force of the trade-agent; one more is refused, or for a pause not made. */
  stops: 200,
  /** What waits for a reviewer; later ones are counted. */
  reviews: 500,
  /** Tokens and creators on the blacklist. */
  blacklisted: 10_000,
  /** Trades of an A/B experiment of which each design keeps the outcome, the last ones. */
  experimentOutcomes: 50_000,
  /** Rows of an operator's orders. */
  orders: 1_000,
} as const
