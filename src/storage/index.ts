/** `storage/`: SQLite ledgers and journal, run directories, checkpoints, Parquet. All access to the disk is here. */

export { requireDatabases } from './better-sqlite3.js'
export {
  checkpointSteps,
  type LoadedCheckpoint,
  readCheckpoint,
  readCheckpointAt,
  writeCheckpoint,
} from './checkpoint-file.js'
export * from './data-files.js'
export * from './errors.js'
export { type ExportRequest, exportTable } from './export-table.js'
export { makeDirectory, writeAtomic } from './files.js'
export { finishedTrade, finishedTradePages, type LedgerPastTrade } from './finished-trades.js'
export * from './journal.js'
export {
  type ArchiveSettings,
  type CheckpointPlace,
  JournalArchive,
  type KeepJournal,
  type StartWriting,
} from './journal-archive.js'
/** @internal */
export { firstHash, type HashedTick, readJournal } from './journal-rows.js'
export { keepLastState, lastStateOf } from './last-state.js'
export { LedgerMirror, type RowCounts } from './ledger-mirror.js'
export { decisionsPage, type LedgerFilter, type LedgerPage, tradesPage } from './ledger-pages.js'
export type { PortfolioState } from './ledger-tables.js'
export { type LedgerLock, type LedgerTrade, lastTradeIn, locksBetween, tradesBetween } from './ledger-trades.js'
export { storageLimits } from './limits.js'
export type {
  ChangedPortfolio,
  DecisionHead,
  JournalBase,
  JournalTick,
  Recovered,
  StoredMessage,
  TickDecisions,
  TickRecord,
} from './live-records.js'
export type { LedgerPositionRow, OutboxMessage } from './live-tables.js'
export { type Lock, lockFile, releaseThread } from './lock.js'
export { type Manifest, manifestSchema, type RunEnd, type RunError } from './manifest.js'
export { type WrittenDatabase, writeNettraceDatabases } from './nettrace-databases.js'
export { type OpenedRun, openRun, type RunTable } from './open-run.js'
export { openRunRecord } from './open-run-record.js'
export { OpsRecord, type StoredNotice } from './ops-db.js'
export type { OpsEvent } from './ops-tables.js'
export { type ParquetPosition, ParquetSink } from './parquet.js'
export { numbersOf, readTable, rowsIn, tableBlocks, tableExists, tablesIn, textsOf } from './parquet-table.js'
export { type Approval, approvalsIn, PatternArchive } from './patterns-db.js'
export {
  type ClaimedTask,
  type PoolNodeRow,
  PoolRecord,
  type PoolTaskRow,
  type PoolTaskStatus,
} from './pool-db.js'
export type { PoolDemand, PoolNode } from './pool-tables.js'
export { type FileSoundness, quickCheck } from './quick-check.js'
export { RejectedLog } from './rejected.js'
export { ResultLog } from './result-log.js'
export { type ChainHead, RowChain, type RowChainState } from './row-chain.js'
export { checkRun, type RunCheck } from './run-check.js'
export { type NewRun, RunDirectory } from './run-directory.js'
export type { JournalCheck } from './run-journal-check.js'
export { type OutputsPosition, RunOutputs } from './run-outputs.js'
export type { RecordRow, RecordTable, RunRecord } from './run-record.js'
export { otherRuntime } from './runtime.js'
export { readSegment, readSegmentHead, type Segment, type SegmentHead } from './segment-file.js'
export { type SegmentTask, writeSegment } from './segment-writer.js'
export { journalFolder, type KeptState, readState, type SegmentFile, segmentsIn, statesIn } from './segments.js'
export * from './snapshot/index.js'
export { rebuildSpool } from './spool-files.js'
/** @internal */
export { openReadOnly, sqliteVersion } from './sqlite.js'
export type { Columns } from './table-block.js'
export type { KeyRange, LedgerRow, RowDifference } from './table-comparison.js'
/** @internal */
export {
  compareGrown,
  grownPatterns,
  grownTables,
  stateRows,
  stateTables,
} from './table-comparison.js'
export { newDigest, restoredDigest, type TableDigest } from './table-digest.js'
export { type Cells, removeTableFiles, writeTableFiles } from './table-file.js'
export { TradeLedger } from './trades-db.js'
export type { SpanTables } from './whole-comparison.js'
/** @internal */
export { compareWhole } from './whole-comparison.js'
