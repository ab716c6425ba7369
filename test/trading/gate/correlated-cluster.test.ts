import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../src/core/index.js'
import { BarFlag } from '../../../src/market/index.js'
import { costE6, gateOnBar, gateOnStep, type Intent, type Limits } from '../../../src/trading/index.js'
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
  USD,
  verdictOf,
} from './statistic-accounts.js'

type Returns = Readonly<Record<string, readonly number[]>>

const [f, g, h] = [1, 2, 3].map(seed => someReturns(seed, 200)) as [number[], number[], number[]]
const sum = (one: readonly number[], other: readonly number[]) => one.map((x, t) => x + (other[t] as number))
/** A and C have nothing in common; B has something of both; D goes against A. */
const market: Returns = {
  A: f,
  B: sum(f, g),
  C: g,
  D: sum(
    h,
    f.map(x => -2 * x),
  ),
}

function fed(limits: Limits, returns: Returns = market) {
  const gate = gateOf(limits)
  feedReturns(gate, returns)
  return gate
}

const half: Limits = { clusterShare: 0.4, clusterCorrelation: 0.5 }
const gate = fed(half)

/** Correlations by the plain formula: weights .97^age, shrunk to their mean by the share of their spread that chance explains. */
function slowCorrelations(returns: Returns): (one: string, other: string) => number {
  const pairs = Object.keys(returns)
  const weighted = (a: readonly number[], b: readonly number[]) =>
    a.reduce((all, x, t) => all + 0.97 ** (a.length - 1 - t) * x * (b[t] as number), 0)
  const raw = (one: string, other: string) => {
    const [a, b] = [returns[one] as number[], returns[other] as number[]]
    return weighted(a, b) / Math.sqrt(weighted(a, a) * weighted(b, b))
  }
  const all = pairs.flatMap((one, i) => pairs.slice(0, i).map(other => raw(one, other)))
  const n = (returns[pairs[0] as string] as number[]).length
  const weights = Array.from({ length: n }, (_, age) => 0.97 ** age)
  const effective = weights.reduce((s, w) => s + w, 0) ** 2 / weights.reduce((s, w) => s + w * w, 0)
  const mean = all.reduce((s, r) => s + r, 0) / all.length
  const spread = all.reduce((s, r) => s + (r - mean) ** 2, 0)
  const chance = all.reduce((s, r) => s + (1 - r * r) ** 2 / effective, 0)
  const intensity = Math.min(1, chance / spread)
  return (one, other) => (one === other ? 1 : intensity * mean + (1 - intensity) * raw(one, other))
}

/** What is held of an intent's cluster: links are followed until nothing is added. */
function slowClusterE6(
  correlation: (a: string, b: string) => number,
  exposures: readonly Exposure[],
  intent: Intent,
  linked: number,
) {
  const cluster: Exposure[] = [[intent.pair, intent.direction]]
  let rest = exposures.filter(([, usd]) => Math.round(usd * USD) !== 0)
  for (let before = -1; before !== cluster.length; ) {
    before = cluster.length
    const isLinked = ([pair, usd]: Exposure) =>
      cluster.some(([p, v]) => (usd < 0 === v < 0 ? 1 : -1) * correlation(pair, p) >= linked)
    const joins = rest.filter(isLinked)
    rest = rest.filter(each => !isLinked(each))
    cluster.push(...joins)
  }
  return cluster.slice(1).reduce((all, [, usd]) => all + Math.abs(Math.round(usd * USD)), 0)
}

describe('a cluster', () => {
  it('may be exactly the limit, and a larger intent becomes as large as that', () => {
    expect(verdictOf(gate, accountOf(1_000), intentOf(400)).shrunk).toEqual([])
    const verdict = verdictOf(gate, accountOf(1_000), intentOf(400.01))
    expect(verdict).toMatchObject({ refusedBy: null, shrunk: [{ code: 'clusterLimit' }] })
    expect(allowedUsd(gate, accountOf(1_000), intentOf(400.01))).toBe(400)
    const full = verdictOf(gate, accountOf(1_000, [['B', 400]]), intentOf(100))
    expect(full).toMatchObject({ refusedBy: 'clusterLimit', measured: 0.5, limit: 0.4 })
  })

  it('links what moves alike and has one direction, and what moves against each other and has two', () => {
    expect(allowedUsd(gate, accountOf(1_000, [['B', 300]]), intentOf(500))).toBe(100)
    expect(allowedUsd(gate, accountOf(1_000, [['B', -300]]), intentOf(500))).toBe(400)
    expect(allowedUsd(gate, accountOf(1_000, [['D', 300]]), intentOf(500))).toBe(400)
    expect(allowedUsd(gate, accountOf(1_000, [['D', -300]]), intentOf(500))).toBe(100)
  })

  it('is not reduced by what moves against it', () => {
    expect(
      allowedUsd(
        gate,
        accountOf(1_000, [
          ['B', 300],
          ['A', -1_000],
          ['D', 1_000],
        ]),
        intentOf(500),
      ),
    ).toBe(100)
  })

  it('has what links lead to over any number of positions, so that the order of entries does not matter', () => {
    expect(allowedUsd(gate, accountOf(1_000, [['C', 300]]), intentOf(500))).toBe(400)
    for (const held of [
      [
        ['C', 200],
        ['B', 150],
      ],
      [
        ['B', 150],
        ['C', 200],
      ],
    ] as const)
      expect(allowedUsd(gate, accountOf(1_000, held), intentOf(500))).toBe(50)
  })

  it('links at exactly the limit of correlation', () => {
    const alike = fed({ clusterShare: 0.4, clusterCorrelation: 1 }, { A: f, B: f.map(x => x) })
    expect(allowedUsd(alike, accountOf(1_000, [['B', 300]]), intentOf(500))).toBe(100)
    const nearly = fed(
      { clusterShare: 0.4, clusterCorrelation: 1 },
      {
        A: f,
        B: sum(
          f,
          h.map(x => x / 1e3),
        ),
      },
    )
    expect(allowedUsd(nearly, accountOf(1_000, [['B', 300]]), intentOf(500))).toBe(400)
  })

  it('links from 0.7 on where a profile says nothing else', () => {
    const near = sum(
      f,
      g.map(x => x / 2),
    )
    const far = sum(
      f,
      h.map(x => 2 * x),
    )
    const usual = fed({ clusterShare: 0.4 }, { A: f, B: near, C: far })
    expect(allowedUsd(usual, accountOf(1_000, [['B', 300]]), intentOf(500))).toBe(100)
    expect(allowedUsd(usual, accountOf(1_000, [['C', 300]]), intentOf(500))).toBe(400)
  })

  it('is refused where a correlation of fewer than 66 bars decides, and needs none where nothing else is held', () => {
    const fedBars = (bars: number) => fed(half, Object.fromEntries(Object.entries(market).map(([p, r]) => [p, r.slice(0, bars)])))
    const held = accountOf(1_000, [['B', 10]])
    expect(verdictOf(fedBars(65), held, intentOf(10))).toMatchObject({ refusedBy: 'clusterLimit', measured: Number.NaN })
    expect(verdictOf(fedBars(66), held, intentOf(10)).refusedBy).toBeNull()
    expect(verdictOf(fedBars(1), accountOf(1_000, [['A', 10]]), intentOf(10)).refusedBy).toBeNull()
    expect(verdictOf(gate, accountOf(1_000, [['UNSEEN', 10]]), intentOf(10)).refusedBy).toBe('clusterLimit')
    expect(verdictOf(gate, held, intentOf(10, { pair: 'UNSEEN' })).refusedBy).toBe('clusterLimit')
    expect(
      verdictOf(
        gate,
        accountOf(1_000, [
          ['UNSEEN', 10],
          ['ALSO', -10],
        ]),
        intentOf(10, { pair: 'UNSEEN' }),
      ).refusedBy,
    ).not.toBeNull()
  })

  it('observes returns together only where they begin and end together, of bars that are to be believed', () => {
    const apart = gateOf(half)
    const keeper = keeperOf(apart, accountOf(1))
    let [a, b] = [100, 100]
    for (let day = 0; day < 200; day++) {
      a *= 1 + (f[day] as number)
      b *= 1 + (f[day] as number)
      gateOnBar(keeper, barOf('A', day, a))
      gateOnBar(keeper, barOf('B', day, b, { time: (day + 0.5) * DAY_MS }))
      gateOnBar(keeper, barOf('C', day, a, { flags: BarFlag.filled }))
      if (day % 2 === 0) gateOnBar(keeper, barOf('D', day, a))
      gateOnBar(keeper, barOf('E', day, a))
      gateOnStep(keeper, (day + 1) * DAY_MS)
    }
    const refusedBy = (held: string) => verdictOf(apart, accountOf(1_000, [[held, 10]]), intentOf(10)).refusedBy
    expect(['B', 'C', 'D', 'E'].map(refusedBy)).toEqual(['clusterLimit', 'clusterLimit', 'clusterLimit', null])
  })

  it('counts nothing for a renewal, and never refuses a reduction', () => {
    const full = accountOf(1_000, [['B', 900]])
    expect(allowedUsd(gate, full, intentOf(500, { renews: true }))).toBe(500)
    expect(allowedUsd(gate, full, intentOf(500, { reduces: true }))).toBe(500)
  })
})

describe('properties of clusters', () => {
  const correlation = slowCorrelations(market)
  const equity = fc.double({ min: 1, max: 20_000, noNaN: true })

  it('leave the limit kept, and by one unit more it would not be', () => {
    fc.assert(
      fc.property(someExposures, someIntent, equity, (exposures, intent, usd) => {
        const account = accountOf(usd, exposures)
        const limit = account.equityE6() * 0.4
        const held = slowClusterE6(correlation, exposures, intent, 0.5)
        const { qtyE8 } = verdictOf(gate, account, intent)
        expect(qtyE8).toBeLessThanOrEqual(intent.qtyE8)
        if (qtyE8 > 0) expect(held + costE6({ ...intent, qtyE8 })).toBeLessThanOrEqual(limit)
        const oneMore = Math.max(1, Math.ceil(200 / intent.priceUsd))
        if (qtyE8 + oneMore < intent.qtyE8) expect(held + costE6({ ...intent, qtyE8: qtyE8 + oneMore })).toBeGreaterThan(limit)
      }),
    )
  })

  it('refuse what cannot be computed, and allow no less where there is more equity', () => {
    fc.assert(
      fc.property(someExposures, someIntent, equity, (exposures, intent, usd) => {
        const { qtyE8 } = verdictOf(gate, accountOf(usd, exposures), intent)
        expect(verdictOf(gate, accountOf(usd * 1.5, exposures), intent).qtyE8).toBeGreaterThanOrEqual(qtyE8)
        expect(verdictOf(gate, accountOf(Number.NaN, exposures), intent).qtyE8).toBe(0)
        expect(verdictOf(gate, accountOf(usd, [[intent.pair, Number.NaN]]), intent).qtyE8).toBe(0)
        expect(verdictOf(gate, accountOf(usd, exposures), { ...intent, priceUsd: Number.NaN }).qtyE8).toBe(0)
      }),
    )
  })

  it('hold whatever the returns are, and after a checkpoint too', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        someExposures,
        someIntent,
        (seed, load, exposures, intent) => {
          const common = someReturns(seed, 100)
          const own = ['A', 'B', 'C', 'D'].map((pair, i) => [
            pair,
            sum(
              someReturns(seed + i + 1, 100),
              common.map(x => x * load * i),
            ),
          ])
          const returns: Returns = Object.fromEntries(own)
          const some = fed(half, returns)
          const account = accountOf(100, [...exposures, ['A', 39]])
          const { measured } = verdictOf(fed({ ...half, clusterShare: 0 }, returns), account, intent)
          const held = slowClusterE6(slowCorrelations(returns), [...exposures, ['A', 39]], intent, 0.5)
          expect(measured).toBeCloseTo((held + costE6(intent)) / account.equityE6(), 9)
          expect(verdictOf(savedAndLoaded(some), account, intent)).toEqual(verdictOf(some, account, intent))
        },
      ),
      { numRuns: 30 },
    )
  })
})
