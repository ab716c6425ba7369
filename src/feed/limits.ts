/** Every bound of the live feeds in one place; each has a counter beside the thing it bounds. */

export const feedLimits = {
  /** Inputs waiting for the world, per pair; beyond it the oldest waiting trade is dropped. */
  waitingPerPair: 5_000,
  /** Frames longer than this are rejected unread, in characters. */
  frameLength: 1_000_000,
  /** Entries of one frame (Kraken's longest snapshot holds 720 candles). */
  entriesPerFrame: 2_000,
  /** Trade ids remembered per pair to recognise duplicates. */
  seenTradeIds: 4_096,
  /** Trades held per pair while it is being back-filled. */
  heldTrades: 5_000,
  /** Closed bars per pair that may still be revised. */
  revisableBars: 4,
  /** Longest run of intervals without a trade written as filled bars; a longer one is a gap. */
  filledBars: 60,
  /** Bars per pair that Kraken's own candles reach back. */
  backfillBars: 720,
  /** Requests for one pair's trades in one back-fill, of 1,000 trades each. */
  backfillPages: 10,
  /** Rejected frames handed to the callback in one minute, and the characters kept of each. */
  rejectedPerMinute: 200,
  rejectedLength: 2_000,
  /** Moat answers kept for conditional requests, the largest answer read, and signals waiting for the world. */
  cachedAnswers: 64,
  answerBytes: 4_000_000,
  waitingSignals: 5_000,
  /** Posts to a collector that wait for the run, and ids of signals that are remembered so that none counts twice. */
  waitingPosts: 1_000,
  knownPosts: 10_000,
  /** Prefixes whose routes are listened for. */
  prefixes: 64,
}
