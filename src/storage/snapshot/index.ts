/** Snapshots of users: one schema, three forms of files, and an archive in SQLite. */

export { ArchiveReader, type ArchiveRow, hasArchive, requireArchive, SnapshotArchive } from './archive.js'
export type { LinkedRow } from './archive-tables.js'
export { readSnapshotFile, writeSnapshot } from './files.js'
export { type SnapshotFormat, snapshotFormats } from './formats.js'
export { snapshotJsonSchema } from './json-schema.js'
export { snapshotLimits } from './limits.js'
export { snapshotProto } from './proto.js'
export { digestOf, readSnapshot } from './read.js'
export { SNAPSHOT_VERSION, type Snapshot, type SnapshotToken } from './schema.js'
