/** What the readers of candle text hold at most; beyond a limit the file is refused by name. */

export const candleTextLimits = {
  /** Characters of one line or one JSON row. */
  rowChars: 65_536,
  /** Columns of one row. */
  columns: 256,
  /** Distinct distances between neighbouring rows that a check tells apart; the rest are counted together. */
  intervals: 10_000,
} as const
