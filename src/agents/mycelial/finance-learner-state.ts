/** The mind of a finance learner: what it holds, whom it imitates, what it leads with; plain data and functions. */

import type { Rng } from '../../core/index.js'
import {
  abandonHypothesis,
  type Candidate,
  followHypothesis,
  type HypothesisSpace,
  type HypothesisTests,
  hypothesisTests,
  type LeadingPolicy,
  mayScreen,
  mutateHypothesis,
  policyHypothesis,
  policyName,
  policyNumber,
  policySign,
  screenHypothesis,
  type TestOutcome,
} from '../../discovery/index.js'
import type { SwarmModel } from './ports.js'

export interface FinanceLearnerState {
  readonly tests: HypothesisTests
  /** Pair numbers it looks at when it mutates what it imitates. */
  readonly pairs: number[]
  readonly lead: LeadingPolicy
  /** The policy it last published, if any. */
  policy: string | null
  /** The policy the consensus follows while contagion lasts; nobody imitates then. */
  consensusPolicy: string | null
  imitated: number
  redrawn: number
  /** Reused for what a bar brings to light; empty between steps. */
  readonly outcomes: TestOutcome[]
}

/** Every learner has a third of the pairs as its own, drawn from its own stream. */
export function financeLearnerState(space: HypothesisSpace, ordinal: number, learners: number, rng: Rng): FinanceLearnerState {
  const all = rng.shuffle(space.pairs.map((_, i) => i))
  return {
    tests: hypothesisTests(space, ordinal, learners),
    pairs: all.slice(0, Math.max(1, Math.ceil(all.length / 3))).sort((a, b) => a - b),
    lead: { hypothesis: -1, sign: 0, t: 0 },
    policy: null,
    consensusPolicy: null,
    imitated: 0,
    redrawn: 0,
    outcomes: [],
  }
}

/** Adopts a candidate that another learner announced, and screens a mutation of it among the learner's own pairs. */
export function imitate(
  state: FinanceLearnerState,
  candidate: Candidate,
  { hypotheses, stages, steps }: Pick<SwarmModel, 'hypotheses' | 'stages' | 'steps'>,
  rng: Rng,
): void {
  state.imitated++
  followHypothesis(state.tests, hypotheses, candidate)
  const mutant = mutateHypothesis(hypotheses, candidate.hypothesis, rng, state.pairs)
  if (mutant !== candidate.hypothesis && mayScreen(stages, mutant)) screenHypothesis(state.tests, hypotheses, mutant, steps)
}

/** Gives up every policy that is the consensus's: same driver, target and sign. */
export function leaveConsensus(state: FinanceLearnerState, space: HypothesisSpace): void {
  state.redrawn++
  for (const lane of state.tests.policies) {
    for (let i = lane.count - 1; i >= 0; i--) {
      const held = { hypothesis: policyHypothesis(lane, i), sign: policySign(lane, i), t: 0 }
      if (policyName(space, policyNumber(space, held)) === state.consensusPolicy)
        abandonHypothesis(state.tests, space, held.hypothesis)
    }
  }
}

/** The name of what it leads with, or null. */
export function leadName(space: HypothesisSpace, lead: LeadingPolicy): string | null {
  return lead.hypothesis < 0 ? null : policyName(space, policyNumber(space, lead))
}
