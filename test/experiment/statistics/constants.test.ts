/** Values that do not vary, or vary too much: what rounding leaves of them decides nothing. */

import { describe, expect, it } from 'vitest'
import {
  backtestOverfitting,
  bootstrapInterval,
  comparePaired,
  convergence,
  meanOf,
  seriesInterval,
  seriesMean,
  sobolDesign,
  sobolIndices,
  studentP,
  studentQuantile,
} from '../../../src/experiment/statistics/index.js'

describe('values that are all the same', () => {
  it('have no spread, whatever their sum rounds to', () => {
    expect(bootstrapInterval([0.1, 0.1, 0.1], meanOf).error).toBeLessThan(1e-15)
  })

  it('make a strategy that wins no sample: what chance chose over cash loses out of sample', () => {
    const noise = Array.from({ length: 480 }, (_, i) => 0.01 * Math.sin(i * i))
    for (const rate of [0.001, 0.003, 0.01, 0.07]) {
      const cash = Array.from({ length: 480 }, () => rate)
      expect(backtestOverfitting([noise, cash], { blocks: 8 }).lossProbability, `${rate}`).toBeGreaterThan(0.1)
    }
  })

  it('differ for certain where every pair differs by the same amount, and not at all by nothing', () => {
    expect(comparePaired([1, 2, 3], [2, 3, 4])).toMatchObject({ p: 0, mean: -1 })
    expect(comparePaired([1, 2, 3], [1, 2, 3]).p).toBe(1)
  })

  it('give every factor no share of the variance that is not there', () => {
    const design = sobolDesign([{ name: 'a', from: 0, to: 1 }], { samples: 8 })
    const [index] = sobolIndices(
      design,
      design.points.map(() => 5),
    )
    expect([index?.first, index?.total]).toEqual([0, 0])
  })
})

describe('values that vary much', () => {
  it('need a number of replicates that is told, however large it is', () => {
    const { needed } = convergence([-1e5, 1e5, 0, 5e4, -5e4], { half: 1 })
    expect(needed).toBeGreaterThan(2 ** 30)
    expect(needed).toBeLessThan(2 ** 40)
    expect(convergence([-1e5, 1e5], { half: 1e-9 }).needed).toBe(Number.POSITIVE_INFINITY)
  })

  it('have the quantiles of the normal law where there are very many', () => {
    for (const degrees of [1e6, 1e8, 1e12, 1e15]) {
      expect(studentQuantile(0.975, degrees)).toBeCloseTo(1.959964, 5)
      expect(studentP(1.959964, degrees)).toBeCloseTo(0.05, 6)
    }
  })
})

describe('a block of a series', () => {
  const series = Array.from({ length: 50 }, (_, i) => Math.sin(i))
  it.each([0, -3, Number.NaN, Number.POSITIVE_INFINITY, 51])('is refused where it is %d values long', meanBlock => {
    expect(() => seriesMean(series, { meanBlock })).toThrow(/`meanBlock`: expected from 1 to 50/)
    expect(() => seriesInterval(series, meanOf, { meanBlock })).toThrow(/`meanBlock`/)
  })

  it('keeps its order where a statistic sorts what it is given', () => {
    const least = (values: Float64Array) => values.sort()[0] as number
    const careful = (values: Float64Array) => Math.min(...values)
    expect(seriesInterval(series, least, { resamples: 200 })).toEqual(seriesInterval(series, careful, { resamples: 200 }))
  })
})
