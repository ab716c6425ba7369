/** The databases of the first latency system, by their names: derived from the tables of a run, and made anew each time. */

import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Cell, type ColumnType, OperatorError } from '../core/index.js'
import { readTable, tableExists } from './parquet-table.js'
import { RunDirectory } from './run-directory.js'
import { createTable, insertInto, rowValues, type SqlColumn, type SqlTable } from './sql-table.js'
import { type DatabaseKind, type OpenDatabase, openDatabase, transact } from './sqlite.js'
import type { Columns } from './table-block.js'

/** What each database holds: a table of it by the table of the run. */
const contents: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'signals.db': { signals: 'latency_signals', outcomes: 'signal_outcomes' },
  'agents.db': { agents: 'staff' },
  'traceroute.db': { scans: 'scans', incidents: 'incidents', route_updates: 'route_updates' },
  'trader.db': { decisions: 'decisions', orders: 'orders', fills: 'fills', trades: 'trades' },
}

/** Rows that one transaction writes. */
const batch = 10_000

/** A row of a table of a run. */
type Row = Readonly<Record<string, Cell>>

export interface WrittenDatabase {
  readonly path: string
  /** By table. */
  readonly rows: Readonly<Record<string, number>>
}

/** Writes the four databases into a folder, each whole or not at all. What stands there of an earlier time is replaced. */
export async function writeNettraceDatabases(run: string, folder: string): Promise<WrittenDatabase[]> {
  const { path } = RunDirectory.read(run)
  if (!tableExists(join(path, 'latency_signals.parquet'))) throw noLatency(run)
  mkdirSync(folder, { recursive: true })
  const written: WrittenDatabase[] = []
  for (const [name, tables] of Object.entries(contents)) {
    const rows = await writeDatabase(join(folder, name), tables, table => join(path, `${table}.parquet`))
    written.push({ path: join(folder, name), rows })
  }
  return written
}

async function writeDatabase(
  path: string,
  tables: Readonly<Record<string, string>>,
  fileOf: (table: string) => string,
): Promise<Record<string, number>> {
  const beside = `${path}.new`
  for (const ending of ['', '-wal', '-shm', '.lock']) rmSync(`${beside}${ending}`, { force: true })
  const read = await Promise.all(
    Object.entries(tables).map(async ([name, table]) => {
      const columns = (await readTable(fileOf(table), 'all')) ?? {}
      return name === 'signals' ? sqlOf(name, latestStates(columns)) : sqlOf(name, columns)
    }),
  )
  const database = openDatabase(beside, kindOf(read.map(({ table }) => table)))
  try {
    for (const { table, rows } of read) insertAll(database, table, rows)
  } finally {
    database.close()
  }
  renameSync(beside, path)
  return Object.fromEntries(read.map(({ table, rows }) => [table.name, rows.length]))
}

function kindOf(tables: readonly SqlTable<Row>[]): DatabaseKind {
  return {
    title: 'derived database',
    version: 1,
    mainTable: tables[0]?.name ?? '',
    create: db => {
      for (const table of tables) db.exec(createTable(table))
      db.pragma('user_version = 1')
    },
    upgrade: () => undefined,
  }
}

function insertAll(database: OpenDatabase, table: SqlTable<Row>, rows: readonly Row[]): void {
  const insert = database.db.prepare(insertInto(table))
  for (let at = 0; at < rows.length; at += batch) {
    const some = rows.slice(at, at + batch)
    transact(database, some.length * 1_024, () => {
      for (const row of some) insert.run(rowValues(table, row))
    })
  }
}

/** One row a signal in place of one a change: its times of each state, and whether it is active still. */
function latestStates(changes: Columns): Columns {
  const { signal_id: ids = [], state = [], time = [], ...signal } = changes
  const places = new Map<Cell, number>()
  const columns: Record<string, Cell[]> = { signal_id: [], active: [], acted_at: [], expired_at: [] }
  for (const name of Object.keys(signal)) columns[name] = []
  ids.forEach((id, i) => {
    let at = places.get(id)
    if (at === undefined) {
      at = places.size
      places.set(id, at)
      const first: Readonly<Record<string, Cell>> = { signal_id: id, active: true, acted_at: null, expired_at: null }
      for (const [name, cells] of Object.entries(columns))
        cells.push(name in first ? (first[name] ?? null) : (signal[name]?.[i] ?? null))
    }
    if (state[i] === 'active') return
    const cells = columns[state[i] === 'acted' ? 'acted_at' : 'expired_at']
    if (cells !== undefined) cells[at] = time[i] ?? null
    if (columns.active !== undefined) columns.active[at] = false
  })
  return columns
}

function sqlOf(name: string, columns: Columns): { readonly table: SqlTable<Row>; readonly rows: readonly Row[] } {
  const names = Object.keys(columns).filter(column => /^[a-z][a-z0-9_]*$/.test(column))
  const described = Object.fromEntries(
    (names.length === 0 ? ['step'] : names).map(column => [column, columnOf(column, columns[column] ?? [])]),
  )
  const rows = (columns[names[0] ?? ''] ?? []).map((_, i) =>
    Object.fromEntries(names.map(column => [column, columns[column]?.[i] ?? null])),
  )
  return { table: { name, meaning: 'Derived from a run.', columns: described }, rows }
}

/** As the table of the run has it; what is known of the type is in the cells. */
function columnOf(name: string, cells: readonly Cell[]): SqlColumn<Row> {
  const of = { nullable: true, meaning: 'As in the table of the run.', read: (row: Row) => row[name] ?? null }
  return { ...of, type: typeOf(cells) } as SqlColumn<Row>
}

function typeOf(cells: readonly Cell[]): ColumnType {
  const known = cells.filter(cell => cell !== null)
  if (known.length > 0 && known.every(cell => typeof cell === 'number'))
    return known.every(cell => Number.isInteger(cell)) ? 'integer' : 'real'
  return known.length > 0 && known.every(cell => typeof cell === 'boolean') ? 'boolean' : 'text'
}

function noLatency(run: string): OperatorError {
  return new OperatorError({
    what: `the databases of ${run}`,
    expected: 'a run of latency signals',
    got: 'one without the table latency_signals',
    next: 'Name a run of nettrace.',
  })
}
