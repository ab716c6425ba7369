/** Opens every SQLite file of a run: asserts the settings on each open, checks the version, names the failure. */

import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type Database from 'better-sqlite3'
import { BrokenInvariant, fault, OperatorError } from '../core/index.js'
import { connection } from './better-sqlite3.js'
import { CorruptFile, StorageError, storageError, UnknownVersion, withRetry } from './errors.js'
import { storageLimits } from './limits.js'
import type { Lock } from './lock.js'
import { lockFile } from './lock.js'

/** @internal */
export type Db = Database.Database

/** @internal A kind of database file: how it is created, and how an older one is upgraded. */
export interface DatabaseKind {
  /** For messages: `trades ledger`. */
  readonly title: string
  readonly version: number
  /** The table by which a file without a version is known as an unversioned one. */
  readonly mainTable: string
  /** Makes all tables in an empty file and sets `user_version`. */
  create(db: Db): void
  /** Brings an older file, or an unversioned one (`user_version` 0), to this version; runs inside a transaction. */
  upgrade(db: Db): void
}

/** @internal */
export interface OpenDatabase {
  readonly db: Db
  readonly path: string
  close(): void
}

/** @internal Opens or creates a database for writing and holds its lock until closed. A file it refuses is not altered. */
export function openDatabase(path: string, kind: DatabaseKind): OpenDatabase {
  return openForWriting(path, kind, version => refuseOthers(path, kind, version))
}

/** @internal As {@link openDatabase}, but an older file is upgraded. Returns the version it had. */
export function upgradeDatabase(path: string, kind: DatabaseKind): number {
  let from = kind.version
  const open = openForWriting(path, kind, (version, db) => {
    if (version > kind.version) return refuseOthers(path, kind, version)
    from = version
    db.transaction(() => kind.upgrade(db)).immediate()
  })
  open.close()
  return from
}

/** @internal Opens an existing database read-only, without a lock. */
export function openReadOnly(path: string): Db {
  requireFile(path)
  return withRetry(path, 'reading', 0, () => {
    fault('storage.open')
    const db = connection(path, { readonly: true, fileMustExist: true, timeout: storageLimits.busyTimeoutMs })
    return closingOnError(db, () => {
      db.pragma('schema_version')
      return db
    })
  })
}

/** The version of SQLite itself; throws where its binary does not load. */
export function sqliteVersion(): string {
  const db = connection(':memory:')
  try {
    return String(db.prepare('SELECT sqlite_version()').pluck().get())
  } finally {
    db.close()
  }
}

/** @internal SQLite's own full check: an empty list where the file is sound. */
export function integrityProblems(db: Db): string[] {
  const rows = db.pragma('integrity_check') as { integrity_check: string }[]
  return rows.map(row => row.integrity_check).filter(text => text !== 'ok')
}

/** @internal Runs `work` in one transaction, which is on disk when this returns. A busy database is retried; other failures become named errors. */
export function transact(open: OpenDatabase, bytesNeeded: number, work: () => void): void {
  withRetry(open.path, 'writing', bytesNeeded, () => {
    fault('storage.begin')
    open.db
      .transaction(() => {
        work()
        fault('storage.commit')
      })
      .immediate()
  })
}

/** @internal The version of an existing file; 0: unversioned or empty. */
export function versionOf(db: Db): number {
  return Number(db.pragma('user_version', { simple: true }))
}

/** @internal */
export function hasTable(db: Db, table: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) !== undefined
}

/** @internal */
export function hasColumn(db: Db, table: string, column: string): boolean {
  return db.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, column) !== undefined
}

type VersionRule = (version: number, db: Db) => void

function openForWriting(path: string, kind: DatabaseKind, rule: VersionRule): OpenDatabase {
  if (!existsSync(dirname(path))) {
    throw new OperatorError({
      what: `opening ${path}`,
      expected: 'an existing directory',
      got: dirname(path),
      next: 'Create it first.',
    })
  }
  const lock = lockFile(path)
  try {
    const existed = existsSync(path) && statSync(path).size > 0
    if (existed) examine(path, kind)
    const db = connect(path)
    return closingOnError(db, () => prepare(db, path, kind, lock, rule))
  } catch (error) {
    lock.release()
    throw storageError(error, path, 'opening', 65_536)
  }
}

function prepare(db: Db, path: string, kind: DatabaseKind, lock: Lock, rule: VersionRule): OpenDatabase {
  const open = { db, path, close: () => closeBoth(db, lock) }
  const empty = versionOf(db) === 0 && !hasTable(db, kind.mainTable)
  if (empty) transact(open, 65_536, () => kind.create(db))
  else if (versionOf(db) !== kind.version) withRetry(path, 'upgrading', 65_536, () => rule(versionOf(db), db))
  return open
}

/** Checks a file through a read-only connection, so that a refused file is not changed. */
function examine(path: string, kind: DatabaseKind): void {
  const db = openReadOnly(path)
  try {
    const version = versionOf(db)
    if (version > kind.version) refuseOthers(path, kind, version)
    const sound = withRetry(path, 'reading', 0, () => db.pragma('quick_check(1)', { simple: true }))
    if (sound !== 'ok') throw corrupt(path, kind, String(sound))
    if (version === 0 && !hasTable(db, kind.mainTable) && anyTable(db)) throw corrupt(path, kind, 'other tables')
  } finally {
    db.close()
  }
}

function anyTable(db: Db): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table'").get() !== undefined
}

function connect(path: string): Db {
  return withRetry(path, 'opening', 65_536, () => {
    fault('storage.open')
    const db = connection(path, { timeout: storageLimits.busyTimeoutMs })
    return closingOnError(db, () => settle(db))
  })
}

/** SQLite opens a WAL file with `synchronous=NORMAL`, so the settings are set and asserted on every open. */
function settle(db: Db): Db {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('cell_size_check = ON')
  const mode = db.pragma('journal_mode', { simple: true })
  const synchronous = db.pragma('synchronous', { simple: true })
  const foreignKeys = db.pragma('foreign_keys', { simple: true })
  if (mode !== 'wal' || synchronous !== 2 || foreignKeys !== 1) {
    throw new BrokenInvariant(
      `${db.name}: journal_mode ${mode}, synchronous ${synchronous}, foreign_keys ${foreignKeys}; wanted wal, 2, 1`,
    )
  }
  return db
}

function closingOnError<T>(db: Db, work: () => T): T {
  try {
    return work()
  } catch (error) {
    db.close()
    throw error
  }
}

/** Leaves WAL mode: without a writer the log is not needed, and a reader would create it again. */
function closeBoth(db: Db, lock: Lock): void {
  try {
    db.pragma('journal_mode = DELETE')
  } catch {
    // Another process reads the file: the log stays, and the next writer removes it.
  }
  db.close()
  lock.release()
}

function requireFile(path: string): void {
  if (existsSync(path)) return
  throw new StorageError(path, {
    what: `opening ${path}`,
    expected: 'an existing file',
    got: 'nothing there',
    next: 'Check the path.',
  })
}

function refuseOthers(path: string, kind: DatabaseKind, version: number): never {
  throw new UnknownVersion(path, {
    what: `opening ${kind.title} ${path}`,
    expected: `version ${kind.version}`,
    got: version === 0 ? 'version 0, the unversioned layout' : `version ${version}`,
    next:
      version < kind.version
        ? `Run: mycelia data migrate ${path}`
        : 'Use the release that wrote it. The file has not been changed.',
  })
}

function corrupt(path: string, kind: DatabaseKind, got: string): CorruptFile {
  const next = 'Restore it from a copy, or choose another file.'
  return new CorruptFile(path, { what: `opening ${path}`, expected: `an intact ${kind.title}`, got, next })
}
