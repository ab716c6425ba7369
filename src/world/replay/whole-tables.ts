/** Compares with the ledger what no single span can: how things stand at the end, and rows that belong to no span. */

import {
  compareState,
  grownTables,
  inventedRows,
  type LedgerRow,
  type RowDifference,
  stateRows,
  stateTables,
} from '../../storage/index.js'
import type { Difference, ReplayedSpan } from './replay-span.js'
import type { LedgerDb } from './span-ticks.js'

export interface WholeOf {
  /** Whether the replay began at the first tick. */
  readonly isWhole: boolean
  /** Whether the ledger is of a release that keeps the whole journal: earlier ones wrote a portfolio's time at each start. */
  readonly isOfNow: boolean
}

export function compareWhole(part: string, db: LedgerDb, spans: readonly ReplayedSpan[], of: WholeOf): Difference[] {
  const found = [...inventedAmong(db, spans, of), ...comparedStates(db, spans, of)]
  return found.map(({ table, row, column, agent, what }) => {
    return { part, tick: null, agent, what, row: { table, id: row, column } }
  })
}

function inventedAmong(db: LedgerDb, spans: readonly ReplayedSpan[], { isWhole }: WholeOf): RowDifference[] {
  return grownTables.flatMap(table => {
    const ranges = spans.flatMap(span => span.ranges[table.table] ?? [])
    return inventedRows(db, table, ranges, isWhole ? Number.MIN_SAFE_INTEGER : beginOf(db, table, spans))
  })
}

/** The last key before the replay. Ids of decisions need not begin at 1: an experienced swarm goes on counting. */
function beginOf(db: LedgerDb, { table, key }: { table: string; key: string }, spans: readonly ReplayedSpan[]): number {
  const before = spans[0]?.rowsBefore[table] ?? Number.MAX_SAFE_INTEGER
  if (table !== 'decisions') return before
  // sql-ok: names of our own descriptions, which cannot be bound
  const first = db.prepare(`SELECT min(${key}) FROM ${table}`).pluck().get() as number | null
  return before + (first ?? 1) - 1
}

function comparedStates(db: LedgerDb, spans: readonly ReplayedSpan[], of: WholeOf): RowDifference[] {
  const [first, last] = [spans[0], spans.at(-1)]
  if (first === undefined || last === undefined) return []
  const made: Readonly<Record<string, readonly LedgerRow[]>> = {
    books: portfolios(spans),
    positions: last.states.positions ?? [],
    halts: latest(spans.flatMap(span => span.states.halts ?? [])),
  }
  const changed = new Set(of.isOfNow ? spans.flatMap(span => span.changed) : [])
  return stateTables.flatMap(table => {
    return compareState(table, made[table.table] ?? [], stateRows(db, table), (row, column) => {
      if (table.table === 'books') return column !== 'time_ms' || changed.has(String(row.book))
      // A lock that ended before the replay began is in no checkpoint.
      return table.table !== 'halts' || of.isWhole || Number(row.time_ms) > first.time
    })
  })
}

/** The portfolios at the end, each with the time of its last change. */
function portfolios(spans: readonly ReplayedSpan[]): LedgerRow[] {
  return (spans.at(-1)?.states.books ?? []).map(row => {
    const changed = spans.findLast(span => span.changed.includes(String(row.book)))
    const then = changed?.states.books?.find(({ book }) => book === row.book)
    return then === undefined ? row : { ...row, time_ms: then.time_ms ?? null }
  })
}

function latest(halts: readonly LedgerRow[]): LedgerRow[] {
  return [...new Map(halts.map(row => [row.id, row])).values()]
}
