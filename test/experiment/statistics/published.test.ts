/** Statistics against published worked examples; each test names its source. */

import { describe, expect, it } from 'vitest'
import * as statistics from '../../../src/experiment/statistics/index.js'

const { bootstrapInterval, compareIndependent, comparePaired, deflatedSharpe, meanInterval, probabilisticSharpe } = statistics

/** Student's sleep data (Cushny and Peebles 1905; Student 1908): extra hours of sleep under two drugs, ten patients. */
const sleep = {
  first: [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
  second: [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
}

describe('means and pairs', () => {
  it('give the paired t test of Student’s sleep data: 1.58 h, t = 4.0621, p = 0.002833, 0.700 to 2.460', () => {
    const { mean, t, p, interval, effect, superiority } = comparePaired(sleep.second, sleep.first)
    expect(mean).toBeCloseTo(1.58, 12)
    expect(t).toBeCloseTo(4.0621, 4)
    expect(p).toBeCloseTo(0.002833, 6)
    expect(interval[0]).toBeCloseTo(0.7001142, 6)
    expect(interval[1]).toBeCloseTo(2.4598858, 6)
    expect(effect).toBeCloseTo(4.0621277 / Math.sqrt(10), 6)
    expect(superiority).toBe(0.95)
  })

  it('have nothing to say of pairs that never differ, and no p below 1 for them', () => {
    expect(comparePaired([1, 2, 3], [1, 2, 3])).toMatchObject({ mean: 0, p: 1, effect: 0, superiority: 0.5 })
  })

  it('give the interval of the same differences as a plain mean', () => {
    const [low, high] = meanInterval(sleep.second.map((x, i) => x - (sleep.first[i] ?? 0)))
    expect([low, high].map(x => x.toFixed(6))).toEqual(['0.700114', '2.459886'])
  })

  it('give Welch’s test of the same data as if they were of twenty patients: t = 1.8608, 17.776 degrees, p = 0.07939', () => {
    // R's t.test(extra ~ group, data = sleep), whose documentation shows it with the signs turned.
    const { t, degrees, p, interval, n, superiority, effect } = compareIndependent(sleep.second, sleep.first)
    expect(n).toEqual([10, 10])
    expect(t).toBeCloseTo(1.8608, 4)
    expect(degrees).toBeCloseTo(17.776, 3)
    expect(p).toBeCloseTo(0.07939, 5)
    expect(interval[0]).toBeCloseTo(-0.2054832, 6)
    expect(interval[1]).toBeCloseTo(3.3654832, 6)
    expect(effect).toBeCloseTo(1.8608 * Math.sqrt(2 / 10), 4)
    const pairs = sleep.second.flatMap(a => sleep.first.map(b => (a > b ? 1 : a === b ? 0.5 : 0)))
    expect(superiority).toBeCloseTo(statistics.meanOf(pairs), 12)
  })

  it('compare samples of unlike sizes, and those without any spread', () => {
    expect(compareIndependent([1, 1], [1, 1, 1])).toMatchObject({ mean: 0, p: 1, effect: 0, superiority: 0.5, interval: [0, 0] })
    expect(compareIndependent([2, 2], [1, 1, 1])).toMatchObject({ n: [2, 3], mean: 1, p: 0, superiority: 1 })
    expect(() => compareIndependent([1], [1, 2])).toThrow(/the left sample.*at least 2 values/)
  })

  it('refuse pairs that are none, and values that are no numbers', () => {
    expect(() => comparePaired([1, 2], [1])).toThrow(/at least 2 values/)
    expect(() => comparePaired([1, 2, 3], [1, 2])).toThrow(/as many values/)
    expect(() => meanInterval([1, Number.NaN])).toThrow(/value 1 .* finite number/)
    expect(() => meanInterval([1, 2], 95)).toThrow(/95 % is 0.95/)
  })
})

describe('the BCa bootstrap', () => {
  // Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 14 and its table 14.1: spatial test A, the variance with divisor n.
  const spatial = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41]
  const variance = (values: ArrayLike<number>) => {
    const mean = statistics.meanOf(values)
    return statistics.meanOf(Array.from(values, x => (x - mean) ** 2))
  }

  it('gives Efron and Tibshirani’s 90 % interval of a variance, 115.8 to 259.6, within what 2,000 resamples leave open', () => {
    const { value, interval } = bootstrapInterval(spatial, variance, { level: 0.9, resamples: 4_000 })
    expect(value).toBeCloseTo(171.5, 1)
    expect(Math.abs(interval[0] - 115.8)).toBeLessThan(4)
    expect(Math.abs(interval[1] - 259.6)).toBeLessThan(8)
  })

  it('is the same from the same seed, and another from another', () => {
    for (const of of [statistics.bootstrapMean, (all: number[], options = {}) => bootstrapInterval(all, variance, options)]) {
      const once = of(spatial)
      expect(of(spatial)).toEqual(once)
      expect(of(spatial, { seed: 2 }).interval).not.toEqual(once.interval)
    }
  })
})

describe('many tests', () => {
  // Benjamini and Hochberg (1995), §3: thrombolysis, 15 p values. Their procedure rejects four at .05, Bonferroni’s and Holm’s three.
  const ps = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1]
  const shuffled = [3, 14, 0, 7, 1, 10, 2, 5, 12, 4, 6, 13, 8, 9, 11]
  const count = (adjusted: number[]) => adjusted.filter(p => p <= 0.05).length

  it('give the calls of Benjamini and Hochberg’s own example: four by theirs, three by Holm’s', () => {
    expect(count(statistics.benjaminiHochberg(ps))).toBe(4)
    expect(count(statistics.holm(ps))).toBe(3)
  })

  it('adjust by hand: n p ⁄ rank from above, (n − rank + 1) p from below, in whatever order', () => {
    expect(statistics.benjaminiHochberg([0.01, 0.04, 0.03]).map(p => p.toFixed(4))).toEqual(['0.0300', '0.0400', '0.0400'])
    expect(statistics.holm([0.01, 0.04, 0.03]).map(p => p.toFixed(4))).toEqual(['0.0300', '0.0600', '0.0600'])
    const of = (adjust: (ps: number[]) => number[]) => adjust(shuffled.map(i => ps[i] ?? 0))
    for (const adjust of [statistics.holm, statistics.benjaminiHochberg])
      expect(of(adjust)).toEqual(shuffled.map(i => adjust(ps)[i]))
  })
})

describe('Sharpe ratios', () => {
  /** Returns with a given ratio of mean and deviation. */
  const returns = (ratio: number, n: number) => {
    const raw = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -1))
    const sd = Math.sqrt(n / (n - 1))
    return raw.map(x => x + ratio * sd)
  }

  it('have the standard errors of Lo (2002), table 1, for normal returns: 0.306 at a ratio of 0.5 over 12 months, 0.188 at 1.5 over 60', () => {
    const error = (ratio: number, n: number) => {
      const { ratio: found, error, skewness, kurtosis } = statistics.sharpe(returns(ratio, n))
      expect(found).toBeCloseTo(ratio, 10)
      // These returns take two values: their own skewness is 0 and their kurtosis 1, a normal law's is 3.
      expect([skewness, kurtosis].map(x => x.toFixed(8))).toEqual(['0.00000000', '1.00000000'])
      return Math.sqrt(error ** 2 + ratio ** 2 / 2 / n)
    }
    expect(error(0.5, 12)).toBeCloseTo(0.306, 3)
    expect(error(1.5, 60)).toBeCloseTo(0.188, 3)
  })

  it('give the probabilities of Bailey and López de Prado (2012): 0.982 as if normal, 0.913 with the fund’s skewness and kurtosis', () => {
    const fund = { n: 24, ratio: 0.458, skewness: -2.448, kurtosis: 10.164 }
    expect(probabilisticSharpe({ ...fund, skewness: 0, kurtosis: 3 })).toBeCloseTo(0.982, 3)
    expect(probabilisticSharpe(fund)).toBeCloseTo(0.913, 3)
  })

  it('give the deflated Sharpe ratio of Bailey and López de Prado’s (2014) example: 0.1132 to be expected of 100 trials, 0.9004', () => {
    const best = { n: 1250, ratio: 2.5 / Math.sqrt(250), skewness: -3, kurtosis: 10 }
    const { expected, probability } = deflatedSharpe(best, { count: 100, variance: 0.5 / 250 })
    expect(expected).toBeCloseTo(0.1132, 4)
    expect(probability).toBeCloseTo(0.9004, 4)
    // The example goes on: with 46 trials it would have been 0.9505.
    expect(deflatedSharpe(best, { count: 46, variance: 0.5 / 250 }).probability).toBeCloseTo(0.9505, 3)
  })

  it('count the trials themselves where their ratios are given', () => {
    const trials = [0.1, -0.1, 0.05, 0.2]
    const variance = statistics.estimate(trials).error ** 2 * 4
    const best = { n: 500, ratio: 0.2, skewness: 0, kurtosis: 3 }
    expect(deflatedSharpe(best, trials).probability).toBeCloseTo(deflatedSharpe(best, { count: 4, variance }).probability, 12)
    expect(() => deflatedSharpe(best, { count: 1, variance })).toThrow(/two or more/)
  })
})
