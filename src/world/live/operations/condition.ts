/** One thing that an operator should know of a live run, in the words that line, panel, status, log and metrics share. */

/** What a condition is about: stable, because logs and metrics hold it. */
export type LiveConditionCode =
  | 'state'
  | 'link'
  | 'stale'
  | 'dataEnded'
  | 'sources'
  | 'halts'
  | 'clock'
  | 'memory'
  | 'patterns'
  | 'notTraded'
  | 'lastTrade'

/** A condition of a live run. */
export interface LiveCondition {
  readonly code: LiveConditionCode
  /** True where the run cannot trade, or not everything, or sees less than it should. */
  readonly isTrouble: boolean
  /** Since when, ms; null: since the start, or it is no state that begins. */
  readonly since: number | null
  /** A few words, for a line. */
  readonly short: string
  /** Sentences. */
  readonly text: string
}
