/** The columns of the swarm's tables: name, type, unit, null rule, meaning, and how a cell is read. */

import type { ReadColumn, ReadColumns } from '../core/index.js'
import type { Bar } from '../market/index.js'
import type { Idea } from './idea.js'
import type { CrossMoatSignal, IdeaPatterns, Recollection } from './topics.js'
import { type Fill, orderId, type Trade } from './trade.js'

const usd = 'USD'
const usdE6 = '1e-6 USD'
const unitsE8 = '1e-8 units'

export const ideaColumns = {
  id: { type: 'text', meaning: 'Unique in a run: agent, step and, for a learner, a number.', read: i => i.id },
  source: { type: 'text', meaning: '`mycelial` or `baseline`.', read: i => i.source },
  agent: { type: 'text', meaning: 'The publisher, by `roster.key`.', read: i => i.agent },
  pair: { type: 'text', meaning: 'The pair it is about.', read: i => i.pair },
  direction: { type: 'integer', meaning: '1: it rises, −1: it falls.', read: i => i.direction },
  confidence: { type: 'real', meaning: 'From 0 to 1.', read: i => i.confidence },
  decided_at: { type: 'time', meaning: 'When it was decided.', read: i => i.decidedAt },
  expires_at: { type: 'time', meaning: 'The last instant at which it may be acted on.', read: i => i.expiresAt },
  horizon_bars: { type: 'integer', unit: 'bars', meaning: 'From the decision to the end, at most.', read: i => i.horizonBars },
  bar_ms: { type: 'integer', unit: 'ms', meaning: 'Length of such a bar.', read: i => i.barMs },
  style: { type: 'text', meaning: '`HFT`, `DAY`, `SWING` or `GENERIC`.', read: i => i.style },
  pattern: { type: 'text', nullable: true, meaning: 'The strongest pattern behind it; null: none.', read: i => i.pattern },
  moats: { type: 'text', meaning: 'The moats behind it, with spaces between.', read: i => i.moats.join(' ') },
  prediction: {
    type: 'real',
    unit: 'share of price',
    nullable: true,
    meaning: 'Expected gross return over the horizon, signed; null: none is claimed.',
    read: i => i.prediction,
  },
  regime: { type: 'integer', meaning: 'The market then: 0 calm, 1 normal, 2 stormy.', read: i => i.features.regime },
  atr: {
    type: 'real',
    unit: 'share of price',
    nullable: true,
    meaning: 'Average true range then; null: not known yet.',
    read: i => i.features.atr,
  },
} satisfies ReadColumns<Idea>

/** A pattern behind an idea: a row of the table that links them. */
export interface IdeaPattern {
  readonly ideaId: string
  readonly pattern: string
  readonly leads: boolean
}

export function linksOf({ ideaId, patterns }: IdeaPatterns): IdeaPattern[] {
  return patterns.map((pattern, i) => ({ ideaId, pattern, leads: i === 0 }))
}

export const ideaPatternColumns = {
  idea_id: { type: 'text', meaning: 'The idea, by `ideas.id`.', read: l => l.ideaId },
  pattern: {
    type: 'text',
    meaning: 'A pattern behind it, by `patterns.pattern` of the patterns database.',
    read: l => l.pattern,
  },
  leads: { type: 'boolean', meaning: 'Whether it is the strongest one, which gives horizon and prediction.', read: l => l.leads },
} satisfies ReadColumns<IdeaPattern>

const weightOf = (meaning: string, read: (r: Recollection) => number): ReadColumn<Recollection> => ({
  type: 'real',
  unit: 'trades',
  meaning,
  read,
})

/** What memory said of each idea it was asked about. */
export const recollectionColumns = {
  idea_id: { type: 'text', meaning: 'The idea, by `ideas.id`.', read: r => r.idea.id },
  decided_at: {
    type: 'time',
    meaning: 'When the idea was decided: only trades closed before count.',
    read: r => r.idea.decidedAt,
  },
  confidence: { type: 'real', meaning: 'Before memory was asked.', read: r => r.idea.confidence },
  factor: { type: 'real', meaning: 'What memory multiplied it by.', read: r => r.factor },
  cases: weightOf('Weight of the similar trades; each counts 1 / (1 + its distance).', r => r.cases),
  won: weightOf('Of it, of those that won.', r => r.won),
  same_moat_cases: weightOf('Of `cases`, of trades on patterns of the same moat.', r => r.sameMoatCases),
  same_moat_won: weightOf('Of `same_moat_cases`, of those that won.', r => r.sameMoatWon),
  nearest: {
    type: 'text',
    meaning: 'The most similar trades, by `trades.trade_id`, the nearest first, at most five, with spaces between.',
    read: r => r.nearest.map(t => t.id).join(' '),
  },
  distances: {
    type: 'text',
    meaning: 'How far each of `nearest` is: mean squared difference over the features, each in its own scale.',
    read: r => r.nearest.map(t => t.distance.toPrecision(4)).join(' '),
  },
} satisfies ReadColumns<Recollection>

export const tradeColumns = {
  trade_id: { type: 'text', meaning: 'Unique in a run: portfolio, step, agent and a number.', read: t => t.tradeId },
  portfolio: { type: 'text', meaning: '`baseline`, `mycelial` or `synthesized`.', read: t => t.portfolio },
  pair: { type: 'text', meaning: 'The pair traded.', read: t => t.pair },
  direction: { type: 'integer', meaning: '1: long, −1: short.', read: t => t.direction },
  agent: { type: 'text', meaning: 'The agent of the idea, by `roster.key`.', read: t => t.agent },
  pattern: { type: 'text', nullable: true, meaning: 'The strongest pattern behind the idea; null: none.', read: t => t.pattern },
  entry_time: { type: 'time', meaning: 'When it was opened.', read: t => t.entryTime },
  exit_time: { type: 'time', meaning: 'When it was closed.', read: t => t.exitTime },
  entry_price: { type: 'real', unit: usd, meaning: 'Mean price of the entry.', read: t => t.entryPriceUsd },
  exit_price: { type: 'real', unit: usd, meaning: 'Mean price of the exit.', read: t => t.exitPriceUsd },
  qty_e8: { type: 'integer', unit: unitsE8, meaning: 'Quantity.', read: t => t.qtyE8 },
  pnl_e6: { type: 'integer', unit: usdE6, meaning: 'Profit or loss after fees, slippage and borrowing.', read: t => t.pnlE6 },
  fees_e6: { type: 'integer', unit: usdE6, meaning: 'Fees of entry and exit.', read: t => t.feesE6 },
  slippage_e6: { type: 'integer', unit: usdE6, meaning: 'Cost of spread and slippage.', read: t => t.slippageE6 },
  reason: {
    type: 'text',
    meaning: 'Why it was closed: horizon, opposite, stop, target, liquidation, end, data-ended or operator.',
    read: t => t.reason,
  },
  collision: { type: 'boolean', meaning: 'Whether a mycelial and a baseline idea agreed.', read: t => t.collision },
  confidence: { type: 'real', meaning: 'Of the idea, or the mean of both; from 0 to 1.', read: t => t.confidence },
  bars_held: { type: 'integer', unit: 'bars', meaning: 'Whole bars from entry to exit.', read: t => t.barsHeld },
  idea_id: { type: 'text', meaning: 'The idea it follows, by `ideas.id`.', read: t => t.ideaIds[0] },
  agreeing_idea_id: {
    type: 'text',
    nullable: true,
    meaning: 'The baseline idea that agreed, by `ideas.id`; null: none was needed.',
    read: t => t.ideaIds[1],
  },
  entry_order_id: {
    type: 'text',
    meaning: 'The order that opened it, by `fills.order_id`.',
    read: t => orderId(t.tradeId, true),
  },
  exit_order_id: {
    type: 'text',
    meaning: 'The order that closed it, by `fills.order_id`.',
    read: t => orderId(t.tradeId, false),
  },
  style: {
    type: 'text',
    meaning: 'By how long it was open: `HFT` below 5 minutes, `DAY` up to 24 hours, `SWING` beyond.',
    read: t => t.style,
  },
  entry_notional_e6: {
    type: 'integer',
    unit: usdE6,
    meaning: 'Price times quantity of the entry.',
    read: t => t.entryNotionalE6,
  },
  exit_notional_e6: { type: 'integer', unit: usdE6, meaning: 'Price times quantity of the exit.', read: t => t.exitNotionalE6 },
  borrow_e6: { type: 'integer', unit: usdE6, meaning: 'Cost of borrowing for a short.', read: t => t.borrowE6 },
  regime: { type: 'integer', meaning: 'The market at the idea: 0 calm, 1 normal, 2 stormy.', read: t => t.features.regime },
} satisfies ReadColumns<Trade>

export const fillColumns = {
  order_id: { type: 'text', meaning: 'The order: its trade, and `entry` or `exit`.', read: f => orderId(f.tradeId, f.opens) },
  trade_id: { type: 'text', meaning: 'The trade, by `trades.trade_id` once it is closed.', read: f => f.tradeId },
  opens: { type: 'boolean', meaning: 'Whether it opens the trade.', read: f => f.opens },
  portfolio: { type: 'text', meaning: '`baseline`, `mycelial` or `synthesized`.', read: f => f.portfolio },
  pair: { type: 'text', meaning: 'The pair traded.', read: f => f.pair },
  side: { type: 'text', meaning: '`buy` or `sell`.', read: f => f.side },
  time: { type: 'time', meaning: 'When it was executed.', read: f => f.time },
  price: { type: 'real', unit: usd, meaning: 'Price of the execution.', read: f => f.priceUsd },
  qty_e8: { type: 'integer', unit: unitsE8, meaning: 'Quantity.', read: f => f.qtyE8 },
  notional_e6: { type: 'integer', unit: usdE6, meaning: 'Price times quantity.', read: f => f.notionalE6 },
  fee_e6: { type: 'integer', unit: usdE6, meaning: 'Fee.', read: f => f.feeE6 },
  slippage_e6: { type: 'integer', unit: usdE6, meaning: 'Cost against the undisturbed price.', read: f => f.slippageE6 },
} satisfies ReadColumns<Fill>

export const signalColumns = {
  time: { type: 'time', meaning: 'Of the stream’s value.', read: s => s.time },
  moat: { type: 'text', meaning: 'The moat of the stream.', read: s => s.moat },
  driver: { type: 'text', meaning: 'The stream: moat and name.', read: s => s.driver },
  z: {
    type: 'real',
    unit: 'standard deviations',
    meaning: 'Standardised with what was known before, from −4 to 4.',
    read: s => s.z,
  },
  placebo: { type: 'boolean', meaning: 'Whether the stream is noise.', read: s => s.placebo },
} satisfies ReadColumns<CrossMoatSignal>

export const priceColumns = {
  time: { type: 'time', meaning: 'End of the bar.', read: b => b.time + b.barMs },
  pair: { type: 'text', meaning: 'The pair.', read: b => b.pair },
  close: { type: 'real', unit: usd, meaning: 'Last price.', read: b => b.close },
  flags: {
    type: 'integer',
    meaning: 'Sum of 1 filled, 2 stale, 8 outlier, 16 corrected, 32 unwatched.',
    read: b => b.flags,
  },
  open: { type: 'real', unit: usd, meaning: 'First price.', read: b => b.open },
  high: { type: 'real', unit: usd, meaning: 'Highest price.', read: b => b.high },
  low: { type: 'real', unit: usd, meaning: 'Lowest price.', read: b => b.low },
  volume: { type: 'real', unit: 'units', meaning: 'Units traded.', read: b => b.volume },
} satisfies ReadColumns<Bar>
