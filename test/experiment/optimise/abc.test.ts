/** Approximate Bayesian computation against posteriors that have a closed form. */
import { describe, expect, it } from 'vitest'
import { rootOf, Stream } from '../../../src/core/index.js'
import { type AbcResult, abcPosterior } from '../../../src/experiment/optimise/abc.js'
import { aroundPopulation } from '../../../src/experiment/optimise/population-proposals.js'
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

  it('comes nearer to the data in rounds than by rejection at the same budget, and gives the same posterior', async () => {
    const n = 20
    const found = []
    for (const rounds of [1, 5]) {
      const rng = new Stream(rootOf(7), 'data')
      const simulate = (points: readonly (readonly number[])[]) =>
        points.map(([mu = 0]) => [Array.from({ length: n }, () => rng.normal(mu, 2)).reduce((a, b) => a + b, 0) / n])
      const options = { ranges: [{ name: 'mu', from: -100, to: 100 }], observed: [1.3], budget: times(5_000, 40_000), rounds }
      found.push(await abcPosterior(simulate, options))
    }
    const [rejection, rounds] = found as [AbcResult, AbcResult]
    expect(rounds.simulated).toBe(rejection.simulated)
    expect(rounds.tolerance).toBeLessThan(rejection.tolerance / 4)
    const [{ mean, sd } = { mean: 0, sd: 0 }] = rounds.posterior
    expect(Math.abs(mean - 1.3)).toBeLessThan(0.1)
    expect(Math.abs(sd / (2 / Math.sqrt(n)) - 1)).toBeLessThan(0.12)
  })

  it('weighs what it draws around a population so that it stays a sample of the prior', () => {
    const rng = new Stream(rootOf(8), 'places')
    const population = Array.from({ length: 50 }, () => ({ place: [rng.float(), rng.float() ** 2], weight: 1 }))
    const drawn = aroundPopulation(population, 20_000, rng)
    const total = drawn.reduce((sum, { weight }) => sum + weight, 0)
    const meanOf = (of: (place: readonly number[]) => number) =>
      drawn.reduce((sum, { place, weight }) => sum + weight * of(place), 0) / total
    expect(Math.abs(meanOf(([x = 0]) => x) - 1 / 2)).toBeLessThan(0.02)
    expect(Math.abs(meanOf(([, y = 0]) => y) - 1 / 2)).toBeLessThan(0.03)
    expect(Math.abs(meanOf(([x = 0]) => x * x) - 1 / 3)).toBeLessThan(0.02)
    // The mean weight is the volume of the prior, 1.
    expect(Math.abs(total / drawn.length - 1)).toBeLessThan(0.05)
  })

  it('says how many simulations it takes where there are too few that gave anything', async () => {
    const nothing = (points: readonly (readonly number[])[]) => points.map(() => [Number.NaN])
    const options = { ranges: [{ name: 'x', from: 0, to: 1 }], observed: [0], budget: 50 }
    await expect(abcPosterior(nothing, options)).rejects.toThrow(/at least 7 simulations/)
  })
})
