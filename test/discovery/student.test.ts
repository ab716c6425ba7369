import { describe, expect, it } from 'vitest'
import { blockZ, normalOfT, normalTail, tStatistic } from '../../src/discovery/index.js'

describe('Student’s law', () => {
  // Quantiles of t and of the normal law with the same tail probability (R: qt, qnorm).
  it.each([
    [17, 1.739606726, 1.644853627],
    [17, 2.109815578, 1.959963985],
    [17, 2.89823052, 2.575829304],
    [17, 3.645767, 3.090232],
    [19, 1.729132812, 1.644853627],
    [19, 2.093024054, 1.959963985],
    [19, 2.860934606, 2.575829304],
    [53, 2.005745995, 1.959963985],
    [53, 2.671822, 2.575829304],
    [10, 2.228138852, 1.959963985],
  ])('with %i degrees of freedom makes a t of %f a normal deviate of %f', (freedom, t, z) => {
    expect(Math.abs(normalOfT(t, freedom) - z)).toBeLessThan(1e-6)
    expect(normalOfT(-t, freedom)).toBe(-normalOfT(t, freedom))
  })

  it('is odd, increasing, and the normal law where there are many observations', () => {
    expect(normalOfT(0, 17)).toBe(0)
    let last = -1
    for (let t = 0; t < 60; t += 0.05) {
      const z = normalOfT(t, 17)
      expect(z).toBeGreaterThan(last)
      expect(z).toBeLessThanOrEqual(t)
      last = z
    }
    expect(normalOfT(3, 1e6)).toBeCloseTo(3, 4)
  })

  it('makes of block sums the z of their mean: √n · mean / sd with n − 1 degrees of freedom, and nothing of two or of no spread', () => {
    const xs = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3]
    const mean = xs.reduce((a, b) => a + b) / 18
    const sd = Math.sqrt(xs.reduce((a, x) => a + (x - mean) ** 2, 0) / 17)
    const sums = [18 * mean, xs.reduce((a, x) => a + x * x, 0)] as const
    expect(tStatistic(18, ...sums)).toBeCloseTo((Math.sqrt(18) * mean) / sd, 12)
    expect(blockZ(18, ...sums)).toBe(normalOfT(tStatistic(18, ...sums), 17))
    expect(blockZ(2, 3, 5)).toBeNaN()
    expect(blockZ(18, 18, 18)).toBeNaN()
  })

  it('has the normal tails of the tables', () => {
    for (const [z, p] of [
      [0, 0.5],
      [1, 0.158655254],
      [1.96, 0.024997895],
      [3, 0.001349898],
      [-2, 0.977249868],
    ] as const)
      expect(Math.abs(normalTail(z) - p)).toBeLessThan(2e-7)
  })
})
