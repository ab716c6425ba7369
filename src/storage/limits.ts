/** Every bound of this room in one place; what overflows is counted where it happens. */

export const storageLimits = {
  /** Rows a simulated run's ledger holds before it commits them in one transaction. */
  ledgerBatchRows: 4_096,
  /** Rows it holds at most where no portfolios are recorded. */
  ledgerWaitingRows: 16_384,
  /** Bytes of spooled rows held in memory before they are written. */
  spoolBufferBytes: 1 << 20,
  /** Rows of one Parquet row group: what finishing a run holds in memory of a table. */
  rowGroupRows: 65_536,
  /** Rows of a table that are gathered before they join a row group. */
  tableBlockRows: 4_096,
  /** Links kept of a chain over rows: with them its file stays below 64 kB. */
  chainMarks: 3_072,
  /** Checkpoints kept: the newest, and one to fall back to. */
  checkpointsKept: 2,
  /** Bytes of the last state that is kept for a report, before it is compressed. */
  lastStateBytes: 8 << 20,
  /** Ticks of one segment of the journal, and the model time it spans at most, ms. */
  segmentTicks: 20_000,
  segmentMs: 3_600_000,
  /** Rows that are in a segment and leave the ledger in one tick. */
  rowsDroppedPerTick: 500,
  /** Days and bytes of segments that are kept where the operator does not say: about three months. */
  journalDays: 90,
  journalBytes: 20e9,
  /** Lines and bytes of `rejected.jsonl`; what comes after is counted, not written. */
  rejectedLines: 10_000,
  rejectedBytes: 8 << 20,
  /** Characters of one rejected input that are kept. */
  rejectedText: 1_024,
  /** Times a busy database is tried again before the writer halts. */
  busyRetries: 5,
  /** Milliseconds SQLite itself waits for another connection's lock. */
  busyTimeoutMs: 2_000,
  /** Milliseconds a second process waits for a ledger before it refuses. */
  lockTimeoutMs: 250,
  /** Messages that wait for their announcement; the oldest are dropped and counted. */
  outboxRows: 100_000,
  /** Notices and events that `ops.db` keeps; older ones that are over go when it is opened. */
  opsNotices: 100_000,
  opsEvents: 100_000,
  /** Problems `checkDatabase` lists before it stops naming them. */
  problemsListed: 50,
}
