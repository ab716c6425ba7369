/** Trades, fills and patterns as rows of their tables. */

import { fromUsdE6, SECOND_MS } from '../core/index.js'
import type { Fill, PatternRow, Trade } from '../trading/index.js'

/** One row by column name; SQLite knows no booleans. */
type Row = Readonly<Record<string, number | string | null>>

/**
 * A finished trade. The REAL columns are USD and derived (`position_size` is the entry's notional,
 * percentages are of it, `price_change_pct` of the entry price); the exact integers stand at the end.
 */
export function tradeRow(trade: Trade, step: number, runId: string): Row {
  const { features } = trade
  return {
    trade_id: trade.tradeId,
    pair: trade.pair,
    strategy_type: trade.style,
    agent_id: trade.agent,
    pattern_id: trade.pattern,
    entry_timestamp: iso(trade.entryTime),
    exit_timestamp: iso(trade.exitTime),
    hold_duration_seconds: Math.round((trade.exitTime - trade.entryTime) / SECOND_MS),
    entry_price: trade.entryPriceUsd,
    exit_price: trade.exitPriceUsd,
    price_change_pct: (trade.exitPriceUsd / trade.entryPriceUsd - 1) * 100,
    pnl_pct: percent(trade.pnlE6, trade.entryNotionalE6),
    pnl_absolute: fromUsdE6(trade.pnlE6),
    trade_result: trade.pnlE6 > 0 ? 'WIN' : 'LOSS',
    rsi_entry: features.rsi,
    macd_entry: features.macd,
    bb_position_entry: features.bollinger,
    volume_entry: features.volume,
    atr_entry: features.atr,
    signal_source: trade.book === 'synthesized' ? 'mycelial+baseline' : trade.book,
    prediction_score: trade.prediction,
    cross_moat_score: trade.crossMoatScore,
    collision_detected: Number(trade.collision),
    position_size: fromUsdE6(trade.entryNotionalE6),
    fees_paid: fromUsdE6(trade.feesE6),
    slippage_pct: percent(trade.slippageE6, trade.entryNotionalE6),
    created_at: iso(trade.exitTime),
    book: trade.book,
    run_id: runId,
    step,
    direction: trade.direction,
    reason: trade.reason,
    ideas: JSON.stringify(trade.ideaIds),
    confidence: trade.confidence,
    bars_held: trade.barsHeld,
    regime: trade.features.regime,
    qty_e8: trade.qtyE8,
    entry_notional_e6: trade.entryNotionalE6,
    exit_notional_e6: trade.exitNotionalE6,
    fees_e6: trade.feesE6,
    slippage_e6: trade.slippageE6,
    borrow_e6: trade.borrowE6,
    pnl_e6: trade.pnlE6,
  }
}

/** `part` tells fills of one trade at one instant apart, counted from 0. */
export function fillRow(fill: Fill, part: number, step: number, runId: string): Row {
  return {
    trade_id: fill.tradeId,
    opens: Number(fill.opens),
    part,
    book: fill.book,
    pair: fill.pair,
    side: fill.side,
    time_ms: fill.time,
    step,
    price: fill.priceUsd,
    qty_e8: fill.qtyE8,
    notional_e6: fill.notionalE6,
    fee_e6: fill.feeE6,
    slippage_e6: fill.slippageE6,
    run_id: runId,
  }
}

/** A pattern's change of status. `agent_id` is the agent's ordinal, as an integer; `agent` its whole key. */
export function patternRow(row: PatternRow, runId: string): Row {
  return {
    agent_id: ordinalOf(row.agent),
    timestamp: row.time / SECOND_MS,
    pattern_value: row.value,
    raw_features: JSON.stringify(row.features),
    age_minutes: row.ageMinutes,
    decay_factor: row.decayFactor,
    created_at: iso(row.time),
    moat: row.moat,
    product: row.product,
    signal_type: row.signalType,
    pattern: row.pattern,
    status: row.status,
    step: row.step,
    sign: row.sign,
    score: row.score,
    placebo: Number(row.placebo),
    agent: row.agent,
    run_id: runId,
  }
}

/** Model time as a text: ISO 8601, UTC. */
export function iso(time: number): string {
  return new Date(time).toISOString()
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 100
}

function ordinalOf(agent: string): number {
  return Number(/(\d+)$/.exec(agent)?.[1] ?? 0)
}
