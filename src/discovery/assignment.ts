/** The assignment of screens: a seeded permutation of the hypothesis space, without replacement, one pass every 500 bars. */

import type { Rng } from '../core/index.js'
import type { HypothesisSpace } from './hypothesis-space.js'
import { protocol } from './limits.js'

/** Plain data. The order is the same in every pass, so two screens of a hypothesis never overlap; the learner moves on. */
export interface Assignment {
  readonly order: Int32Array
  readonly passBars: number
}

/** `first`: hypotheses that are screened before all others, as their like was found elsewhere. What is left keeps its order. */
export function assignmentOf(
  space: HypothesisSpace,
  rng: Rng,
  first: readonly number[] = [],
  passBars: number = protocol.passBars,
): Assignment {
  const hypotheses = rng.shuffle(Array.from({ length: space.size }, (_, i) => i))
  const known = new Set(first)
  return { order: Int32Array.from([...known, ...hypotheses.filter(h => !known.has(h))]), passBars }
}

/**
 * Writes the hypotheses that the live learner of this rank (0 … live − 1) screens from `step` on into `into`, and returns how
 * many. The arguments alone decide, so that learners in different processes agree.
 */
export function assignedTo(assignment: Assignment, step: number, rank: number, live: number, into: Int32Array): number {
  const { order, passBars } = assignment
  const turn = step % passBars
  const first = Math.floor((turn * order.length) / passBars)
  const end = Math.floor(((turn + 1) * order.length) / passBars)
  const shift = Math.floor(step / passBars)
  let count = 0
  let at = first + ((((rank - shift - first) % live) + live) % live)
  for (; at < end && count < into.length; at += live) into[count++] = order[at] as number
  return count
}
