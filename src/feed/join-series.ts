/** One series of a pair's files: adjoining or overlapping, the first file's bars standing where two have one of the same time. */

import type { TimeMs } from '../core/index.js'
import { CandleSeries } from '../market/index.js'

/** What one file gave to a joined series. */
export interface Contribution {
  /** Bars that stand in the series. */
  readonly bars: number
  /** Bars for which a file before has other prices, or another volume where both are known, and the times of the first few. */
  readonly differing: number
  readonly firstDiffering: readonly TimeMs[]
  /** All of them: from the first to the last of those that follow one another among the bars that both have. */
  readonly ranges: readonly TimeRange[]
}

/** Starts of bars, both inclusive. */
export interface TimeRange {
  readonly from: TimeMs
  readonly to: TimeMs
}

export interface JoinedSeries {
  readonly series: CandleSeries
  /** In the order of the files. */
  readonly contributions: readonly Contribution[]
}

/** Joins series in order of preference. */
export function joinSeries(parts: readonly CandleSeries[]): JoinedSeries {
  let series = parts[0] ?? new CandleSeries(0)
  const contributions: Contribution[] = [{ bars: series.length, ...new Differences().found }]
  for (const part of parts.slice(1)) {
    const before = series.length
    const joined = joinTwo(series, part)
    series = joined.series
    contributions.push({ bars: series.length - before, ...joined.differences.found })
  }
  return { series, contributions }
}

function joinTwo(first: CandleSeries, second: CandleSeries): { series: CandleSeries; differences: Differences } {
  const series = new CandleSeries(first.length + second.length)
  const differences = new Differences()
  let i = 0
  let j = 0
  while (i < first.length || j < second.length) {
    const a = i < first.length ? (first.time[i] as number) : Number.POSITIVE_INFINITY
    const b = j < second.length ? (second.time[j] as number) : Number.POSITIVE_INFINITY
    if (a === b) differences.add(a, sameBar(first, i, second, j))
    if (a <= b) series.pushFrom(first, i++)
    else series.pushFrom(second, j)
    if (b <= a) j++
  }
  return { series: series.trim(), differences }
}

/** Times of which the first few are listed. */
const mostTimes = 3

/** Gathers where two files differ, bar by bar of those that both have. */
class Differences {
  private bars = 0
  private readonly first: TimeMs[] = []
  private readonly ranges: { from: TimeMs; to: TimeMs }[] = []
  private open = false

  add(time: TimeMs, same: boolean): void {
    const range = this.open ? this.ranges.at(-1) : undefined
    this.open = !same
    if (same) return
    this.bars++
    if (this.first.length < mostTimes) this.first.push(time)
    if (range === undefined) this.ranges.push({ from: time, to: time })
    else range.to = time
  }

  get found(): Omit<Contribution, 'bars'> {
    return { differing: this.bars, firstDiffering: this.first, ranges: this.ranges }
  }
}

/** A volume of 0 is an unknown one. */
function sameBar(a: CandleSeries, i: number, b: CandleSeries, j: number): boolean {
  const volumes = a.volume[i] === b.volume[j] || a.volume[i] === 0 || b.volume[j] === 0
  return volumes && a.open[i] === b.open[j] && a.high[i] === b.high[j] && a.low[i] === b.low[j] && a.close[i] === b.close[j]
}
