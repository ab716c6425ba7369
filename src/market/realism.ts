/**
 * Realism: the stylized facts of real prices (Cont 2001) measured on any run, made or real, and judged by the range
 * in which real windows of the same length lie.
 */

import { HOUR_MS } from '../core/index.js'
import { type RealRange, realRange, type StylizedFact } from './realism-ranges.js'
import {
  autocorrelation,
  correlation,
  correlations,
  dailyCycle,
  excessKurtosis,
  hillIndex,
  logReturns,
  meanOf,
  median,
  sums,
  weekendRatio,
} from './realism-statistics.js'

/** One pair's bars on a grid shared by all pairs of a run; NaN where the pair had no bar. */
export interface RealismSeries {
  readonly pair: string
  readonly closes: Float64Array
  readonly volumes: Float64Array | Float32Array
  /** |open / last close − 1|; NaN where the bar before is missing. */
  readonly gaps: Float64Array | Float32Array
}

/** The grid of a run's bars. */
export interface RealismGrid {
  readonly barMs: number
  /** Start of each bar, ms since 1970. */
  readonly times: Float64Array
}

/** One property of real markets, measured on a market beside the range that real ones show. */
export interface RealismRow {
  readonly name: string
  /** Median over pairs (a correlation of pairs: mean over pairs of pairs); null where no pair has a value. */
  readonly value: number | null
  /** Why there is no value, or no verdict. */
  readonly reason?: string
  /** Where 90 % of real windows of this length lie; "–" where there are none to compare with. */
  readonly target: string
  /** Whether the value lies in it; null where there is no value or no range. */
  readonly ok: boolean | null
}

/** Fewer returns than these say nothing about tails and memory. */
const LEAST_RETURNS = 500
const LONGEST_LAG = 50
/** Bars summed to see kurtosis fall. */
const AGGREGATED = 24
const BASIS_POINTS = 10_000

const ofPairs: readonly (readonly [StylizedFact, string])[] = [
  ['largestAcf', 'largest |acf(r, k)|, k = 1…50'],
  ['kurtosis', 'excess kurtosis'],
  ['hill', 'Hill index, top 5 %'],
  ['acf1', 'acf(|r|, 1)'],
  ['acf50', 'acf(|r|, 50)'],
  ['acf168', 'acf(|r|, 168)'],
  ['aggregated', 'kurtosis of 24 bars / of 1 bar'],
  ['volumeAcf1', 'acf(volume, 1)'],
  ['volume', 'corr(|r|, volume)'],
  ['daily', '|r| over the hours of a day: sd / mean'],
  ['weekend', '|r| at weekends / on weekdays'],
  ['gap', 'open off the last close, median, bp'],
]

type MarketFact = 'correlation' | 'falling' | 'rising' | 'fallingLessRising'

const ofMarket: readonly (readonly [MarketFact, string])[] = [
  ['correlation', 'mean pair correlation'],
  ['falling', 'the same while the market falls'],
  ['rising', 'the same while the market rises'],
  ['fallingLessRising', 'falling less rising'],
]

/** Measures the table of a run. */
export function realismTable(series: readonly RealismSeries[], grid: RealismGrid): RealismRow[] {
  const pairs = series.map(s => pairFacts(s, grid)).filter(s => s !== undefined)
  const market = marketFacts(series)
  const judge = judgeOf(grid)
  const short = `fewer than ${LEAST_RETURNS} returns`
  const unmoved = pairs.length === 0 ? short : 'prices or volumes never changed'
  const alone = series.length < 2 ? 'one pair alone' : 'no two pairs whose prices changed'
  return [
    ...ofPairs.map(([fact, name]) => judge(fact, name, median(pairs.map(p => p[fact] ?? Number.NaN)), unmoved)),
    ...ofMarket.map(([fact, name]) => judge(fact, name, meanOrNull(market[fact]), alone)),
  ]
}

/** The figures of one pair; undefined for a short one. */
export function pairFacts(
  { closes, volumes, gaps }: RealismSeries,
  grid: RealismGrid,
): Partial<Record<StylizedFact, number>> | undefined {
  const all = logReturns(closes)
  const there = Array.from(all.keys()).filter(i => !Number.isNaN(all[i] as number))
  if (there.length < LEAST_RETURNS) return undefined
  const pick = (x: ArrayLike<number>) => Float64Array.from(there, i => x[i] as number)
  const r = pick(all)
  const sizes = r.map(Math.abs)
  const traded = pick(volumes)
  const times = pick(grid.times)
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
    volumeAcf1: autocorrelation(traded, 1),
    volume: correlation(sizes, traded),
    daily: dailyCycle(sizes, times),
    weekend: weekendRatio(sizes, times),
    gap: BASIS_POINTS * (Number.isFinite(kurtosis) ? (median(gaps) ?? Number.NaN) : Number.NaN),
  }
}

/**
 * The figures of all pairs of pairs: one list a fact. The market falls in a bar in which the pairs' mean return is below 0.
 */
export function marketFacts(series: readonly RealismSeries[]): Record<MarketFact, number[]> {
  const returns = series.map(s => logReturns(s.closes))
  const market = meanReturns(returns)
  const where = (keep: (m: number) => boolean) =>
    correlations(returns.map(r => r.map((v, i) => (keep(market[i] as number) ? v : Number.NaN))))
  const falling = where(m => m < 0)
  const rising = where(m => m > 0)
  const both = falling.length === rising.length ? falling.map((f, i) => f - (rising[i] as number)) : []
  return { correlation: correlations(returns), falling, rising, fallingLessRising: both }
}

function meanReturns(returns: readonly Float64Array[]): Float64Array {
  return Float64Array.from({ length: returns[0]?.length ?? 0 }, (_, i) => {
    let sum = 0
    let n = 0
    for (const r of returns) {
      const v = r[i] as number
      if (Number.isNaN(v)) continue
      sum += v
      n++
    }
    return sum / n
  })
}

function meanOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : meanOf(values)
}

/** What turns a figure into a row: hourly bars are judged by hourly windows, others are measured only. */
function judgeOf({ barMs, times }: RealismGrid) {
  const unlike = barMs === HOUR_MS ? undefined : 'the real windows are of hourly bars'
  return (fact: StylizedFact, name: string, value: number | null, unmeasured: string): RealismRow => {
    const range = unlike === undefined ? realRange(fact, times.length) : undefined
    const target = range === undefined ? '–' : inWords(range)
    if (value === null) return { name, value, reason: unmeasured, target, ok: null }
    if (range === undefined) return { name, value, reason: unlike ?? `no real windows of ${times.length} bars`, target, ok: null }
    return { name, value, target, ok: value >= range.least && value <= range.most }
  }
}

function inWords({ least, most }: RealRange): string {
  const digits = Math.max(Math.abs(least === Number.NEGATIVE_INFINITY ? 0 : least), Math.abs(most)) >= 10 ? 0 : 2
  return least === Number.NEGATIVE_INFINITY ? `≤ ${most.toFixed(digits)}` : `${least.toFixed(digits)}…${most.toFixed(digits)}`
}
