/** The state of a finance learner: its tests, its leading policy, and how it imitates; plain data and functions. */

import type { Rng } from '../../core/index.js'
import {
  abandonHypothesis,
  type Candidate,
  followHypothesis,
  type HypothesisSpace,
  type HypothesisTests,
  hypothesisTests,
  type LeadingPolicy,
  type LearnerPlace,
  mayScreen,
  mutateHypothesis,
  policyHypothesis,
  policyName,
  policyNumber,
  policySign,
  type StageTable,
  screenHypothesis,
  type TestOutcome,
} from '../../discovery/index.js'

export interface FinanceLearnerState {
  readonly tests: HypothesisTests
  /** Numbers of the pairs to which its mutations may move. */
  readonly pairs: number[]
  readonly lead: LeadingPolicy
  /** The policy it last published, if any. */
  policy: string | null
  /** The consensus policy while contagion lasts; the learner does not imitate then. */
  consensusPolicy: string | null
  imitated: number
  redrawn: number
  /** Reused for the outcomes of a bar; empty between steps. */
  readonly outcomes: TestOutcome[]
}

/** A learner before its first bar. It draws a third of the pairs as its own, from its own stream. */
export function financeLearnerState(space: HypothesisSpace, place: LearnerPlace, rng: Rng): FinanceLearnerState {
  const all = rng.shuffle(space.pairs.map((_, i) => i))
  return {
    tests: hypothesisTests(space, place),
    pairs: all.slice(0, Math.max(1, Math.ceil(all.length / 3))).sort((a, b) => a - b),
    lead: { hypothesis: -1, sign: 0, t: 0 },
    policy: null,
    consensusPolicy: null,
    imitated: 0,
    redrawn: 0,
    outcomes: [],
  }
}

/** What of its model a learner reads to test a hypothesis. */
interface Tested {
  readonly hypotheses: HypothesisSpace
  readonly stages: StageTable
  readonly steps: number
}

/** Adopts a candidate that another learner announced, and screens a mutation of it among the learner's own pairs. */
export function imitate(state: FinanceLearnerState, candidate: Candidate, { hypotheses, stages, steps }: Tested, rng: Rng): void {
  state.imitated++
  followHypothesis(state.tests, candidate)
  const mutant = mutateHypothesis(hypotheses, candidate.hypothesis, rng, state.pairs)
  if (mutant !== candidate.hypothesis && mayScreen(stages, mutant)) screenHypothesis(state.tests, hypotheses, mutant, steps)
}

/** Drops every policy with the driver, target and sign of the consensus policy. */
export function leaveConsensus(state: FinanceLearnerState, space: HypothesisSpace): void {
  state.redrawn++
  const { tests } = state
  for (let i = tests.policies.count - 1; i >= 0; i--) {
    const held = { hypothesis: policyHypothesis(tests.policies, i), sign: policySign(tests.policies, i), t: 0 }
    if (policyName(space, policyNumber(space, held)) === state.consensusPolicy) abandonHypothesis(tests, held.hypothesis)
  }
}

/** The name of the leading policy, or null. */
export function leadName(space: HypothesisSpace, lead: LeadingPolicy): string | null {
  return lead.hypothesis < 0 ? null : policyName(space, policyNumber(space, lead))
}
