/** Trials: plain-sum tests over fixed stretches, each taken once; one lane a horizon, bounded. */

import { type Stretch, tStatistic } from './blocks.js'
import type { HypothesisSpace } from './hypothesis-space.js'
import type { RollingWindow } from './rolling-window.js'
import { moveRow } from './rows.js'

/**
 * Hypotheses of one horizon under test, unordered. Every trial is one row in each of two flat arrays. Sixty learners hold
 * thousands of trials, and a row takes one cache line where twelve arrays would take twelve.
 */
export interface Trials {
  readonly horizon: number
  count: number
  readonly capacity: number
  /** Smallest `until` of the lane or less: nothing is full before. */
  earliest: number
  /** Rows of `Place`. */
  readonly places: Int32Array
  /** Rows of n, Σx, Σx². */
  readonly sums: Float64Array
}

/** What a row of `places` holds, and its width. */
const Place = {
  hypothesis: 0,
  /** The candidate's sign, 0 in a screen. */
  sign: 1,
  /** Where the driver's value stands, see `HypothesisSpace.windowOffset`. */
  offset: 2,
  /** Where the return stands, see `HypothesisSpace.returnSlot`. */
  slot: 3,
  /** Earliest time a return may start, last bar it may end on. */
  from: 4,
  until: 5,
  width: 6,
} as const

const sumsWidth = 3

/** A trial, read out of its lane. */
export interface Trial {
  readonly hypothesis: number
  readonly sign: number
  readonly until: number
  readonly n: number
  readonly sum: number
  readonly squares: number
  readonly t: number
}

export function trials(horizon: number, capacity: number): Trials {
  return {
    horizon,
    count: 0,
    capacity,
    earliest: 0,
    places: new Int32Array(capacity * Place.width),
    sums: new Float64Array(capacity * sumsWidth),
  }
}

/** A hypothesis and the stretch of bars that tests it. */
export interface TrialRequest extends Stretch {
  readonly hypothesis: number
  /** The candidate's sign; 0 in a screen. */
  readonly sign: -1 | 0 | 1
}

/** Begins a trial; false where the lane is full or already holds the hypothesis. */
export function beginTrial(lane: Trials, space: HypothesisSpace, { hypothesis, sign, from, until }: TrialRequest): boolean {
  if (lane.count === lane.capacity || findTrial(lane, hypothesis) >= 0) return false
  const i = lane.count++
  lane.earliest = i === 0 ? until : Math.min(lane.earliest, until)
  const { places, sums } = lane
  const at = i * Place.width
  places[at + Place.hypothesis] = hypothesis
  places[at + Place.sign] = sign
  places[at + Place.offset] = space.windowOffset(hypothesis)
  places[at + Place.slot] = space.returnSlot(hypothesis)
  places[at + Place.from] = from
  places[at + Place.until] = until
  for (let k = 0; k < sumsWidth; k++) sums[i * sumsWidth + k] = 0
  return true
}

/** The place of a hypothesis in the lane, or −1. */
export function findTrial({ places, count }: Trials, hypothesis: number): number {
  for (let i = 0; i < count; i++) if (places[i * Place.width] === hypothesis) return i
  return -1
}

/** Adds this bar's score to every trial; called on due bars only. The hot loop of the swarm. */
export function sumTrials(lane: Trials, rollingWindow: RollingWindow): void {
  const { places, sums } = lane
  const { z, zMask, scaled } = rollingWindow
  const start = rollingWindow.step - lane.horizon
  const row = start * rollingWindow.stride
  const end = lane.count * Place.width
  for (let at = 0, to = 0; at < end; at += Place.width, to += sumsWidth) {
    if ((places[at + Place.from] as number) > start) continue
    const driver = z[(row + (places[at + Place.offset] as number)) & zMask] as number
    const x = driver * (scaled[places[at + Place.slot] as number] as number)
    if (Number.isNaN(x)) continue
    sums[to] = (sums[to] as number) + 1
    sums[to + 1] = (sums[to + 1] as number) + x
    sums[to + 2] = (sums[to + 2] as number) + x * x
  }
}

/** Takes out a trial whose stretch has room for no further whole return; undefined where there is no such trial, as at most steps. */
export function takeFull(lane: Trials, step: number): Trial | undefined {
  if (lane.count === 0 || lane.earliest - step >= lane.horizon) return undefined
  let earliest = Number.MAX_SAFE_INTEGER
  for (let i = lane.count - 1; i >= 0; i--) {
    const until = lane.places[i * Place.width + Place.until] as number
    if (until - step < lane.horizon) {
      const trial = trialAt(lane, i)
      endTrial(lane, i)
      return trial
    }
    earliest = Math.min(earliest, until)
  }
  lane.earliest = earliest
  return undefined
}

/** Takes a trial out; the last one moves into its place. */
export function endTrial(lane: Trials, i: number): void {
  const last = --lane.count
  moveRow(lane.places, last, i, Place.width)
  moveRow(lane.sums, last, i, sumsWidth)
}

export function trialAt({ places, sums }: Trials, i: number): Trial {
  const at = i * Place.width
  const n = sums[i * sumsWidth] as number
  const sum = sums[i * sumsWidth + 1] as number
  const squares = sums[i * sumsWidth + 2] as number
  return {
    hypothesis: places[at + Place.hypothesis] as number,
    sign: places[at + Place.sign] as number,
    until: places[at + Place.until] as number,
    n,
    sum,
    squares,
    t: tStatistic(n, sum, squares),
  }
}
