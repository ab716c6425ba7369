/** The prepared statements that write trades, fills and books: shared by the simulated and the live ledger. */

import type { TimeMs, UsdE6 } from '../core/index.js'
import type { BookName, Fill, Trade } from '../trading/index.js'
import { fillRow, tradeRow } from './rows.js'
import type { Db } from './sqlite.js'

/** A book's money at one instant: cash = start + Σ P&L of finished trades + what the fills of open ones moved. */
export interface BookState {
  readonly book: BookName
  readonly startE6: UsdE6
  readonly cashE6: UsdE6
  readonly time: TimeMs
}

const insertTrade = `
INSERT INTO trades (
  trade_id, pair, strategy_type, agent_id, pattern_id, entry_timestamp, exit_timestamp, hold_duration_seconds,
  entry_price, exit_price, price_change_pct, pnl_pct, pnl_absolute, trade_result, rsi_entry, macd_entry,
  bb_position_entry, volume_entry, atr_entry, signal_source, prediction_score, cross_moat_score, collision_detected,
  position_size, fees_paid, slippage_pct, created_at, book, run_id, step, direction, reason, ideas, confidence,
  bars_held, regime, qty_e8, entry_notional_e6, exit_notional_e6, fees_e6, slippage_e6, borrow_e6, pnl_e6
) VALUES (
  @trade_id, @pair, @strategy_type, @agent_id, @pattern_id, @entry_timestamp, @exit_timestamp, @hold_duration_seconds,
  @entry_price, @exit_price, @price_change_pct, @pnl_pct, @pnl_absolute, @trade_result, @rsi_entry, @macd_entry,
  @bb_position_entry, @volume_entry, @atr_entry, @signal_source, @prediction_score, @cross_moat_score, @collision_detected,
  @position_size, @fees_paid, @slippage_pct, @created_at, @book, @run_id, @step, @direction, @reason, @ideas, @confidence,
  @bars_held, @regime, @qty_e8, @entry_notional_e6, @exit_notional_e6, @fees_e6, @slippage_e6, @borrow_e6, @pnl_e6
) ON CONFLICT (trade_id) DO NOTHING`

const insertFill = `
INSERT INTO fills (
  trade_id, opens, part, book, pair, side, time_ms, step, price, qty_e8, notional_e6, fee_e6, slippage_e6, run_id
) VALUES (
  @trade_id, @opens, @part, @book, @pair, @side, @time_ms, @step, @price, @qty_e8, @notional_e6, @fee_e6, @slippage_e6, @run_id
) ON CONFLICT (trade_id, opens, time_ms, part) DO NOTHING`

const upsertBook = `
INSERT INTO books (book, start_e6, cash_e6, time_ms, run_id)
VALUES (@book, @startE6, @cashE6, @time, @runId)
ON CONFLICT (book) DO UPDATE SET
  start_e6 = excluded.start_e6, cash_e6 = excluded.cash_e6,
  time_ms = excluded.time_ms, run_id = excluded.run_id`

export class LedgerStatements {
  private readonly insertTrade
  private readonly insertFill
  private readonly upsertBook
  constructor(
    db: Db,
    private readonly runId: string,
  ) {
    this.insertTrade = db.prepare(insertTrade)
    this.insertFill = db.prepare(insertFill)
    this.upsertBook = db.prepare(upsertBook)
  }

  /** A trade id that is already there is left as it is, so a tick executed again changes nothing; false where it was. */
  trade(trade: Trade, step: number): boolean {
    return this.insertTrade.run(tradeRow(trade, step, this.runId)).changes > 0
  }

  /** As {@link trade}. */
  fill(fill: Fill, part: number, step: number): boolean {
    return this.insertFill.run(fillRow(fill, part, step, this.runId)).changes > 0
  }

  book(state: BookState): void {
    this.upsertBook.run({ ...state, runId: this.runId })
  }
}

/** Numbers the fills of one order at one instant 0, 1, …, so that partial fills are kept and repeated ones are not. */
export class FillParts {
  private time = Number.NaN
  private readonly counts = new Map<string, number>()

  of(fill: Fill): number {
    if (fill.time !== this.time) {
      this.time = fill.time
      this.counts.clear()
    }
    const key = `${fill.tradeId}|${fill.opens}`
    const part = this.counts.get(key) ?? 0
    this.counts.set(key, part + 1)
    return part
  }
}
