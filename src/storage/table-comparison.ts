/** Compares tables of a ledger with those of a replay: every row, in both directions, in every column. */

import { isDeepStrictEqual } from 'node:util'
import { type Db, hasTable } from './sqlite.js'

type Cell = string | number | bigint | Uint8Array | null

/** A row as SQLite has it. */
export type LedgerRow = Readonly<Record<string, Cell>>

/** A row that is another one, or that only one of the two has. */
export interface RowDifference {
  readonly table: string
  /** What names the row: its id, or its key. */
  readonly row: string
  /** Null: the whole row is missing, or is one too many. */
  readonly column: string | null
  /** The agent behind it, where the row says. */
  readonly agent: string | null
  readonly what: string
}

export interface ComparedTable {
  readonly table: string
  /** What a row is called in a message. */
  readonly noun: string
  /** The column by which its rows are ordered and numbered; undefined: rows are overwritten, and found by `name`. */
  readonly key?: string
  /** The columns that name a row. */
  readonly name: readonly string[]
}

/** Tables that only grow. */
export const grownTables: readonly (ComparedTable & { readonly key: string })[] = [
  { table: 'trades', noun: 'trade', key: 'id', name: ['trade_id'] },
  { table: 'fills', noun: 'fill', key: 'id', name: ['id'] },
  { table: 'decisions', noun: 'decision', key: 'id', name: ['id'] },
  { table: 'decision_links', noun: 'decision link of tick', key: 'tick', name: ['tick'] },
]

export const grownPatterns = { table: 'patterns', noun: 'pattern row', key: 'id', name: ['id'] } as const

/** Tables whose rows are overwritten: they say how things stand at the end. */
export const stateTables: readonly ComparedTable[] = [
  { table: 'books', noun: 'portfolio', name: ['book'] },
  { table: 'positions', noun: 'position', name: ['book', 'pair'] },
  { table: 'halts', noun: 'halt', name: ['id'] },
]

/** The first and last key of the rows that a replay made. */
export interface KeyRange {
  readonly first: number
  readonly last: number
}

export interface GrownComparison {
  readonly range: KeyRange | undefined
  readonly differences: readonly RowDifference[]
}

/** @internal Compares the rows that a replay made with those of the same keys in the ledger. At most `most` differences are listed. */
export function compareGrown(
  replayed: Db,
  ledger: Db,
  of: ComparedTable & { readonly key: string },
  most: number,
): GrownComparison {
  const range = rangeOf(replayed, of)
  if (range === undefined) return { range, differences: [] }
  const differences: RowDifference[] = []
  const made = rowsBetween(replayed, of, range)[Symbol.iterator]()
  let next = made.next()
  const add = (found: RowDifference) => void (differences.length < most && differences.push(found))
  for (const was of rowsBetween(ledger, of, range)) {
    while (!next.done && Number(next.value[of.key]) < Number(was[of.key])) {
      add(lacking(of, next.value))
      next = made.next()
    }
    if (next.done || next.value[of.key] !== was[of.key]) {
      add(invented(of, was))
      continue
    }
    const found = rowDifference(of, was, next.value)
    if (found !== undefined) add(found)
    next = made.next()
  }
  for (; !next.done; next = made.next()) add(lacking(of, next.value))
  return { range, differences }
}

/** @internal Rows of the ledger with a key above `after` that is in none of the ranges, which are in order. */
export function inventedRows(
  ledger: Db,
  of: ComparedTable & { readonly key: string },
  ranges: readonly KeyRange[],
  after: number,
): RowDifference[] {
  if (!hasTable(ledger, of.table)) return []
  const found: RowDifference[] = []
  let at = 0
  // sql-ok: names of our own descriptions, which cannot be bound
  const select = `SELECT * FROM ${of.table} WHERE ${of.key} > ? ORDER BY ${of.key}`
  for (const row of ledger.prepare(select).iterate(after) as Iterable<LedgerRow>) {
    const key = Number(row[of.key])
    while (at < ranges.length && (ranges[at] as KeyRange).last < key) at++
    if (at === ranges.length || key < (ranges[at] as KeyRange).first) found.push(invented(of, row))
  }
  return found
}

/** @internal All rows of a table whose rows are overwritten; none where there is no such table. */
export function stateRows(db: Db, { table, name }: ComparedTable): LedgerRow[] {
  if (!hasTable(db, table)) return []
  // sql-ok: names of our own descriptions, which cannot be bound
  return db.prepare(`SELECT * FROM ${table} ORDER BY ${name.join(', ')}`).all() as LedgerRow[]
}

/** Compares the rows of such a table. `isKnown`: false for a row of the ledger of which the replay cannot know, and a cell it cannot. */
export function compareState(
  of: ComparedTable,
  made: readonly LedgerRow[],
  ledger: readonly LedgerRow[],
  isKnown: (row: LedgerRow, column?: string) => boolean,
): RowDifference[] {
  const left = new Map(made.map(row => [nameOf(of, row), row]))
  const found: RowDifference[] = []
  for (const was of ledger) {
    const is = left.get(nameOf(of, was))
    left.delete(nameOf(of, was))
    if (is === undefined) {
      if (isKnown(was)) found.push(invented(of, was))
      continue
    }
    const other = rowDifference(of, was, is, column => isKnown(was, column))
    if (other !== undefined) found.push(other)
  }
  return [...found, ...[...left.values()].map(row => lacking(of, row))]
}

function rowDifference(
  of: ComparedTable,
  was: LedgerRow,
  is: LedgerRow,
  isKnown: (column: string) => boolean = () => true,
): RowDifference | undefined {
  // A ledger of an earlier layout lacks the newest columns.
  const column = Object.keys(is).find(name => name in was && isKnown(name) && !isDeepStrictEqual(was[name], is[name]))
  if (column === undefined) return undefined
  const row = nameOf(of, is)
  const what = `${of.noun} ${nameOf(of, was)}: ${column} was ${shown(was[column])}, is ${shown(is[column])}`
  return { table: of.table, row, column, agent: agentOf(is), what }
}

function lacking(of: ComparedTable, row: LedgerRow): RowDifference {
  const name = nameOf(of, row)
  return { table: of.table, row: name, column: null, agent: agentOf(row), what: `the ledger lacks ${of.noun} ${name}` }
}

function invented(of: ComparedTable, row: LedgerRow): RowDifference {
  const name = nameOf(of, row)
  return { table: of.table, row: name, column: null, agent: agentOf(row), what: `the replay lacks ${of.noun} ${name}` }
}

function rangeOf(db: Db, { table, key }: ComparedTable & { readonly key: string }): KeyRange | undefined {
  // sql-ok: names of our own descriptions, which cannot be bound
  const range = db.prepare(`SELECT min(${key}) AS first, max(${key}) AS last FROM ${table}`).get() as {
    first: number | null
    last: number | null
  }
  return range.first === null || range.last === null ? undefined : { first: range.first, last: range.last }
}

function rowsBetween(
  db: Db,
  { table, key }: ComparedTable & { readonly key: string },
  { first, last }: KeyRange,
): Iterable<LedgerRow> {
  if (!hasTable(db, table)) return []
  // sql-ok: names of our own descriptions, which cannot be bound
  const select = `SELECT * FROM ${table} WHERE ${key} BETWEEN ? AND ? ORDER BY ${key}`
  return db.prepare(select).iterate(first, last) as Iterable<LedgerRow>
}

function nameOf({ name }: ComparedTable, row: LedgerRow): string {
  return name.map(column => String(row[column])).join(' ')
}

function agentOf(row: LedgerRow): string | null {
  const agent = row.agent_id ?? row.agent
  return typeof agent === 'string' ? agent : null
}

function shown(cell: Cell | undefined): string {
  return cell instanceof Uint8Array ? `${Buffer.from(cell).toString('hex').slice(0, 16)}…` : String(cell)
}
