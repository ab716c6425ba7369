/** What the readers of candle text hold at most; beyond a limit the file is refused by name. */

export const candleTextLimits = {
  /** Characters of one line or one JSON row. */
  rowChars: 65_536,
  /** Columns of one row. */
  columns: 256,
} as const
