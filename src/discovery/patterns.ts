/** Approved patterns a learner watches: the present value of each, its recent z, and when it is over. */

import { math } from '../core/index.js'
import { endsBlock, endsHalf } from './blocks.js'
import type { HypothesisSpace } from './hypothesis-space.js'
import { discoveryLimits, protocol } from './limits.js'
import type { RollingWindow } from './rolling-window.js'
import { blockZ } from './student.js'

const { blockBars, monitorBlocks, zClip } = protocol
/** Half-life of the sums behind the slope. */
const slopeHalfLifeBars = 2_000

/** DeepResearch's finding, published with the approval: sums over 1,296 forward bars. */
export interface Approval {
  readonly hypothesis: number
  readonly sign: 1 | -1
  /** Step of the verdict. */
  readonly step: number
  /** First bar of the evidence: where the screen began. */
  readonly since: number
  /** The second smallest p of the three shares, which decides; of a single researcher its p. */
  readonly p: number
  /** Σ z·r over the horizon, Σ z², and Σ over blocks of the squared block sums of z·r; r gross. */
  readonly zr: number
  readonly zz: number
  readonly zr2: number
}

/** Approved patterns; struct of arrays, bounded. */
export interface Patterns {
  /** Of the sums behind the slope, a block. */
  readonly decay: number
  count: number
  readonly hypothesis: Int32Array
  readonly pair: Int32Array
  readonly column: Int32Array
  readonly lag: Int32Array
  /** Where the sums of z over the horizon stand in a row of the window. */
  readonly segment: Int32Array
  readonly sign: Int8Array
  /** First bar of the evidence, step of approval, and of the last proof that it still holds. */
  readonly since: Int32Array
  readonly approved: Int32Array
  readonly proven: Int32Array
  /** Exponentially weighted sums behind the slope, and those of the block under way. */
  readonly zr: Float64Array
  readonly zz: Float64Array
  readonly zr2: Float64Array
  readonly blockZr: Float64Array
  readonly blockZz: Float64Array
  /** Scores of the block under way, and how many; blocks seen since the approval. */
  readonly block: Float64Array
  readonly blockN: Int32Array
  readonly blocks: Int32Array
  /** z of the whole stretch before the present one, NaN at first. */
  readonly lastZ: Float64Array
  /** Sums of scores of the latest 21 blocks, NaN where a block had none: [pattern × block]. */
  readonly recent: Float64Array
}

export function patterns(capacity: number = discoveryLimits.patterns): Patterns {
  return {
    decay: math.pow(2, -blockBars / slopeHalfLifeBars),
    count: 0,
    hypothesis: new Int32Array(capacity),
    pair: new Int32Array(capacity),
    column: new Int32Array(capacity),
    lag: new Int32Array(capacity),
    segment: new Int32Array(capacity),
    sign: new Int8Array(capacity),
    since: new Int32Array(capacity),
    approved: new Int32Array(capacity),
    proven: new Int32Array(capacity),
    zr: new Float64Array(capacity),
    zz: new Float64Array(capacity),
    zr2: new Float64Array(capacity),
    blockZr: new Float64Array(capacity),
    blockZz: new Float64Array(capacity),
    block: new Float64Array(capacity),
    blockN: new Int32Array(capacity),
    blocks: new Int32Array(capacity),
    lastZ: new Float64Array(capacity),
    recent: new Float64Array(capacity * monitorBlocks),
  }
}

/** Watches a pattern, in place of the one with the flattest slope where the lane is full; false where it is not taken. */
export function watchPattern(lane: Patterns, space: HypothesisSpace, window: RollingWindow, approval: Approval): boolean {
  if (findPattern(lane, approval.hypothesis) >= 0) return false
  const i = roomFor(lane, slopeOf(approval.zr, approval.zz, approval.zr2, approval.sign))
  if (i < 0) return false
  lane.hypothesis[i] = approval.hypothesis
  lane.pair[i] = space.pairIndex(approval.hypothesis)
  lane.column[i] = space.hypothesisColumn(approval.hypothesis)
  lane.lag[i] = space.lagOf(approval.hypothesis)
  lane.segment[i] = window.segmentOf(space.horizonOf(approval.hypothesis))
  lane.sign[i] = approval.sign
  lane.since[i] = approval.since
  lane.approved[i] = approval.step
  lane.proven[i] = approval.step
  lane.zr[i] = approval.zr
  lane.zz[i] = approval.zz
  lane.zr2[i] = approval.zr2
  lane.blockZr[i] = 0
  lane.blockZz[i] = 0
  lane.block[i] = 0
  lane.blockN[i] = 0
  lane.blocks[i] = 0
  lane.lastZ[i] = Number.NaN
  lane.recent.fill(Number.NaN, i * monitorBlocks, (i + 1) * monitorBlocks)
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
  lane.recent.copyWithin(i * monitorBlocks, last * monitorBlocks, (last + 1) * monitorBlocks)
}

/** Adds this bar to the slope of every pattern, and at the end of a half block its scores. */
export function watchPatterns(lane: Patterns, window: RollingWindow): void {
  for (let i = 0; i < lane.count; i++) {
    readSlope(lane, i, window)
    if (endsHalf(window.step)) readScores(lane, i, window)
  }
}

function readSlope(lane: Patterns, i: number, window: RollingWindow): void {
  const row = window.rowAt(1 + (lane.lag[i] as number)) + (lane.column[i] as number)
  const product = (window.z[row + (lane.segment[i] as number)] as number) * (window.gross[lane.pair[i] as number] as number)
  if (Number.isNaN(product)) return
  const z = window.z[row] as number
  lane.blockZr[i] = (lane.blockZr[i] as number) + product
  lane.blockZz[i] = (lane.blockZz[i] as number) + z * z
}

function readScores(lane: Patterns, i: number, { scores }: RollingWindow): void {
  const hypothesis = lane.hypothesis[i] as number
  lane.block[i] = (lane.block[i] as number) + (scores.sums[hypothesis] as number)
  lane.blockN[i] = (lane.blockN[i] as number) + (scores.counts[hypothesis] as number)
}

/**
 * Runs at every step, after the bar was added. It closes the block that ends here and, at the end of a stretch of 21 blocks,
 * tests the pattern once. z > 1 is a proof: decay starts again. A pattern is over when one stretch has z < −2, or the two
 * latest pooled, (z₁+z₂)/√2, are below 0. A pattern without data for a stretch is over too.
 * Returns true when pattern i is over.
 */
export function turnPattern(lane: Patterns, i: number, step: number): boolean {
  if (!endsBlock(step) || step <= (lane.approved[i] as number)) return false
  const block = lane.blocks[i] as number
  lane.recent[i * monitorBlocks + (block % monitorBlocks)] = lane.blockN[i] === 0 ? Number.NaN : (lane.block[i] as number)
  closeSlope(lane, i)
  lane.block[i] = 0
  lane.blockN[i] = 0
  lane.blocks[i] = block + 1
  return (block + 1) % monitorBlocks === 0 && testStretch(lane, i, step)
}

function closeSlope(lane: Patterns, i: number): void {
  const product = lane.blockZr[i] as number
  lane.zr[i] = lane.decay * ((lane.zr[i] as number) + product)
  lane.zz[i] = lane.decay * ((lane.zz[i] as number) + (lane.blockZz[i] as number))
  lane.zr2[i] = lane.decay * ((lane.zr2[i] as number) + product * product)
  lane.blockZr[i] = 0
  lane.blockZz[i] = 0
}

function testStretch(lane: Patterns, i: number, step: number): boolean {
  const z = recentZ(lane, i)
  const before = lane.lastZ[i] as number
  if (z > 1) lane.proven[i] = step
  lane.lastZ[i] = z
  return z < -2 || z + before < 0 || Number.isNaN(z)
}

/** sign × z over the sums of the latest 21 blocks (504 bars); NaN while there are fewer than three. */
export function recentZ(lane: Patterns, i: number): number {
  let n = 0
  let sum = 0
  let squares = 0
  for (let at = i * monitorBlocks; at < (i + 1) * monitorBlocks; at++) {
    const b = lane.recent[at] as number
    if (Number.isNaN(b)) continue
    n++
    sum += b
    squares += b * b
  }
  return (lane.sign[i] as number) * blockZ(n, sum, squares)
}

/** 0.5^(bars since the last proof / 2,000). */
export function decayOver(bars: number): number {
  return math.pow(2, -bars / protocol.decayHalfLifeBars)
}

/** What is left of a pattern's value since its last proof. */
export function decayFactor(lane: Patterns, i: number, step: number): number {
  return decayOver(step - (lane.proven[i] as number))
}

/** Expected gross return over the horizon at the present z, signed (positive: up); NaN where z is missing. */
export function expectedReturn(lane: Patterns, window: RollingWindow, i: number): number {
  return window.zAt(lane.column[i] as number, lane.lag[i] as number) * patternSlope(lane, i) * decayFactor(lane, i, window.step)
}

/** Expected gross return over the horizon for each unit of z, signed. */
export function patternSlope(lane: Patterns, i: number): number {
  return slopeOf(lane.zr[i] as number, lane.zz[i] as number, lane.zr2[i] as number, lane.sign[i] as number)
}

/**
 * Slope of r on z through the origin, b = Σzr/Σz², times the positive-part shrinkage 1 − 1/t² (James & Stein 1961, one
 * coefficient) with t = Σzr/√Σ(block sums of zr)² (White 1980, clustered by block); 0 where the sums contradict the sign.
 */
export function slopeOf(zr: number, zz: number, zr2: number, sign: number): number {
  if (!(zr * sign > 0) || !(zz > 0) || zr2 >= zr * zr) return 0
  return (zr / zz) * (1 - zr2 / (zr * zr))
}

/** Expected net return of one trade at the largest z a driver can show: what a pattern of this slope can be worth. */
export function tradeValue(slope: number, roundTripCost: number): number {
  return Math.abs(slope) * zClip - roundTripCost
}

function roomFor(lane: Patterns, newSlope: number): number {
  if (lane.count < lane.hypothesis.length) return lane.count++
  const slope = (i: number) => Math.abs(patternSlope(lane, i))
  let flattest = 0
  for (let i = 1; i < lane.count; i++) if (slope(i) < slope(flattest)) flattest = i
  return slope(flattest) < Math.abs(newSlope) ? flattest : -1
}

const patternColumns = [
  'hypothesis',
  'pair',
  'column',
  'lag',
  'segment',
  'sign',
  'since',
  'approved',
  'proven',
  'zr',
  'zz',
  'zr2',
  'blockZr',
  'blockZz',
  'block',
  'blockN',
  'blocks',
  'lastZ',
] as const
