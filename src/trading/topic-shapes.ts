/** The shapes of the topics' payloads, field by field: types, ranges, and the names a receiver must know. */

import { type Fields, type Shape, shapes } from '../bus/index.js'
import { UNIT, USD } from '../core/index.js'
import type { TradingRules } from '../exchange/index.js'
import { type Bar, BarFlag, type MarketTrade, type MoatSignal, type OutsideMoat } from '../market/index.js'
import type { Features, Idea, Recall, RecalledTrade } from './idea.js'
import { MAX_NEIGHBOURS } from './past-trade.js'
import { type PatternRow, patternStatuses, valueBases } from './pattern.js'
import { exitReasons, type Fill, type Halt, portfolioNames, type Trade } from './trade.js'

const { boolean, either, known, listOf, mapOf, nullable, number, oneOf, record, text } = shapes

/** An instant that is not ahead of the clock. */
export const time: Shape = known('time')
/** The number of a step that may have been made by now, or, of a stage, that is not far ahead. */
export const step: Shape = known('step')
/** USD: dearer than anything that is traded is no price. */
export const price: Shape = number({ above: 0, max: 1e12 })
export const direction: Shape = oneOf([1, -1])
const count = number({ min: 0, whole: true })
const share = number({ min: 0, max: 1 })
const anyNumber = number({ any: true })
const money = number({ whole: true })
const allFlags = Object.values(BarFlag).reduce((sum, flag) => sum | flag, 0)
const styles = oneOf(['HFT', 'DAY', 'SWING', 'GENERIC'])

/** Sums of the flags there are; another one is of a release that means something else by it. */
const flagSums = Array.from({ length: allFlags + 1 }, (_, sum) => sum).filter(sum => (sum & ~allFlags) === 0)

export const barFields: Fields<Bar> = {
  pair: known('pair'),
  time: known('bar time'),
  barMs: known('bar size'),
  open: price,
  high: price,
  low: price,
  close: price,
  volume: number({ min: 0 }),
  trades: nullable(count),
  flags: oneOf(flagSums),
}

export const tickFields: Fields<MarketTrade> = {
  pair: known('pair'),
  id: nullable(count),
  time,
  price,
  volume: number({ min: 0 }),
}

/** What no exchange demands is refused: a lot of more than one unit, a price step beyond any price. */
export const rulesFields: Fields<TradingRules> = {
  lotE8: nullable(number({ min: 1, max: UNIT, whole: true })),
  minQtyE8: number({ min: 0, max: 1e9 * UNIT }),
  minCostE6: number({ min: 0, max: 1e9 * USD }),
  tickUsd: nullable(number({ min: 0, max: 1e6 })),
}

/** A moat's channel carries values of that moat alone. */
export function moatSignalFields(moat: OutsideMoat): Fields<MoatSignal<OutsideMoat>> {
  return { moat: oneOf([moat]), stream: text, time, value: number(), placebo: boolean }
}

const features: Shape = record<Features>({
  rsi: nullable(number({ min: 0, max: 100 })),
  macd: nullable(number()),
  bollinger: nullable(number()),
  atr: nullable(number({ min: 0 })),
  volume: nullable(number({ min: 0 })),
  regime: oneOf([0, 1, 2]),
  trend: nullable(number()),
})

const weight = number({ min: 0, max: MAX_NEIGHBOURS })

export const recallFields: Fields<Recall> = {
  factor: number({ min: 0 }),
  cases: weight,
  won: weight,
  sameMoatCases: weight,
  sameMoatWon: weight,
  nearest: listOf(record<RecalledTrade>({ id: text, win: boolean, distance: number({ min: 0 }) })),
}

export const ideaFields: Fields<Idea> = {
  id: text,
  source: oneOf(['mycelial', 'baseline']),
  agent: known('agent'),
  pair: known('pair'),
  direction,
  confidence: share,
  decidedAt: time,
  expiresAt: known('time ahead'),
  horizonBars: number({ min: 1, max: 1_000_000 }),
  barMs: number({ above: 0 }),
  style: styles,
  pattern: nullable(known('pattern')),
  moats: listOf(text),
  prediction: nullable(number()),
  features,
  recall: nullable(record<Recall>(recallFields)),
}

export const tradeFields: Fields<Trade> = {
  tradeId: text,
  portfolio: oneOf(portfolioNames),
  pair: known('pair'),
  direction,
  style: styles,
  agent: known('agent'),
  pattern: nullable(known('pattern')),
  ideaIds: listOf(text),
  entryTime: time,
  exitTime: time,
  entryPriceUsd: price,
  exitPriceUsd: price,
  qtyE8: number({ above: 0, whole: true }),
  entryNotionalE6: money,
  exitNotionalE6: money,
  feesE6: money,
  slippageE6: money,
  borrowE6: money,
  pnlE6: money,
  reason: oneOf(exitReasons),
  collision: boolean,
  confidence: share,
  prediction: nullable(number()),
  crossMoatScore: count,
  barsHeld: number({ min: 0 }),
  features,
}

export const fillFields: Fields<Fill> = {
  portfolio: oneOf(portfolioNames),
  tradeId: text,
  pair: known('pair'),
  side: oneOf(['buy', 'sell']),
  opens: boolean,
  time,
  priceUsd: price,
  qtyE8: number({ above: 0, whole: true }),
  notionalE6: money,
  feeE6: money,
  slippageE6: money,
}

export const haltFields: Fields<Halt> = {
  id: text,
  portfolio: text,
  pair: nullable(known('pair')),
  kind: text,
  on: boolean,
  time,
  until: nullable(known('time ahead')),
  reason: text,
  ends: text,
}

export const patternFields: Fields<PatternRow> = {
  pattern: known('pattern'),
  status: oneOf(patternStatuses),
  step,
  time,
  agent: known('agent'),
  moat: text,
  product: text,
  signalType: text,
  sign: direction,
  score: nullable(anyNumber),
  value: anyNumber,
  ageMinutes: number({ min: 0 }),
  decayFactor: share,
  placebo: boolean,
  features: mapOf(nullable(either(anyNumber, text))),
  p: nullable(share),
  valueBasis: oneOf(valueBases),
  traded: boolean,
}
