/** The bounds of the market room: of candle text, and of the guards of live pairs. */

/** What the readers of candle text hold at most; beyond a limit the file is refused by name. */
export const candleTextLimits = {
  /** Characters of one line or one JSON row. */
  rowChars: 65_536,
  /** Columns of one row. */
  columns: 256,
} as const

/** Tables of users: rows and characters of one file; beyond them it is refused by name. */
export const csvTableLimits = {
  tableRows: 1_000_000,
  tableChars: 200_000_000,
} as const

/** What the guard of a live pair's prints keeps; prints beyond a limit are rejected, and counted. */
export const guardLimits = {
  /** Accepted prints whose median is the reference. */
  referencePrints: 5,
  /** Prints of a pair that wait for a second one. */
  waitingPrints: 8,
  /** Bars whose traded ranges are kept. */
  rangedBars: 3,
  /** Bars whose moves make the σ of a bar. */
  movesOfSigma: 60,
} as const
