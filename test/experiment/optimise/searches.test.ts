/** The searches against random search on functions whose minima are published, over several seeds. */
import { describe, expect, it } from 'vitest'
import { minimise } from '../../../src/experiment/optimise/minimise.js'
import type { SearchName } from '../../../src/experiment/optimise/search.js'
import { median } from '../../../src/experiment/statistics/index.js'
import { atNight, isNight, times } from '../../tier.js'

interface Problem {
  readonly f: (x: readonly number[]) => number
  readonly ranges: readonly { name: string; from: number; to: number }[]
  readonly least: number
}

/** Dixon and Szegő (1978): three minima of 0.397887. */
const branin: Problem = {
  f: ([x = 0, y = 0]) =>
    (y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6) ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10,
  ranges: [
    { name: 'x', from: -5, to: 10 },
    { name: 'y', from: 0, to: 15 },
  ],
  least: 0.39788736,
}

/** Hartmann's function in six dimensions (Dixon and Szegő 1978): −3.32237, and a local minimum of −3.2032. */
const hartmann: Problem = {
  f: x => {
    const alpha = [1, 1.2, 3, 3.2]
    const a = [
      [10, 3, 17, 3.5, 1.7, 8],
      [0.05, 10, 17, 0.1, 8, 14],
      [3, 3.5, 1.7, 10, 17, 8],
      [17, 8, 0.05, 10, 0.1, 14],
    ]
    const p = [
      [1312, 1696, 5569, 124, 8283, 5886],
      [2329, 4135, 8307, 3736, 1004, 9991],
      [2348, 1451, 3522, 2883, 3047, 6650],
      [4047, 8828, 8732, 5743, 1091, 381],
    ]
    return -alpha.reduce((sum, weight, i) => {
      const far = x.reduce((all, xj, j) => all + (a[i]?.[j] ?? 0) * (xj - (p[i]?.[j] ?? 0) / 10_000) ** 2, 0)
      return sum + weight * Math.exp(-far)
    }, 0)
  },
  ranges: Array.from({ length: 6 }, (_, i) => ({ name: `x${i}`, from: 0, to: 1 })),
  least: -3.32236801,
}

/** Rosenbrock's (1960) valley in four dimensions: 0 at (1, 1, 1, 1). */
const rosenbrock: Problem = {
  f: x => x.slice(1).reduce((sum, next, i) => sum + 100 * (next - (x[i] ?? 0) ** 2) ** 2 + (1 - (x[i] ?? 0)) ** 2, 0),
  ranges: Array.from({ length: 4 }, (_, i) => ({ name: `x${i}`, from: -2, to: 2 })),
  least: 0,
}

/** How far above the minimum each of several seeds ends. */
async function regrets({ f, ranges, least }: Problem, method: SearchName, budget: number, seeds: number): Promise<number[]> {
  const all: number[] = []
  for (let seed = 1; seed <= seeds; seed++)
    all.push((await minimise(points => points.map(f), { ranges, method, budget, seed })).value - least)
  return all
}

const shown = (all: number[]) => `median ${median(all).toPrecision(3)}, worst ${Math.max(...all).toPrecision(3)}`

describe('CMA-ES', () => {
  it('finds the end of Rosenbrock’s valley, where random search stays far away, whatever the seed', {
    timeout: 120_000,
  }, async () => {
    const seeds = times(7, 40)
    const [found, random] = [await regrets(rosenbrock, 'cmaes', 2_500, seeds), await regrets(rosenbrock, 'random', 2_500, seeds)]
    if (isNight) console.log(`Rosenbrock, 2,500 points: CMA-ES ${shown(found)}; random ${shown(random)}`)
    expect(median(found)).toBeLessThan(1e-8)
    expect(Math.max(...found)).toBeLessThan(Math.min(...random))
  })

  it('comes to a minimum of Branin and of Hartmann-6, nearer than random search for most seeds', {
    timeout: 120_000,
  }, async () => {
    const seeds = times(7, 40)
    for (const [problem, budget, bound] of [
      [branin, 200, 0.01],
      [hartmann, 600, 0.15],
    ] as const) {
      const [found, random] = [await regrets(problem, 'cmaes', budget, seeds), await regrets(problem, 'random', budget, seeds)]
      if (isNight) console.log(`${budget} points: CMA-ES ${shown(found)}; random ${shown(random)}`)
      expect(median(found)).toBeLessThan(bound)
      expect(median(found)).toBeLessThan(median(random) / 3)
    }
  })
})

describe('the Gaussian-process search', () => {
  it('comes to a minimum of Branin in 30 points, nearer than random search for every seed', { timeout: 120_000 }, async () => {
    const seeds = times(5, 20)
    const [found, random] = [await regrets(branin, 'gp', 30, seeds), await regrets(branin, 'random', 30, seeds)]
    if (isNight) console.log(`Branin, 30 points: GP ${shown(found)}; random ${shown(random)}`)
    expect(median(found)).toBeLessThan(0.05)
    expect(Math.max(...found)).toBeLessThan(median(random))
  })

  it.runIf(isNight)(
    atNight('comes to a minimum of Hartmann-6 in 100 points, and far down Rosenbrock’s valley'),
    { timeout: 1_800_000 },
    async () => {
      for (const [name, problem, bound] of [
        ['Hartmann-6', hartmann, 0.2],
        ['Rosenbrock', rosenbrock, 5],
      ] as const) {
        const [found, random] = [await regrets(problem, 'gp', 100, 10), await regrets(problem, 'random', 100, 10)]
        console.log(`${name}, 100 points: GP ${shown(found)}; random ${shown(random)}`)
        expect(median(found)).toBeLessThan(bound)
        expect(median(found)).toBeLessThan(median(random) / 3)
      }
    },
  )
})

describe('every search', () => {
  const ranges = [
    { name: 'n', from: 1, to: 4, whole: true },
    { name: 'k', from: 0.001, to: 10, scale: 'log' as const },
  ]

  it.each(['cmaes', 'gp', 'random'] as const)(
    '%s stays within the ranges, whole where they are, and asks the same of the same seed',
    async method => {
      const asked: number[][] = []
      const f = (points: readonly (readonly number[])[]) =>
        points.map(([n = 0, k = 0]) => {
          asked.push([n, k])
          return (n - 3) ** 2 + Math.log10(k) ** 2
        })
      const { evaluations, convergence, point, value } = await minimise(f, { ranges, method, budget: 25, seed: 3 })
      expect(asked).toHaveLength(25)
      for (const [n = 0, k = 0] of asked) {
        expect([1, 2, 3, 4]).toContain(n)
        expect(k >= 0.001 && k <= 10).toBe(true)
      }
      // On a scale of powers of ten, half of the range lies below 0.1.
      if (method === 'random') expect(asked.filter(([, k = 0]) => k < 0.1).length).toBeGreaterThan(5)
      expect(convergence).toHaveLength(25)
      expect(convergence.at(-1)).toBe(value)
      expect(evaluations.map(one => one.value).sort((a, b) => a - b)[0]).toBe(value)
      const again = await minimise(f, { ranges, method, budget: 25, seed: 3 })
      expect(again.evaluations).toEqual(evaluations)
      expect(again.point).toEqual(point)
    },
  )

  it.each(['cmaes', 'gp'] as const)('%s goes on where some points have no value', async method => {
    const f = (points: readonly (readonly number[])[]) => points.map(([x = 0]) => (x < 0.3 ? Number.NaN : (x - 0.5) ** 2))
    const { point, evaluations } = await minimise(f, { ranges: [{ name: 'x', from: 0, to: 1 }], method, budget: 40, seed: 1 })
    expect(point[0]).toBeCloseTo(0.5, 1)
    expect(evaluations.some(({ value }) => value === Number.POSITIVE_INFINITY)).toBe(true)
  })

  it('refuses a range that is none, a method that is none and a budget of nothing', async () => {
    const f = () => [0]
    const options = { ranges: [{ name: 'x', from: 0, to: 1 }], budget: 3 }
    await expect(minimise(f, { ...options, ranges: [{ name: 'x', from: 2, to: 1 }] })).rejects.toThrow(/lower first/)
    await expect(minimise(f, { ...options, ranges: [{ name: 'x', from: 0, to: 1, scale: 'log' }] })).rejects.toThrow(/above 0/)
    await expect(minimise(f, { ...options, method: 'cma' as SearchName })).rejects.toThrow(/Did you mean "cmaes"/)
    await expect(minimise(f, { ...options, budget: 0 })).rejects.toThrow(/`budget`/)
  })
})
