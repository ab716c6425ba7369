/** Approximate Bayesian computation against posteriors that have a closed form. */
import { describe, expect, it } from 'vitest'
import { rootOf, Stream } from '../../../src/core/index.js'
import { abcPosterior } from '../../../src/experiment/optimise/abc.js'
import { times } from '../../tier.js'

describe('approximate Bayesian computation', () => {
  it('gives the posterior of a normal mean under a flat prior: normal around the sample’s mean, sd σ ⁄ √n', async () => {
    const n = 20
    const rng = new Stream(rootOf(5), 'data')
    const simulate = (points: readonly (readonly number[])[]) =>
      points.map(([mu = 0]) => [Array.from({ length: n }, () => rng.normal(mu, 2)).reduce((a, b) => a + b, 0) / n])
    const { posterior, accepted, simulated } = await abcPosterior(simulate, {
      ranges: [{ name: 'mu', from: -10, to: 10 }],
      observed: [1.3],
      budget: times(8_000, 40_000),
      accept: 0.1,
    })
    const [{ mean, sd, interval, median } = { mean: 0, sd: 0, interval: [0, 0], median: 0 }] = posterior
    const truth = 2 / Math.sqrt(n)
    expect(mean).toBeCloseTo(1.3, 1)
    expect(median).toBeCloseTo(1.3, 1)
    expect(Math.abs(sd / truth - 1)).toBeLessThan(0.1)
    expect(Math.abs(interval[0] - (1.3 - 1.96 * truth))).toBeLessThan(0.12)
    expect(Math.abs(interval[1] - (1.3 + 1.96 * truth))).toBeLessThan(0.12)
    expect(accepted).toBe(simulated / 10)
  })

  it('gives the posterior of a share: Beta(k + 1, n − k + 1) after k of n', async () => {
    const rng = new Stream(rootOf(6), 'coins')
    const simulate = (points: readonly (readonly number[])[]) =>
      points.map(([p = 0]) => [Array.from({ length: 30 }, () => Number(rng.chance(p))).reduce((a, b) => a + b, 0)])
    const { posterior } = await abcPosterior(simulate, {
      ranges: [{ name: 'p', from: 0, to: 1 }],
      observed: [9],
      budget: times(8_000, 40_000),
      accept: 0.3,
    })
    const [{ mean, sd } = { mean: 0, sd: 0 }] = posterior
    const [a, b] = [10, 22]
    expect(Math.abs(mean - a / (a + b))).toBeLessThan(0.02)
    expect(Math.abs(sd / Math.sqrt((a * b) / ((a + b) ** 2 * (a + b + 1))) - 1)).toBeLessThan(0.15)
  })

  it('says how many simulations it takes where there are too few that gave anything', async () => {
    const nothing = (points: readonly (readonly number[])[]) => points.map(() => [Number.NaN])
    const options = { ranges: [{ name: 'x', from: 0, to: 1 }], observed: [0], budget: 50 }
    await expect(abcPosterior(nothing, options)).rejects.toThrow(/at least 7 simulations/)
  })
})
