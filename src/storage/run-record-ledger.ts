/** The record of a live run from its ledger, with the names that the Parquet files have. Ideas and patterns are not in it. */

import type { Cell } from '../core/index.js'
import { orderId } from '../trading/index.js'
import type { RecordRow, RecordTable, RunRecord } from './run-record.js'
import { openReadOnly } from './sqlite.js'

interface LedgerTable {
  readonly name: string
  readonly select: string
  read(row: RecordRow): RecordRow
}

const isTrue = (cell: Cell | undefined) => cell === 1 || cell === true

const tables: Readonly<Partial<Record<RecordTable, LedgerTable>>> = {
  decisions: { name: 'decisions', select: 'SELECT * FROM decisions ORDER BY id', read: row => row },
  orders: { name: 'orders', select: 'SELECT * FROM orders', read: row => row },
  trades: {
    name: 'trades',
    select: 'SELECT * FROM trades ORDER BY id',
    read: row => ({
      ...row,
      portfolio: row.book ?? null,
      agent: row.agent_id ?? null,
      pattern: row.pattern_id ?? null,
      entry_time: Date.parse(String(row.entry_timestamp)),
      exit_time: Date.parse(String(row.exit_timestamp)),
      collision: isTrue(row.collision_detected),
    }),
  },
  fills: {
    name: 'fills',
    select: 'SELECT * FROM fills ORDER BY id',
    read: row => ({
      ...row,
      opens: isTrue(row.opens),
      order_id: orderId(String(row.trade_id), isTrue(row.opens)),
      portfolio: row.book ?? null,
      time: row.time_ms ?? null,
    }),
  },
  locks: {
    name: 'halts',
    select: 'SELECT * FROM halts ORDER BY time_ms',
    read: row => ({
      ...row,
      portfolio: row.book ?? null,
      on: isTrue(row.is_on),
      time: row.time_ms ?? null,
      until: row.until_ms ?? null,
    }),
  },
}

export function ledgerRecord(path: string): RunRecord {
  const db = openReadOnly(path)
  const there = new Set(
    (db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[]).map(t => t.name),
  )
  const tableOf = (name: RecordTable) => {
    const table = tables[name]
    return table !== undefined && there.has(table.name) ? table : undefined
  }
  const each = (name: RecordTable, visit: (row: RecordRow) => void) => {
    const table = tableOf(name)
    if (table === undefined) return
    for (const row of db.prepare(table.select).iterate() as Iterable<RecordRow>) visit(table.read(row))
  }
  return {
    has: name => tableOf(name) !== undefined,
    scan: async (name, _, visit) => each(name, visit),
    async rows(name, _, matches) {
      const found: RecordRow[] = []
      each(name, row => {
        if (matches(row)) found.push(row)
      })
      return found
    },
    close: () => void db.close(),
  }
}
