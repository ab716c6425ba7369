/**
 * The bars of a guarded market: a price that the accepted prints do not support is brought back to what they show, so that a print
 * that no order fills at moves no indicator, mark or stop either.
 */

import type { TimeMs } from '../core/index.js'
import { type Bar, BarFlag, filledBar } from './candle.js'
import { guardLimits } from './limits.js'
import { knowsMoves, largestMove, lastAcceptedPrice, type PrintGuard } from './print-guard.js'
import { rangeOf, type TradedRange } from './traded-range.js'

/** What may be believed of a bar, flagged where something of it was not, or where nobody watched it. */
export function guardedBar(guard: PrintGuard, bar: Bar): Bar {
  const watched = withFlags(bar, isUnwatched(guard, bar) ? BarFlag.unwatched : 0)
  if ((bar.flags & BarFlag.filled) !== 0) return Number.isNaN(guard.close) ? watched : emptyBar(watched, guard.close, 0)
  const believed = believedBar(guard, watched)
  if (believed !== watched) guard.corrected++
  if ((believed.flags & BarFlag.filled) === 0) observe(guard, believed)
  return believed
}

/** As {@link guardedBar} of a bar that is corrected later: it is held to the same prints, and moves nothing. */
export function guardedRevision(guard: PrintGuard, bar: Bar): Bar {
  const { doubted } = guard
  const believed = believedBar(guard, bar)
  guard.doubted = doubted
  return believed
}

function believedBar(guard: PrintGuard, bar: Bar): Bar {
  const range = rangeOf(guard, bar.time)
  if (range !== undefined && range.low <= range.high) return withinRange(guard, bar, range)
  const last = Number.isNaN(guard.close) ? lastAcceptedPrice(guard) : guard.close
  const isJudged = !Number.isNaN(last) && (knowsMoves(guard) || range !== undefined)
  return isJudged ? nearLast(guard, bar, last) : bar
}

/** A bar with accepted prints: trades that were no prints, because they came late, may lie around these, but no jump away. */
function withinRange(guard: PrintGuard, bar: Bar, range: TradedRange): Bar {
  const { low, high, first, last, doubts } = range
  const around = doubts > 0 ? 0 : largestMove(guard, guard.barMs)
  const within = { low: low * (1 - around), high: high * (1 + around) }
  const open = isWithin(bar.open, within) ? bar.open : first
  const close = isWithin(bar.close, within) ? bar.close : last
  return corrected(bar, {
    open,
    close,
    low: bar.low >= within.low ? bar.low : Math.min(low, open, close),
    high: bar.high <= within.high ? bar.high : Math.max(high, open, close),
    doubts: range,
  })
}

/** A bar without accepted prints, as from before the start: a jump of its close waits for another bar that agrees. */
function nearLast(guard: PrintGuard, bar: Bar, last: number): Bar {
  const { doubted } = guard
  const end = bar.time + bar.barMs
  const agrees = doubted !== null && isWithin(bar.close, around(guard, doubted.close, end - doubted.end))
  const reference = agrees ? bar.close : last
  const within = around(guard, reference, end - guard.closedAt)
  if (!isWithin(bar.close, within)) {
    guard.doubted = { close: bar.close, end }
    return emptyBar(bar, last, BarFlag.filled | BarFlag.outlier | BarFlag.corrected)
  }
  const open = isWithin(bar.open, within) ? bar.open : reference
  const low = bar.low >= within.low ? bar.low : Math.min(open, bar.close)
  const high = bar.high <= within.high ? bar.high : Math.max(open, bar.close)
  return corrected(bar, { open, close: bar.close, low, high })
}

interface Correction extends Pick<Bar, 'open' | 'high' | 'low' | 'close'> {
  readonly doubts?: TradedRange
}

function corrected(bar: Bar, { open, high, low, close, doubts }: Correction): Bar {
  if (open === bar.open && high === bar.high && low === bar.low && close === bar.close) return bar
  const volume = Math.max(0, bar.volume - (doubts?.doubtedVolume ?? 0))
  return { ...bar, open, high, low, close, volume, flags: bar.flags | BarFlag.corrected }
}

/** A bar of which nothing is left, at the last price that was believed. */
function emptyBar({ pair, time, barMs, flags: own }: Bar, priceUsd: number, flags: number): Bar {
  return { ...filledBar(pair, time, priceUsd, barMs), flags: own | flags }
}

function observe(guard: PrintGuard, { time, barMs, close }: Bar): void {
  const end = time + barMs
  if (end <= guard.closedAt) return
  if (!Number.isNaN(guard.close)) {
    guard.moves.push(Math.abs(close / guard.close - 1) / Math.sqrt((end - guard.closedAt) / barMs))
    if (guard.moves.length > guardLimits.movesOfSigma) guard.moves.shift()
  }
  guard.close = close
  guard.closedAt = end
  guard.doubted = null
}

function isUnwatched({ unwatched: { from, to } }: PrintGuard, { time, barMs }: Bar): boolean {
  return time < to && time + barMs > from
}

function around(guard: PrintGuard, price: number, elapsedMs: TimeMs): { low: number; high: number } {
  const move = largestMove(guard, elapsedMs)
  return { low: price * (1 - move), high: price * (1 + move) }
}

function isWithin(price: number, { low, high }: { low: number; high: number }): boolean {
  return price >= low && price <= high
}

function withFlags(bar: Bar, flags: number): Bar {
  return (bar.flags | flags) === bar.flags ? bar : { ...bar, flags: bar.flags | flags }
}
