/** Every bound of the servers in one place. */

export const serverLimits = {
  /** Bytes of a request's headers. */
  headerBytes: 8_192,
  /** Time for a whole request, ms, and how often connections are looked at. */
  requestMs: 5_000,
  checkMs: 1_000,
  /** Time after which a connection on which nothing moves is closed, ms. */
  idleMs: 10_000,
  /** Connections at once; one more is closed at once. */
  connections: 64,
  /** Rows of one page, where the reader says no number, and at most. */
  pageRows: 100,
  mostRows: 1_000,
} as const
