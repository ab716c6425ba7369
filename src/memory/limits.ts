/** What memory holds at most. */
export const vectorMemoryLimits = {
  /** Vectors a collection of the embedded store; a new one replaces the oldest. */
  embeddedVectors: 200_000,
  /** Past trades kept in a scope; the one that closed first makes room. */
  tradesPerScope: 100_000,
  /** Trades that wait to be stored; one more is dropped, counted, and caught up from the ledger. */
  waitingTrades: 1_000,
  /** Trades stored by one request. */
  batch: 500,
  /** Embeddings kept for sentences seen before; the oldest makes room. */
  cachedSentences: 10_000,
  /** Milliseconds a request to a server may take. */
  requestMs: 10_000,
} as const
