/** Finished trades and locks of a ledger, read beside its writer and without disturbing it. */

import { iso } from './ledger-tables.js'
import { readLedger } from './read-ledger.js'

/** A finished trade, as sums over days need it. */
export interface LedgerTrade {
  readonly tradeId: string
  readonly portfolio: string
  readonly pair: string
  /** Null: no pattern was behind it. */
  readonly pattern: string | null
  readonly exitTime: number
  readonly pnlE6: number
  readonly reason: string
}

/** A lock that changed, or is in force. */
export interface LedgerLock {
  readonly id: string
  readonly portfolio: string
  readonly pair: string | null
  readonly kind: string
  readonly isOn: boolean
  readonly time: number
  readonly reason: string
}

interface TradeRow {
  readonly trade_id: string
  readonly book: string | null
  readonly pair: string
  readonly pattern_id: string | null
  readonly exit_timestamp: string
  readonly pnl_e6: number | null
  readonly reason: string | null
}

interface LockRow {
  readonly id: string
  readonly book: string
  readonly pair: string | null
  readonly kind: string
  readonly is_on: number
  readonly time_ms: number
  readonly reason: string
}

/** The trades that ended in [from, to), oldest first. */
export function tradesBetween(path: string, from: number, to: number): LedgerTrade[] {
  const select = 'SELECT * FROM trades WHERE exit_timestamp >= ? AND exit_timestamp < ? ORDER BY id'
  return readLedger(path, db => (db.prepare(select).all(iso(from), iso(to)) as TradeRow[]).map(tradeOf))
}

/** Undefined where none has ended yet. */
export function lastTradeIn(path: string): LedgerTrade | undefined {
  const select = 'SELECT * FROM trades ORDER BY id DESC LIMIT 1'
  const row = readLedger(path, db => db.prepare(select).get() as TradeRow | undefined)
  return row === undefined ? undefined : tradeOf(row)
}

/** Locks that began, changed or ended in [from, to), and those that began before and were in force then. */
export function locksBetween(path: string, from: number, to: number): LedgerLock[] {
  const select = 'SELECT * FROM halts WHERE time_ms < ? AND (time_ms >= ? OR is_on = 1) ORDER BY time_ms'
  return readLedger(path, db =>
    (db.prepare(select).all(to, from) as LockRow[]).map(({ id, book, pair, kind, is_on, time_ms, reason }) => {
      return { id, portfolio: book, pair, kind, isOn: is_on === 1, time: time_ms, reason }
    }),
  )
}

function tradeOf({ trade_id, book, pair, pattern_id, exit_timestamp, pnl_e6, reason }: TradeRow): LedgerTrade {
  const exitTime = Date.parse(exit_timestamp)
  return {
    tradeId: trade_id,
    portfolio: book ?? '',
    pair,
    pattern: pattern_id,
    exitTime,
    pnlE6: pnl_e6 ?? 0,
    reason: reason ?? '',
  }
}
