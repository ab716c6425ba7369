/** Every bound of this room in one place. */

export const experimentLimits = {
  /** Points of a design, which are held in memory. */
  points: 1_000_000,
  /** Runs of a sweep, of each of which its place in the results is held. */
  runs: 10_000_000,
} as const
