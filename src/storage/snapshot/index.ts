/** Snapshots of users: one schema, three forms of files, and an archive in SQLite. */

export {
  ArchiveReader,
  type ArchiveRow,
  type FetchedUser,
  type KeptUser,
  keptUser,
  requireArchive,
  SnapshotArchive,
} from './archive.js'
export type { LinkedRow } from './archive-tables.js'
export type { SnapshotFormat } from './formats.js'
export { snapshotJsonSchema } from './json-schema.js'
export { snapshotLimits } from './limits.js'
export { snapshotProto } from './proto.js'
export { type ReadSnapshot, readSnapshot } from './read.js'
export { SNAPSHOT_VERSION, type Snapshot, type SnapshotToken } from './schema.js'
export { exportPaperTrades, exportSnapshots, importSnapshots, newestSnapshots, writeHistoricalTrades } from './transfer.js'
