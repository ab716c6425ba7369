/** A learner's hypothesis tests: what it screens, confirms, follows and watches. All are bounded, and cost only when due. */

import { foldStretch, type Stretch } from './blocks.js'
import type { HypothesisSpace } from './hypothesis-space.js'
import { discoveryLimits, protocol } from './limits.js'
import {
  type Approval,
  dropPattern,
  findPattern,
  type Patterns,
  patterns,
  recentT,
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
  type ScreenSums,
  setPolicyStatus,
  weighPolicies,
} from './policies.js'
import type { RollingWindow } from './rolling-window.js'
import { beginTrial, endTrial, findTrial, sumTrials, type Trial, type Trials, takeFull, trials } from './trials.js'

/** Plain data; one lane a horizon in each of the four stages. */
export interface HypothesisTests {
  /** The learner's fold: its ordinal modulo 3. */
  readonly fold: number
  readonly horizons: readonly number[]
  readonly screens: Trials[]
  readonly confirmationTasks: Trials[]
  readonly policies: Policies[]
  readonly patterns: Patterns[]
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
export interface Candidate extends ScreenSums {
  readonly kind: 'candidate'
  readonly hypothesis: number
  readonly sign: 1 | -1
  /** t of the screen; |t| > 2. */
  readonly t: number
  /** Last bar of the screen. */
  readonly step: number
}

/** A fold's part of a confirmation is complete. */
export interface FoldReport {
  readonly kind: 'fold'
  readonly hypothesis: number
  readonly fold: number
  readonly n: number
  /** t of the fold's own observations in the candidate's sign; NaN where there is no spread. */
  readonly z: number
}

/** A watched pattern is over. */
export interface Retirement {
  readonly kind: 'retired'
  readonly hypothesis: number
  readonly sign: 1 | -1
  /** Its latest 500-bar t in its own sign. */
  readonly t: number
}

export type TestOutcome = Candidate | FoldReport | Retirement

/**
 * @param ordinal the learner's number among finance learners; its fold is `ordinal % 3`.
 * @param learners how many share the assignment. It sizes the screens, with room for the loss of half of them.
 */
export function hypothesisTests(space: HypothesisSpace, ordinal: number, learners: number): HypothesisTests {
  const assigned = (space.size * protocol.screenBars) / protocol.passBars / learners / space.horizons.length
  const screens = Math.ceil(assigned * 2) + 16
  return {
    fold: ordinal % protocol.folds,
    horizons: space.horizons,
    screens: space.horizons.map(h => trials(h, screens)),
    confirmationTasks: space.horizons.map(h => trials(h, discoveryLimits.confirmationTasks)),
    policies: space.horizons.map(h => policies(h, discoveryLimits.policies)),
    patterns: space.horizons.map(h => patterns(h)),
    counters: { tested: 0, untested: 0, candidates: 0, cancelled: 0, refused: 0 },
  }
}

/** Begins the 250-bar screen of a hypothesis after `step`. */
export function screenHypothesis(tests: HypothesisTests, space: HypothesisSpace, hypothesis: number, step: number): boolean {
  const lane = tests.screens[space.horizonIndex(hypothesis)] as Trials
  return counted(tests, beginTrial(lane, space, { hypothesis, sign: 0, from: step, until: step + protocol.screenBars }))
}

/** Gives up the screen of a hypothesis whose confirmation begins: no bar serves a hypothesis in two stages. */
export function cancelScreen(tests: HypothesisTests, space: HypothesisSpace, hypothesis: number): void {
  const lane = tests.screens[space.horizonIndex(hypothesis)] as Trials
  const i = findTrial(lane, hypothesis)
  if (i < 0) return
  endTrial(lane, i)
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
  const lane = tests.confirmationTasks[space.horizonIndex(hypothesis)] as Trials
  return counted(tests, beginTrial(lane, space, { hypothesis, sign, ...foldStretch(stage, tests.fold) }))
}

/** Follows a candidate, the learner's own or another's. False where it is held already or too weak for a full lane. */
export function followHypothesis(tests: HypothesisTests, space: HypothesisSpace, candidate: Candidate): boolean {
  const lane = tests.policies[space.horizonIndex(candidate.hypothesis)] as Policies
  return adoptPolicy(lane, space, candidate)
}

/** Drops a policy: it was rejected, or contagion made the learner re-draw. */
export function abandonHypothesis(tests: HypothesisTests, space: HypothesisSpace, hypothesis: number): boolean {
  return dropPolicy(tests.policies[space.horizonIndex(hypothesis)] as Policies, hypothesis)
}

/** Marks a policy as confirmed where it is held. */
export function markConfirmed(tests: HypothesisTests, space: HypothesisSpace, hypothesis: number): void {
  setPolicyStatus(tests.policies[space.horizonIndex(hypothesis)] as Policies, hypothesis, PolicyStatus.confirmed)
}

/** Watches an approved pattern, and marks its policy where held. False where the lane refuses it. */
export function watchApproved(tests: HypothesisTests, space: HypothesisSpace, approval: Approval): boolean {
  const h = space.horizonIndex(approval.hypothesis)
  setPolicyStatus(tests.policies[h] as Policies, approval.hypothesis, PolicyStatus.approved)
  return watchPattern(tests.patterns[h] as Patterns, space, approval)
}

/** Drops a pattern and its policy, because another learner retired it. */
export function retireHypothesis(tests: HypothesisTests, space: HypothesisSpace, hypothesis: number): void {
  abandonHypothesis(tests, space, hypothesis)
  const lane = tests.patterns[space.horizonIndex(hypothesis)] as Patterns
  const i = findPattern(lane, hypothesis)
  if (i >= 0) dropPattern(lane, i)
}

/**
 * Adds one closed bar to every test. Tests that are complete or over leave their lane, and their outcomes are appended to `out`.
 * Only hypotheses that are due cost: every h-th bar, and confirmation tasks only in blocks of the learner's fold.
 */
export function observeTests(tests: HypothesisTests, rollingWindow: RollingWindow, out: TestOutcome[]): void {
  const { step } = rollingWindow
  const confirmationTask = rollingWindow.fold === tests.fold
  for (let i = 0; i < tests.horizons.length; i++) {
    watchLane(tests, i, rollingWindow, out)
    if (rollingWindow.due[i] === 0) continue
    const screens = tests.screens[i] as Trials
    sumTrials(screens, rollingWindow)
    for (let full = takeFull(screens, step); full !== undefined; full = takeFull(screens, step)) {
      takeScreen(tests, screens.horizon, full, out)
    }
    weighPolicies(tests.policies[i] as Policies, rollingWindow)
    if (!confirmationTask) continue
    const confirmationTasks = tests.confirmationTasks[i] as Trials
    sumTrials(confirmationTasks, rollingWindow)
    for (let full = takeFull(confirmationTasks, step); full !== undefined; full = takeFull(confirmationTasks, step)) {
      out.push(foldReport(tests.fold, full))
    }
  }
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
  lead.hypothesis = -1
  lead.sign = 0
  let best = 0
  for (let h = 0; h < tests.policies.length; h++) {
    const lane = tests.policies[h] as Policies
    for (let i = nextStronger(lane, 0, best); i >= 0; i = nextStronger(lane, i + 1, best)) {
      if (isExempt(tests, h, lane, i)) continue
      lead.hypothesis = policyHypothesis(lane, i)
      lead.sign = policySign(lane, i)
      best = policyT(lane, i)
    }
  }
  lead.t = best
  return lead
}

function isExempt(tests: HypothesisTests, horizon: number, lane: Policies, i: number): boolean {
  if (policyStatus(lane, i) !== PolicyStatus.approved) return false
  const watched = tests.patterns[horizon] as Patterns
  const at = findPattern(watched, policyHypothesis(lane, i))
  return at >= 0 && !(recentT(watched, at) <= 0)
}

function takeScreen(tests: HypothesisTests, horizon: number, trial: Trial, out: TestOutcome[]): void {
  const { hypothesis, t, until, n, sum, squares } = trial
  const enough = n >= protocol.coverage * Math.floor((protocol.screenBars - horizon) / horizon)
  tests.counters[enough ? 'tested' : 'untested']++
  if (!enough || !(Math.abs(t) > protocol.candidateT)) return
  tests.counters.candidates++
  out.push({ kind: 'candidate', hypothesis, sign: t > 0 ? 1 : -1, t, step: until, n, sum, squares })
}

function foldReport(fold: number, { hypothesis, sign, n, t }: Trial): FoldReport {
  return { kind: 'fold', hypothesis, fold, n, z: sign * t }
}

function watchLane(tests: HypothesisTests, horizonIndex: number, rollingWindow: RollingWindow, out: TestOutcome[]): void {
  const lane = tests.patterns[horizonIndex] as Patterns
  if (lane.count === 0) return
  if (rollingWindow.due[horizonIndex] === 1) watchPatterns(lane, rollingWindow, horizonIndex)
  for (let i = lane.count - 1; i >= 0; i--) {
    if (!turnPattern(lane, i, rollingWindow.step)) continue
    const hypothesis = lane.hypothesis[i] as number
    out.push({ kind: 'retired', hypothesis, sign: lane.sign[i] as 1 | -1, t: lane.lastT[i] as number })
    dropPattern(lane, i)
    dropPolicy(tests.policies[horizonIndex] as Policies, hypothesis)
  }
}

function counted(tests: HypothesisTests, taken: boolean): boolean {
  if (!taken) tests.counters.refused++
  return taken
}
