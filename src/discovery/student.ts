/** Student's t of block sums, and the standard normal deviate it is worth. */

import { math } from '../core/index.js'

/** t = √n · mean / sd, from plain sums; NaN where there is no spread or fewer than three observations. */
export function tStatistic(n: number, sum: number, squares: number): number {
  if (n < 3) return Number.NaN
  const mean = sum / n
  const variance = (squares - sum * mean) / (n - 1)
  return variance > 0 ? (Math.sqrt(n) * mean) / Math.sqrt(variance) : Number.NaN
}

/**
 * The standard normal deviate with the tail probability of t at `freedom` degrees of freedom: |error| < 1e-6 for |t| < 12
 * from 10 degrees on (Hill 1970, CACM algorithm 395).
 */
export function normalOfT(t: number, freedom: number): number {
  const a = freedom - 0.5
  const b = 48 * a * a
  const y = a * math.log(1 + (t * t) / freedom)
  const series = ((((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b) + y + 3) / b + 1
  const z = series * Math.sqrt(y)
  return t < 0 ? -z : z
}

/** The test of every stage: t over block sums, as a standard normal deviate by Student's law with n − 1 degrees of freedom. */
export function blockZ(n: number, sum: number, squares: number): number {
  return normalOfT(tStatistic(n, sum, squares), n - 1)
}

/** P(Z > z) of a standard normal; |error| < 1.5e-7 (Abramowitz & Stegun 1964, 7.1.26). */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const k = 1 / (1 + 0.3275911 * x)
  const series = ((((1.061405429 * k - 1.453152027) * k + 1.421413741) * k - 0.284496736) * k + 0.254829592) * k
  const tail = 0.5 * series * math.exp(-x * x)
  return z > 0 ? tail : 1 - tail
}
