import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../../src/core/index.js'
import { BarFlag } from '../../../src/market/index.js'
import { costE6, type Gate, gateOnBar, gateOnStep, type Intent, type Limits } from '../../../src/trading/index.js'
import { countedE6, type Returns, slowLosses, slowScenarios, slowShortfall, slowValueAtRisk } from './slow-risk.js'
import {
  accountOf,
  allowedUsd,
  barOf,
  type Exposure,
  feedReturns,
  gateOf,
  intentOf,
  keeperOf,
  savedAndLoaded,
  someExposures,
  someIntent,
  someReturns,
  verdictOf,
} from './statistic-accounts.js'

/** Rules, their limits, and the risk written down plainly. */
const rules = [
  ['valueAtRisk', (share: number): Limits => ({ valueAtRisk99: share }), slowValueAtRisk],
  ['expectedShortfall', (share: number): Limits => ({ expectedShortfall975: share }), slowShortfall],
] as const

/** 320 days of four pairs; B follows A, C goes against it. */
const market: Returns = (() => {
  const [a, b, c, d] = [1, 2, 3, 4].map(seed => someReturns(seed, 320)) as [number[], number[], number[], number[]]
  return { A: a, B: a.map((x, t) => x + (b[t] as number) / 2), C: a.map((x, t) => (c[t] as number) / 2 - x), D: d }
})()
const scenarios: Returns = Object.fromEntries(Object.entries(market).map(([pair, returns]) => [pair, slowScenarios(returns)]))

function fed(limits: Limits): Gate {
  const gate = gateOf(limits)
  feedReturns(gate, market)
  return gate
}

/** Every day half of the price is lost: losses are exact numbers. */
const halving = (days: number) => ({ A: new Array<number>(days).fill(-0.5) })

describe.each(rules)('%s', (code, limitsOf, slowRisk) => {
  const share = 0.02
  const gate = fed(limitsOf(share))
  const equity = fc.double({ min: 100, max: 50_000, noNaN: true })

  /** The risk with an entry; the entry's gains do not count. */
  function riskWith(exposures: readonly Exposure[], intent: Intent, qtyE8: number): number {
    const withIt = slowLosses(scenarios, countedE6(exposures, intent, costE6({ ...intent, qtyE8 })))
    const without = slowLosses(scenarios, countedE6(exposures, intent, 0))
    return slowRisk(withIt.map((loss, t) => Math.max(loss, without[t] as number)))
  }

  it('allows exactly the limit, and makes a larger intent as large as the limit', () => {
    const exact = gateOf(limitsOf(share))
    feedReturns(exact, halving(300))
    expect(verdictOf(exact, accountOf(500), intentOf(20))).toMatchObject({ refusedBy: null, shrunk: [] })
    expect(allowedUsd(exact, accountOf(500), intentOf(20))).toBe(20)
    expect(verdictOf(exact, accountOf(500), intentOf(20.000_001))).toMatchObject({ refusedBy: null, shrunk: [{ code }] })
    expect(allowedUsd(exact, accountOf(500), intentOf(20.000_001))).toBe(20)
    const full = verdictOf(exact, accountOf(500, [['A', 20]]), intentOf(5))
    expect(full).toMatchObject({ refusedBy: code, measured: 0.025, limit: share })
  })

  it('refuses with fewer than 250 observations', () => {
    const young = gateOf(limitsOf(share))
    feedReturns(young, halving(249))
    expect(verdictOf(young, accountOf(500), intentOf(1))).toMatchObject({ refusedBy: code, measured: Number.NaN })
    const old = gateOf(limitsOf(share))
    feedReturns(old, halving(250))
    expect(verdictOf(old, accountOf(500), intentOf(1)).refusedBy).toBeNull()
  })

  it('measures what the definition says, whatever is held', () => {
    const strict = fed({ ...limitsOf(0), excess: { [code]: 'refuse' } })
    fc.assert(
      fc.property(someExposures, someIntent, equity, (exposures, intent, usd) => {
        const account = accountOf(usd, exposures)
        const { measured } = verdictOf(strict, account, intent)
        const slow = riskWith(exposures, intent, intent.qtyE8) / account.equityE6()
        if (slow > 1e-9) expect(measured / slow).toBeCloseTo(1, 9)
      }),
    )
  })

  it('notices a change on the smaller side of a pair, which counts for entries of its direction', () => {
    const short = intentOf(100, { direction: -1 })
    const strict = fed({ ...limitsOf(0), excess: { [code]: 'refuse' } })
    const measured = (usd: number) =>
      verdictOf(
        strict,
        accountOf(1_000, [
          ['A', 900],
          ['A', -usd],
        ]),
        short,
      ).measured
    expect(measured(800) / measured(100)).toBeCloseTo(4.5, 6)
  })

  it('allows all where the limit is a little more than the risk, and not where it is a little less', () => {
    fc.assert(
      fc.property(someExposures, someIntent, (exposures, intent) => {
        const risk = riskWith(exposures, intent, intent.qtyE8)
        fc.pre(risk > 1e6)
        const { qtyE8 } = verdictOf(gate, accountOf((risk / share / 1e6) * 1.0001, exposures), intent)
        expect(qtyE8).toBe(intent.qtyE8)
        const strict = verdictOf(gate, accountOf((risk / share / 1e6) * 0.9999, exposures), intent)
        expect(strict.qtyE8).toBeLessThan(intent.qtyE8)
      }),
    )
  })

  it('leaves the limit kept, also by what is netted, and by one unit more it would not be', () => {
    fc.assert(
      fc.property(someExposures, someIntent, equity, (exposures, intent, usd) => {
        const account = accountOf(usd, exposures)
        const limit = account.equityE6() * share
        const { qtyE8 } = verdictOf(gate, account, intent)
        if (qtyE8 > 0) {
          expect(riskWith(exposures, intent, qtyE8)).toBeLessThanOrEqual(limit + 1e-3)
          const netted = slowLosses(scenarios, countedE6(exposures, intent, costE6({ ...intent, qtyE8 })))
          expect(slowRisk(netted)).toBeLessThanOrEqual(limit + 1e-3)
        }
        // A millionth of a dollar, by which amounts are counted, may be many units of quantity.
        const oneMore = Math.max(1, Math.ceil(200 / intent.priceUsd))
        if (qtyE8 + oneMore < intent.qtyE8) expect(riskWith(exposures, intent, qtyE8 + oneMore)).toBeGreaterThan(limit - 1e-3)
      }),
    )
  })

  it('allows each part of what it allows', () => {
    fc.assert(
      fc.property(
        someExposures,
        someIntent,
        equity,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (exposures, intent, usd, part) => {
          const account = accountOf(usd, exposures)
          const { qtyE8 } = verdictOf(gate, account, intent)
          const less = Math.floor(qtyE8 * part)
          if (less > 0) expect(verdictOf(gate, account, { ...intent, qtyE8: less }).qtyE8).toBe(less)
        },
      ),
    )
  })

  it('never allows more than is wanted, and no less where there is more equity', () => {
    fc.assert(
      fc.property(someExposures, someIntent, equity, (exposures, intent, usd) => {
        const { qtyE8 } = verdictOf(gate, accountOf(usd, exposures), intent)
        expect(qtyE8).toBeLessThanOrEqual(intent.qtyE8)
        expect(verdictOf(gate, accountOf(usd * 1.5, exposures), intent).qtyE8).toBeGreaterThanOrEqual(qtyE8)
      }),
    )
  })

  it('refuses what it cannot compute, and never a reduction or a renewal', () => {
    const refuses = (account: ReturnType<typeof accountOf>, intent: Intent) => {
      expect(verdictOf(gate, account, intent).qtyE8).toBe(0)
      expect(verdictOf(gate, account, { ...intent, reduces: true }).qtyE8).toBe(intent.qtyE8)
    }
    fc.assert(
      fc.property(someExposures, someIntent, equity, (exposures, intent, usd) => {
        refuses(accountOf(Number.NaN, exposures), intent)
        refuses(accountOf(0, exposures), intent)
        refuses(accountOf(usd, [...exposures, ['A', Number.NaN]]), intent)
        refuses(accountOf(usd, [...exposures, ['UNSEEN', 1]]), intent)
        refuses(accountOf(usd, exposures), { ...intent, pair: 'UNSEEN' })
        refuses(accountOf(usd, exposures), { ...intent, priceUsd: Number.NaN })
      }),
    )
    const over = accountOf(10, [['B', 5_000]])
    expect(verdictOf(gate, over, intentOf(10)).refusedBy).toBe(code)
    expect(verdictOf(gate, over, intentOf(10, { pair: 'B', renews: true })).refusedBy).toBeNull()
  })

  it('is saved with a checkpoint, and goes on alike', () => {
    const copy = savedAndLoaded(gate)
    fc.assert(
      fc.property(someExposures, someIntent, equity, (exposures, intent, usd) => {
        expect(verdictOf(copy, accountOf(usd, exposures), intent)).toEqual(verdictOf(gate, accountOf(usd, exposures), intent))
      }),
      { numRuns: 20 },
    )
    expect(copy.own).toEqual(gate.own)
  })
})

describe('both rules', () => {
  it('keep one state, and each says what it says alone', () => {
    const both = fed({ valueAtRisk99: 0.02, expectedShortfall975: 0.022 })
    for (const { own } of [both, savedAndLoaded(both)]) expect(own.expectedShortfall).toBe(own.valueAtRisk)
    const [quantile, shortfall] = [fed({ valueAtRisk99: 0.02 }), fed({ expectedShortfall975: 0.022 })]
    fc.assert(
      fc.property(someExposures, someIntent, (exposures, intent) => {
        const account = accountOf(10_000, exposures)
        const least = Math.min(...[quantile, shortfall].map(alone => verdictOf(alone, account, intent).qtyE8))
        expect(Math.abs(verdictOf(both, account, intent).qtyE8 - least)).toBeLessThanOrEqual(Math.ceil(200 / intent.priceUsd))
      }),
    )
  })
})

describe('a day', () => {
  const limits: Limits = { valueAtRisk99: 0.02, excess: { valueAtRisk: 'refuse' } }
  const measuredBy = (gate: Gate) => verdictOf(gate, accountOf(100), intentOf(90)).measured
  const keeper = (gate: Gate) => keeperOf(gate, accountOf(1))
  const daily = fed(limits)

  /** The closes of pair A, the first day's before all. */
  const closes = [100]
  for (const r of market.A as readonly number[]) closes.push((closes.at(-1) as number) * (1 + r))

  it('ends at 00:00 UTC with the last bar that began in it', () => {
    const gate = gateOf(limits)
    closes.forEach((close, day) => {
      for (const [hour, price] of [
        [0, close * 1.7],
        [12, close * 0.4],
        [23, close],
      ] as const)
        gateOnBar(keeper(gate), barOf('A', day, price, { time: day * DAY_MS + hour * 60 * MINUTE_MS, barMs: 5 * MINUTE_MS }))
    })
    gateOnStep(keeper(gate), closes.length * DAY_MS)
    expect(measuredBy(gate)).toBeCloseTo(measuredBy(daily), 12)
  })

  it('is not over before its last instant', () => {
    const gate = gateOf(limits)
    feedReturns(gate, { A: someReturns(1, 249) })
    gateOnBar(keeper(gate), barOf('A', 251, 90, { barMs: DAY_MS / 2 }))
    gateOnStep(keeper(gate), 252 * DAY_MS - 1)
    expect(measuredBy(gate)).toBeNaN()
    gateOnStep(keeper(gate), 252 * DAY_MS)
    expect(measuredBy(gate)).toBeGreaterThan(0)
  })

  it('has no observation from a bar without a trade, and from a move that nobody confirms', () => {
    const gate = gateOf(limits)
    closes.forEach((close, day) => {
      gateOnBar(keeper(gate), barOf('A', day, close, { barMs: DAY_MS / 2 }))
      const odd = [BarFlag.filled, BarFlag.outlier][day % 2] as number
      gateOnBar(keeper(gate), barOf('A', day, close * 20, { time: (day + 0.5) * DAY_MS, barMs: DAY_MS / 2, flags: odd }))
      gateOnStep(keeper(gate), (day + 1) * DAY_MS)
    })
    expect(measuredBy(gate)).toBe(measuredBy(daily))
  })

  it('counts only where all pairs that are held have one', () => {
    const [a, b] = [someReturns(8, 300), someReturns(9, 300)]
    const gateWith = (missing: number) => {
      const gate = gateOf({ valueAtRisk99: 1 })
      feedReturns(gate, { A: a, B: b.map((r, t) => (t < missing ? Number.NaN : r)) })
      return gate
    }
    const held = accountOf(100, [['B', 10]])
    expect(verdictOf(gateWith(50), held, intentOf(10)).refusedBy).toBeNull()
    expect(verdictOf(gateWith(51), held, intentOf(10)).refusedBy).toBe('valueAtRisk')
    expect(verdictOf(gateWith(51), accountOf(100), intentOf(10)).refusedBy).toBeNull()
  })

  it('of one pair alone leaves the days of the others where they were', () => {
    const gate = gateOf({ ...limits, valueAtRisk99: 0 })
    const returns: Returns = { A: someReturns(6, 300), B: someReturns(7, 299) }
    feedReturns(gate, returns)
    const [a, b] = [slowScenarios(returns.A as number[]), [...slowScenarios(returns.B as number[]), Number.NaN]]
    const slow = slowValueAtRisk(slowLosses({ A: a, B: b }, { A: 10e6, B: 50e6 })) / 100e6
    const { measured } = verdictOf(gate, accountOf(100, [['B', 50]]), intentOf(10))
    // The entry's gains do not count, so that the measure is not less than the plain one.
    expect(measured / slow).toBeGreaterThan(1 - 1e-9)
    expect(measured / slow).toBeLessThan(1.01)
  })

  it('without a bar is spanned by the return of the next', () => {
    const [gap, none] = [gateOf(limits), gateOf(limits)]
    const returns = someReturns(5, 300)
    feedReturns(gap, { A: returns.map((r, t) => (t === 200 ? Number.NaN : r)) })
    feedReturns(none, { A: returns.filter((_, t) => t !== 200) })
    expect(measuredBy(gap)).toBe(measuredBy(none))
  })

  it('longer than one is none', () => {
    const gate = gateOf(limits)
    closes.forEach((close, week) => {
      gateOnBar(keeper(gate), barOf('A', 7 * week, close, { barMs: 7 * DAY_MS }))
      gateOnStep(keeper(gate), 7 * (week + 1) * DAY_MS)
    })
    expect(verdictOf(gate, accountOf(100), intentOf(1)).refusedBy).toBe('valueAtRisk')
  })
})
