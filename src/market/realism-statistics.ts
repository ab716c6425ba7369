/** The statistics behind the realism table: textbook figures of one series or two, over what is there of them. */

import { DAY_MS, HOUR_MS, math } from '../core/index.js'

const TAIL_SHARE = 0.05
/** A mean of so many correlations is known to a hundredth; a hundred pairs have ten times as many. */
const MOST_CORRELATIONS = 500
/** 1970-01-01 was a Thursday: days since then, modulo 7. */
const SATURDAY = 2
const SUNDAY = 3

/** Log returns, aligned with the closes: NaN at the first bar and beside every missing one. */
export function logReturns(closes: Float64Array): Float64Array {
  const r = new Float64Array(closes.length).fill(Number.NaN)
  for (let i = 1; i < closes.length; i++) r[i] = math.log((closes[i] as number) / (closes[i - 1] as number))
  return r
}

/** Sample autocorrelation at lag k, normalised by the full-sample variance. */
export function autocorrelation(x: Float64Array, k: number): number {
  const m = meanOf(x)
  let square = 0
  let cross = 0
  for (let i = 0; i < x.length; i++) {
    const d = (x[i] as number) - m
    square += d * d
    if (i >= k) cross += d * ((x[i - k] as number) - m)
  }
  return cross / square
}

/** Fourth standardised moment less 3; 0 for a normal law. */
export function excessKurtosis(x: Float64Array): number {
  const m = meanOf(x)
  let second = 0
  let fourth = 0
  for (const v of x) {
    const square = (v - m) * (v - m)
    second += square
    fourth += square * square
  }
  return (x.length * fourth) / (second * second) - 3
}

/** Hill's (1975) estimate of the tail index from the largest 5 % of positive sizes. */
export function hillIndex(sizes: Float64Array): number {
  const sorted = sizes.filter(v => v > 0).sort()
  const k = Math.floor(sorted.length * TAIL_SHARE)
  const threshold = math.log(sorted[sorted.length - k - 1] as number)
  let sum = 0
  for (let i = sorted.length - k; i < sorted.length; i++) sum += math.log(sorted[i] as number) - threshold
  return k / sum
}

/** Pearson correlation over the places where both have a value; NaN with fewer than two or without spread. */
export function correlation(x: Float64Array, y: Float64Array): number {
  let n = 0
  let mx = 0
  let my = 0
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < x.length; i++) {
    const a = x[i] as number
    const b = y[i] as number
    if (Number.isNaN(a) || Number.isNaN(b)) continue
    n++
    const dx = a - mx
    const dy = b - my
    mx += dx / n
    my += dy / n
    xx += dx * (a - mx)
    yy += dy * (b - my)
    xy += dx * (b - my)
  }
  return xy / Math.sqrt(xx * yy)
}

/** The correlations of pairs of series, where they have one: of all, or of evenly many of them where there are more than 500. */
export function correlations(series: readonly Float64Array[]): number[] {
  const couples = (series.length * (series.length - 1)) / 2
  const every = Math.max(1, couples / MOST_CORRELATIONS)
  const found: number[] = []
  let place = 0
  let next = 0
  for (const [i, x] of series.entries()) {
    for (let j = i + 1; j < series.length; j++) {
      if (place++ < next) continue
      next += every
      const c = correlation(x, series[j] as Float64Array)
      if (Number.isFinite(c)) found.push(c)
    }
  }
  return found
}

/** Spread of the mean sizes of the 24 hours of the day (UTC) about the mean of them all, as a share of it; `times` in ms. */
export function dailyCycle(sizes: Float64Array, times: Float64Array): number {
  const sum = new Float64Array(24)
  const count = new Float64Array(24)
  for (let i = 0; i < sizes.length; i++) {
    const hour = Math.floor((times[i] as number) / HOUR_MS) % 24
    sum[hour] = (sum[hour] as number) + (sizes[i] as number)
    count[hour] = (count[hour] as number) + 1
  }
  const means = sum.map((s, hour) => s / (count[hour] as number))
  const whole = meanOf(means)
  return Math.sqrt(meanOf(means.map(m => (m - whole) ** 2))) / whole
}

/** Mean size at weekends (UTC) over that of weekdays. */
export function weekendRatio(sizes: Float64Array, times: Float64Array): number {
  const sum = [0, 0]
  const count = [0, 0]
  for (let i = 0; i < sizes.length; i++) {
    const day = Math.floor((times[i] as number) / DAY_MS) % 7
    const which = day === SATURDAY || day === SUNDAY ? 1 : 0
    sum[which] = (sum[which] as number) + (sizes[i] as number)
    count[which] = (count[which] as number) + 1
  }
  return (sum[1] as number) / (count[1] as number) / ((sum[0] as number) / (count[0] as number))
}

/** The median of what could be computed; null where nothing could. */
export function median(values: Iterable<number>): number | null {
  const sorted = [...values].filter(Number.isFinite).sort((a, b) => a - b)
  if (sorted.length === 0) return null
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}

/** Sums of consecutive, disjoint groups of n. */
export function sums(x: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: Math.floor(x.length / n) }, (_, g) =>
    x.subarray(g * n, (g + 1) * n).reduce((a, b) => a + b, 0),
  )
}

/** Arithmetic mean. */
export function meanOf(x: Float64Array | readonly number[]): number {
  let sum = 0
  for (const v of x) sum += v
  return sum / x.length
}
