/** Reads the ticks and trades of a run's ledger; a replay compares its own trades with them one by one. */

import { openReadOnly } from '../../storage/index.js'
import type { Trade } from '../../trading/index.js'

interface RecordedTrade {
  readonly trade_id: string
  readonly agent_id: string
  readonly pair: string
  readonly direction: number
  readonly reason: string
  readonly qty_e8: number
  readonly entry_notional_e6: number
  readonly exit_notional_e6: number
  readonly fees_e6: number
  readonly borrow_e6: number
  readonly pnl_e6: number
}

const select = `
SELECT trade_id, agent_id, pair, direction, reason, qty_e8, entry_notional_e6, exit_notional_e6, fees_e6, borrow_e6, pnl_e6
FROM trades ORDER BY id LIMIT -1 OFFSET ?`

const selectTicks = `
SELECT coalesce((SELECT tick FROM journal_base), 0) AS "from",
  coalesce((SELECT max(tick) FROM journal), (SELECT tick FROM journal_base), 0) AS "to"`

/** The journal holds the ticks after `from`, up to and including `to`. */
export function recordedTicks(ledger: string): { from: number; to: number } {
  const db = openReadOnly(ledger)
  try {
    return db.prepare(selectTicks).get() as { from: number; to: number }
  } finally {
    db.close()
  }
}

/** The trades after the first `skip`, oldest first. */
export function recordedTrades(ledger: string, skip: number): RecordedTrade[] {
  const db = openReadOnly(ledger)
  try {
    return db.prepare(select).all(skip) as RecordedTrade[]
  } finally {
    db.close()
  }
}

/** What differs between a recorded trade and the replayed one, as a sentence; undefined: nothing. */
export function tradeDifference(recorded: RecordedTrade | undefined, replayed: Trade | undefined): string | undefined {
  if (recorded === undefined) return `the ledger lacks trade ${replayed?.tradeId}`
  if (replayed === undefined) return `the replay lacks trade ${recorded.trade_id}`
  const fields: readonly (readonly [string, unknown, unknown])[] = [
    ['trade_id', recorded.trade_id, replayed.tradeId],
    ['agent_id', recorded.agent_id, replayed.agent],
    ['pair', recorded.pair, replayed.pair],
    ['direction', recorded.direction, replayed.direction],
    ['reason', recorded.reason, replayed.reason],
    ['qty_e8', recorded.qty_e8, replayed.qtyE8],
    ['entry_notional_e6', recorded.entry_notional_e6, replayed.entryNotionalE6],
    ['exit_notional_e6', recorded.exit_notional_e6, replayed.exitNotionalE6],
    ['fees_e6', recorded.fees_e6, replayed.feesE6],
    ['borrow_e6', recorded.borrow_e6, replayed.borrowE6],
    ['pnl_e6', recorded.pnl_e6, replayed.pnlE6],
  ]
  const other = fields.find(([, was, is]) => was !== is)
  return other && `trade ${recorded.trade_id}: ${other[0]} was ${String(other[1])}, is ${String(other[2])}`
}
