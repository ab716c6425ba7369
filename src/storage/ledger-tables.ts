/**
 * The tables of `trades.db` that every run with a market writes. The columns of the unversioned layout stand first, names unchanged; ours
 * are added at the end, so that a new file and an upgraded one are the same. A portfolio is `book` in the tables of a database, its older name.
 */

import { fromUsdE6, SECOND_MS, type TimeMs, type UsdE6 } from '../core/index.js'
import { type Fill, fillColumns, type Trade, tradeColumns } from '../trading/index.js'
import { columnsWithin, overwrite, type SqlColumns, type SqlTable } from './sql-table.js'

/** A portfolio's money at one instant: cash = start + Σ P&L of finished trades + what the fills of open ones moved. */
export interface PortfolioState {
  readonly portfolio: string
  readonly startE6: UsdE6
  readonly cashE6: UsdE6
  readonly time: TimeMs
}

interface TradeRow {
  readonly trade: Trade
  readonly step: number
  readonly runId: string
}

/** `part` tells the fills of one trade at one instant apart, from 0. */
interface FillRow {
  readonly fill: Fill
  readonly part: number
  readonly step: number
  readonly runId: string
}

const usd = 'USD'
const usdE6 = '1e-6 USD'
const runId = { type: 'text', nullable: true, meaning: 'The run, as in its manifest.' } as const

/** The REAL columns are USD and derived; percentages are of the entry's notional, or of the entry price. */
const originalTradeColumns: SqlColumns<TradeRow> = {
  id: { type: 'integer', sql: 'INTEGER PRIMARY KEY AUTOINCREMENT', meaning: 'Rows in the order they were written.' },
  trade_id: { ...textOf('The trade, unique.', r => r.trade.tradeId), sql: 'TEXT UNIQUE NOT NULL' },
  pair: textOf('The pair traded.', r => r.trade.pair),
  strategy_type: textOf(
    'By how long it was open: `HFT` below 5 minutes, `DAY` up to 24 hours, `SWING` beyond.',
    r => r.trade.style,
  ),
  agent_id: textOf('The agent of the idea, by `roster.key`.', r => r.trade.agent),
  pattern_id: { type: 'text', nullable: true, meaning: 'The pattern behind it; null: none.', read: r => r.trade.pattern },
  entry_timestamp: textOf('When it was opened, ISO 8601, UTC.', r => iso(r.trade.entryTime)),
  exit_timestamp: textOf('When it was closed, ISO 8601, UTC.', r => iso(r.trade.exitTime)),
  hold_duration_seconds: {
    type: 'integer',
    unit: 's',
    meaning: 'How long it was open.',
    read: r => Math.round((r.trade.exitTime - r.trade.entryTime) / SECOND_MS),
  },
  entry_price: realOf(usd, 'Mean price of the entry.', r => r.trade.entryPriceUsd),
  exit_price: realOf(usd, 'Mean price of the exit.', r => r.trade.exitPriceUsd),
  price_change_pct: realOf('%', 'Change of the price.', r => (r.trade.exitPriceUsd / r.trade.entryPriceUsd - 1) * 100),
  pnl_pct: realOf('%', 'Profit or loss of the notional.', r => percent(r.trade.pnlE6, r.trade.entryNotionalE6)),
  pnl_absolute: realOf(usd, 'Profit or loss.', r => fromUsdE6(r.trade.pnlE6)),
  trade_result: textOf('`WIN` or `LOSS`.', r => (r.trade.pnlE6 > 0 ? 'WIN' : 'LOSS')),
  rsi_entry: featureOf('Relative strength index at the idea.', r => r.trade.features.rsi),
  macd_entry: featureOf('Moving average convergence at the idea.', r => r.trade.features.macd),
  bb_position_entry: featureOf('Place in the Bollinger band at the idea: 0 lower, 1 upper.', r => r.trade.features.bollinger),
  volume_entry: featureOf('Volume against its running mean at the idea.', r => r.trade.features.volume),
  atr_entry: featureOf('Average true range at the idea, share of price.', r => r.trade.features.atr),
  signal_source: {
    type: 'text',
    nullable: true,
    meaning: 'The portfolio, or `mycelial+baseline` for the synthesized one.',
    read: r => (r.trade.portfolio === 'synthesized' ? 'mycelial+baseline' : r.trade.portfolio),
  },
  prediction_score: featureOf('Expected gross return; null: none is claimed.', r => r.trade.prediction),
  cross_moat_score: { type: 'integer', nullable: true, meaning: 'Moats behind the idea.', read: r => r.trade.crossMoatScore },
  collision_detected: {
    type: 'boolean',
    sql: 'BOOLEAN',
    meaning: 'Whether a mycelial and a baseline idea agreed.',
    read: r => r.trade.collision,
  },
  position_size: realOf(usd, 'Notional of the entry.', r => fromUsdE6(r.trade.entryNotionalE6)),
  fees_paid: realOf(usd, 'Fees of entry and exit.', r => fromUsdE6(r.trade.feesE6)),
  slippage_pct: realOf('%', 'Slippage of the notional.', r => percent(r.trade.slippageE6, r.trade.entryNotionalE6)),
  created_at: {
    ...textOf('When it was closed, ISO 8601, UTC.', r => iso(r.trade.exitTime)),
    sql: 'TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP',
  },
}

const ofTrade = (names: readonly string[]) => nullable(columnsWithin(tradeColumns, names, (r: TradeRow) => r.trade))

const addedTradeColumns: SqlColumns<TradeRow> = {
  book: { ...textOf('`baseline`, `mycelial` or `synthesized`.', (r: TradeRow) => r.trade.portfolio), nullable: true },
  run_id: { ...runId, read: r => r.runId },
  step: { type: 'integer', nullable: true, meaning: 'Steps done when it was closed.', read: r => r.step },
  ...ofTrade(['direction', 'reason']),
  ideas: {
    type: 'text',
    nullable: true,
    meaning: 'The ideas it follows, by `ideas.id`, as a JSON list.',
    read: r => JSON.stringify(r.trade.ideaIds),
  },
  ...ofTrade(['confidence', 'bars_held', 'regime', 'qty_e8', 'entry_notional_e6', 'exit_notional_e6', 'fees_e6']),
  ...ofTrade(['slippage_e6', 'borrow_e6', 'pnl_e6']),
  trend_entry: featureOf('EMA(24) − EMA(96) at the idea, in ATRs.', r => r.trade.features.trend),
}

export const tradesTable: SqlTable<TradeRow> = {
  name: 'trades',
  meaning: 'One row a finished trade: the columns of the unversioned layout, then exact integers.',
  columns: originalTradeColumns,
  added: addedTradeColumns,
  onConflict: '(trade_id) DO NOTHING',
}

const ofFill = (names: readonly string[]) => columnsWithin(fillColumns, names, (r: FillRow) => r.fill)

export const fillsTable: SqlTable<FillRow> = {
  name: 'fills',
  meaning: 'One row an execution.',
  columns: {
    id: { type: 'integer', sql: 'INTEGER PRIMARY KEY AUTOINCREMENT', meaning: 'Rows in the order they were written.' },
    ...ofFill(['trade_id', 'opens']),
    part: { type: 'integer', meaning: 'Tells the fills of one order at one instant apart, from 0.', read: r => r.part },
    book: textOf('`baseline`, `mycelial` or `synthesized`.', r => r.fill.portfolio),
    ...ofFill(['pair', 'side']),
    time_ms: { type: 'integer', unit: 'ms since 1970, UTC', meaning: 'When it was executed.', read: r => r.fill.time },
    step: { type: 'integer', meaning: 'Steps done when it was executed.', read: r => r.step },
    ...ofFill(['price', 'qty_e8', 'notional_e6', 'fee_e6', 'slippage_e6']),
    run_id: { ...runId, read: r => r.runId },
  },
  constraints: ['UNIQUE (trade_id, opens, time_ms, part)'],
  onConflict: '(trade_id, opens, time_ms, part) DO NOTHING',
}

const portfolioColumns: SqlColumns<PortfolioState & { readonly runId: string }> = {
  book: { ...textOf('`baseline`, `mycelial` or `synthesized`.', r => r.portfolio), sql: 'TEXT PRIMARY KEY' },
  start_e6: { type: 'integer', unit: usdE6, meaning: 'Capital at the start.', read: r => r.startE6 },
  cash_e6: { type: 'integer', unit: usdE6, meaning: 'Cash now.', read: r => r.cashE6 },
  time_ms: { type: 'integer', unit: 'ms since 1970, UTC', meaning: 'The instant of both.', read: r => r.time },
  run_id: { ...runId, read: r => r.runId },
}

export const booksTable: SqlTable<PortfolioState & { readonly runId: string }> = {
  name: 'books',
  meaning: 'One row a portfolio: its money as it stands.',
  columns: portfolioColumns,
  onConflict: overwrite(portfolioColumns, ['book']),
}

/** The unversioned layout stored money as REAL; the exact columns of its rows are those values rounded. */
export const exactFromOriginal = `
UPDATE trades SET
  pnl_e6 = CAST(round(pnl_absolute * 1000000) AS INTEGER),
  fees_e6 = CAST(round(fees_paid * 1000000) AS INTEGER);`

/** Model time as a text: ISO 8601, UTC. */
export function iso(time: number): string {
  return new Date(time).toISOString()
}

function textOf<R>(meaning: string, read: (row: R) => string) {
  return { type: 'text', meaning, read } as const
}

function realOf<R>(unit: string, meaning: string, read: (row: R) => number) {
  return { type: 'real', unit, meaning, read } as const
}

function featureOf<R>(meaning: string, read: (row: R) => number | null) {
  return { type: 'real', nullable: true, meaning, read } as const
}

/** Columns of an upgraded file are null in the rows it had. */
function nullable<R>(columns: SqlColumns<R>): SqlColumns<R> {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, { ...column, nullable: true }]))
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 100
}
