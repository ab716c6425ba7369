/** `storage/`: SQLite ledgers and journal, run directories, checkpoints, Parquet. Everything that touches a disk. */

export * from './checkpoint-file.js'
export * from './data-files.js'
export * from './errors.js'
export { writeAtomic } from './files.js'
export { LiveLedger, readJournal } from './journal.js'
export type { BookState } from './ledger-statements.js'
export { storageLimits } from './limits.js'
export type {
  ChangedBook,
  JournalBase,
  JournalTick,
  LedgerPositionRow,
  OutboxMessage,
  Recovered,
  StoredMessage,
  TickRecord,
} from './live-records.js'
export { type Lock, lockFile } from './lock.js'
export { type Manifest, manifestSchema } from './manifest.js'
export { type ParquetPosition, ParquetSink } from './parquet.js'
export { type Approval, approvalsIn, PatternArchive } from './patterns-db.js'
export { RejectedLog } from './rejected.js'
export { type NewRun, RunDirectory } from './run-directory.js'
export { RunOutputs } from './run-outputs.js'
export { openReadOnly, sqliteVersion } from './sqlite.js'
export { TableHash } from './table-hash.js'
export { TradeLedger } from './trades-db.js'
