/** Trials: tests over fixed stretches of whole blocks, each taken once; bounded. */

import { endsBlock, type Stretch } from './blocks.js'
import type { HypothesisSpace } from './hypothesis-space.js'
import type { RollingWindow } from './rolling-window.js'
import { moveRow } from './rows.js'
import { blockZ } from './student.js'

/** Hypotheses under test, unordered. A trial is one row in each of two flat arrays. */
export interface Trials {
  /** Whether its sums are over half blocks, as in a screen, or over blocks. */
  readonly halves: boolean
  count: number
  readonly capacity: number
  /** Smallest `until` of the lane or less: nothing is full before. */
  earliest: number
  /** Rows of `Place`. */
  readonly places: Int32Array
  /** Rows of `Sum`. */
  readonly sums: Float64Array
}

/** What a row of `places` holds, and its width. */
const Place = {
  hypothesis: 0,
  /** The candidate's sign, 0 in a screen. */
  sign: 1,
  /** The driver's column in the rolling window. */
  column: 2,
  /** Earliest time a return may start, last bar it may end on. */
  from: 3,
  until: 4,
  width: 5,
} as const

/** Scores, those of the block under way, their sum; whole blocks, Σ and Σ² of their sums; Σ z². */
const Sum = { n: 0, blockN: 1, block: 2, blocks: 3, sum: 4, squares: 5, zz: 6, width: 7 } as const

/** What a test leaves behind. */
export interface Evidence {
  /** Scores. */
  readonly n: number
  /** Blocks (half blocks in a screen) with scores, and Σ and Σ² of the sums of their scores. */
  readonly blocks: number
  readonly sum: number
  readonly squares: number
  /** Σ z² of the driver over the same bars. */
  readonly zz: number
}

/** A trial, read out of its lane. */
export interface Trial extends Evidence {
  readonly hypothesis: number
  readonly sign: number
  readonly until: number
  /** t over its block sums as a standard normal deviate. */
  readonly z: number
}

export function trials(capacity: number, { halves }: { halves: boolean }): Trials {
  return {
    halves,
    count: 0,
    capacity,
    earliest: 0,
    places: new Int32Array(capacity * Place.width),
    sums: new Float64Array(capacity * Sum.width),
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
  lane.places.set([hypothesis, sign, space.hypothesisColumn(hypothesis), from, until], i * Place.width)
  lane.sums.fill(0, i * Sum.width, (i + 1) * Sum.width)
  return true
}

/** The place of a hypothesis in the lane, or −1. */
export function findTrial({ places, count }: Trials, hypothesis: number): number {
  for (let i = 0; i < count; i++) if (places[i * Place.width] === hypothesis) return i
  return -1
}

/** Adds the half block that ends at this bar to every trial; called at the ends of half blocks only. */
export function sumTrials(lane: Trials, { step, scores }: RollingWindow): void {
  const { places, sums } = lane
  const start = scores.start
  const ends = lane.halves || endsBlock(step)
  const end = lane.count * Place.width
  for (let at = 0, to = 0; at < end; at += Place.width, to += Sum.width) {
    if ((places[at + Place.from] as number) > start) continue
    const hypothesis = places[at + Place.hypothesis] as number
    sums[to + Sum.blockN] = (sums[to + Sum.blockN] as number) + (scores.counts[hypothesis] as number)
    sums[to + Sum.block] = (sums[to + Sum.block] as number) + (scores.sums[hypothesis] as number)
    sums[to + Sum.zz] = (sums[to + Sum.zz] as number) + (scores.squares[places[at + Place.column] as number] as number)
    if (ends) closeBlock(sums, to)
  }
}

/** A block without a score is none. */
function closeBlock(sums: Float64Array, to: number): void {
  const n = sums[to + Sum.blockN] as number
  const block = sums[to + Sum.block] as number
  if (n === 0) return
  sums[to + Sum.n] = (sums[to + Sum.n] as number) + n
  sums[to + Sum.blocks] = (sums[to + Sum.blocks] as number) + 1
  sums[to + Sum.sum] = (sums[to + Sum.sum] as number) + block
  sums[to + Sum.squares] = (sums[to + Sum.squares] as number) + block * block
  sums[to + Sum.blockN] = 0
  sums[to + Sum.block] = 0
}

/** Takes out a trial whose stretch is over; undefined where there is no such trial, as at most steps. */
export function takeFull(lane: Trials, step: number): Trial | undefined {
  if (lane.count === 0 || lane.earliest > step) return undefined
  let earliest = Number.MAX_SAFE_INTEGER
  for (let i = lane.count - 1; i >= 0; i--) {
    const until = lane.places[i * Place.width + Place.until] as number
    if (until <= step) {
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
  moveRow(lane.sums, last, i, Sum.width)
}

export function trialAt({ places, sums }: Trials, i: number): Trial {
  const place = (k: number) => places[i * Place.width + k] as number
  const held = (k: number) => sums[i * Sum.width + k] as number
  const [blocks, sum, squares] = [held(Sum.blocks), held(Sum.sum), held(Sum.squares)]
  return {
    hypothesis: place(Place.hypothesis),
    sign: place(Place.sign),
    until: place(Place.until),
    n: held(Sum.n),
    blocks,
    sum,
    squares,
    zz: held(Sum.zz),
    z: blockZ(blocks, sum, squares),
  }
}
