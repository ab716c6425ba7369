/** What the gate costs with every rule of the house on: µs an intent, of a portfolio of 18 pairs with 8 positions and 600 daily bars. */

import { DAY_MS, HOUR_MS, Rng, rootOf } from '../../src/core/index.js'
import { type Bar, defaultPairs, instrument } from '../../src/market/index.js'
import {
  brokerSchema,
  type GateKeeper,
  gateKeeper,
  gateOnBar,
  gateOnStep,
  gateOnTrade,
  houseRules,
  type Idea,
  type Intent,
  ideaSignal,
  instrumentRules,
  judge,
  type Limits,
  lotsWithin,
  markInstrument,
  newGate,
  newPortfolio,
  type Portfolio,
  portfolioOnBar,
  profileRules,
  submitSignal,
  type Trade,
} from '../../src/trading/index.js'
import { median, timeOf } from './measure.js'

export interface GateSpeed {
  readonly rules: number
  readonly rows: readonly { readonly intent: string; readonly cachedUs: number; readonly changedUs: number }[]
}

const days = 600
const held = 8
const intents = 20_000
const pairs = [...defaultPairs]

/** Limits that switch every rule on, and bind nothing by themselves. */
const open: Limits = {
  minConfidence: 0,
  maxSignalAgeMs: DAY_MS,
  minAgreeing: 1,
  minHoldMs: 1,
  blackList: ['NOUSD'],
  whiteList: pairs,
  maxDataAgeMs: DAY_MS,
  dailyLossUsd: 1e9,
  accuracyAlarm: 0.3,
  accuracy24h: 0,
  equityFloorUsd: 1,
  cooldownMs: 1,
  stopLossCount: 1_000,
  losingStreak: 1_000,
  anomalyPriceJump: 1e6,
  anomalyVolumeJump: 1e6,
  tradesPerDay: 1e6,
  openPositions: 18,
  minWinRate: 0,
  largestTradeUsd: 1e6,
  kellyFraction: 1,
  kellyCap: 1,
  grossShare: 1,
  profitLockShare: 1_000,
  pairShare: 1,
  groupShare: 1,
  groups: { large: pairs.slice(0, 9), small: pairs.slice(9) },
  clusterShare: 1,
  valueAtRisk99: 1,
  expectedShortfall975: 1,
  smallestTradeUsd: 1,
}

/** Limits under which a wanted entry passes whole, becomes smaller, or is refused by the last rule but one. */
const cases: readonly [intent: string, limits: Limits, isSo: (qtyE8: number, wantedE8: number) => boolean][] = [
  ['allowed', open, (qty, wanted) => qty === wanted],
  ['shrunk', { ...open, valueAtRisk99: 0.01, expectedShortfall975: 0.01 }, (qty, wanted) => qty > 0 && qty < wanted],
  ['refused', { ...open, smallestTradeUsd: 1e6 }, qty => qty === 0],
]

export function gateSpeed(): GateSpeed {
  const rows = cases.map(([intent, limits, isSo]) => {
    const world = warm(limits)
    const cachedUs = measured(world, isSo, () => undefined)
    return { intent, cachedUs, changedUs: measured(world, isSo, i => move(world.portfolio, i)) }
  })
  const { all } = profileRules(open, houseRules)
  if (all.length !== houseRules.length) throw new Error(`${all.length} of ${houseRules.length} rules are on`)
  return { rows, rules: all.length }
}

interface World {
  readonly portfolio: Portfolio
  readonly keeper: GateKeeper
  /** One a pair without a position. */
  readonly wanted: readonly Intent[]
}

function measured(
  { keeper, wanted }: World,
  isSo: (qtyE8: number, wantedE8: number) => boolean,
  before: (i: number) => void,
): number {
  const pass = () => {
    for (let i = 0; i < intents; i++) {
      before(i)
      const intent = wanted[i % wanted.length] as Intent
      const { qtyE8, refusedBy } = judge(keeper, intent, 'entry')
      if (!isSo(qtyE8, intent.qtyE8)) throw new Error(`${intent.pair}: ${qtyE8} of ${intent.qtyE8}, ${refusedBy}`)
    }
  }
  pass()
  return (median(Array.from({ length: 9 }, () => timeOf(pass))) * 1_000) / intents
}

/** The value of one position changes. */
function move({ held, instruments }: Portfolio, i: number): void {
  const pair = held[i % held.length]?.pair ?? ''
  const state = instruments.get(pair)
  if (state !== undefined) markInstrument(state, state.priceUsd * (Math.floor(i / held.length) % 2 === 0 ? 1.001 : 1 / 1.001))
}

function warm(limits: Limits): World {
  const rules = pairs.map(pair => [pair, instrumentRules(instrument(pair))] as const)
  const settings = brokerSchema.parse({ capitalUsd: 1e6, sizeShare: 0.05, stopAtr: 0, targetAtr: 0 })
  const portfolio = newPortfolio('mycelial', settings, rules, newGate('portfolio', 'mycelial', limits, houseRules))
  const keeper = gateKeeper(portfolio, houseRules, { doubt: () => null, announce: () => undefined })
  const events = { fill: () => undefined, trade: () => undefined }
  const rng = Rng.derive(rootOf(1), 1, 1)
  const closes = pairs.map(() => 100)
  const day = (t: number) => {
    for (const [i, pair] of pairs.entries()) {
      const bar = nextBar(pair, t, closes[i] as number, rng)
      closes[i] = bar.close
      portfolioOnBar(portfolio, bar, events)
      gateOnBar(keeper, bar)
    }
    gateOnStep(keeper, (t + 1) * DAY_MS)
  }
  for (let t = 0; t < days; t++) day(t)
  const time = days * DAY_MS - HOUR_MS
  for (let i = 0; i < 60; i++) gateOnTrade(keeper, tradeOf(i, time - 40 * DAY_MS))
  const unlimited = { ...keeper, gate: newGate('portfolio', 'mycelial', {}, houseRules) }
  for (const pair of pairs.slice(0, held)) submitSignal(portfolio, ideaSignal(ideaOf(pair, time)), { step: 1, time }, unlimited)
  day(days)
  return { portfolio, keeper, wanted: pairs.slice(held).map(pair => intentOf(portfolio, pair, time + DAY_MS)) }
}

function nextBar(pair: string, t: number, open: number, rng: Rng): Bar {
  const close = open * (1 + Math.max(-0.1, Math.min(0.1, rng.normal(0, 0.03))))
  return {
    pair,
    time: t * DAY_MS,
    barMs: DAY_MS,
    open,
    high: Math.max(open, close),
    low: Math.min(open, close),
    close,
    volume: 1,
    flags: 0,
  }
}

function ideaOf(pair: string, time: number): Idea {
  const features = { rsi: null, macd: null, bollinger: null, atr: null, volume: null, regime: 1, trend: null } as const
  const about = { pattern: null, moats: [], prediction: null, features, style: 'DAY' } as const
  const times = { decidedAt: time, expiresAt: time + 2 * DAY_MS, horizonBars: 1_000, barMs: DAY_MS }
  return { id: `a:1:${pair}`, source: 'mycelial', agent: 'a', pair, direction: 1, confidence: 1, ...times, ...about }
}

/** A winner or a loser, so that Kelly's stake is large. */
function tradeOf(i: number, exitTime: number): Trade {
  const { features, ...rest } = ideaOf('SOLUSD', exitTime)
  const notionalE6 = 100_000_000
  const money = { qtyE8: 1e8, entryNotionalE6: notionalE6, exitNotionalE6: notionalE6, feesE6: 0, slippageE6: 0, borrowE6: 0 }
  const prices = { entryTime: exitTime - DAY_MS, exitTime, entryPriceUsd: 100, exitPriceUsd: 100, barsHeld: 1 }
  const about = { tradeId: `t${i}`, portfolio: 'mycelial', ideaIds: [], reason: 'horizon', collision: false } as const
  const pnlE6 = notionalE6 * (i % 3 === 0 ? -0.005 : 0.01)
  return { ...rest, ...about, ...prices, ...money, features, pnlE6, crossMoatScore: 1 }
}

function intentOf({ instruments }: Portfolio, pair: string, time: number): Intent {
  const { priceUsd, rules } = instruments.get(pair) ?? { priceUsd: Number.NaN, rules: instrumentRules(instrument(pair)) }
  const signal = { direction: 1, confidence: 1, agreeing: 2, decidedAt: time, expiresAt: time + DAY_MS } as const
  const traded = { pair, priceUsd, qtyE8: lotsWithin(200_000_000_000, priceUsd, rules), instrument: rules }
  const of = {
    reduces: false,
    opposes: false,
    renews: false,
    freesE6: 0,
    slippage: 0.0005,
    strategy: 'mycelial',
    closesAt: time + 2 * DAY_MS,
  }
  return { ...traded, ...signal, ...of, time }
}
