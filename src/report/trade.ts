/** A finished trade as the report knows it. */

/** A finished trade; times in ms, fractions of the entry's notional, NaN where a run of an older version does not tell it. */
export interface Trade {
  readonly id: string
  readonly portfolio: string
  readonly pair: string
  readonly agent: string
  readonly reason: string
  readonly idea: string
  readonly pattern: string | null
  readonly direction: number
  readonly entry: number
  readonly exit: number
  readonly entryPrice: number
  readonly exitPrice: number
  /** Bars. */
  readonly held: number
  readonly pnlUsd: number
  readonly notionalUsd: number
  /** Entry and exit together. */
  readonly tradedUsd: number
  readonly feesUsd: number
  readonly slippageUsd: number
  readonly borrowUsd: number
  /** What the price did in the direction of the trade, before any cost. */
  readonly gross: number
  readonly net: number
  /** The size of the move that its idea predicted; null where it claimed none. */
  readonly predicted: number | null
  /** Maximum adverse and favourable excursion: the worst and the best price from entry to exit, in the direction of the trade. */
  readonly mae: number
  readonly mfe: number
}
