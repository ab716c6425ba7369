/** The decision record: a row for each signal and the portfolio that received it, also where nothing was done. */

import type { ReadColumns, TimeMs } from '../core/index.js'
import type { Answer } from './decision.js'
import type { Direction, Features, Recall } from './idea.js'
import { orderId } from './trade.js'

/** What a portfolio was asked to act on: an idea as it is, or a signal made of it and of one that agrees. */
export interface DecidedSignal {
  readonly pair: string
  readonly direction: Direction
  readonly confidence: number
  readonly agent: string
  readonly pattern: string | null
  readonly features: Features
  readonly recall?: Recall | undefined
}

/** One decision. */
export interface Decision {
  /** 1, 2, 3 … in a run. */
  readonly id: number
  readonly step: number
  readonly time: TimeMs
  readonly portfolio: string
  readonly signal: DecidedSignal
  readonly ideaId: string
  /** The baseline idea that agreed; null: it is no collision. */
  readonly agreeingIdeaId: string | null
  readonly answer: Answer
}

const unitsE8 = '1e-8 units'
const indicator = (meaning: string, read: (f: Features) => number | null) => ({
  type: 'real' as const,
  nullable: true,
  meaning: `${meaning} at the decision; null: not known yet.`,
  // NaN, as an unknown number is in a file: it keeps the column a column of numbers.
  read: (d: Decision) => read(d.signal.features) ?? Number.NaN,
})

/** The columns of the table `decisions`, which the chain of the record covers in this order. */
export const decisionColumns = {
  id: { type: 'integer', meaning: '1, 2, 3 … in the run.', read: d => d.id },
  time: { type: 'time', meaning: 'When it was decided.', read: d => d.time },
  portfolio: { type: 'text', meaning: '`baseline`, `mycelial` or `synthesized`.', read: d => d.portfolio },
  pair: { type: 'text', meaning: 'The pair.', read: d => d.signal.pair },
  direction: { type: 'integer', meaning: '1: it rises, −1: it falls.', read: d => d.signal.direction },
  agent: { type: 'text', meaning: 'The agent of the idea, by `roster.key`.', read: d => d.signal.agent },
  pattern: {
    type: 'text',
    nullable: true,
    meaning: 'The strongest pattern behind it; null: indicators.',
    read: d => d.signal.pattern,
  },
  idea_id: { type: 'text', meaning: 'The idea, by `ideas.id`.', read: d => d.ideaId },
  agreeing_idea_id: {
    type: 'text',
    nullable: true,
    meaning: 'The baseline idea that agreed, by `ideas.id`; null: it is no collision.',
    read: d => d.agreeingIdeaId,
  },
  confidence: { type: 'real', meaning: 'Of the idea, or the mean of both; from 0 to 1.', read: d => d.signal.confidence },
  memory_factor: {
    type: 'real',
    nullable: true,
    meaning: 'What memory multiplied the confidence by; null: it was not consulted.',
    read: d => d.signal.recall?.factor ?? Number.NaN,
  },
  memory_cases: {
    type: 'real',
    nullable: true,
    meaning: 'Weight of the similar trades behind that; null as in `memory_factor`.',
    read: d => d.signal.recall?.cases ?? Number.NaN,
  },
  rsi: indicator('Relative strength index', f => f.rsi),
  macd: indicator('MACD histogram', f => f.macd),
  bollinger: indicator('Place in the Bollinger band, 0 lower, 1 upper,', f => f.bollinger),
  trend: indicator('EMA(24) − EMA(96) in ATRs', f => f.trend),
  outcome: {
    type: 'text',
    meaning: '`entry`, `renewal`, `exit`, `cancelsEntry`, or the code of why nothing was done.',
    read: d => d.answer.outcome,
  },
  wanted_e8: {
    type: 'integer',
    unit: unitsE8,
    meaning: 'Quantity wanted, before the gate; 0: nothing was asked of it.',
    read: d => (Number.isSafeInteger(d.answer.wantedE8) ? d.answer.wantedE8 : 0),
  },
  allowed_e8: {
    type: 'integer',
    unit: unitsE8,
    meaning: 'Quantity that the gate allowed.',
    read: d => (d.answer.tradeId === null ? 0 : (d.answer.verdict?.qtyE8 ?? 0)),
  },
  rules_passed: {
    type: 'integer',
    meaning: 'Rules of the gate that allowed it, of those in force in their order, before the end or the first refusal.',
    read: d => d.answer.verdict?.passed ?? 0,
  },
  findings: {
    type: 'text',
    nullable: true,
    meaning:
      'What the gate found, `name=value` with spaces between: a rule that made the quantity smaller and to what, what it measured and its limit, what the refusing rule measured and its limit, the lock that refused; null: nothing of these.',
    read: d => findingsOf(d.answer),
  },
  order_id: {
    type: 'text',
    nullable: true,
    meaning: 'The order it placed, by `fills.order_id`; null: none.',
    read: d => (d.answer.tradeId === null ? null : orderId(d.answer.tradeId, true)),
  },
  trade_id: {
    type: 'text',
    nullable: true,
    meaning: 'The trade it opens if its order fills, by `trades.trade_id`; null: none.',
    read: d => d.answer.tradeId,
  },
  met_trade_id: {
    type: 'text',
    nullable: true,
    meaning: 'The trade whose position or waiting entry it met; null: there was none.',
    read: d => d.answer.metTradeId,
  },
} satisfies ReadColumns<Decision>

function findingsOf({ verdict }: Answer): string | null {
  if (verdict === null || (verdict.refusedBy === null && verdict.shrunk.length === 0)) return null
  const found: string[] = []
  for (const { code, qtyE8, measured, limit } of verdict.shrunk) {
    found.push(`${code}=${qtyE8}`)
    if (!Number.isNaN(measured)) found.push(`${code}.measured=${measured}`)
    if (!Number.isNaN(limit)) found.push(`${code}.limit=${limit}`)
  }
  if (!Number.isNaN(verdict.measured)) found.push(`measured=${verdict.measured}`)
  if (!Number.isNaN(verdict.limit)) found.push(`limit=${verdict.limit}`)
  if (verdict.lockId !== null) found.push(`lock=${verdict.lockId}`)
  return found.length === 0 ? null : found.join(' ')
}
