/** The moving-block bootstrap of a mean: how surprising it is, when neighbours may depend on each other. */

import { math, type Rng } from '../core/index.js'

export interface BootstrapP {
  /** One-sided p for a positive mean, and for a negative one. */
  readonly p: number
  readonly opposite: number
}

/** Resamples at most, and the exceedances on both sides that settle that neither p is near .05. */
const resamples = 999
const settled = 60

/**
 * Moving-block bootstrap (Künsch 1989) of the mean of the first `n` values: overlapping blocks of ℓ = n^¼ neighbours (the
 * rate for a one-sided distribution, Hall, Horowitz & Jing 1995) are drawn with replacement, their means compared, around
 * their own expectation (Lahiri 1992) and widened by √(k/(k−1)) for k blocks, with the sample's mean:
 * p = (1 + #{mean* − E*mean* ≥ mean}) / (1 + B). Drawing stops once both tails hold 60 (sequential Monte Carlo, Besag &
 * Clifford 1991). Not studentised: with a driver that is mostly silent a share holds some nine events, where a
 * studentised p ≤ .05 comes in 12 % of null shares and this one in 3 %.
 * NaN observations must have been left out. Both p are NaN for fewer than 15 observations, 1 without spread.
 */
export function blockBootstrapP(xs: Float64Array, n: number, rng: Rng): BootstrapP {
  if (n < 15) return { p: Number.NaN, opposite: Number.NaN }
  const length = Math.round(math.pow(n, 0.25))
  const sums = blockSums(xs, n, length)
  if (sums.every(s => s === sums[0])) return { p: 1, opposite: 1 }
  const blocks = Math.round(n / length)
  const expected = blocks * meanOf(sums, sums.length)
  const surprise = blocks * length * meanOf(xs, n) * Math.sqrt((blocks - 1) / blocks)
  let above = 0
  let below = 0
  let b = 0
  for (; b < resamples && (above < settled || below < settled); b++) {
    let drawn = -expected
    for (let i = 0; i < blocks; i++) drawn += sums[rng.int(sums.length)] as number
    if (drawn >= surprise) above++
    if (drawn <= surprise) below++
  }
  return { p: (1 + above) / (1 + b), opposite: (1 + below) / (1 + b) }
}

/** Sums of all overlapping blocks. */
function blockSums(xs: Float64Array, n: number, length: number): Float64Array {
  const sums = new Float64Array(n - length + 1)
  for (let i = 0; i < sums.length; i++) {
    let sum = 0
    for (let k = i; k < i + length; k++) sum += xs[k] as number
    sums[i] = sum
  }
  return sums
}

function meanOf(values: Float64Array, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) sum += values[i] as number
  return sum / n
}
