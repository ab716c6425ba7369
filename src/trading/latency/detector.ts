/** The detector of one host: what at least two vantage points agree on, as findings. Plain data; a scan costs the size of the windows. */

import type { Rng } from '../../core/index.js'
import { leastRttMs, type NetScan, type NetSignalType } from '../../market/index.js'
import type { Direction } from '../idea.js'
import type { NetFinding } from './net-signal.js'
import { medianOf, newRobustWindow } from './robust-window.js'
import { hasLasted, observeRoundTrip, type RoundTripSettings, type RoundTrips, relearn } from './round-trip.js'
import { newRouteMemory, observeRoute, type RouteMemory, type RouteSettings } from './route-memory.js'
import { slopeInterval, theilSenSlope } from './slope.js'

/** When a detector finds something. */
export interface DetectorSettings extends RouteSettings, RoundTripSettings {
  /** Scans in a row that are flagged, or are usual again. */
  readonly confirmScans: number
  /** Vantage points that must agree. */
  readonly agreeing: number
  /** Scans over which a trend is measured, and the least change within them, in log. */
  readonly trendScans: number
  readonly trendChange: number
  /** Scans for which a finding counts towards a composite. */
  readonly standingScans: number
}

/** Windows of 50 and 20 scans, and limits that a quiet network does not reach. */
export const standardDetector: DetectorSettings = {
  windowScans: 50,
  flagAt: 3.5,
  leastScale: 0.05,
  confirmScans: 2,
  agreeing: 2,
  trendScans: 20,
  trendChange: 0.08,
  routeScans: 50,
  routeTimes: 2,
  standingScans: 12,
}

const bootstrap = { resamples: 100, block: 4, level: 0.95 } as const

interface VantageState extends RoundTrips {
  /** The round of its latest scan. */
  seen: number
  readonly recent: number[]
  readonly routes: RouteMemory
  trend: -1 | 0 | 1
  change: number
  /** By how many hops its route changed last, and in which round. */
  hops: number
  hopsRound: number
}

interface Standing {
  readonly direction: Direction
  readonly round: number
}

/** The state of one detector. */
export interface HostDetector {
  readonly vantages: Map<string, VantageState>
  round: number
  /** Whether the host answers later than usual, as at least two vantage points found. */
  slow: boolean
  /** By how much it was, in log. */
  slowBy: number
  trend: -1 | 0 | 1
  readonly standing: Map<NetSignalType, Standing>
  /** The direction of the composite that stands. */
  consensus: -1 | 0 | 1
}

export function newDetector(): HostDetector {
  return { vantages: new Map(), round: 0, slow: false, slowBy: 0.0, trend: 0, standing: new Map(), consensus: 0 }
}

/** What a detector is given besides scans. */
export interface DetectorContext {
  readonly settings: DetectorSettings
  readonly rng: Rng
  /** How much a type counts in a composite: the confidence that it has earned. */
  weight(type: NetSignalType): number
}

/** Takes the scans of one instant, one a vantage point, and says what they show. */
export function detect(detector: HostDetector, scans: readonly NetScan[], context: DetectorContext): NetFinding[] {
  detector.round++
  const { settings } = context
  for (const scan of scans) {
    const state = vantageOf(detector, scan.vantage, settings)
    observe(state, scan, detector.round, context)
  }
  relearnWhatLasts(detector, settings)
  const found = [jump(detector, settings), trendShift(detector, settings), routeChange(detector, settings)].filter(
    f => f !== null,
  )
  for (const { type, direction } of found) detector.standing.set(type, { direction, round: detector.round })
  const together = consensus(detector, context)
  return together === null ? found : [...found, together]
}

function vantageOf({ vantages }: HostDetector, name: string, { windowScans }: DetectorSettings): VantageState {
  let state = vantages.get(name)
  if (state === undefined) {
    state = {
      seen: 0,
      usual: newRobustWindow(windowScans),
      recent: [],
      routes: newRouteMemory(),
      flagged: 0,
      calm: 0,
      ratio: 0,
      trend: 0,
      change: 0,
      hops: 0,
      hopsRound: -1,
    }
    vantages.set(name, state)
  }
  return state
}

function observe(state: VantageState, scan: NetScan, round: number, { settings, rng }: DetectorContext): void {
  state.seen = round
  const value = observeRoundTrip(state, scan, settings)
  if (Number.isNaN(value)) return
  observeTrend(state, value, settings, rng)
  if (leastRttMs(scan) === null) return
  const hops = observeRoute(state.routes, scan, settings)
  if (hops === null) return
  state.hops = hops
  state.hopsRound = round
}

/** What has been unusual for twice the window is usual from now on; the host is no longer slow once too few are left that find it so. */
function relearnWhatLasts(detector: HostDetector, settings: DetectorSettings): void {
  const lasting = heard(detector, settings).filter(state => hasLasted(state, settings))
  for (const state of lasting) relearn(state)
  if (lasting.length > 0 && late(detector, settings).length < settings.agreeing) detector.slow = false
}

/** Vantage points that have not fallen silent: the others' last scans count for as long as a finding does. */
function heard({ vantages, round }: HostDetector, { standingScans }: DetectorSettings): VantageState[] {
  return [...vantages.values()].filter(({ seen }) => round - seen <= standingScans)
}

function late(detector: HostDetector, settings: DetectorSettings): VantageState[] {
  return heard(detector, settings).filter(({ flagged }) => flagged >= settings.confirmScans)
}

function observeTrend(state: VantageState, value: number, { trendScans, trendChange }: DetectorSettings, rng: Rng): void {
  const { recent } = state
  recent.push(value)
  if (recent.length > trendScans) recent.shift()
  if (recent.length < trendScans) return
  // A series whose ends lie close together has no trend worth the pairs of points.
  if (Math.abs(endsApart(recent)) < trendChange / 2) return clearTrend(state)
  const slope = theilSenSlope(recent)
  state.change = slope * (trendScans - 1)
  const sign = Math.abs(state.change) < trendChange ? 0 : slope > 0 ? 1 : -1
  if (sign === 0) return clearTrend(state)
  if (sign === state.trend) return
  const [low, high] = slopeInterval(recent, slope, bootstrap, rng)
  state.trend = low > 0 ? 1 : high < 0 ? -1 : 0
}

function clearTrend(state: VantageState): void {
  state.trend = 0
  state.change = 0
}

/** The mean of the last quarter less that of the first. */
function endsApart(values: readonly number[]): number {
  const n = values.length >> 2
  let apart = 0
  for (let i = 0; i < n; i++) apart += (values[values.length - 1 - i] as number) - (values[i] as number)
  return apart / n
}

/** The host has become slow, or is as usual again. */
function jump(detector: HostDetector, settings: DetectorSettings): NetFinding | null {
  const { confirmScans, agreeing } = settings
  if (!detector.slow) {
    const slow = late(detector, settings)
    if (slow.length < agreeing) return null
    detector.slow = true
    detector.slowBy = middle(slow.map(state => state.ratio))
    return { type: 'latency_anomaly', direction: -1, strength: detector.slowBy }
  }
  const usual = heard(detector, settings).filter(({ calm }) => calm >= confirmScans)
  if (usual.length < agreeing) return null
  detector.slow = false
  return { type: 'latency_anomaly', direction: 1, strength: detector.slowBy }
}

function trendShift(detector: HostDetector, settings: DetectorSettings): NetFinding | null {
  const { agreeing } = settings
  const states = heard(detector, settings)
  const of = (sign: number) => states.filter(state => state.trend === sign)
  const [worse, better] = [of(1), of(-1)]
  const trend = worse.length >= agreeing ? 1 : better.length >= agreeing ? -1 : 0
  const changed = trend !== 0 && trend !== detector.trend
  detector.trend = trend
  if (!changed) return null
  const strength = middle((trend === 1 ? worse : better).map(state => Math.abs(state.change)))
  return { type: 'trend_shift', direction: trend === 1 ? -1 : 1, strength }
}

/** Vantage points whose routes changed within a few rounds of each other; as many hops as before say nothing. */
function routeChange(detector: HostDetector, { agreeing, confirmScans }: DetectorSettings): NetFinding | null {
  const changed = [...detector.vantages.values()].filter(
    state => state.hopsRound >= 0 && detector.round - state.hopsRound <= confirmScans,
  )
  const of = (sign: number) => changed.filter(state => state.hops * sign > 0)
  const [longer, shorter] = [of(1), of(-1)]
  const agreed = longer.length >= agreeing ? longer : shorter.length >= agreeing ? shorter : null
  if (agreed === null) return null
  for (const state of changed) state.hopsRound = -1
  return {
    type: 'route_change',
    direction: agreed === longer ? -1 : 1,
    strength: middle(agreed.map(state => Math.abs(state.hops))),
  }
}

/** At least two types that stand in one direction, weighted by what they have earned, against those that stand in the other. */
function consensus(detector: HostDetector, { settings, weight }: DetectorContext): NetFinding | null {
  let [sum, total] = [0, 0]
  const sides = { rising: 0, falling: 0 }
  for (const [type, { direction, round }] of detector.standing) {
    if (detector.round - round > settings.standingScans) {
      detector.standing.delete(type)
      continue
    }
    const w = weight(type)
    sum += direction * w
    total += w
    sides[direction === 1 ? 'rising' : 'falling']++
  }
  const direction = sum > 0 ? 1 : -1
  const agreed = direction === 1 ? sides.rising : sides.falling
  const isOne = agreed >= 2 && Math.abs(sum) >= total / 2
  const before = detector.consensus
  detector.consensus = isOne ? direction : 0
  return isOne && direction !== before ? { type: 'composite', direction, strength: Math.abs(sum) } : null
}

function middle(values: number[]): number {
  return medianOf({ sorted: values.sort((a, b) => a - b) })
}
