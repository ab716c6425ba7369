/** The clock of a replayed market: the union of the pairs' bars, between the first and last instant most pairs share. */

import { OperatorError, type TimeMs } from '../core/index.js'
import { formatTime } from './parse-time.js'
import type { CandleSeries } from './series.js'

/** Starts of bars, strictly increasing. Never empty. */
export type ReplayClock = Float64Array

export interface ReplayRange {
  /** First and last start of a bar, both inclusive. */
  readonly from?: TimeMs | undefined
  readonly to?: TimeMs | undefined
}

/** Union of all bars in the range; its defaults are the first and last instant at which ≥ ⅔ of the pairs are in their range. */
export function replayClock(series: readonly CandleSeries[], range: ReplayRange): ReplayClock {
  const from = range.from ?? shared(series, 'from')
  const to = range.to ?? shared(series, 'to')
  const clock = union(series, from, to)
  if (clock.length > 0) return clock
  throw new OperatorError({
    what: 'market range',
    expected: `bars between ${formatTime(from)} and ${formatTime(to)}`,
    got: 'none',
    next: `The candles run from ${formatTime(edge(series, 'from'))} to ${formatTime(edge(series, 'to'))}: change \`from\` or \`to\`.`,
  })
}

function edge(series: readonly CandleSeries[], side: 'from' | 'to'): TimeMs {
  const times = series.map(s => s[side])
  return side === 'from' ? Math.min(...times) : Math.max(...times)
}

/** The first (or last) instant at which enough pairs are listed. Presence only changes at a pair's first and last bar. */
function shared(series: readonly CandleSeries[], side: 'from' | 'to'): TimeMs {
  const enough = Math.ceil((2 * series.length) / 3)
  const present = (t: TimeMs) => series.filter(s => s.from <= t && t <= s.to).length >= enough
  const edges = series.map(s => s[side]).filter(present)
  if (edges.length > 0) return side === 'from' ? Math.min(...edges) : Math.max(...edges)
  throw new OperatorError({
    what: 'market range',
    expected: `an instant at which at least ${enough} of ${series.length} pairs have candles`,
    got: 'none',
    next: 'Choose pairs whose candles overlap, or give `from` and `to`.',
  })
}

function union(series: readonly CandleSeries[], from: TimeMs, to: TimeMs): Float64Array {
  const spans = series.map(s => s.time.subarray(s.indexAt(from), s.indexAt(to + 1)))
  const all = new Float64Array(spans.reduce((sum, s) => sum + s.length, 0))
  let n = 0
  for (const span of spans) {
    all.set(span, n)
    n += span.length
  }
  all.sort()
  let distinct = 0
  for (let i = 0; i < n; i++) {
    if (distinct === 0 || all[i] !== all[distinct - 1]) all[distinct++] = all[i] as number
  }
  return all.slice(0, distinct)
}
