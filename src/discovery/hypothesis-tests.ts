/** A learner's hypothesis tests: what it screens, confirms, follows and watches. All are bounded, and cost only when due. */

import { endsHalf, foldStretch, type Stretch, screenAfter } from './blocks.js'
import type { HypothesisSpace } from './hypothesis-space.js'
import { discoveryLimits, protocol } from './limits.js'
import {
  type Approval,
  dropPattern,
  findPattern,
  type Patterns,
  patternSlope,
  patterns,
  recentZ,
  turnPattern,
  watchPattern,
  watchPatterns,
} from './patterns.js'
import {
  adoptPolicy,
  dropPolicy,
  nextStronger,
  type Policies,
  PolicyStatus,
  policies,
  policyHypothesis,
  policySign,
  policyStatus,
  policyT,
  setPolicyStatus,
  weighPolicies,
} from './policies.js'
import type { RollingWindow } from './rolling-window.js'
import { beginTrial, type Evidence, endTrial, findTrial, sumTrials, type Trial, type Trials, takeFull, trials } from './trials.js'

/** Plain data; one lane for each of the four stages. */
export interface HypothesisTests {
  /** Folds a confirmation has: three, or one where a single learner confirms; and the learner's, its ordinal modulo that. */
  readonly folds: number
  readonly fold: number
  readonly screens: Trials
  readonly confirmationTasks: Trials
  readonly policies: Policies
  readonly patterns: Patterns
  readonly counters: HypothesisCounters
}

export interface HypothesisCounters {
  /** Screens taken, and those too short of data to be a test. */
  tested: number
  untested: number
  candidates: number
  /** Screens given up because the hypothesis went into confirmation. */
  cancelled: number
  /** Screens and confirmation tasks refused because a lane was full or held the hypothesis already. */
  refused: number
}

/** A hypothesis passed its screen: announced with what an imitator needs to rank it. */
export interface Candidate extends Evidence {
  readonly kind: 'candidate'
  readonly hypothesis: number
  readonly sign: 1 | -1
  /** z of the screen; |z| > 2. */
  readonly z: number
  /** Last bar of the screen. */
  readonly step: number
}

/** A fold's part of a confirmation is complete. */
export interface FoldReport extends Evidence {
  readonly kind: 'fold'
  readonly hypothesis: number
  readonly fold: number
  /** z of the fold's own blocks in the candidate's sign; NaN where there is no spread. */
  readonly z: number
}

/** A watched pattern is over. */
export interface Retirement {
  readonly kind: 'retired'
  readonly hypothesis: number
  readonly sign: 1 | -1
  /** z of its latest 504 bars in its own sign. */
  readonly z: number
  /** First bar of its evidence. */
  readonly since: number
  /** Step of its last proof. */
  readonly proven: number
  /** Expected gross return over the horizon for each unit of the driver's z. */
  readonly slope: number
}

export type TestOutcome = Candidate | FoldReport | Retirement

/** A learner's number among finance learners, how many they are, and in how many folds they confirm. */
export interface LearnerPlace {
  readonly ordinal: number
  /** How many share the assignment. It sizes the screens, with room for the loss of half of them. */
  readonly learners: number
  /** Default: three. */
  readonly folds?: number
}

export function hypothesisTests(
  space: HypothesisSpace,
  { ordinal, learners, folds = protocol.folds }: LearnerPlace,
): HypothesisTests {
  const screenBars = (protocol.screenSums + 1) * protocol.halfBars
  const assigned = (space.size * screenBars) / protocol.passBars / learners
  return {
    folds,
    fold: ordinal % folds,
    screens: trials(Math.ceil(assigned * 2) + 48, { halves: true }),
    confirmationTasks: trials(discoveryLimits.confirmationTasks, { halves: false }),
    policies: policies(discoveryLimits.policies),
    patterns: patterns(),
    counters: { tested: 0, untested: 0, candidates: 0, cancelled: 0, refused: 0 },
  }
}

/** Begins the screen of a hypothesis after `step`. */
export function screenHypothesis(tests: HypothesisTests, space: HypothesisSpace, hypothesis: number, step: number): boolean {
  return counted(tests, beginTrial(tests.screens, space, { hypothesis, sign: 0, ...screenAfter(step) }))
}

/** Gives up the screen of a hypothesis whose confirmation begins: no bar serves a hypothesis in two stages. */
export function cancelScreen(tests: HypothesisTests, hypothesis: number): void {
  const i = findTrial(tests.screens, hypothesis)
  if (i < 0) return
  endTrial(tests.screens, i)
  tests.counters.cancelled++
}

/** What a confirmation tests: a hypothesis, in the candidate's sign, over a stage of fresh bars. */
export interface ConfirmationScope {
  readonly hypothesis: number
  readonly sign: 1 | -1
  readonly stage: Stretch
}

/** Takes a confirmation task: the learner's own fold of the stage. */
export function runConfirmationTask(tests: HypothesisTests, space: HypothesisSpace, scope: ConfirmationScope): boolean {
  const { hypothesis, sign, stage } = scope
  const stretch = foldStretch(stage, tests.fold, tests.folds)
  return counted(tests, beginTrial(tests.confirmationTasks, space, { hypothesis, sign, ...stretch }))
}

/** Follows a candidate, the learner's own or another's. False where it is held already or too weak for a full lane. */
export function followHypothesis(tests: HypothesisTests, candidate: Candidate): boolean {
  return adoptPolicy(tests.policies, candidate)
}

/** Drops a policy: it was rejected, or contagion made the learner re-draw. */
export function abandonHypothesis(tests: HypothesisTests, hypothesis: number): boolean {
  return dropPolicy(tests.policies, hypothesis)
}

/** Marks a policy as confirmed where it is held. */
export function markConfirmed(tests: HypothesisTests, hypothesis: number): void {
  setPolicyStatus(tests.policies, hypothesis, PolicyStatus.confirmed)
}

/** What a learner watches a pattern with. */
export interface WatchInputs {
  readonly space: HypothesisSpace
  readonly rollingWindow: RollingWindow
}

/** Watches an approved pattern, and marks its policy where held. False where the lane refuses it. */
export function watchApproved(tests: HypothesisTests, { space, rollingWindow }: WatchInputs, approval: Approval): boolean {
  setPolicyStatus(tests.policies, approval.hypothesis, PolicyStatus.approved)
  return watchPattern(tests.patterns, space, rollingWindow, approval)
}

/** Drops a pattern and its policy, because another learner retired it. */
export function retireHypothesis(tests: HypothesisTests, hypothesis: number): void {
  abandonHypothesis(tests, hypothesis)
  const i = findPattern(tests.patterns, hypothesis)
  if (i >= 0) dropPattern(tests.patterns, i)
}

/**
 * Adds one closed bar to every test. Tests that are complete or over leave their lane, and their outcomes are appended to `out`.
 * Only the last bar of a half block costs, and of confirmation tasks only in blocks of the learner's fold.
 */
export function observeTests(tests: HypothesisTests, rollingWindow: RollingWindow, out: TestOutcome[]): void {
  const { step } = rollingWindow
  watch(tests, rollingWindow, out)
  if (!endsHalf(step)) return
  const { screens, confirmationTasks } = tests
  sumTrials(screens, rollingWindow)
  for (let full = takeFull(screens, step); full !== undefined; full = takeFull(screens, step)) takeScreen(tests, full, out)
  weighPolicies(tests.policies, rollingWindow)
  if (tests.folds > 1 && rollingWindow.fold !== tests.fold) return
  sumTrials(confirmationTasks, rollingWindow)
  for (let full = takeFull(confirmationTasks, step); full !== undefined; full = takeFull(confirmationTasks, step))
    out.push(foldReport(tests.fold, full))
}

/** The policy with the highest t in its favour. Approved policies are exempt while they hold. */
export interface LeadingPolicy {
  /** −1 where the learner has no policy. */
  hypothesis: number
  sign: number
  t: number
}

/** Writes the leading policy into `lead` and returns it. */
export function leadingPolicy(tests: HypothesisTests, lead: LeadingPolicy): LeadingPolicy {
  const { policies } = tests
  lead.hypothesis = -1
  lead.sign = 0
  lead.t = 0
  for (let i = nextStronger(policies, 0, 0); i >= 0; i = nextStronger(policies, i + 1, lead.t)) {
    if (isExempt(tests, i)) continue
    lead.hypothesis = policyHypothesis(policies, i)
    lead.sign = policySign(policies, i)
    lead.t = policyT(policies, i)
  }
  return lead
}

function isExempt({ policies, patterns }: HypothesisTests, i: number): boolean {
  if (policyStatus(policies, i) !== PolicyStatus.approved) return false
  const at = findPattern(patterns, policyHypothesis(policies, i))
  return at >= 0 && !(recentZ(patterns, at) <= 0)
}

function takeScreen(tests: HypothesisTests, { until, ...screen }: Trial, out: TestOutcome[]): void {
  const enough = screen.n >= protocol.coverage * protocol.screenSums * protocol.halfBars
  tests.counters[enough ? 'tested' : 'untested']++
  if (!enough || !(Math.abs(screen.z) > protocol.candidateZ)) return
  tests.counters.candidates++
  out.push({ ...screen, kind: 'candidate', sign: screen.z > 0 ? 1 : -1, step: until })
}

function foldReport(fold: number, { hypothesis, sign, z, n, blocks, sum, squares, zz }: Trial): FoldReport {
  return { kind: 'fold', hypothesis, fold, n, blocks, sum, squares, zz, z: sign * z }
}

function watch({ patterns, policies }: HypothesisTests, rollingWindow: RollingWindow, out: TestOutcome[]): void {
  if (patterns.count === 0) return
  watchPatterns(patterns, rollingWindow)
  for (let i = patterns.count - 1; i >= 0; i--) {
    if (!turnPattern(patterns, i, rollingWindow.step)) continue
    const over = retirementOf(patterns, i)
    out.push(over)
    dropPattern(patterns, i)
    dropPolicy(policies, over.hypothesis)
  }
}

function retirementOf(patterns: Patterns, i: number): Retirement {
  return {
    kind: 'retired',
    hypothesis: patterns.hypothesis[i] as number,
    sign: patterns.sign[i] as 1 | -1,
    z: patterns.lastZ[i] as number,
    since: patterns.since[i] as number,
    proven: patterns.proven[i] as number,
    slope: patternSlope(patterns, i),
  }
}

function counted(tests: HypothesisTests, taken: boolean): boolean {
  if (!taken) tests.counters.refused++
  return taken
}
