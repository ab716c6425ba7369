/** The archive of snapshots in SQLite: what was fetched and decided, in chains that no changed byte passes. */

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, OperatorError, type TimeMs } from '../../core/index.js'
import { makeDirectory } from '../files.js'
import { insertInto, rowValues } from '../sql-table.js'
import { type Db, integrityProblems, type OpenDatabase, openDatabase, openReadOnly, transact } from '../sqlite.js'
import { type ArchiveTable, archiveKind, archiveTables, type LinkedRow } from './archive-tables.js'
import type { ReadSnapshot } from './read.js'
import { refuseSecrets } from './secrets.js'

export const archiveFile = 'snapshots.db'
const NO_LINK = '0'.repeat(64)
const tableNames = Object.keys(archiveTables) as ArchiveTable[]

/** A row to be added. */
export interface ArchiveRow {
  readonly key: string
  readonly time: TimeMs
  readonly body: object
}

/** What was fetched of a user: a snapshot, or one that could not be read, and why. */
export type FetchedUser = ReadSnapshot | { readonly userId: string; readonly time: TimeMs; readonly broken: string }

/** A row of `snapshots` as it is read again. */
export type KeptUser =
  | (Pick<ReadSnapshot, 'snapshot' | 'older'> & { readonly broken: null })
  | { readonly userId: string; readonly broken: string }

/** What one transaction adds. */
export type ArchiveRows = Partial<Record<ArchiveTable, readonly ArchiveRow[]>>

/** The statements are written whole; a name cannot be bound. */
const rowsAfter: Readonly<Record<ArchiveTable, string>> = {
  snapshots: 'SELECT * FROM snapshots WHERE seq > ? ORDER BY seq LIMIT 1000',
  policies: 'SELECT * FROM policies WHERE seq > ? ORDER BY seq LIMIT 1000',
  cycles: 'SELECT * FROM cycles WHERE seq > ? ORDER BY seq LIMIT 1000',
  paper_decisions: 'SELECT * FROM paper_decisions WHERE seq > ? ORDER BY seq LIMIT 1000',
  paper_fills: 'SELECT * FROM paper_fills WHERE seq > ? ORDER BY seq LIMIT 1000',
}

/** Reads an archive; another process may write it meanwhile. */
export class ArchiveReader {
  /** @internal */
  protected readonly db: Db

  /** @internal */
  constructor(db: Db) {
    this.db = db
  }

  static open(folder: string): ArchiveReader {
    return new ArchiveReader(openReadOnly(join(folder, archiveFile)))
  }

  /** The rows of a table after `seq`, in order. */
  *rows(table: ArchiveTable, after = 0): Generator<LinkedRow> {
    const page = this.db.prepare(rowsAfter[table])
    for (let at = after; ; ) {
      const rows = page.all(at) as LinkedRow[]
      if (rows.length === 0) return
      yield* rows
      at = rows.at(-1)?.seq ?? at
    }
  }

  /** The last row of a table; null: it has none. */
  last(table: ArchiveTable): LinkedRow | null {
    const [row = null] = this.rows(table, this.count(table) - 1)
    return row
  }

  count(table: ArchiveTable): number {
    const head = this.db.prepare('SELECT rows FROM heads WHERE name = ?').pluck().get(table)
    return Number(head ?? 0)
  }

  /** One sentence a problem; empty where every row is as it was written and none is missing. */
  problems(): string[] {
    const found = integrityProblems(this.db)
    return found.length > 0 ? found : tableNames.flatMap(table => this.chainProblems(table))
  }

  close(): void {
    this.db.close()
  }

  private chainProblems(table: ArchiveTable): string[] {
    let [link, seq] = [NO_LINK, 0]
    for (const row of this.rows(table)) {
      seq++
      if (row.seq !== seq) return [`${table}: row ${seq} is missing`]
      link = linkOver(link, row)
      if (row.link !== link) return [`${table}: row ${seq} is not as it was written`]
    }
    const head = this.db.prepare('SELECT rows, link FROM heads WHERE name = ?').get(table) as Head | undefined
    if ((head?.rows ?? 0) !== seq) return [`${table}: ${head?.rows ?? 0} rows were written, ${seq} are there`]
    return (head?.link ?? NO_LINK) === link ? [] : [`${table}: its head is not that of its rows`]
  }
}

interface Head {
  readonly rows: number
  readonly link: string
}

/** Writes an archive; one process at a time holds its lock. */
export class SnapshotArchive extends ArchiveReader {
  private constructor(private readonly open: OpenDatabase) {
    super(open.db)
  }

  /** Opens the archive of a folder, which is made where it is not there. */
  static openFor(folder: string): SnapshotArchive {
    makeDirectory(folder)
    return new SnapshotArchive(openDatabase(join(folder, archiveFile), archiveKind))
  }

  /** Adds rows in one transaction, each linked to the one before. */
  add(rows: ArchiveRows): void {
    transact(this.open, 1 << 20, () => {
      for (const table of tableNames) this.addTo(table, rows[table] ?? [])
    })
  }

  /** Keeps what was fetched of users; what is there already, of the same user and instant, is passed over. Says how many rows are new. */
  keep(fetched: readonly FetchedUser[]): number {
    const known = this.db.prepare('SELECT 1 FROM snapshots WHERE key = ?')
    const rows = fetched.map(rowOf)
    const fresh = rows.filter(({ key }, i) => known.get(key) === undefined && rows.findIndex(row => row.key === key) === i)
    this.add({ snapshots: fresh })
    return fresh.length
  }

  override close(): void {
    this.open.close()
  }

  private addTo(table: ArchiveTable, rows: readonly ArchiveRow[]): void {
    if (rows.length === 0) return
    const head = this.db.prepare('SELECT rows, link FROM heads WHERE name = ?').get(table) as Head | undefined
    const insert = this.db.prepare(insertInto(archiveTables[table]))
    let [seq, link] = [head?.rows ?? 0, head?.link ?? NO_LINK]
    for (const { key, time, body } of rows) {
      const row = { seq: ++seq, key, time, body: canonicalJson(body) }
      link = linkOver(link, row)
      insert.run(rowValues(archiveTables[table], { ...row, link }))
    }
    this.db
      .prepare('INSERT INTO heads VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET rows = excluded.rows, link = excluded.link')
      .run(table, seq, link)
  }
}

function rowOf(fetched: FetchedUser): ArchiveRow {
  if ('broken' in fetched) {
    const { userId, time, broken } = fetched
    return { key: `${userId}@${time}`, time, body: { userId, broken } }
  }
  const { snapshot, digest, older } = fetched
  refuseSecrets(snapshot, `the snapshot of ${snapshot.userId}`)
  return {
    key: `${snapshot.userId}@${snapshot.generated_at}`,
    time: snapshot.generated_at,
    body: { snapshot, digest, older, broken: null },
  }
}

/** What a row of `snapshots` holds. */
export function keptUser({ body }: LinkedRow): KeptUser {
  return JSON.parse(body) as KeptUser
}

/** @throws OperatorError where a folder holds none. */
export function requireArchive(folder: string): void {
  if (existsSync(join(folder, archiveFile))) return
  const next = 'Fetch snapshots into it, or import them.'
  throw new OperatorError({ what: folder, expected: `a folder with ${archiveFile}`, got: 'none', next })
}

function linkOver(before: string, { seq, key, time, body }: Omit<LinkedRow, 'link'>): string {
  return createHash('sha256')
    .update(canonicalJson([before, seq, key, time, body]))
    .digest('hex')
}
