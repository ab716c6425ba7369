/** What was traded in one bar by accepted prints, and how much of it is in doubt: what a bar of that interval is compared with. */

import type { TimeMs } from '../core/index.js'
import type { MarketTrade } from './candle.js'
import { guardLimits } from './limits.js'

/** The accepted prints of one bar: `low` is above `high` while there is none. */
export interface TradedRange {
  /** Start of the bar. */
  readonly time: TimeMs
  low: number
  high: number
  first: number
  last: number
  /** Prints that were not accepted, and their volume. */
  doubts: number
  doubtedVolume: number
}

/** Where ranges are kept. */
export interface Ranges {
  readonly barMs: number
  ranges: TradedRange[]
}

/** An accepted print is part of its bar. */
export function includePrint(kept: Ranges, { time, price }: MarketTrade): void {
  const range = rangeAt(kept, time)
  if (range.low > range.high) range.first = price
  range.low = Math.min(range.low, price)
  range.high = Math.max(range.high, price)
  range.last = price
}

/** A print that is not accepted is no part of its bar. */
export function doubtPrint(kept: Ranges, { time, volume }: MarketTrade): void {
  const range = rangeAt(kept, time)
  range.doubts++
  range.doubtedVolume += volume
}

/** A print that was in doubt is accepted after all. */
export function withdrawDoubt(kept: Ranges, print: MarketTrade): void {
  const range = rangeOf(kept, startOf(kept, print.time))
  if (range === undefined) return
  range.doubts--
  range.doubtedVolume -= print.volume
  includePrint(kept, print)
}

/** What was traded in the bar that starts there. */
export function rangeOf({ ranges }: Ranges, barTime: TimeMs): TradedRange | undefined {
  return ranges.find(({ time }) => time === barTime)
}

function startOf({ barMs }: Ranges, time: TimeMs): TimeMs {
  return time - (time % barMs)
}

function rangeAt(kept: Ranges, time: TimeMs): TradedRange {
  const start = startOf(kept, time)
  const known = rangeOf(kept, start)
  if (known !== undefined) return known
  const low = Number.POSITIVE_INFINITY
  const high = Number.NEGATIVE_INFINITY
  const range = { time: start, low, high, first: Number.NaN, last: Number.NaN, doubts: 0, doubtedVolume: 0 }
  kept.ranges.push(range)
  if (kept.ranges.length > guardLimits.rangedBars) kept.ranges.shift()
  return range
}
