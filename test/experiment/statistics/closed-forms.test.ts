/** Statistics against closed forms: what theory says they must give. */

import { describe, expect, it } from 'vitest'
import { rootOf, Stream } from '../../../src/core/index.js'
import * as statistics from '../../../src/experiment/statistics/index.js'
import { atNight, isNight, times } from '../../tier.js'

const { backtestOverfitting, morrisDesign, morrisEffects, sobolDesign, sobolIndices } = statistics

const stream = (name: string, i = 0) => new Stream(rootOf(23), name, i)
const normals = (n: number, rng: Stream) => Array.from({ length: n }, () => rng.normal())

/** x_t = ρ x_{t−1} + e_t, stationary from the first value on. */
function autoregressive(n: number, rho: number, rng: Stream): Float64Array {
  const series = new Float64Array(n)
  let x = rng.normal() / Math.sqrt(1 - rho * rho)
  for (let t = 0; t < n; t++) {
    series[t] = x
    x = rho * x + rng.normal()
  }
  return series
}

/** The share of intervals that hold 0. */
function coverage(runs: number, intervalOf: (i: number) => readonly [number, number]): number {
  let held = 0
  for (let i = 0; i < runs; i++) {
    const [low, high] = intervalOf(i)
    if (low <= 0 && 0 <= high) held++
  }
  return held / runs
}

/** What the page on intervals quotes. */
const figure = (of: string, coverage: number) => {
  if (isNight) console.log(`${of}: ${(100 * coverage).toFixed(1)} %`)
}

describe('95 % intervals', () => {
  it('of a mean hold the truth in 93 to 97 % of normal samples, by Student’s law and by the bootstrap', () => {
    const t = coverage(times(2_000, 20_000), i => statistics.meanInterval(normals(12, stream('normal', i))))
    figure('Student, 12 normal values', t)
    expect(t).toBeGreaterThan(0.93)
    expect(t).toBeLessThan(0.97)
    const bootstrap = coverage(
      times(600, 3_000),
      i => statistics.bootstrapMean(normals(40, stream('bootstrap', i)), { resamples: 800, seed: i }).interval,
    )
    figure('bootstrap-t, 40 normal values', bootstrap)
    expect(bootstrap).toBeGreaterThan(0.93)
    expect(bootstrap).toBeLessThan(0.97)
  })

  it('of a series hold the truth in 93 to 97 % of AR(1) series of 1,000 values with a correlation of 0.3, where Student’s do not', () => {
    const runs = times(600, 4_000)
    const series = (i: number) => autoregressive(1_000, 0.3, stream('AR(1)', i))
    const blocks = coverage(runs, i => statistics.seriesMean(series(i), { resamples: 300, seed: i }).interval)
    figure('blocks, 1,000 values of AR(1) 0.3', blocks)
    expect(blocks).toBeGreaterThan(0.93)
    expect(blocks).toBeLessThan(0.97)
    const student = coverage(runs, i => statistics.meanInterval(series(i)))
    figure('Student, the same', student)
    expect(student).toBeLessThan(0.9)
  })

  it.runIf(isNight)(atNight('of a series of independent values are as good'), () => {
    const blocks = coverage(
      2_000,
      i => statistics.seriesMean(normals(1_000, stream('white', i)), { resamples: 400, seed: i }).interval,
    )
    figure('blocks, 1,000 independent values', blocks)
    expect(blocks).toBeGreaterThan(0.93)
    expect(blocks).toBeLessThan(0.97)
  })
})

describe('the length of blocks', () => {
  it('is near the optimum of an AR(1) series, (2ρ ⁄ (1 − ρ²))^⅔ n^⅓, and near 1 where nothing depends on anything', () => {
    const chosen = (rho: number) =>
      statistics.median(
        Array.from({ length: 41 }, (_, i) => statistics.blockLength(autoregressive(4_000, rho, stream('blocks', i)))),
      )
    for (const rho of [0.3, 0.7]) {
      const optimum = ((2 * rho) / (1 - rho * rho)) ** (2 / 3) * 4_000 ** (1 / 3)
      expect(chosen(rho) / optimum).toBeGreaterThan(0.8)
      expect(chosen(rho) / optimum).toBeLessThan(1.25)
    }
    expect(chosen(0)).toBeLessThan(4)
    expect(statistics.blockLength(new Float64Array(50).fill(2))).toBe(1)
  })
})

describe('Sobol indices', () => {
  const factors = ['x1', 'x2', 'x3'].map(name => ({ name, from: -Math.PI, to: Math.PI }))
  /** Ishigami and Homma (1990), a = 7, b = 0.1. */
  const ishigami = ([x1 = 0, x2 = 0, x3 = 0]: readonly number[]) =>
    Math.sin(x1) + 7 * Math.sin(x2) ** 2 + 0.1 * x3 ** 4 * Math.sin(x1)
  const pi4 = Math.PI ** 4
  const v1 = 0.5 * (1 + (0.1 * pi4) / 5) ** 2
  const v2 = 49 / 8
  const v13 = 0.01 * pi4 * pi4 * (1 / 18 - 1 / 50)
  const variance = v1 + v2 + v13
  const truth = { first: [v1, v2, 0].map(v => v / variance), total: [v1 + v13, v2, v13].map(v => v / variance) }

  it('of Ishigami’s function are its closed form (0.314, 0.442, 0 alone; 0.558, 0.442, 0.244 in all), within their intervals', () => {
    const design = sobolDesign(factors, { samples: 4_096 })
    const found = sobolIndices(design, design.points.map(ishigami), { resamples: 200, level: 0.99 })
    expect(truth.first.map(s => s.toFixed(4))).toEqual(['0.3139', '0.4424', '0.0000'])
    expect(truth.total.map(s => s.toFixed(4))).toEqual(['0.5576', '0.4424', '0.2437'])
    found.forEach(({ first, total, firstInterval, totalInterval }, i) => {
      expect(Math.abs(first - (truth.first[i] ?? 0))).toBeLessThan(0.04)
      expect(Math.abs(total - (truth.total[i] ?? 0))).toBeLessThan(0.03)
      expect(firstInterval[0] <= (truth.first[i] ?? 0) && (truth.first[i] ?? 0) <= firstInterval[1]).toBe(true)
      expect(totalInterval[0] <= (truth.total[i] ?? 0) && (truth.total[i] ?? 0) <= totalInterval[1]).toBe(true)
    })
  })

  it('ask for samples · (factors + 2) points within the ranges, and for one output each', () => {
    const design = sobolDesign([{ name: 'a', from: 2, to: 3 }], { samples: 8 })
    expect(design.points).toHaveLength(24)
    expect(design.points.every(([a = 0]) => a >= 2 && a <= 3)).toBe(true)
    expect(() => sobolIndices(design, [1, 2, 3])).toThrow(/24, one a point/)
  })
})

describe('Morris effects', () => {
  it('of a linear function are its coefficients over the whole range, without spread; of a product they spread', () => {
    const factors = [
      { name: 'a', from: 0, to: 10 },
      { name: 'b', from: -1, to: 1 },
      { name: 'c', from: 0, to: 1 },
    ]
    const design = morrisDesign(factors, { trajectories: 12 })
    expect(design.points).toHaveLength(48)
    const [a, b, c] = morrisEffects(
      design,
      design.points.map(([a = 0, b = 0]) => 3 * a - 2 * b),
    )
    expect([a?.mean, b?.mean, c?.mean].map(x => x?.toFixed(8))).toEqual(['30.00000000', '-4.00000000', '0.00000000'])
    expect(b?.absolute).toBeCloseTo(4, 8)
    expect(a?.spread).toBeCloseTo(0, 8)
    const product = morrisEffects(
      design,
      design.points.map(([a = 0, b = 0]) => a * b),
    )
    expect(product[1]?.spread).toBeGreaterThan(1)
    expect(product[2]?.absolute).toBe(0)
  })
})

describe('the probability of overfitting (CSCV)', () => {
  const matrix = (n: number, length: number, edge: number, name: string) =>
    Array.from({ length: n }, (_, i) => {
      const raw = normals(length, stream(name, i))
      const mean = statistics.meanOf(raw)
      return raw.map(x => x - mean + (i === 0 ? edge : 0))
    })

  // Bailey, Borwein, López de Prado and Zhu (2017), first test case: 100 strategies over 1,000 days, each with a mean of exactly 0, so that
  // what is gained in one half is lost in the other. The second: one of them has an edge.
  it('is 1 in the paper’s case of full overfitting, where the halves of each strategy cancel', () => {
    const { probability, slope, lossProbability } = backtestOverfitting(matrix(100, 1_000, 0, 'full'), { blocks: 8 })
    expect(probability).toBe(1)
    expect(lossProbability).toBe(1)
    expect(slope).toBeLessThan(-0.8)
  })

  it('falls to 0 as one strategy gains a real edge, as in the paper’s other cases', () => {
    const at = (edge: number) => backtestOverfitting(matrix(100, 1_000, edge, 'edge'), { blocks: 8 }).probability
    const annual = (sharpe: number) => sharpe / Math.sqrt(252)
    const [none, some, much] = [at(0), at(annual(2)), at(annual(4))]
    expect(none).toBe(1)
    expect(some).toBeLessThan(none)
    expect(much).toBeLessThan(0.05)
  })

  it('is ½ on average where no strategy has any skill', () => {
    const found = Array.from(
      { length: times(30, 200) },
      (_, run) =>
        backtestOverfitting(
          Array.from({ length: 20 }, (_, i) => normals(400, stream(`idle ${run}`, i))),
          { blocks: 8 },
        ).probability,
    )
    const { mean, error } = statistics.estimate(found)
    expect(Math.abs(mean - 0.5)).toBeLessThan(3 * error)
  })

  it('takes every choice of half of the blocks, and refuses an odd number of them', () => {
    const two = [normals(64, stream('a')), normals(64, stream('b'))]
    expect(backtestOverfitting(two, { blocks: 6 }).logits).toHaveLength(20)
    expect(() => backtestOverfitting(two, { blocks: 7 })).toThrow(/even number/)
    expect(() => backtestOverfitting([two[0] ?? []])).toThrow(/two strategies/)
  })
})

describe('convergence and goals', () => {
  it('says when the interval was narrow enough, and about how many replicates it takes', () => {
    const values = Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? 1 : -1))
    const { steps, reached, needed } = statistics.convergence(values, { half: 0.5 })
    expect(steps.map(step => step.n).at(-1)).toBe(50)
    expect(steps[0]?.half).toBe(Number.POSITIVE_INFINITY)
    expect(steps.find(step => step.half <= 0.5)?.n).toBe(reached)
    // sd = 1.0102, t(17) = 2.1098, 2.1098 · 1.0102 ⁄ √18 = 0.502; with 19 it is 0.487.
    expect(needed).toBe(19)
    expect(statistics.convergence([1, 2, 4], { half: 0.01 }).reached).toBeUndefined()
  })

  it('keeps the rows that no other beats in all goals', () => {
    const rows = [
      [1, 5],
      [2, 2],
      [3, 3],
      [5, 1],
      [1, 5],
      [2, 6],
    ]
    expect(statistics.paretoFront(rows, ['min', 'min'])).toEqual([0, 1, 3, 4])
    expect(statistics.paretoFront(rows, ['max', 'min'])).toEqual([3])
    expect(() => statistics.paretoFront([[1]], ['min', 'max'])).toThrow(/one a goal/)
  })
})
