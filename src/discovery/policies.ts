/** Policies: the candidates or better that a learner holds, ranked by exponentially weighted evidence. No test uses the rank. */

import { math } from '../core/index.js'
import { protocol } from './limits.js'
import type { RollingWindow } from './rolling-window.js'
import { moveRow } from './rows.js'
import { tStatistic } from './student.js'
import type { Evidence } from './trials.js'

/** The furthest stage a policy has passed. */
export const PolicyStatus = { candidate: 0, confirmed: 1, approved: 2 } as const

/** Policies, unordered; rows of flat arrays as in `Trials`. Sums decay by `decay` a half block. */
export interface Policies {
  readonly decay: number
  count: number
  readonly capacity: number
  /** Rows of `Place`. */
  readonly places: Int32Array
  /** Rows of `Sum`. */
  readonly sums: Float64Array
}

const Place = { hypothesis: 0, sign: 1, status: 2, width: 3 } as const
/** Σw, Σw², ΣwB, ΣwB² over sums B of half blocks, and sign × EW t: evidence in the policy's favour. */
const Sum = { weight: 0, weight2: 1, sum: 2, squares: 3, t: 4, width: 5 } as const

/** A hypothesis that passed its screen, and the sums of half blocks with which its ranking begins. */
export interface ScreenedHypothesis extends Pick<Evidence, 'blocks' | 'sum' | 'squares'> {
  readonly hypothesis: number
  readonly sign: 1 | -1
}

export function policies(capacity: number): Policies {
  return {
    decay: math.pow(2, -protocol.halfBars / protocol.rankHalfLifeBars),
    count: 0,
    capacity,
    places: new Int32Array(capacity * Place.width),
    sums: new Float64Array(capacity * Sum.width),
  }
}

/**
 * Adds a policy; in a full lane it replaces the weakest one that is not approved. False where the hypothesis is held already (its
 * sums stay) or every such policy is stronger.
 */
export function adoptPolicy(lane: Policies, { hypothesis, sign, blocks, sum, squares }: ScreenedHypothesis): boolean {
  if (findPolicy(lane, hypothesis) >= 0) return false
  const t = sign * tStatistic(blocks, sum, squares)
  const i = roomFor(lane, t)
  if (i < 0) return false
  lane.places.set([hypothesis, sign, PolicyStatus.candidate], i * Place.width)
  lane.sums.set([blocks, blocks, sum, squares, t], i * Sum.width)
  return true
}

/** The place of a hypothesis in the lane, or −1. */
export function findPolicy({ places, count }: Policies, hypothesis: number): number {
  for (let i = 0; i < count; i++) if (places[i * Place.width] === hypothesis) return i
  return -1
}

export function dropPolicy(lane: Policies, hypothesis: number): boolean {
  const i = findPolicy(lane, hypothesis)
  if (i < 0) return false
  const last = --lane.count
  moveRow(lane.places, last, i, Place.width)
  moveRow(lane.sums, last, i, Sum.width)
  return true
}

/** Adds the half block that ends at this bar to every policy; called at the ends of half blocks only. */
export function weighPolicies(lane: Policies, { scores }: RollingWindow): void {
  const { places, sums, decay } = lane
  for (let i = 0; i < lane.count; i++) {
    const hypothesis = places[i * Place.width] as number
    if (scores.counts[hypothesis] === 0) continue
    const b = scores.sums[hypothesis] as number
    const to = i * Sum.width
    sums[to] = decay * (sums[to] as number) + 1
    sums[to + Sum.weight2] = decay * decay * (sums[to + Sum.weight2] as number) + 1
    sums[to + Sum.sum] = decay * (sums[to + Sum.sum] as number) + b
    sums[to + Sum.squares] = decay * (sums[to + Sum.squares] as number) + b * b
    rank(sums, to, places[i * Place.width + Place.sign] as number)
  }
}

export function policyHypothesis(lane: Policies, i: number): number {
  return lane.places[i * Place.width + Place.hypothesis] as number
}

export function policySign(lane: Policies, i: number): number {
  return lane.places[i * Place.width + Place.sign] as number
}

export function policyStatus(lane: Policies, i: number): number {
  return lane.places[i * Place.width + Place.status] as number
}

export function setPolicyStatus(lane: Policies, hypothesis: number, status: number): void {
  const i = findPolicy(lane, hypothesis)
  if (i >= 0) lane.places[i * Place.width + Place.status] = status
}

/** sign × exponentially weighted t. */
export function policyT(lane: Policies, i: number): number {
  return lane.sums[i * Sum.width + Sum.t] as number
}

/** The next place from `from` on with t above `t`, or −1. */
export function nextStronger({ sums, count }: Policies, from: number, t: number): number {
  for (let i = from; i < count; i++) if ((sums[i * Sum.width + Sum.t] as number) > t) return i
  return -1
}

/** Writes t = mean / sd × √n_eff of a row, with Kish's effective number of half blocks n_eff = (Σw)²/Σw²; 0 without spread. */
function rank(sums: Float64Array, row: number, sign: number): void {
  const weight = sums[row] as number
  const sum = sums[row + Sum.sum] as number
  const spread = (sums[row + Sum.squares] as number) * weight - sum * sum
  sums[row + Sum.t] = spread > 0 ? (sign * sum * weight) / Math.sqrt(spread * (sums[row + Sum.weight2] as number)) : 0
}

function roomFor(lane: Policies, t: number): number {
  if (lane.count < lane.capacity) return lane.count++
  let weakest = -1
  for (let i = 0; i < lane.count; i++) {
    if (policyStatus(lane, i) === PolicyStatus.approved) continue
    if (weakest < 0 || policyT(lane, i) < policyT(lane, weakest)) weakest = i
  }
  return weakest >= 0 && policyT(lane, weakest) < t ? weakest : -1
}
