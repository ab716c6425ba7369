/** Finished trades of a ledger as memory compares them, in pages, read beside the ledger's writer. */

import type { TimeMs } from '../core/index.js'
import type { Direction, RememberedTrade } from '../trading/index.js'
import { readLedger } from './read-ledger.js'

/** A finished trade of the mycelial portfolio, with its row in the ledger. */
export interface LedgerPastTrade extends RememberedTrade {
  /** Grows with each row. */
  readonly row: number
  readonly entryTime: TimeMs
  readonly barsHeld: number
}

interface Row {
  readonly id: number
  readonly trade_id: string
  readonly agent_id: string
  readonly pair: string
  readonly pattern_id: string | null
  readonly entry_timestamp: string
  readonly exit_timestamp: string
  readonly direction: number
  readonly pnl_e6: number
  readonly entry_notional_e6: number | null
  readonly bars_held: number | null
  readonly prediction_score: number | null
  readonly cross_moat_score: number | null
  readonly rsi_entry: number | null
  readonly macd_entry: number | null
  readonly bb_position_entry: number | null
  readonly atr_entry: number | null
  readonly volume_entry: number | null
  readonly trend_entry: number | null
  readonly regime: number | null
}

/** Of earlier releases a row may lack its direction or regime; such a trade is like no other, and left out. */
const select = `SELECT * FROM trades
  WHERE book = 'mycelial' AND id > ? AND direction IS NOT NULL AND regime IS NOT NULL AND pnl_e6 IS NOT NULL
  ORDER BY id LIMIT ?`

function pageAfter(path: string, row: number, limit: number): LedgerPastTrade[] {
  return readLedger(path, db => (db.prepare(select).all(row, limit) as Row[]).map(tradeOf))
}

/** The finished trades of the mycelial portfolio, oldest first, a page in memory at a time. */
export function* finishedTradePages(path: string, size = 1_000): Generator<readonly LedgerPastTrade[]> {
  for (let row = 0; ; ) {
    const page = pageAfter(path, row, size)
    const last = page.at(-1)
    if (last === undefined) return
    row = last.row
    yield page
  }
}

/** One finished trade of the mycelial portfolio by its id; undefined: the ledger has none such. */
export function finishedTrade(path: string, tradeId: string): LedgerPastTrade | undefined {
  const one = "SELECT * FROM trades WHERE trade_id = ? AND book = 'mycelial' AND direction IS NOT NULL AND regime IS NOT NULL"
  const found = readLedger(path, db => db.prepare(one).get(tradeId) as Row | undefined)
  return found === undefined ? undefined : tradeOf(found)
}

function tradeOf(row: Row): LedgerPastTrade {
  return {
    row: row.id,
    tradeId: row.trade_id,
    agent: row.agent_id,
    pair: row.pair,
    pattern: row.pattern_id,
    entryTime: Date.parse(row.entry_timestamp),
    exitTime: Date.parse(row.exit_timestamp),
    pnlE6: row.pnl_e6,
    entryNotionalE6: row.entry_notional_e6 ?? 0,
    barsHeld: row.bars_held ?? 0,
    direction: row.direction as Direction,
    prediction: row.prediction_score,
    crossMoatScore: row.cross_moat_score ?? 0,
    features: {
      rsi: row.rsi_entry,
      macd: row.macd_entry,
      bollinger: row.bb_position_entry,
      atr: row.atr_entry,
      volume: row.volume_entry,
      regime: row.regime ?? 1,
      trend: row.trend_entry ?? null,
    },
  }
}
