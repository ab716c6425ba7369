/** Fractional Kelly: what it stakes, when it only probes, and how a strategy without stakes can earn them again. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kellyRun, pooledStakes } from '../../../bench/validate/kelly.js'
import { madeAccount, madeIntent, madeTrade } from '../../../bench/validate/made-trades.js'
import { sumOf } from '../../../src/experiment/statistics/index.js'
import { BarFlag } from '../../../src/market/index.js'
import { kellyStake } from '../../../src/trading/gate/edge.js'
import { smallestQuantity } from '../../../src/trading/gate/quantity.js'
import type { StrategyRecord } from '../../../src/trading/gate/strategy-record.js'
import {
  type Gate,
  type GateKeeper,
  gateOnBar,
  gateOnTrade,
  houseRules,
  type Intent,
  judge,
  type Limits,
  newGate,
} from '../../../src/trading/index.js'

const HOUR = 3_600_000
const USD = 1e6
/** 100,000 USD; a pair at 100 USD. */
const equityE6 = 1e11
const units = (n: number) => n * 1e8
/** What still costs 1 USD where the price of 100 USD falls by 2 %. */
const probe = Math.ceil(units(0.01) / 0.98)

function keeperOf(limits: Limits = {}, gate?: Gate, equity = equityE6): GateKeeper {
  const all = { kellyFraction: 0.5, ...limits }
  return {
    gate: gate ?? newGate('portfolio', 'mycelial', all, houseRules),
    rules: houseRules,
    account: madeAccount(equity),
    announce: () => undefined,
  }
}

/** Lets a strategy finish trades of 100 USD with these returns. */
function finish(keeper: GateKeeper, returns: readonly number[]): void {
  returns.forEach((r, i) => {
    gateOnTrade(keeper, madeTrade(i * HOUR, (i + 1) * HOUR, Math.round(r * 100 * USD)))
  })
}

/** So many returns of exactly this mean, half of them `spread` above and half below. */
const returnsOf = (n: number, mean: number, spread: number) =>
  Array.from({ length: n }, (_, i) => mean + (i % 2 ? spread : -spread))
const wanted = (qtyE8: number, over: Partial<Intent> = {}): Intent => ({ ...madeIntent(1e9, qtyE8), ...over })
const recordIn = ({ gate }: GateKeeper) => (gate.own.kelly as Map<string, StrategyRecord>).get('mycelial') as StrategyRecord
const bar = (time: number, close: number, flags = 0) => ({
  pair: 'A',
  time,
  barMs: HOUR,
  flags,
  open: close,
  high: close,
  low: close,
  close,
  volume: 1,
})

describe('the stake', () => {
  it('is the 20 % quantile of the edge over the variance, as the posterior’s textbook formula gives it', () => {
    // n = 100, mean 2 %, deviation 10 %: Student's quantile 0.84523 of 100 degrees, by numerical integration.
    const stake = kellyStake({ n: 100, mean: 0.02, squares: 0.01 * 99 })
    expect(stake).toBeCloseTo(0.78208, 3)
  })

  it('is nothing where the edge is not above 0 at that quantile, and unknown below five trades or of unknown returns', () => {
    expect(kellyStake({ n: 100, mean: 0, squares: 1 })).toBe(0)
    expect(kellyStake({ n: 100, mean: 0.005, squares: 0.99 })).toBe(0)
    expect(kellyStake({ n: 50, mean: 0, squares: 0 })).toBe(0)
    expect(kellyStake({ n: 4, mean: 0.02, squares: 0.01 })).toBeNaN()
    expect(kellyStake({ n: 100, mean: Number.NaN, squares: 1 })).toBeNaN()
  })

  it('grows with the mean and with the number of trades, and never passes that of the plain estimate', () => {
    const cases = fc.record({
      n: fc.integer({ min: 5, max: 2_000 }),
      mean: fc.double({ min: -0.05, max: 0.05, noNaN: true }),
      sd: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
    })
    fc.assert(
      fc.property(cases, ({ n, mean, sd }) => {
        const stake = kellyStake({ n, mean, squares: sd * sd * (n - 1) })
        expect(kellyStake({ n, mean: mean + 0.001, squares: sd * sd * (n - 1) })).toBeGreaterThanOrEqual(stake)
        expect(kellyStake({ n: n + 1, mean, squares: sd * sd * n })).toBeGreaterThanOrEqual(stake)
        expect(stake).toBeGreaterThanOrEqual(0)
        expect(stake).toBeLessThanOrEqual(Math.max(0, mean) / (sd * sd))
      }),
      { seed: 19 },
    )
  })
})

describe('the rule', () => {
  const good = returnsOf(100, 0.02, 0.1)
  const bad = returnsOf(100, -0.02, 0.1)

  it('allows exactly half the stake, and shrinks one unit more to it', () => {
    const keeper = keeperOf({ kellyCap: 1 })
    finish(keeper, good)
    const most = judge(keeper, wanted(units(1_000)), 'entry').qtyE8
    const share = 0.5 * kellyStake(recordIn(keeper).returns)
    expect(most).toBe(Math.floor((Math.floor(equityE6 * share) / 100) * 100))
    expect(judge(keeper, wanted(most), 'entry')).toMatchObject({ qtyE8: most, refusedBy: null, shrunk: [] })
    expect(judge(keeper, wanted(most + 1), 'entry')).toMatchObject({ qtyE8: most, shrunk: [{ code: 'kelly', qtyE8: most }] })
  })

  it('stakes at most a tenth of equity, or what kellyCap says, whatever the edge', () => {
    const rich = returnsOf(100, 0.05, 0.01)
    for (const [limits, share] of [[{}, 0.1] as const, [{ kellyCap: 0.03 }, 0.03] as const]) {
      const keeper = keeperOf(limits)
      finish(keeper, rich)
      expect(judge(keeper, wanted(units(1_000)), 'entry').qtyE8).toBe(units(1_000 * share))
    }
  })

  it('refuses where the record shows no edge, and says what was wanted and what it allows, both as shares of equity', () => {
    const keeper = keeperOf()
    finish(keeper, bad)
    expect(judge(keeper, wanted(units(1)), 'entry')).toMatchObject({ qtyE8: 0, refusedBy: 'kelly', measured: 0.001, limit: 0 })
  })

  it('probes with the smallest trade until exactly kellyTrades trades are finished', () => {
    const keeper = keeperOf()
    finish(keeper, returnsOf(29, 0.02, 0.01))
    expect(judge(keeper, wanted(units(50)), 'entry').qtyE8).toBe(probe)
    finish(keeper, [0.02])
    expect(judge(keeper, wanted(units(50)), 'entry').qtyE8).toBe(units(50))
  })

  it('probes with what the exchange and the other rules let through, so that no strategy waits for ever for its first trade', () => {
    const instrument = { lotE8: 3e6, minQtyE8: 1e7, minCostE6: 15 * USD, tickUsd: 0 }
    for (const [limits, least] of [[{}, 0.18] as const, [{ smallestTradeUsd: 31.5 }, 0.33] as const]) {
      const keeper = keeperOf(limits)
      const verdict = judge(keeper, wanted(units(50), { instrument }), 'entry')
      expect(verdict).toMatchObject({ refusedBy: null, qtyE8: units(least) })
    }
  })

  it('finds the smallest quantity that costs enough: one lot less does not', () => {
    const cases = fc.record({
      leastUsd: fc.double({ min: 0, max: 500, noNaN: true }),
      priceUsd: fc.double({ min: 0.001, max: 1e5, noNaN: true }),
      lotE8: fc.integer({ min: 1, max: 1e6 }),
    })
    fc.assert(
      fc.property(cases, ({ leastUsd, priceUsd, lotE8 }) => {
        const intent = wanted(1, { priceUsd, instrument: { lotE8, minQtyE8: 1, minCostE6: 0, tickUsd: 0 } })
        const qty = smallestQuantity(leastUsd, intent)
        const cost = (n: number) => Math.round((priceUsd * n) / 100)
        const least = Math.round(Math.max(1, leastUsd) * USD)
        expect(qty % lotE8).toBe(0)
        expect(cost(qty)).toBeGreaterThanOrEqual(least)
        // Unrounded: the cost of one lot less may round up to what is needed.
        expect((priceUsd * (qty - lotE8)) / 100).toBeLessThanOrEqual(least)
      }),
      { seed: 19 },
    )
  })

  it('refuses a stake below the smallest trade itself, so that it is followed on paper', () => {
    const keeper = keeperOf({ smallestTradeUsd: 5_000 })
    finish(keeper, returnsOf(2_000, 0.0052, 0.2))
    const share = 0.5 * kellyStake(recordIn(keeper).returns)
    expect(share).toBeGreaterThan(0)
    expect(share).toBeLessThan(0.05)
    expect(judge(keeper, wanted(units(200)), 'entry').refusedBy).toBe('kelly')
    expect(recordIn(keeper).paper.size).toBe(1)
  })

  it('judges each strategy by its own record', () => {
    const keeper = keeperOf()
    finish(keeper, bad)
    expect(judge(keeper, wanted(units(1), { strategy: 'baseline' }), 'entry').qtyE8).toBe(probe)
  })

  it('refuses without a price or an equity, in the record or out of it, and never a reduction', () => {
    for (const returns of [[], good, bad]) {
      const keeper = keeperOf()
      finish(keeper, returns)
      const own = keeper.gate.own.kelly
      const rule = houseRules.find(({ code }) => code === 'kelly')
      const allows = (priceUsd: number, equity: number) =>
        rule?.allows?.(wanted(units(1), { priceUsd }), madeAccount(equity), keeper.gate.limits, own)
      expect(allows(Number.NaN, equityE6) || 0).toBe(0)
      expect(allows(100, Number.NaN)).toBe(0)
      expect(judge(keeper, wanted(units(7), { reduces: true, priceUsd: Number.NaN }), 'entry').qtyE8).toBe(units(7))
    }
  })

  it('leaves out a trade that has no result', () => {
    const keeper = keeperOf()
    finish(keeper, [0.01, Number.NaN, 0.02])
    gateOnTrade(keeper, { ...madeTrade(0, HOUR, USD), entryNotionalE6: 0 })
    expect(recordIn(keeper).returns).toMatchObject({ n: 2, mean: 0.015 })
  })

  it('never allows more than wanted, and no less with a larger fraction', () => {
    const cases = fc.record({
      returns: fc.array(fc.double({ min: -0.3, max: 0.4, noNaN: true }), { minLength: 0, maxLength: 80 }),
      qty: fc.integer({ min: 1, max: units(2_000) }),
      fraction: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
    })
    fc.assert(
      fc.property(cases, ({ returns, qty, fraction }) => {
        const allowed = [fraction, fraction * 2].map(kellyFraction => {
          const keeper = keeperOf({ kellyFraction })
          finish(keeper, returns)
          return judge(keeper, wanted(qty), 'entry').qtyE8
        })
        expect(allowed[0]).toBeLessThanOrEqual(qty)
        expect(allowed[1]).toBeGreaterThanOrEqual(allowed[0] as number)
      }),
      { seed: 19 },
    )
  })

  it('goes on from a copy of its state as if nothing had happened', () => {
    const keeper = keeperOf()
    finish(keeper, bad)
    judge(keeper, wanted(units(1)), 'entry')
    const copy = keeperOf({}, structuredClone(keeper.gate))
    for (const each of [keeper, copy]) {
      gateOnBar(each, bar(1e9, 180))
      finish(each, good)
    }
    expect(copy.gate).toEqual(keeper.gate)
    expect(judge(copy, wanted(units(1)), 'entry')).toEqual(judge(keeper, wanted(units(1)), 'entry'))
  })
})

describe('an entry refused for want of an edge', () => {
  function refusedKeeper(): GateKeeper {
    const keeper = keeperOf()
    finish(keeper, returnsOf(30, -0.001, 0.01))
    expect(judge(keeper, wanted(units(1)), 'entry').refusedBy).toBe('kelly')
    return keeper
  }

  it('is followed to the first close at the end of its horizon, once a pair', () => {
    const keeper = refusedKeeper()
    judge(keeper, wanted(units(1), { priceUsd: 50 }), 'entry')
    gateOnBar(keeper, bar(1e9 - HOUR, 107))
    expect(recordIn(keeper).returns.n).toBe(30)
    gateOnBar(keeper, { ...bar(1e9, 103), pair: 'B' })
    gateOnBar(keeper, bar(1e9, 103, BarFlag.filled))
    gateOnBar(keeper, bar(1e9, Number.NaN))
    expect(recordIn(keeper).returns.n).toBe(30)
    gateOnBar(keeper, bar(1e9, 103))
    gateOnBar(keeper, bar(1e9 + HOUR, 150))
    expect(recordIn(keeper).returns.n).toBe(31)
    expect(recordIn(keeper).returns.mean).toBeCloseTo((30 * -0.001 + 0.03) / 31, 12)
  })

  it('ends when a signal says the opposite, as a position would', () => {
    const keeper = refusedKeeper()
    judge(keeper, wanted(units(1), { direction: -1, priceUsd: 98 }), 'entry')
    expect(recordIn(keeper).returns.mean).toBeCloseTo((30 * -0.001 - 0.02) / 31, 12)
    expect(recordIn(keeper).paper.size).toBe(0)
  })

  it('pays what the real trades paid on average', () => {
    const keeper = keeperOf()
    const paying = { ...madeTrade(0, HOUR, -USD), feesE6: 0.5 * USD, slippageE6: 0.3 * USD, borrowE6: 0.2 * USD }
    for (let i = 0; i < 30; i++) gateOnTrade(keeper, paying)
    judge(keeper, wanted(units(1)), 'entry')
    gateOnBar(keeper, bar(1e9, 103))
    expect(recordIn(keeper).returns.mean).toBeCloseTo((30 * -0.01 + 0.03 - 0.01) / 31, 12)
  })

  it('lets the strategy stake again once its paper trades show an edge', () => {
    const keeper = refusedKeeper()
    let trial = 0
    for (; trial < 100; trial++) {
      const time = 1e9 + 2 * trial * HOUR
      if (judge(keeper, wanted(units(1), { time, closesAt: time + HOUR }), 'entry').qtyE8 > 0) break
      gateOnBar(keeper, bar(time, trial % 2 ? 101 : 102))
    }
    expect(trial).toBeGreaterThan(0)
    expect(trial).toBeLessThan(100)
  })
})

describe('over many streams of trades (the whole of it is `npm run validate -- --only kelly`)', () => {
  const seeds = Array.from({ length: 80 }, (_, i) => i + 1)

  it('stakes nothing in the median without an edge, and anything on at most a quarter of the trades', () => {
    const { median, staked, trades } = pooledStakes(seeds.map(seed => kellyRun(seed, { ratio: 0, length: 1_000 })))
    expect(median).toBe(0)
    expect(staked / trades).toBeLessThanOrEqual(0.25)
    // The probes alone would be 3 %.
    expect(staked / trades).toBeGreaterThan(0.05)
  })

  it('grows at least 60 % as fast as true half-Kelly at a Sharpe ratio of 0.1 a trade', () => {
    const runs = seeds.map(seed => kellyRun(seed, { ratio: 0.1 }))
    expect(sumOf(runs.map(run => run.growth)) / sumOf(runs.map(run => run.bestGrowth))).toBeGreaterThanOrEqual(0.6)
  })
})
