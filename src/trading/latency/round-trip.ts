/** Round trips from one vantage point to one host: what is usual, and how far each scan is from it. Plain data. */

import { math } from '../../core/index.js'
import { leastRttMs, type NetScan } from '../../market/index.js'
import { addToWindow, deviationOf, medianOf, type RobustWindow } from './robust-window.js'

/** When a round trip is unusual. */
export interface RoundTripSettings {
  /** Scans that say what is usual. */
  readonly windowScans: number
  /** Robust standard deviations of log round trip from the median that flag a scan. */
  readonly flagAt: number
  /** Least such deviation, in log: what a route of little jitter may move. */
  readonly leastScale: number
}

export interface RoundTrips {
  readonly usual: RobustWindow
  /** Flagged scans in a row (negative: faster than usual), and usual ones in a row. */
  flagged: number
  calm: number
  /** Log of the latest round trip over the usual one. */
  ratio: number
}

/** Factor that makes the median absolute deviation of normal values their standard deviation. */
const TO_SIGMA = 1.4826
/** A scan without any answer counts as a round trip so many times the usual one, in log. */
const SILENCE = 3

/** Whether enough was seen to say what is usual. */
export function knowsUsual({ usual }: Pick<RoundTrips, 'usual'>, { windowScans }: RoundTripSettings): boolean {
  return usual.values.length >= windowScans / 2
}

/** Takes a scan; the log of its round trip, NaN where nothing can be said. Flagged scans stay out of what is usual. */
export function observeRoundTrip(state: RoundTrips, scan: NetScan, settings: RoundTripSettings): number {
  const rtt = leastRttMs(scan)
  const known = knowsUsual(state, settings)
  const median = medianOf(state.usual)
  // Loopback answers within the resolution of a clock.
  const value = rtt === null ? (known ? median + SILENCE : Number.NaN) : math.log(Math.max(rtt, 0.01))
  if (Number.isNaN(value)) return value
  state.ratio = known ? value - median : 0
  countFlag(state, known && Math.abs(state.ratio) >= settings.flagAt * usualScale(state.usual, settings), value)
  return value
}

/** The robust standard deviation of what is usual, in log. */
export function usualScale(usual: RobustWindow, { leastScale }: Pick<RoundTripSettings, 'leastScale'>): number {
  return Math.max(leastScale, TO_SIGMA * deviationOf(usual))
}

function countFlag(state: RoundTrips, isFlagged: boolean, value: number): void {
  if (!isFlagged) {
    state.flagged = 0
    state.calm++
    return addToWindow(state.usual, value)
  }
  const sign = state.ratio > 0 ? 1 : -1
  state.flagged = state.flagged * sign > 0 ? state.flagged + sign : sign
  state.calm = 0
}

/** Whether it has been unusual for twice the window: that is usual from now on. */
export function hasLasted({ flagged }: RoundTrips, { windowScans }: RoundTripSettings): boolean {
  return Math.abs(flagged) >= windowScans * 2
}

/** Forgets what was usual. */
export function relearn(state: RoundTrips): void {
  state.usual.values.length = 0
  state.usual.sorted.length = 0
  state.usual.at = 0
  state.flagged = 0
}
