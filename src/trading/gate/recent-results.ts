/** Results of the latest trades within a window of time: how many there are, and how many of them are good. */

import type { TimeMs } from '../../core/index.js'
import { gateLimits } from './bounds.js'

/** Plain data, oldest first; both arrays have one entry a trade from `from` on. */
export interface RecentResults {
  readonly times: TimeMs[]
  readonly good: boolean[]
  from: number
  goodCount: number
  /** Forgotten though they were in the window, because there were too many. */
  crowdedOut: number
}

export function newRecentResults(): RecentResults {
  return { times: [], good: [], from: 0, goodCount: 0, crowdedOut: 0 }
}

export function addResult(results: RecentResults, time: TimeMs, isGood: boolean): void {
  results.times.push(time)
  results.good.push(isGood)
  if (isGood) results.goodCount++
  if (resultCount(results) <= gateLimits.recentResults) return
  results.crowdedOut++
  forgetOldest(results)
}

/** Forgets the trades that finished at `time` or before. */
export function forgetUntil(results: RecentResults, time: TimeMs): void {
  while (resultCount(results) > 0 && (results.times[results.from] as TimeMs) <= time) forgetOldest(results)
}

export function resultCount({ times, from }: RecentResults): number {
  return times.length - from
}

/** NaN where there is no trade. */
export function goodShare(results: RecentResults): number {
  return results.goodCount / resultCount(results)
}

function forgetOldest(results: RecentResults): void {
  if (results.good[results.from] === true) results.goodCount--
  results.from++
  // Cut off in one go once half is forgotten, so that a trade costs the same however many there are.
  if (results.from * 2 <= results.times.length) return
  results.times.splice(0, results.from)
  results.good.splice(0, results.from)
  results.from = 0
}
