import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue, OperatorError, Rng, rootOf } from '../../src/core/index.js'
import {
  distanceByFeature,
  exactPastTradeStore,
  featureWeights,
  type Neighbour,
  newFeatureMoments,
  observeFeatures,
  pastTradeFeatureNames,
  recallOf,
  type TradeContext,
  tradeVector,
} from '../../src/trading/index.js'
import { finished, pastTradeStoreConformance, subject } from './past-trade-store-conformance.js'

pastTradeStoreConformance(() => exactPastTradeStore())

describe('the exact store of past trades', () => {
  it('finds what a sort over all distances finds, standardised and weighted by what told wins from losses', () => {
    const rng = Rng.derive(rootOf(3), 1, 1)
    const store = exactPastTradeStore(500)
    const cases = Array.from({ length: 500 }, (_, i) => ({
      ...finished(String(i), 100 * rng.float(), rng.chance(0.5)),
      vector: Float64Array.from({ length: 10 }, () => rng.normal(0, 5)),
    }))
    for (const c of cases) store.add(c)
    const question = Float64Array.from({ length: 10 }, () => rng.normal(0, 5))
    const variance = Array.from(question, (_, d) => {
      const xs = cases.map(c => c.vector[d] as number)
      const mean = xs.reduce((a, x) => a + x, 0) / xs.length
      return xs.reduce((a, x) => a + (x - mean) ** 2, 0) / (xs.length - 1)
    })
    const wins = cases.filter(c => c.win).length / cases.length
    const relevance = Array.from(question, (_, d) => {
      const mean = cases.reduce((a, c) => a + (c.vector[d] as number), 0) / cases.length
      const product = cases.reduce((a, c) => a + ((c.vector[d] as number) - mean) * ((c.win ? 1 : 0) - wins), 0)
      return 1 + product ** 2 / ((variance[d] as number) * (cases.length - 1) * wins * (1 - wins))
    })
    const total = relevance.reduce((a, x) => a + x, 0)
    const weights = variance.map((x, d) => (relevance[d] as number) / total / x)
    const ranked = cases
      .map(c => ({
        win: c.win,
        d2: c.vector.reduce((a, x, d) => a + (x - (question[d] as number)) ** 2 * (weights[d] as number), 0),
      }))
      .sort((a, b) => a.d2 - b.d2)
      .slice(0, 20)
    const weight = (win: boolean) => ranked.filter(r => r.win === win).reduce((a, r) => a + 1 / (1 + r.d2), 0)
    const got = recallOf(store.query({ vector: question, before: 11 }), null)
    expect(got.won).toBeCloseTo(weight(true), 9)
    expect(got.cases).toBeCloseTo(weight(true) + weight(false), 9)
  })

  it('keeps the latest trades within its capacity, and forgets the oldest whole', () => {
    const store = exactPastTradeStore(10)
    for (let i = 0; i < 25; i++) store.add(finished(`c${i}`, i, i < 20))
    expect([store.size(), store.size('trading_patterns'), store.size('failed_patterns')]).toEqual([10, 5, 5])
    expect(store.add(finished('c0', 1, true))).toBe(true)
    expect(store.add(finished('c24', 1, true))).toBe(false)
  })

  it('saves plain data that the checkpoint can hold', () => {
    const store = exactPastTradeStore(10)
    for (let i = 0; i < 13; i++) store.add(finished(`c${i}`, i, true))
    const again = exactPastTradeStore(10)
    again.restore(decodeValue(encodeValue(store.save())))
    const question = { vector: tradeVector(subject(5)), before: 11 }
    expect(again.query(question)).toEqual(store.query(question))
  })

  it('refuses a capacity of 0', () => {
    expect(() => exactPastTradeStore(0)).toThrow(OperatorError)
  })
})

describe('memory of a market whose causes act with the trend', () => {
  /** Ideas in an otherwise random market. */
  function trends(rng: Rng) {
    return (direction: 1 | -1, withTrend: boolean): TradeContext => ({
      features: {
        rsi: 30 + 40 * rng.float(),
        macd: rng.normal(0, 0.01),
        bollinger: rng.float(),
        atr: 0.01 * Math.exp(rng.normal(0, 0.4)),
        volume: Math.exp(rng.normal(0, 0.6)),
        regime: rng.int(3),
        trend: (withTrend ? 1 : -1) * direction * Math.abs(rng.normal(0, 3)),
      },
      direction,
      prediction: direction * (0.012 + 0.004 * rng.float()),
      crossMoatScore: 1 + rng.int(2),
    })
  }

  it('after enough trades raises the confidence of ideas with the trend and lowers it against, long and short', () => {
    const rng = Rng.derive(rootOf(11), 1, 1)
    const make = trends(rng)
    const store = exactPastTradeStore()
    for (let i = 0; i < 400; i++) {
      const withTrend = rng.chance(0.5)
      const vector = tradeVector(make(rng.chance(0.5) ? 1 : -1, withTrend))
      store.add({ id: String(i), agent: 'a', closedAt: i, win: rng.chance(withTrend ? 0.7 : 0.35), moat: null, vector })
    }
    for (const direction of [1, -1] as const) {
      const factors = (withTrend: boolean) =>
        Array.from(
          { length: 100 },
          () => recallOf(store.query({ vector: tradeVector(make(direction, withTrend)), before: 1_000 }), null).factor,
        )
      const mean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length
      const [along, against] = [factors(true), factors(false)]
      expect(mean(along)).toBeGreaterThan(1.08)
      expect(mean(against)).toBeLessThan(0.95)
      expect(along.filter(factor => factor > 1).length).toBeGreaterThan(85)
      expect(against.filter(factor => factor < 1).length).toBeGreaterThan(75)
    }
  })

  it('a short is compared with longs by what helps it: mirrored features are the same case', () => {
    const { features } = trends(Rng.derive(rootOf(1), 1, 1))(1, true)
    const long = tradeVector({ features, direction: 1, prediction: 0.01, crossMoatScore: 1 })
    const mirrored = {
      ...features,
      rsi: 100 - (features.rsi as number),
      macd: -(features.macd as number),
      bollinger: 1 - (features.bollinger as number),
      trend: -(features.trend as number),
    }
    const short = tradeVector({ features: mirrored, direction: -1, prediction: -0.01, crossMoatScore: 1 })
    const own = pastTradeFeatureNames.indexOf('direction')
    long.forEach((x, d) => {
      expect(short[d]).toBeCloseTo(d === own ? -x : x, 12)
    })
  })
})

describe('what is recalled', () => {
  const near = (won: number, lost: number, moat: string | null = null, distance = 0): Neighbour[] =>
    Array.from({ length: won + lost }, (_, i) => ({ id: `t${i}`, win: i < won, moat, distance }))

  it('shifts a confidence by Beta(10, 10): 20 wins × 1.5, 20 losses × 0.5, a draw not at all', () => {
    expect([near(20, 0), near(0, 20), near(7, 7)].map(n => recallOf(n, null).factor)).toEqual([1.5, 0.5, 1])
  })

  it('weighs a neighbour less the farther it is', () => {
    expect(recallOf(near(3, 0, null, 1), null)).toMatchObject({ cases: 1.5, won: 1.5 })
    expect(recallOf([...near(1, 0), ...near(0, 1, null, 3)], null)).toMatchObject({ cases: 1.25, won: 1 })
  })

  it('tells the record of the same moat from that of others', () => {
    const recall = recallOf([...near(2, 1, 'code'), ...near(1, 3, 'government')], 'code')
    expect(recall).toMatchObject({ cases: 7, won: 3, sameMoatCases: 3, sameMoatWon: 2 })
  })

  it('names the five nearest', () => {
    const neighbours = near(20, 0).map((n, i) => ({ ...n, distance: i }))
    expect(recallOf(neighbours, null).nearest.map(n => n.id)).toEqual(['t0', 't1', 't2', 't3', 't4'])
  })
})

describe('the difference between two trades', () => {
  it('is the sum of what each feature adds; what one of them does not know adds nothing', () => {
    const moments = newFeatureMoments()
    for (let i = 0; i < 40; i++) observeFeatures(moments, tradeVector(subject(i * 2)), i % 3 === 0)
    const parts = distanceByFeature(featureWeights(moments), tradeVector(subject(10)), tradeVector(subject(30)))
    const store = exactPastTradeStore()
    for (let i = 0; i < 40; i++) store.add(finished(String(i), i * 2, i % 3 === 0))
    const [nearest] = store.query({ vector: tradeVector(subject(79)), before: 11, k: 1 })
    const nearestParts = distanceByFeature(featureWeights(moments), tradeVector(subject(79)), tradeVector(subject(78)))
    expect(nearestParts.reduce((a, b) => a + b)).toBeCloseTo(nearest?.distance ?? Number.NaN, 12)
    expect([...parts].filter(part => part > 0)).toHaveLength(1)
    expect(parts[pastTradeFeatureNames.indexOf('rsi')]).toBeGreaterThan(0)
  })
})
