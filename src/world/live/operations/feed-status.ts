/** The state of one feed, for the status of a live run. */

/** One feed of a live run, as its status shows it. */
export interface FeedStatus {
  readonly name: string
  readonly state: string
  readonly lastDataAt: number | null
  /** Inputs of it that were taken, and those that were refused because of what they were; 0 of the market's, whose counters say more. */
  readonly taken: number
  readonly refused: number
  /** Why it failed; null: it did not. */
  readonly failure: string | null
  readonly counters: Readonly<Record<string, number>>
}
