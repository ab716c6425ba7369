/** What the spaces may grow to; beyond a limit a query computes what it would have looked up, or a constructor throws. */
export const spaceLimits = {
  /** Cells of one grid or plane. */
  cells: 1 << 24,
  /** Tables of neighbouring cells one grid keeps, one a radius; the oldest is dropped. */
  neighborhoods: 8,
  /** Entries of one such table (its border cells); larger ones are computed at each query. */
  neighborhoodEntries: 1 << 22,
}

/** How often a limit was reached. */
export const spaceCounters = { neighborhoodsDropped: 0, neighborhoodsNotTabled: 0 }
