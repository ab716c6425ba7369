/** What decisions learn by: Hedge, isotonic regression, online logistic regression, and the risk of a token. */
import { describe, expect, it } from 'vitest'
import { rootOf, Stream } from '../../src/core/index.js'
import {
  fitIsotonic,
  hedgeWeights,
  isotonicShare,
  learnLogistic,
  learnLosses,
  logisticOf,
  newHedge,
  newLogistic,
  riskFeatures,
  riskModifier,
  riskScore,
  riskWeights,
} from '../../src/trading/index.js'

describe('Hedge', () => {
  /** What the weighted voters lost beyond the best of them. */
  function regret(n: number, outcomes: number, lossesAt: (t: number, weights: readonly number[]) => number[]): number {
    const floor = 0.05
    const hedge = newHedge(n, { outcomes, floor })
    const lost = new Array<number>(n).fill(0)
    let own = 0
    for (let t = 0; t < outcomes; t++) {
      const weights = hedgeWeights(hedge)
      const losses = lossesAt(t, weights)
      losses.forEach((loss, i) => {
        own += (weights[i] as number) * loss
        lost[i] = (lost[i] as number) + loss
      })
      learnLosses(hedge, losses)
    }
    return own - Math.min(...lost)
  }
  const outcomes = 2_000
  const bound = Math.sqrt((outcomes * Math.log(2)) / 2) + 0.05 * outcomes

  it('loses at most √(T ln N / 2) + floor · T more than the better of two voters, whatever happens', () => {
    const rng = new Stream(rootOf(1), 'losses')
    expect(regret(2, outcomes, () => [rng.float(), rng.float()])).toBeLessThanOrEqual(bound)
    expect(regret(2, outcomes, t => (t % 2 === 0 ? [1, 0] : [0, 1]))).toBeLessThanOrEqual(bound)
    expect(regret(2, outcomes, () => [0, 1])).toBeLessThanOrEqual(bound)
    // An adversary: whoever weighs more loses.
    expect(regret(2, outcomes, (_, [a = 0, b = 0]) => (a >= b ? [1, 0] : [0, 1]))).toBeLessThanOrEqual(bound)
    expect(regret(2, outcomes, t => (t < outcomes / 2 ? [0, 1] : [1, 0]))).toBeLessThanOrEqual(bound)
  })

  it('gives weights that add up to 1, none below the floor', () => {
    const hedge = newHedge(3, { outcomes: 100, floor: 0.05 })
    expect(hedgeWeights(hedge)).toEqual([expect.closeTo(1 / 3), expect.closeTo(1 / 3), expect.closeTo(1 / 3)])
    for (let i = 0; i < 500; i++) learnLosses(hedge, [0, 1, 1])
    const weights = hedgeWeights(hedge)
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1)
    expect(weights).toEqual([expect.closeTo(0.9), expect.closeTo(0.05), expect.closeTo(0.05)])
  })
})

describe('isotonic regression', () => {
  const of = (...pairs: [number, number][]) => pairs.map(([score, came]) => ({ score, came: came === 1 }))

  it('pools neighbours that fall, as its definition does', () => {
    const map = fitIsotonic(of([1, 0], [2, 1], [3, 0], [4, 1], [5, 1]))
    expect(map).toEqual({ from: [1, 2, 4], share: [0, 0.5, 1] })
    expect([0, 1, 1.9, 2, 3.5, 4, 9].map(score => isotonicShare(map, score, 7))).toEqual([0, 0, 0, 0.5, 0.5, 1, 1])
    expect(isotonicShare({ from: [], share: [] }, 3, 0.3)).toBe(0.3)
  })

  it('rises whatever it is fitted to, and is what came of those that it speaks of', () => {
    const rng = new Stream(rootOf(2), 'outcomes')
    const outcomes = Array.from({ length: 4_000 }, () => {
      const score = rng.float()
      return { score, came: rng.chance(score * score) }
    })
    const { share } = fitIsotonic(outcomes)
    expect([...share].sort((a, b) => a - b)).toEqual(share)
    const map = fitIsotonic(outcomes, 20)
    for (const score of [0.2, 0.5, 0.9]) expect(Math.abs(isotonicShare(map, score, 0) - score * score)).toBeLessThan(0.08)
  })
})

describe('isotonic regression with a prior', () => {
  const times = (n: number, came: number, score: number) => Array.from({ length: n }, (_, i) => ({ score, came: i < came }))

  it('rises still where a small block stands above a large one', () => {
    const map = fitIsotonic([...times(200, 0, 1), ...times(100, 50, 2), ...times(1, 1, 3)], 20)
    const all = 51 / 301
    expect(map.from).toEqual([1, 2])
    expect(map.share).toEqual([expect.closeTo((20 * all) / 220), expect.closeTo((51 + 40 * all) / 141)])
  })

  it('rises, and says one share of one score, whatever it is fitted to', () => {
    const rng = new Stream(rootOf(4), 'outcomes')
    for (let i = 0; i < 200; i++) {
      const outcomes = Array.from({ length: 60 }, () => ({ score: rng.int(12), came: rng.chance(0.4) }))
      const { from, share } = fitIsotonic(outcomes, 20)
      expect([...share].sort((a, b) => a - b)).toEqual(share)
      expect([...new Set(from)].sort((a, b) => a - b)).toEqual(from)
    }
  })

  it('counts all outcomes of one score together, in whatever order they come', () => {
    const [up, down] = [
      [0, 1, 1, 0],
      [1, 0, 0, 1],
    ].map(came => came.map(c => ({ score: 5, came: c === 1 })))
    const below = times(4, 1, 1)
    expect(fitIsotonic([...below, ...(up ?? [])])).toEqual({ from: [1, 5], share: [0.25, 0.5] })
    expect(fitIsotonic([...below, ...(down ?? [])])).toEqual({ from: [1, 5], share: [0.25, 0.5] })
  })
})

describe('online logistic regression', () => {
  it('finds the weights that outcomes were drawn by', () => {
    const rng = new Stream(rootOf(3), 'features')
    const model = newLogistic(2)
    const chance = (x: readonly number[]) => 1 / (1 + Math.exp(-(3 * (x[0] ?? 0) - 2 * (x[1] ?? 0) - 0.5)))
    for (let i = 0; i < 20_000; i++) {
      const x = [rng.float(), rng.float()]
      learnLogistic(model, x, rng.chance(chance(x)))
    }
    for (const x of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ])
      expect(Math.abs(logisticOf(model, x) - chance(x))).toBeLessThan(0.06)
  })
})

describe('the risk of a token', () => {
  const calm = {
    ageMs: 3_600_000,
    volumes: [1, 1, 1],
    closes: [1, 1, 1],
    moods: [0, 0, 0],
    topTen: 0.1,
    reputation: 1,
    creatorBought: 0.01,
    creatorSold: 0,
    launchBuyers: 1,
  }

  it('has weights that add up to 1, and every reading moves the score by its weight', () => {
    expect(Object.values(riskWeights).reduce((sum, w) => sum + w, 0)).toBeCloseTo(1)
    const zero = { age: 0, volumeIrregularity: 0, topTen: 0, volatility: 0, sentimentInstability: 0, creator: 0 }
    for (const [name, weight] of Object.entries(riskWeights)) expect(riskScore({ ...zero, [name]: 1 })).toBeCloseTo(weight)
  })

  it('is higher for what is young, irregular, concentrated, volatile or unsteady, and where its creator is of bad repute, holds much, sells or hired wallets', () => {
    const least = riskScore(riskFeatures(calm))
    const worse = [
      { ageMs: 0 },
      { volumes: [0, 9, 0] },
      { topTen: 0.9 },
      { closes: [1, 2, 1] },
      { moods: [-1, 1, -1] },
      { reputation: 0 },
      { creatorBought: 0.1 },
      { creatorSold: 0.5 },
      { launchBuyers: 3 },
    ]
    for (const change of worse) expect(riskScore(riskFeatures({ ...calm, ...change }))).toBeGreaterThan(least)
  })

  it('leaves (1 − r)² of a size, and nothing from 0.8 on', () => {
    expect([0, 0.5, 0.799, 0.8, 1].map(riskModifier)).toEqual([1, 0.25, expect.closeTo(0.0404), 0, 0])
  })
})
