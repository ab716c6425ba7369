/** One series of a pair's files: adjoining or overlapping, the first file's bars standing where two have one of the same time. */

import type { TimeMs } from '../core/index.js'
import { CandleSeries } from '../market/index.js'

/** What one file gave to a joined series. */
export interface Contribution {
  /** Bars that stand in the series. */
  readonly bars: number
  /** Times at which a file before it has other prices. */
  readonly differing: readonly TimeMs[]
}

export interface JoinedSeries {
  readonly series: CandleSeries
  /** In the order of the files. */
  readonly contributions: readonly Contribution[]
}

/** Joins series in order of preference. */
export function joinSeries(parts: readonly CandleSeries[]): JoinedSeries {
  let series = parts[0] ?? new CandleSeries(0)
  const contributions: Contribution[] = [{ bars: series.length, differing: [] }]
  for (const part of parts.slice(1)) {
    const before = series.length
    const joined = joinTwo(series, part)
    series = joined.series
    contributions.push({ bars: series.length - before, differing: joined.differing })
  }
  return { series, contributions }
}

function joinTwo(first: CandleSeries, second: CandleSeries): { series: CandleSeries; differing: TimeMs[] } {
  const series = new CandleSeries(first.length + second.length)
  const differing: TimeMs[] = []
  let i = 0
  let j = 0
  while (i < first.length || j < second.length) {
    const a = i < first.length ? (first.time[i] as number) : Number.POSITIVE_INFINITY
    const b = j < second.length ? (second.time[j] as number) : Number.POSITIVE_INFINITY
    if (a === b && !sameBar(first, i, second, j)) differing.push(a)
    if (a <= b) series.pushFrom(first, i++)
    else series.pushFrom(second, j)
    if (b <= a) j++
  }
  return { series: series.trim(), differing }
}

function sameBar(a: CandleSeries, i: number, b: CandleSeries, j: number): boolean {
  return a.open[i] === b.open[j] && a.high[i] === b.high[j] && a.low[i] === b.low[j] && a.close[i] === b.close[j]
}
