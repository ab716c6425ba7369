/** Approved patterns a learner watches: the present value of each, its recent t, and when it is over. */

import { math } from '../core/index.js'
import { tStatistic } from './blocks.js'
import type { HypothesisSpace } from './hypothesis-space.js'
import { discoveryLimits, protocol } from './limits.js'
import type { RollingWindow } from './rolling-window.js'

/** Parts of the monitored bars: 50 bars each. */
const parts = 10
const partBars = protocol.monitorBars / parts
/** Half-life of the sums behind the slope. */
const slopeHalfLifeBars = 2_000

/** DeepResearch's finding, published with the approval: sums over 1,296 forward bars. */
export interface Approval {
  readonly hypothesis: number
  readonly sign: 1 | -1
  /** Step of the verdict. */
  readonly step: number
  /** Largest p among the accepting shares. */
  readonly p: number
  /** Σ z·r, Σ z², Σ (z·r)² over due bars, r gross. */
  readonly zr: number
  readonly zz: number
  readonly zr2: number
}

/** Approved patterns of one horizon; struct of arrays, bounded. */
export interface Patterns {
  readonly horizon: number
  readonly decay: number
  count: number
  readonly hypothesis: Int32Array
  readonly pair: Int32Array
  readonly column: Int32Array
  readonly lag: Int32Array
  readonly sign: Int8Array
  /** Step of approval, and of the last proof that it still holds. */
  readonly since: Int32Array
  readonly proven: Int32Array
  /** Exponentially weighted sums behind the slope. */
  readonly zr: Float64Array
  readonly zz: Float64Array
  readonly zr2: Float64Array
  /** t of the whole 500-bar stretch before the present one, NaN at first. */
  readonly lastT: Float64Array
  /** Sums of scores: [pattern × part]. */
  readonly n: Int32Array
  readonly sum: Float64Array
  readonly squares: Float64Array
}

export function patterns(horizon: number, capacity: number = discoveryLimits.patterns): Patterns {
  return {
    horizon,
    decay: math.pow(2, -horizon / slopeHalfLifeBars),
    count: 0,
    hypothesis: new Int32Array(capacity),
    pair: new Int32Array(capacity),
    column: new Int32Array(capacity),
    lag: new Int32Array(capacity),
    sign: new Int8Array(capacity),
    since: new Int32Array(capacity),
    proven: new Int32Array(capacity),
    zr: new Float64Array(capacity),
    zz: new Float64Array(capacity),
    zr2: new Float64Array(capacity),
    lastT: new Float64Array(capacity),
    n: new Int32Array(capacity * parts),
    sum: new Float64Array(capacity * parts),
    squares: new Float64Array(capacity * parts),
  }
}

/** Watches a pattern, in place of the one with the flattest slope where the lane is full; false where it is not taken. */
export function watchPattern(lane: Patterns, space: HypothesisSpace, approval: Approval): boolean {
  if (findPattern(lane, approval.hypothesis) >= 0) return false
  const i = roomFor(lane, slopeOf(approval.zr, approval.zz, approval.zr2, approval.sign))
  if (i < 0) return false
  lane.hypothesis[i] = approval.hypothesis
  lane.pair[i] = space.pairIndex(approval.hypothesis)
  lane.column[i] = space.hypothesisColumn(approval.hypothesis)
  lane.lag[i] = space.lagOf(approval.hypothesis)
  lane.sign[i] = approval.sign
  lane.since[i] = approval.step
  lane.proven[i] = approval.step
  lane.zr[i] = approval.zr
  lane.zz[i] = approval.zz
  lane.zr2[i] = approval.zr2
  lane.lastT[i] = Number.NaN
  for (let part = 0; part < parts; part++) clearPart(lane, i, part)
  return true
}

/** The place of a hypothesis in the lane, or −1. */
export function findPattern(lane: Patterns, hypothesis: number): number {
  for (let i = 0; i < lane.count; i++) if (lane.hypothesis[i] === hypothesis) return i
  return -1
}

export function dropPattern(lane: Patterns, i: number): void {
  const last = --lane.count
  for (const name of patternColumns) lane[name][i] = lane[name][last] as number
  for (const name of partColumns) lane[name].copyWithin(i * parts, last * parts, (last + 1) * parts)
}

/** Adds this bar to every pattern; called on due bars only. */
export function watchPatterns(lane: Patterns, rollingWindow: RollingWindow, horizonIndex: number): void {
  const start = rollingWindow.step - lane.horizon
  for (let i = 0; i < lane.count; i++) {
    if ((lane.since[i] as number) > start) continue
    const z = rollingWindow.zAt(lane.column[i] as number, lane.horizon + (lane.lag[i] as number))
    const at = horizonIndex * rollingWindow.pairs + (lane.pair[i] as number)
    const x = z * (rollingWindow.scaled[at] as number)
    if (Number.isNaN(x)) continue
    const product = z * (rollingWindow.gross[at] as number)
    lane.zr[i] = lane.decay * (lane.zr[i] as number) + product
    lane.zz[i] = lane.decay * (lane.zz[i] as number) + z * z
    lane.zr2[i] = lane.decay * (lane.zr2[i] as number) + product * product
    const part = i * parts + partAt(lane, i, rollingWindow.step)
    lane.n[part] = (lane.n[part] as number) + 1
    lane.sum[part] = (lane.sum[part] as number) + x
    lane.squares[part] = (lane.squares[part] as number) + x * x
  }
}

/**
 * Runs at every step, after the bar was added. It opens the next 50-bar part and, at the end of a whole 500-bar stretch,
 * tests the pattern once. t > 1 is a proof: decay starts again. A pattern is over when one stretch has t < −2, or the two
 * latest pooled, (t₁+t₂)/√2, are below 0: a dead one lasts about 1,500 bars, one with half a planted-sparse effect
 * (t ≈ 1.1 a stretch) is lost by mistake in 6 % of tests. A pattern without data for a stretch is over too.
 * Returns true when pattern i is over.
 */
export function turnPattern(lane: Patterns, i: number, step: number): boolean {
  const age = step - (lane.since[i] as number)
  if (age === 0 || age % partBars !== 0) return false
  let over = false
  if (age % protocol.monitorBars === 0) {
    const t = recentT(lane, i)
    const before = lane.lastT[i] as number
    over = t < -2 || t + before < 0 || Number.isNaN(t)
    if (t > 1) lane.proven[i] = step
    lane.lastT[i] = t
  }
  clearPart(lane, i, Math.floor(age / partBars) % parts)
  return over
}

/** sign × t over the latest 450 to 500 bars; NaN while too short. */
export function recentT(lane: Patterns, i: number): number {
  let n = 0
  let sum = 0
  let squares = 0
  for (let at = i * parts; at < (i + 1) * parts; at++) {
    n += lane.n[at] as number
    sum += lane.sum[at] as number
    squares += lane.squares[at] as number
  }
  return (lane.sign[i] as number) * tStatistic(n, sum, squares)
}

/** 0.5^(bars since the last proof / 2,000). */
export function decayFactor(lane: Patterns, i: number, step: number): number {
  return math.pow(2, -(step - (lane.proven[i] as number)) / protocol.decayHalfLifeBars)
}

/** Expected gross return over the horizon at the present z, signed (positive: up); NaN where z is missing. */
export function expectedReturn(lane: Patterns, rollingWindow: RollingWindow, i: number): number {
  const z = rollingWindow.zAt(lane.column[i] as number, lane.lag[i] as number)
  return z * slope(lane, i) * decayFactor(lane, i, rollingWindow.step)
}

function slope(lane: Patterns, i: number): number {
  return slopeOf(lane.zr[i] as number, lane.zz[i] as number, lane.zr2[i] as number, lane.sign[i] as number)
}

/**
 * Slope of r on z through the origin, b = Σzr/Σz², times the positive-part shrinkage 1 − 1/t² (James & Stein 1961, one
 * coefficient) with White's (1980) robust t = Σzr/√Σ(zr)²; 0 where the sums contradict the approved sign.
 */
export function slopeOf(zr: number, zz: number, zr2: number, sign: number): number {
  if (!(zr * sign > 0) || !(zz > 0) || zr2 >= zr * zr) return 0
  return (zr / zz) * (1 - zr2 / (zr * zr))
}

function partAt(lane: Patterns, i: number, step: number): number {
  return Math.floor((step - 1 - (lane.since[i] as number)) / partBars) % parts
}

function clearPart(lane: Patterns, i: number, part: number): void {
  lane.n[i * parts + part] = 0
  lane.sum[i * parts + part] = 0
  lane.squares[i * parts + part] = 0
}

function roomFor(lane: Patterns, newSlope: number): number {
  if (lane.count < lane.hypothesis.length) return lane.count++
  let flattest = 0
  for (let i = 1; i < lane.count; i++) if (Math.abs(slope(lane, i)) < Math.abs(slope(lane, flattest))) flattest = i
  return Math.abs(slope(lane, flattest)) < Math.abs(newSlope) ? flattest : -1
}

const patternColumns = ['hypothesis', 'pair', 'column', 'lag', 'sign', 'since', 'proven', 'zr', 'zz', 'zr2', 'lastT'] as const
const partColumns = ['n', 'sum', 'squares'] as const
