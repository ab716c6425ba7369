/** The bounds of latency signals in memory. */

export const netTraceLimits = {
  /** Signals whose horizon is not over; beyond it they are not judged, and counted. */
  unmaturedSignals: 10_000,
  /** Signals that the trader knows and that are not over; beyond it they are not heard, and counted. */
  knownSignals: 10_000,
  /** Ids of other places' signals that are remembered, so that each is acted on once; beyond it the oldest go. */
  postedSignals: 10_000,
} as const
