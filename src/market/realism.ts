/**
 * Realism statistics: the habits of real prices (Cont 2001, "stylized facts") measured on any run, made or real, beside
 * the ranges a synthetic market must reach and the figures of real hourly crypto.
 */

import { math } from '../core/index.js'

/** One pair's bars on a grid shared by all pairs of a run; NaN where the pair had no bar. */
export interface RealismSeries {
  readonly pair: string
  readonly closes: Float64Array
  readonly volumes: Float64Array | Float32Array
}

/** One property of real markets, measured on a market beside the range that real ones show. */
export interface RealismRow {
  readonly name: string
  /** Median over pairs (the correlation: mean over pairs of pairs); null where no pair has a value. */
  readonly value: number | null
  /** Why there is no value. */
  readonly reason?: string
  /** The range to reach; "–" where none is asked. */
  readonly target: string
  /** Whether the value lies in it; null where there is no value or no range. */
  readonly ok: boolean | null
  /** The same figure of real hourly crypto since 2020: where most of 16 pairs lie. */
  readonly real: string
}

/** Fewer returns than these say nothing about tails and memory. */
const LEAST_RETURNS = 500
const LONGEST_LAG = 50
/** Bars summed to see kurtosis fall. */
const AGGREGATED = 24
const TAIL_SHARE = 0.05

/** What is asked of a statistic: a target in words, the test of it, and what real markets show. */
interface Habit {
  readonly name: string
  readonly target: string
  readonly ok?: (value: number) => boolean
  readonly real: string
}

const habits: readonly (Habit & { readonly of: keyof PairStatistics })[] = [
  { name: 'largest |acf(r, k)|, k = 1…50', of: 'largestAcf', target: '≤ 0.08', ok: v => v <= 0.08, real: '0.04–0.10' },
  { name: 'excess kurtosis', of: 'kurtosis', target: '> 1', ok: v => v > 1, real: '13–50' },
  { name: 'Hill index, top 5 %', of: 'hill', target: '2–5', ok: v => v >= 2 && v <= 5, real: '2.6–3.0' },
  { name: 'acf(|r|, 1)', of: 'acf1', target: '≥ 0.10', ok: v => v >= 0.1, real: '0.26–0.30' },
  { name: 'acf(|r|, 50)', of: 'acf50', target: '≥ 0.03', ok: v => v >= 0.03, real: '0.11–0.18' },
  { name: 'acf(|r|, 168)', of: 'acf168', target: '–', real: '0.09–0.11' },
  { name: 'kurtosis of 24 bars / of 1 bar', of: 'aggregated', target: '< 1', ok: v => v < 1, real: '0.1–0.4' },
  { name: 'corr(|r|, volume)', of: 'volume', target: '≥ 0.2', ok: v => v >= 0.2, real: '0.45–0.64' },
]

const together: Habit = { name: 'mean pair correlation', target: '0.2–0.9', ok: v => v >= 0.2 && v <= 0.9, real: '0.5–0.7' }

/** Measures the table of a run. */
export function realismTable(series: readonly RealismSeries[]): RealismRow[] {
  const pairs = series.map(statisticsOf).filter(s => s !== undefined)
  const short = `fewer than ${LEAST_RETURNS} returns`
  const ofPairs = (habit: Habit & { readonly of: keyof PairStatistics }) =>
    row(habit, medianOf(pairs.map(s => s[habit.of])), pairs.length === 0 ? short : 'prices or volumes never changed')
  const alone = series.length < 2 ? 'one pair alone' : 'no two pairs whose prices changed'
  return [...habits.map(ofPairs), row(together, meanPairCorrelation(series), alone)]
}

interface PairStatistics {
  readonly largestAcf: number
  readonly kurtosis: number
  readonly hill: number
  readonly acf1: number
  readonly acf50: number
  readonly acf168: number
  readonly aggregated: number
  readonly volume: number
}

function statisticsOf({ closes, volumes }: RealismSeries): PairStatistics | undefined {
  const all = logReturns(closes)
  const there = Array.from(all.keys()).filter(i => !Number.isNaN(all[i] as number))
  if (there.length < LEAST_RETURNS) return undefined
  const r = Float64Array.from(there, i => all[i] as number)
  const sizes = r.map(Math.abs)
  let largestAcf = 0
  for (let k = 1; k <= LONGEST_LAG; k++) largestAcf = Math.max(largestAcf, Math.abs(autocorrelation(r, k)))
  const kurtosis = excessKurtosis(r)
  return {
    largestAcf,
    kurtosis,
    hill: hillIndex(sizes),
    acf1: autocorrelation(sizes, 1),
    acf50: autocorrelation(sizes, 50),
    acf168: autocorrelation(sizes, 168),
    aggregated: excessKurtosis(sums(r, AGGREGATED)) / kurtosis,
    volume: correlation(
      sizes,
      Float64Array.from(there, i => volumes[i] as number),
    ),
  }
}

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

/** Mean correlation of log returns over all pairs of pairs; null for a single pair. */
export function meanPairCorrelation(series: readonly RealismSeries[]): number | null {
  const returns = series.map(s => logReturns(s.closes))
  const all: number[] = []
  returns.forEach((x, i) => {
    for (const y of returns.slice(i + 1)) {
      const c = correlation(x, y)
      if (Number.isFinite(c)) all.push(c)
    }
  })
  return all.length === 0 ? null : all.reduce((a, b) => a + b, 0) / all.length
}

function row({ name, target, ok, real }: Habit, value: number | null, reason: string): RealismRow {
  if (value === null) return { name, value, reason, target, ok: null, real }
  return { name, value, target, ok: ok === undefined ? null : ok(value), real }
}

function meanOf(x: Float64Array): number {
  let sum = 0
  for (const v of x) sum += v
  return sum / x.length
}

/** Sums of consecutive, disjoint groups of n. */
function sums(x: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: Math.floor(x.length / n) }, (_, g) =>
    x.subarray(g * n, (g + 1) * n).reduce((a, b) => a + b, 0),
  )
}

/** The median of what could be computed: without variance a statistic is NaN. */
function medianOf(values: readonly number[]): number | null {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  if (sorted.length === 0) return null
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}
