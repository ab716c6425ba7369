/** The bootstrap of a mean of block sums: how surprising it is where no law is assumed of them. */

import type { Rng } from '../core/index.js'

export interface BootstrapP {
  /** One-sided p for a positive mean, and for a negative one. */
  readonly p: number
  readonly opposite: number
}

/** Resamples at most, and the exceedances on both sides that settle that neither p is near .05. */
const resamples = 999
const settled = 60
const fewest = 12

/**
 * Bootstrap (Efron 1979) of the mean of the first `n` values. The values are sums over blocks of 24 bars that are two blocks
 * apart, so that they are drawn one by one. Drawn means are compared, around the sample's mean and widened by √(n/(n−1)), with that mean:
 * p = (1 + #{mean* − mean ≥ mean}) / (1 + B). Drawing stops once both tails hold 60 (sequential Monte Carlo, Besag &
 * Clifford 1991). Not studentised, because a silent driver leaves few values that speak.
 * Both p are NaN for fewer than 12 values, 1 without spread.
 */
export function bootstrapP(values: Float64Array, n: number, rng: Rng): BootstrapP {
  if (n < fewest) return { p: Number.NaN, opposite: Number.NaN }
  const sum = sumOf(values, n)
  if (isConstant(values, n)) return { p: 1, opposite: 1 }
  const surprise = sum * Math.sqrt((n - 1) / n)
  let above = 0
  let below = 0
  let b = 0
  for (; b < resamples && (above < settled || below < settled); b++) {
    let drawn = -sum
    for (let i = 0; i < n; i++) drawn += values[rng.int(n)] as number
    if (drawn >= surprise) above++
    if (drawn <= surprise) below++
  }
  return { p: (1 + above) / (1 + b), opposite: (1 + below) / (1 + b) }
}

function sumOf(values: Float64Array, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) sum += values[i] as number
  return sum
}

function isConstant(values: Float64Array, n: number): boolean {
  for (let i = 1; i < n; i++) if (values[i] !== values[0]) return false
  return true
}
