/** The mind of a finance learner: what it holds, whom it imitates, what it leads with; plain data and functions. */

import type { Rng } from '../../core/index.js'
import {
  type BookOutcome,
  type Candidate,
  followKey,
  forsakeKey,
  type KeyBook,
  type KeySpace,
  keyBook,
  type LeadingPolicy,
  mayScreen,
  mutateKey,
  policyKey,
  policyName,
  policyNumber,
  policySign,
  type StageTable,
  screenKey,
} from '../../discovery/index.js'

export interface FinanceMind {
  readonly book: KeyBook
  /** Pair numbers it looks at when it mutates what it imitates. */
  readonly pairs: number[]
  readonly lead: LeadingPolicy
  /** The policy it last published, if any. */
  policy: string | null
  /** The policy the herd follows while contagion lasts; nobody imitates then. */
  herd: string | null
  imitated: number
  redrawn: number
  /** Reused for what a bar brings to light; empty between steps. */
  readonly outcomes: BookOutcome[]
}

/** Every learner has a third of the pairs as its own, drawn from its own stream. */
export function financeMind(space: KeySpace, ordinal: number, learners: number, rng: Rng): FinanceMind {
  const all = rng.shuffle(space.pairs.map((_, i) => i))
  return {
    book: keyBook(space, ordinal, learners),
    pairs: all.slice(0, Math.max(1, Math.ceil(all.length / 3))).sort((a, b) => a - b),
    lead: { key: -1, sign: 0, t: 0 },
    policy: null,
    herd: null,
    imitated: 0,
    redrawn: 0,
    outcomes: [],
  }
}

/** Adopts somebody else's candidate, and screens a mutation of it among its own pairs. */
export function imitate(
  mind: FinanceMind,
  space: KeySpace,
  stages: StageTable,
  candidate: Candidate,
  step: number,
  rng: Rng,
): void {
  mind.imitated++
  followKey(mind.book, space, candidate)
  const mutant = mutateKey(space, candidate.key, rng, mind.pairs)
  if (mutant !== candidate.key && mayScreen(stages, mutant)) screenKey(mind.book, space, mutant, step)
}

/** Gives up every policy that is the herd's: same driver, target and sign. */
export function leaveHerd(mind: FinanceMind, space: KeySpace): void {
  mind.redrawn++
  for (const lane of mind.book.policies) {
    for (let i = lane.count - 1; i >= 0; i--) {
      const held = { key: policyKey(lane, i), sign: policySign(lane, i), t: 0 }
      if (policyName(space, policyNumber(space, held)) === mind.herd) forsakeKey(mind.book, space, held.key)
    }
  }
}

/** The name of what it leads with, or null. */
export function leadName(space: KeySpace, lead: LeadingPolicy): string | null {
  return lead.key < 0 ? null : policyName(space, policyNumber(space, lead))
}
