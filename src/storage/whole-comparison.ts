/** Compares with a ledger what no single span of a replay can: how things stand at the end, and rows that belong to no span. */

import type { Db } from './sqlite.js'
import {
  compareState,
  grownTables,
  inventedRows,
  type KeyRange,
  type LedgerRow,
  type RowDifference,
  stateRows,
  stateTables,
} from './table-comparison.js'

/** Its name in the ledger. */
const portfolioTable = 'books'

/** The tables that one span of a replay made, as plain data. */
export interface SpanTables {
  /** The time at which it began. */
  readonly time: number
  /** By table: the keys of its rows, and the number of rows before them. */
  readonly ranges: Readonly<Record<string, KeyRange>>
  readonly rowsBefore: Readonly<Record<string, number>>
  /** By table: its rows at the end of the span. */
  readonly states: Readonly<Record<string, readonly LedgerRow[]>>
  /** Portfolios that changed in it. */
  readonly changed: readonly string[]
}

export interface WholeOf {
  /** Whether the replay began at the first tick. */
  readonly isWhole: boolean
  /** Whether the ledger is of a release that keeps the whole journal: earlier ones wrote a portfolio's time at each start. */
  readonly isOfNow: boolean
}

/** @internal The spans are in order, without a gap between them. */
export function compareWhole(db: Db, spans: readonly SpanTables[], of: WholeOf): RowDifference[] {
  return [...inventedAmong(db, spans, of), ...comparedStates(db, spans, of)]
}

function inventedAmong(db: Db, spans: readonly SpanTables[], { isWhole }: WholeOf): RowDifference[] {
  return grownTables.flatMap(table => {
    const ranges = spans.flatMap(span => span.ranges[table.table] ?? [])
    return inventedRows(db, table, ranges, isWhole ? Number.MIN_SAFE_INTEGER : beginOf(db, table, spans))
  })
}

/** The last key before the replay. Ids of decisions need not begin at 1: an experienced swarm goes on counting. */
function beginOf(db: Db, { table, key }: { table: string; key: string }, spans: readonly SpanTables[]): number {
  const before = spans[0]?.rowsBefore[table] ?? Number.MAX_SAFE_INTEGER
  if (table !== 'decisions') return before
  // sql-ok: names of our own descriptions, which cannot be bound
  const first = db.prepare(`SELECT min(${key}) FROM ${table}`).pluck().get() as number | null
  return before + (first ?? 1) - 1
}

function comparedStates(db: Db, spans: readonly SpanTables[], of: WholeOf): RowDifference[] {
  const [first, last] = [spans[0], spans.at(-1)]
  if (first === undefined || last === undefined) return []
  const made: Readonly<Record<string, readonly LedgerRow[]>> = {
    [portfolioTable]: portfolios(spans),
    positions: last.states.positions ?? [],
    halts: latest(spans.flatMap(span => span.states.halts ?? [])),
  }
  const changed = new Set(of.isOfNow ? spans.flatMap(span => span.changed) : [])
  return stateTables.flatMap(table => {
    return compareState(table, made[table.table] ?? [], stateRows(db, table), (row, column) => {
      if (table.table === portfolioTable) return column !== 'time_ms' || changed.has(String(row.book))
      // A lock that ended before the replay began is in no checkpoint.
      return table.table !== 'halts' || of.isWhole || Number(row.time_ms) > first.time
    })
  })
}

/** The portfolios at the end, each with the time of its last change. */
function portfolios(spans: readonly SpanTables[]): LedgerRow[] {
  return (spans.at(-1)?.states[portfolioTable] ?? []).map(row => {
    const changed = spans.findLast(span => span.changed.includes(String(row.book)))
    const then = changed?.states[portfolioTable]?.find(({ book }) => book === row.book)
    return then === undefined ? row : { ...row, time_ms: then.time_ms ?? null }
  })
}

function latest(halts: readonly LedgerRow[]): LedgerRow[] {
  return [...new Map(halts.map(row => [row.id, row])).values()]
}
