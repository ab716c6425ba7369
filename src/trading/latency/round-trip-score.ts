/** How late a host answers, as one number: the robust z of its log round trip that most vantage points reach. Plain data. */

import { MINUTE_MS, type TimeMs } from '../../core/index.js'
import type { NetScan } from '../../market/index.js'
import { newRobustWindow } from './robust-window.js'
import {
  hasLasted,
  knowsUsual,
  observeRoundTrip,
  type RoundTripSettings,
  type RoundTrips,
  relearn,
  usualScale,
} from './round-trip.js'

/** A vantage point that has sent nothing for longer is not heard. */
const HEARD_MS = 30 * MINUTE_MS
/** Beyond it one score says no more than another. */
const MOST = 10

interface ScoredVantage extends RoundTrips {
  time: TimeMs
  /** NaN: too little was seen to say what is usual. */
  score: number
}

/** The state of one host, by vantage point. */
export type HostScore = Map<string, ScoredVantage>

/** Takes a scan of the host. */
export function scoreScan(host: HostScore, scan: NetScan, settings: RoundTripSettings): void {
  const state = host.get(scan.vantage) ?? newVantage(settings)
  host.set(scan.vantage, state)
  const known = knowsUsual(state, settings)
  // The scale before the scan: one that is far out must not widen what it is measured by.
  const scale = usualScale(state.usual, settings)
  if (Number.isNaN(observeRoundTrip(state, scan, settings))) return
  state.time = scan.time
  state.score = known ? Math.max(-MOST, Math.min(MOST, state.ratio / scale)) : Number.NaN
  if (hasLasted(state, settings)) relearn(state)
}

function newVantage({ windowScans }: RoundTripSettings): ScoredVantage {
  return { usual: newRobustWindow(windowScans), flagged: 0, calm: 0, ratio: 0, time: 0, score: Number.NaN }
}

/** The score that more than half of the vantage points reach, 0 where they differ in sign; NaN where fewer than two are heard. */
export function agreedScore(host: HostScore, now: TimeMs): number {
  const scores = [...host.values()].filter(({ time, score }) => now - time <= HEARD_MS && !Number.isNaN(score))
  if (scores.length < 2) return Number.NaN
  const sorted = scores.map(({ score }) => score).sort((a, b) => a - b)
  const most = Math.floor(sorted.length / 2)
  const low = sorted[most] as number
  const high = sorted[sorted.length - 1 - most] as number
  return high > 0 ? high : low < 0 ? low : 0
}
