/** Every bound of what the rules of a gate keep, in one place. */

export const gateLimits = {
  /** Finished trades within one window that a share of good ones is of: of more, the latest. */
  recentResults: 10_000,
  /** Pairs whose correlations are followed: those of which a bar came first. What is said of them grows with their square. */
  correlatedPairs: 300,
} as const
