/** What holds when an entry fills, at a price that its decision did not know. */

import { describe, expect, it } from 'vitest'
import {
  type BrokerSettings,
  defineRule,
  gateKeeper,
  gateOnTrade,
  houseRules,
  type InstrumentRules,
  type Limits,
  limitsOf,
  newGate,
  newPortfolio,
  portfolioOnBar,
  portfolioOnMarketTrade,
  portfolioOnStep,
  type Rule,
  submitSignal,
  withOwnRules,
} from '../../../src/trading/index.js'
import { anyRules, bar, recorder, settings, signal } from '../support.js'
import { HOUR, T0, trade, USD } from './support.js'

interface Begin {
  readonly limits: Limits
  readonly over?: Partial<BrokerSettings>
  readonly rules?: readonly Rule[]
  readonly instrument?: InstrumentRules
}

/** A portfolio of 1,000 USD that wants half of it in each pair; A and B closed at 100 USD an hour after T0. */
function begin({ limits, over, rules = houseRules, instrument = anyRules }: Begin) {
  const gate = newGate('portfolio', 'mycelial', limits, rules)
  const given = settings({ capitalUsd: 1_000, sizeShare: 0.5, grossLimit: 1, ...over })
  const pairs = ['A', 'B'].map(pair => [pair, instrument] as const)
  const portfolio = newPortfolio('mycelial', given, pairs, gate)
  const kept = gateKeeper(portfolio, rules, { doubt: () => null, announce: () => undefined })
  const r = recorder()
  const live = (hour: number, open: number, pair = 'A') => portfolioOnBar(portfolio, bar(hour, open, { pair }), r)
  const tick = (time: number, price: number) =>
    portfolioOnMarketTrade(portfolio, { pair: 'A', price, time, size: 1, flags: 0 } as never, r)
  const answer = (time: number, over: Parameters<typeof signal>[0] = {}) =>
    submitSignal(
      portfolio,
      { ...signal(over), decidedAt: over.decidedAt ?? time, closesAt: time + (over.horizonBars ?? 24) * HOUR },
      { step: 1, time },
      kept,
    )
  for (const pair of ['A', 'B']) live(0, 100, pair)
  portfolioOnStep(portfolio, { step: 0, time: T0 + HOUR })
  return { portfolio, kept, live, tick, answer, fills: r.fills, trades: r.trades }
}

type Run = ReturnType<typeof begin>
const now = T0 + HOUR
const costs = ({ fills }: Run) => fills.filter(({ opens }) => opens).map(({ notionalE6 }) => notionalE6)

describe('a price that rises by half between an order and its fill', () => {
  it.each([
    ['pairShare', { pairShare: 0.1 }],
    ['groupShare', { groupShare: 0.1, groups: { both: ['A', 'B'] } }],
    ['clusterShare', { clusterShare: 0.1 }],
    ['kellyCap', { kellyFraction: 1, kellyCap: 0.1 }],
  ])('carries no entry beyond %s: the fill costs what the limit allowed at the order', (_, limits) => {
    const run = begin({ limits })
    for (let i = 0; i < 30; i++) gateOnTrade(run.kept, trade(T0, { entryNotionalE6: 100, pnlE6: 6 + (i % 2) }))
    expect(run.answer(now).outcome).toBe('entry')
    run.live(1, 150)
    expect(costs(run)).toHaveLength(1)
    expect(costs(run)[0]).toBeLessThanOrEqual(100 * USD)
    expect(costs(run)[0]).toBeGreaterThan(100 * USD - 2)
    expect(run.portfolio.broker.orders.cancelled).toEqual({ fillBound: 1 })
  })

  it('carries no two entries of one step together beyond the share of their group', () => {
    const run = begin({ limits: { groupShare: 0.8, groups: { both: ['A', 'B'] } } })
    expect([run.answer(now).outcome, run.answer(now, { pair: 'B' }).outcome]).toEqual(['entry', 'entry'])
    for (const pair of ['A', 'B']) run.live(1, 150, pair)
    const [a = 0, b = 0] = costs(run)
    expect(b).toBeGreaterThan(0)
    expect(a + b).toBeLessThanOrEqual(800 * USD)
  })

  it.each(['signal', 'entry'] as const)(
    'carries no entry beyond a limit of one’s own that makes it smaller, of the stage %s',
    stage => {
      const own = defineRule({
        code: 'fifty',
        stage,
        limits: {},
        unit: 'USD',
        boundary: '50',
        source: 'a test',
        excess: 'shrink',
        allows: ({ priceUsd }) => Math.floor((50 / priceUsd) * 1e8),
      })
      const run = begin({ limits: {}, rules: withOwnRules([own]) })
      run.answer(now)
      run.live(1, 150)
      expect(costs(run)).toEqual([50 * USD])
    },
  )

  it.each(['signal', 'entry'] as const)(
    'meets a rule of the stage %s that takes a part of what is wanted once, at the order',
    stage => {
      const halved = defineRule({
        code: 'halved',
        stage,
        limits: {},
        unit: '-',
        boundary: '-',
        source: 'a test',
        excess: 'shrink',
        allows: ({ qtyE8 }) => qtyE8 / 2,
      })
      const run = begin({ limits: {}, rules: withOwnRules([halved]) })
      run.answer(now)
      run.live(1, 102)
      expect(costs(run)).toEqual([255 * USD])
    },
  )

  it('leaves the fill as large as the gross limit lets it be, where no rule bounds its cost', () => {
    const run = begin({ limits: { grossShare: 1, largestTradeUsd: 700 } })
    run.answer(now)
    run.live(1, 130)
    expect(costs(run)).toEqual([650 * USD])
  })
})

it('every rule that makes entries smaller bounds their fill, or is measured again at it', () => {
  const shrinks = houseRules.filter(({ excess }) => excess === 'shrink')
  const unbounded = shrinks.filter(rule => !(rule as Rule).boundsFill({ strategy: '' } as never, {}, new Map()))
  expect(unbounded.map(({ code }) => code)).toEqual(['largestTrade', 'kelly', 'profitLock'])
})

it('a market of whole units fills an order of one at a price a little above that of its decision', () => {
  const run = begin({
    limits: { pairShare: 0.15 },
    over: { halfSpread: 0.001 },
    instrument: { ...anyRules, lotE8: 1e8, minQtyE8: 1e8 },
  })
  run.answer(now)
  run.live(1, 101)
  expect(run.fills).toMatchObject([{ qtyE8: 1e8 }])
})

describe('a renewal that finds its position closed', () => {
  const ticks = { fillOn: 'ticks', latencyMs: 250 } as const

  /** A position of 100 USD is due at `now`; 300 ms later a signal of its direction comes, and the position leaves before it arrives. */
  function late(limits: Limits): Run {
    const run = begin({ limits, over: ticks })
    run.answer(T0 + 1, { confidence: 0.55, horizonBars: 1 })
    run.tick(T0 + 1_000, 100)
    portfolioOnStep(run.portfolio, { step: 1, time: now })
    expect(run.answer(now + 300).outcome).toBe('renewal')
    run.tick(now + 400, 100)
    expect(run.trades).toMatchObject([{ reason: 'horizon' }])
    run.tick(now + 900, 100)
    return run
  }

  it.each([
    ['pairShare', { pairShare: 0.1 }],
    ['groupShare', { groupShare: 0.1, groups: { both: ['A', 'B'] } }],
    ['clusterShare', { clusterShare: 0.2 }],
    ['kellyFraction', { kellyFraction: 0.5, pairShare: 0.1 }],
  ])('is an entry within %s', (_, limits) => {
    const run = late(limits)
    expect(Math.max(0, ...costs(run))).toBeLessThanOrEqual(200 * USD)
    expect(costs(run).at(-1)).toBeLessThanOrEqual(100 * USD)
  })
})

describe('a probe of Kelly’s rule', () => {
  const parameters = {
    minConfidence: 0.5,
    grossLimit: 1,
    maxDrawdown: 1,
    forbiddenPairs: [],
    feeRate: 0,
    allowLosingTarget: true,
  }
  const spread = { halfSpread: 0.0002, slippage: 0.0003 }
  const { clusterShare, kellyFraction, kellyCap, smallestTradeUsd, largestTradeUsd } = limitsOf({
    ...parameters,
    ...spread,
    minConfidence: 0.5,
    grossLimit: 0.3,
    maxDrawdown: 0.05,
    profiles: ['micro', 'spot'],
  })
  const limits = { clusterShare, kellyFraction, kellyCap, smallestTradeUsd, largestTradeUsd } as Limits
  const minimum = { ...anyRules, minQtyE8: 2e6, minCostE6: 2 * USD }

  it.each([
    [1, 100],
    [-1, 100],
    [1, 98],
    [-1, 98],
    [1, 102],
    [-1, 102],
  ] as const)(
    'fills in direction %i at %f USD, spread and slippage included, under the profiles micro and spot',
    (direction, open) => {
      for (const instrument of [anyRules, minimum]) {
        const run = begin({ limits, over: spread, instrument })
        expect(run.answer(now, { direction }).outcome).toBe('entry')
        run.live(1, open)
        expect(costs(run)).toHaveLength(1)
        expect(costs(run)[0]).toBeLessThanOrEqual((largestTradeUsd ?? 0) * USD)
      }
    },
  )

  it('is no larger than the largest trade, where that is the smallest one too', () => {
    const run = begin({ limits: { kellyFraction: 0.5, smallestTradeUsd: 5, largestTradeUsd: 5 } })
    run.answer(now)
    run.live(1, 100)
    expect(costs(run)).toEqual([5 * USD])
  })
})

describe('a rule of signals', () => {
  const half = defineRule({
    code: 'half',
    stage: 'signal',
    limits: {},
    unit: '-',
    boundary: '-',
    source: 'a test',
    excess: 'shrink',
    allows: ({ qtyE8 }) => qtyE8 / 2,
  })

  it('that makes a signal smaller makes its entry smaller, and rules of entries see what it left', () => {
    const run = begin({ limits: { largestTradeUsd: 100 }, rules: withOwnRules([half]) })
    const { wantedE8, verdict } = run.answer(now)
    expect([wantedE8, verdict?.qtyE8]).toEqual([5e8, 1e8])
    expect(verdict?.shrunk).toMatchObject([
      { code: 'half', qtyE8: 2.5e8 },
      { code: 'largestTrade', qtyE8: 1e8 },
    ])
    run.live(1, 100)
    expect(costs(run)).toEqual([100 * USD])
    const alone = begin({ limits: {}, rules: withOwnRules([half]) })
    alone.answer(now)
    alone.live(1, 100)
    expect(costs(alone)).toEqual([250 * USD])
  })

  const moats = ['one', 'another']
  const never = defineRule({ ...half, code: 'never', excess: 'refuse', allows: ({ direction }) => (direction === -1 ? 0 : 9e15) })
  it.each([
    ['tooFewAgree', { minAgreeing: 2 }, { moats: [] }, houseRules],
    ['oldSignal', { maxSignalAgeMs: HOUR }, { decidedAt: T0 - 2 * HOUR }, houseRules],
    ['never', {}, {}, withOwnRules([never])],
  ] as const)(
    'that refuses entries (%s) keeps no opposite signal from closing a position or cancelling an entry',
    (code, limits, weak, rules) => {
      for (const filled of [true, false]) {
        const run = begin({ limits, rules })
        expect(run.answer(now, { moats }).outcome).toBe('entry')
        if (filled) run.live(1, 100)
        expect(run.answer(now + HOUR, { ...weak, direction: -1 }).outcome).toBe(filled ? 'exit' : 'cancelsEntry')
      }
      const flat = begin({ limits, rules })
      expect(flat.answer(now, { ...weak, direction: -1 }).outcome).toBe(code)
    },
  )

  it('that says so binds an opposite signal too: confidence and expiry do', () => {
    const run = begin({ limits: { minConfidence: 0.5 } })
    run.answer(now)
    run.live(1, 100)
    const then = now + HOUR
    expect(run.answer(then, { direction: -1, confidence: 0.4 }).outcome).toBe('lowConfidence')
    expect(run.answer(then, { direction: -1, expiresAt: then - 1 }).outcome).toBe('expired')
    expect(run.answer(then, { direction: -1 }).outcome).toBe('exit')
  })

  it('binds a signal that enters in the other direction when the position is due', () => {
    const run = begin({ limits: { minAgreeing: 2 } })
    run.answer(now, { moats, horizonBars: 2 })
    run.live(1, 100)
    expect(run.answer(now + 2 * HOUR, { direction: -1 }).outcome).toBe('tooFewAgree')
  })
})
