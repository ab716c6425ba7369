/** The bounds of latency signals in memory. */

export const netTraceLimits = {
  /** Signals whose horizon is not over; beyond it they are not judged, and counted. */
  unmaturedSignals: 10_000,
  /** Signals that the trader knows and that are not over; beyond it they are not heard, and counted. */
  knownSignals: 10_000,
} as const
