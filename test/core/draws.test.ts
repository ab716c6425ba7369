/** Draws against their laws: by their moments, and by the largest distance between distributions (Kolmogorov–Smirnov). */

import { describe, expect, it } from 'vitest'
import { rootOf, Stream } from '../../src/core/index.js'

const stream = (name: string) => new Stream(rootOf(20_261), name)
const n = 40_000
const many = (name: string, draw: (rng: Stream) => number) => {
  const rng = stream(name)
  return Float64Array.from({ length: n }, () => draw(rng))
}
const mean = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / values.length
const variance = (values: Float64Array) => {
  const m = mean(values)
  return values.reduce((sum, x) => sum + (x - m) ** 2, 0) / (values.length - 1)
}

/** Within five standard errors of the mean, and the variance within 6 % of what the law says. */
function hasMoments(values: Float64Array, expected: number, spread: number): void {
  expect(Math.abs(mean(values) - expected)).toBeLessThan(5 * Math.sqrt(spread / n))
  expect(variance(values) / spread).toBeGreaterThan(0.94)
  expect(variance(values) / spread).toBeLessThan(1.06)
}

/** The largest distance from a law's distribution function: beyond 1.95/√n one in a thousand samples of it lies. */
function follows(values: Float64Array, below: (x: number) => number): void {
  const sorted = values.slice().sort()
  let most = 0
  sorted.forEach((x, i) => {
    most = Math.max(most, Math.abs(below(x) - i / n), Math.abs(below(x) - (i + 1) / n))
  })
  expect(most).toBeLessThan(1.95 / Math.sqrt(n))
}

/** Of whole numbers: the distance at every count, where a step function is met from above. */
function followsCounts(values: Float64Array, massAt: (k: number) => number): void {
  const counts = new Map<number, number>()
  for (const k of values) counts.set(k, (counts.get(k) ?? 0) + 1)
  let [seen, expected, most] = [0, 0, 0]
  for (let k = 0; k <= Math.max(...counts.keys()); k++) {
    seen += (counts.get(k) ?? 0) / n
    expected += massAt(k)
    most = Math.max(most, Math.abs(seen - expected))
  }
  expect([...counts.keys()].every(k => Number.isInteger(k) && k >= 0)).toBe(true)
  expect(most).toBeLessThan(1.95 / Math.sqrt(n))
}

const logFactorial = (k: number) => Array.from({ length: k }, (_, i) => Math.log(i + 1)).reduce((a, b) => a + b, 0)

describe('draws of a stream', () => {
  it.each([0.3, 4, 9.9, 10, 60, 700])('poisson(%f) has its moments and its law', mu => {
    const values = many('poisson', rng => rng.poisson(mu))
    hasMoments(values, mu, mu)
    followsCounts(values, k => Math.exp(k * Math.log(mu) - mu - logFactorial(k)))
  })

  it.each([
    [1, 0.3],
    [12, 0.5],
    [40, 0.9],
    [200, 0.02],
    [300, 0.4],
  ])('binomial(%i, %f) has its moments and its law', (trials, p) => {
    const values = many('binomial', rng => rng.binomial(trials, p))
    hasMoments(values, trials * p, trials * p * (1 - p))
    const choose = (k: number) => logFactorial(trials) - logFactorial(k) - logFactorial(trials - k)
    followsCounts(values, k => Math.exp(choose(k) + k * Math.log(p) + (trials - k) * Math.log(1 - p)))
  })

  it('counts at the ends of their range are certain', () => {
    const rng = stream('ends')
    expect([rng.poisson(0), rng.binomial(0, 0.5), rng.binomial(7, 0), rng.binomial(7, 1)]).toEqual([0, 0, 0, 7])
  })

  it.each([0.2, 0.9, 1, 2.5, 30])('gamma(%f, 2) has its moments', shape => {
    hasMoments(
      many('gamma', rng => rng.gamma(shape, 2)),
      2 * shape,
      4 * shape,
    )
  })

  it('gamma of shapes 1 and 2 follows the closed forms of their laws', () => {
    follows(
      many('gamma 1', rng => rng.gamma(1, 3)),
      x => 1 - Math.exp(-x / 3),
    )
    follows(
      many('gamma 2', rng => rng.gamma(2)),
      x => 1 - Math.exp(-x) * (1 + x),
    )
  })

  it('gamma of shape ½ is half a squared normal number', () => {
    const squares = many('squares', rng => rng.normal() ** 2 / 2).sort()
    const below = (x: number) => squares.findLastIndex(value => value <= x) / n
    for (const x of [0.01, 0.1, 0.5, 1, 2])
      expect(Math.abs(below(x) - many('gamma ½', rng => rng.gamma(0.5)).filter(value => value <= x).length / n)).toBeLessThan(
        0.012,
      )
  })

  it.each([
    [2, 3],
    [0.5, 0.5],
    [5, 0.7],
  ])('beta(%f, %f) has its moments', (a, b) => {
    hasMoments(
      many('beta', rng => rng.beta(a, b)),
      a / (a + b),
      (a * b) / ((a + b) ** 2 * (a + b + 1)),
    )
  })

  it('beta follows the closed forms of its law, and stays within 0 and 1 for shapes near 0', () => {
    follows(
      many('beta 3 1', rng => rng.beta(3, 1)),
      x => x ** 3,
    )
    follows(
      many('arcsine', rng => rng.beta(0.5, 0.5)),
      x => (2 / Math.PI) * Math.asin(Math.sqrt(x)),
    )
    const tiny = many('tiny', rng => rng.beta(0.001, 0.001))
    expect(tiny.every(x => x >= 0 && x <= 1)).toBe(true)
    expect(Math.abs(mean(tiny) - 0.5)).toBeLessThan(0.02)
  })

  it('lognormal: its logarithm is normal', () => {
    const logs = many('lognormal', rng => Math.log(rng.lognormal(1, 0.5)))
    hasMoments(logs, 1, 0.25)
  })

  it('multivariateNormal has the means and the covariance it is given, also where one variable is a sum of the others', () => {
    const covariance = [
      [4, 1, 5],
      [1, 2, 3],
      [5, 3, 8],
    ]
    const rng = stream('mvn')
    const rows = Array.from({ length: n }, () => rng.multivariateNormal([1, -2, 0], covariance))
    const columns = [0, 1, 2].map(i => Float64Array.from(rows, row => row[i] as number))
    const [first, second, third] = columns as [Float64Array, Float64Array, Float64Array]
    hasMoments(first, 1, 4)
    hasMoments(second, -2, 2)
    hasMoments(third, 0, 8)
    const cross = mean(first.map((x, i) => (x - 1) * ((second[i] as number) + 2)))
    expect(Math.abs(cross - 1)).toBeLessThan(0.1)
    for (const [x = 0, y = 0, z = 0] of rows.slice(0, 50)) expect(x - 1 + (y + 2)).toBeCloseTo(z, 9)
  })

  it('permutation holds every number once, each place as likely', () => {
    const rng = stream('permutation')
    const at = new Float64Array(6)
    for (let i = 0; i < 12_000; i++) {
      const order = rng.permutation(6)
      expect(new Set(order).size).toBe(6)
      at[order.indexOf(2)] = (at[order.indexOf(2)] as number) + 1
    }
    for (const count of at) expect(Math.abs(count - 2_000)).toBeLessThan(5 * Math.sqrt(2_000))
  })

  it('pickWeighted chooses in proportion, never what has no weight, by a list or a function', () => {
    const rng = stream('weighted')
    const counts = { a: 0, b: 0, c: 0, d: 0 }
    const letters = ['a', 'b', 'c', 'd'] as const
    for (let i = 0; i < 10_000; i++) counts[rng.pickWeighted(letters, [1, 0, 3, 0])]++
    expect([counts.b, counts.d]).toEqual([0, 0])
    expect(Math.abs(counts.c - 7_500)).toBeLessThan(5 * Math.sqrt(10_000 * 0.75 * 0.25))
    expect(rng.pickWeighted([3, 8, 5], x => (x === 8 ? 1e-300 : 0))).toBe(8)
  })

  it.each<[string, (rng: Stream) => unknown, RegExp]>([
    ['a negative mean', rng => rng.poisson(-1), /rng\.poisson\(mean\): expected a mean from 0 to 2³¹, got -1/],
    ['half a trial', rng => rng.binomial(1.5, 0.5), /whole number of trials/],
    ['a chance above 1', rng => rng.binomial(3, 1.5), /probability from 0 to 1, got 1.5/],
    ['a shape of 0', rng => rng.gamma(0), /shape above 0, got 0/],
    ['a scale of 0', rng => rng.gamma(1, 0), /scale above 0, got 0/],
    ['a shape that is none', rng => rng.beta(Number.NaN, 1), /rng\.beta\(a, b\)/],
    ['a negative deviation', rng => rng.lognormal(0, -1), /standard deviation ≥ 0/],
    ['half a permutation', rng => rng.permutation(2.5), /whole number ≥ 0, got 2.5/],
    ['weights for others', rng => rng.pickWeighted([1, 2], [1]), /2 weights, one an element, got 1/],
    ['a negative weight', rng => rng.pickWeighted([1, 2], [1, -1]), /weight of element 1 .* got -1/],
    ['no weight at all', rng => rng.pickWeighted([1, 2], [0, 0]), /at least one above 0/],
    ['nothing to choose', rng => rng.pickWeighted([], []), /no element/],
    [
      'a covariance that is none',
      rng =>
        rng.multivariateNormal(
          [0, 0],
          [
            [1, 2],
            [2, 1],
          ],
        ),
      /positive semidefinite/,
    ],
    [
      'an uneven covariance',
      rng =>
        rng.multivariateNormal(
          [0, 0],
          [
            [1, 0.5],
            [0.4, 1],
          ],
        ),
      /symmetric/,
    ],
    [
      'a covariance with what has no variance',
      rng =>
        rng.multivariateNormal(
          [0, 0],
          [
            [0, 1],
            [1, 1],
          ],
        ),
      /positive semidefinite/,
    ],
    [
      'a covariance beyond what the others leave',
      rng =>
        rng.multivariateNormal(
          [0, 0, 0],
          [
            [1, 1, 0],
            [1, 1, 1],
            [0, 1, 1],
          ],
        ),
      /positive semidefinite/,
    ],
    ['rows too few', rng => rng.multivariateNormal([0, 0], [[1]]), /2 rows of 2/],
  ])('%s is refused, and draws nothing', (_, draw, message) => {
    const rng = stream('refused')
    const before = JSON.stringify(rng.saveState())
    expect(() => draw(rng)).toThrow(message)
    expect(JSON.stringify(rng.saveState())).toBe(before)
  })
})
