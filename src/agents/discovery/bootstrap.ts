/** The moving-block bootstrap of a mean: how surprising it is, when neighbours may depend on each other. */

import type { Rng } from '../../core/index.js'

export interface BootstrapP {
  /** One-sided p for a positive mean, and for a negative one. */
  readonly p: number
  readonly opposite: number
}

/** Resamples at most, and the exceedances on both sides that settle that neither p is near .05. */
const resamples = 999
const settled = 60

/**
 * Studentised moving-block bootstrap (Künsch 1989; studentised by the variance of the block sums, Götze & Künsch 1996):
 * blocks of ⌈n^⅓⌉ neighbours are drawn with replacement, their t* = (mean* − E*mean*) / se* compared with the sample's t.
 * p = (1 + #{t* ≥ t}) / (1 + B), stopped once both tails hold 60 exceedances (sequential Monte Carlo, Besag & Clifford 1991).
 * NaN observations must have been left out. Both p are NaN for fewer than 30 observations, 1 without spread.
 */
export function blockBootstrapP(xs: Float64Array, n: number, rng: Rng): BootstrapP {
  if (n < 30) return { p: Number.NaN, opposite: Number.NaN }
  const length = Math.ceil(Math.cbrt(n))
  const sums = blockSums(xs, n, length)
  const draws = Math.round(n / length)
  const centre = meanOf(sums)
  const t = studentised(xs, n, length)
  if (Number.isNaN(t)) return { p: 1, opposite: 1 }
  let above = 0
  let below = 0
  let b = 0
  for (; b < resamples && (above < settled || below < settled); b++) {
    const drawn = resampledT(sums, draws, centre, rng)
    if (drawn >= t) above++
    if (drawn <= t) below++
  }
  return { p: (1 + above) / (1 + b), opposite: (1 + below) / (1 + b) }
}

/** Sums of all overlapping blocks. */
function blockSums(xs: Float64Array, n: number, length: number): Float64Array {
  const sums = new Float64Array(n - length + 1)
  let sum = 0
  for (let i = 0; i < n; i++) {
    sum += xs[i] as number
    if (i >= length) sum -= xs[i - length] as number
    if (i >= length - 1) sums[i - length + 1] = sum
  }
  return sums
}

/** t of the sample itself, by the sums of its own non-overlapping blocks around the sample's mean. */
function studentised(xs: Float64Array, n: number, length: number): number {
  const blocks = Math.floor(n / length)
  let total = 0
  for (let i = 0; i < n; i++) total += xs[i] as number
  const expected = (total / n) * length
  let squares = 0
  for (let b = 0; b < blocks; b++) {
    let sum = 0
    for (let i = b * length; i < (b + 1) * length; i++) sum += xs[i] as number
    squares += (sum - expected) ** 2
  }
  const se = Math.sqrt(squares / (blocks - 1) / blocks)
  return se > 0 ? expected / se : Number.NaN
}

function resampledT(sums: Float64Array, draws: number, centre: number, rng: Rng): number {
  let sum = 0
  let squares = 0
  for (let i = 0; i < draws; i++) {
    const s = (sums[rng.int(sums.length)] as number) - centre
    sum += s
    squares += s * s
  }
  const mean = sum / draws
  const variance = (squares - sum * mean) / (draws - 1)
  return variance > 0 ? mean / Math.sqrt(variance / draws) : 0
}

function meanOf(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  return sum / values.length
}
