/** The bounds of the searches. */

export const searchLimits = {
  /** Places that a Gaussian process remembers, the latest: its cost grows with their cube. */
  gaussianProcessPlaces: 400,
} as const
