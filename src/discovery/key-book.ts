/** A learner's key book: what it screens, confirms, follows and watches, all bounded, touched only when a bar is due. */

import { foldStretch, type Stretch } from './blocks.js'
import type { KeySpace } from './key-space.js'
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
  policyKey,
  policySign,
  policyStatus,
  policyT,
  type ScreenSums,
  setPolicyStatus,
  weighPolicies,
} from './policies.js'
import type { Tape } from './tape.js'
import { beginTrial, endTrial, findTrial, sumTrials, type Trial, type Trials, takeFull, trials } from './trials.js'

/** Plain data; one lane a horizon in each of the four stages. */
export interface KeyBook {
  /** The learner's fold: its ordinal modulo 3. */
  readonly fold: number
  readonly horizons: readonly number[]
  readonly screens: Trials[]
  readonly duties: Trials[]
  readonly policies: Policies[]
  readonly patterns: Patterns[]
  readonly counters: KeyBookCounters
}

export interface KeyBookCounters {
  /** Screens taken, and those too short of data to be a test. */
  tested: number
  untested: number
  candidates: number
  /** Screens given up because the key went into confirmation. */
  cancelled: number
  /** Screens and duties refused because a lane was full or held the key already. */
  refused: number
}

/** A key passed its screen: announced with what an imitator needs to rank it. */
export interface Candidate extends ScreenSums {
  readonly kind: 'candidate'
  readonly key: number
  readonly sign: 1 | -1
  /** t of the screen; |t| > 2. */
  readonly t: number
  /** Last bar of the screen. */
  readonly step: number
}

/** A fold's part of a confirmation is full. */
export interface FoldReport {
  readonly kind: 'fold'
  readonly key: number
  readonly fold: number
  readonly n: number
  /** t of the fold's own observations in the candidate's sign; NaN where there is no spread. */
  readonly z: number
}

/** A watched pattern is over. */
export interface Retirement {
  readonly kind: 'retired'
  readonly key: number
  readonly sign: 1 | -1
  /** Its latest 500-bar t in its own sign. */
  readonly t: number
}

export type BookOutcome = Candidate | FoldReport | Retirement

/**
 * @param ordinal the learner's number among finance learners; its fold is `ordinal % 3`.
 * @param learners how many share the deal: sizes the screens, with room for half of them to be lost.
 */
export function keyBook(space: KeySpace, ordinal: number, learners: number): KeyBook {
  const dealt = (space.size * protocol.screenBars) / protocol.passBars / learners / space.horizons.length
  const screens = Math.ceil(dealt * 2) + 16
  return {
    fold: ordinal % protocol.folds,
    horizons: space.horizons,
    screens: space.horizons.map(h => trials(h, screens)),
    duties: space.horizons.map(h => trials(h, discoveryLimits.duties)),
    policies: space.horizons.map(h => policies(h, discoveryLimits.policies)),
    patterns: space.horizons.map(h => patterns(h)),
    counters: { tested: 0, untested: 0, candidates: 0, cancelled: 0, refused: 0 },
  }
}

/** Begins the 250-bar screen of a key after `step`. */
export function screenKey(book: KeyBook, space: KeySpace, key: number, step: number): boolean {
  const lane = book.screens[space.horizonIndex(key)] as Trials
  return counted(book, beginTrial(lane, space, key, { from: step, until: step + protocol.screenBars }, 0))
}

/** Gives up the screen of a key whose confirmation begins: no bar serves a key in two stages. */
export function cancelScreen(book: KeyBook, space: KeySpace, key: number): void {
  const lane = book.screens[space.horizonIndex(key)] as Trials
  const i = findTrial(lane, key)
  if (i < 0) return
  endTrial(lane, i)
  book.counters.cancelled++
}

/** Takes a confirmation duty: the book's own fold of the stage. */
export function serveDuty(book: KeyBook, space: KeySpace, key: number, sign: 1 | -1, stage: Stretch): boolean {
  const lane = book.duties[space.horizonIndex(key)] as Trials
  return counted(book, beginTrial(lane, space, key, foldStretch(stage, book.fold), sign))
}

/** Follows a candidate, its own or an announced one. False where it is held already or too weak for a full lane. */
export function followKey(book: KeyBook, space: KeySpace, candidate: Candidate): boolean {
  const lane = book.policies[space.horizonIndex(candidate.key)] as Policies
  return adoptPolicy(lane, space, candidate.key, candidate.sign, candidate)
}

/** Lets a policy go: rejected, or re-drawn under contagion. */
export function forsakeKey(book: KeyBook, space: KeySpace, key: number): boolean {
  return dropPolicy(book.policies[space.horizonIndex(key)] as Policies, key)
}

/** Marks a held policy as confirmed; nothing where it is not held. */
export function markConfirmed(book: KeyBook, space: KeySpace, key: number): void {
  setPolicyStatus(book.policies[space.horizonIndex(key)] as Policies, key, PolicyStatus.confirmed)
}

/** Watches an approved pattern, and marks the policy where it is held. False where it is not taken. */
export function watchApproved(book: KeyBook, space: KeySpace, approval: Approval): boolean {
  const h = space.horizonIndex(approval.key)
  setPolicyStatus(book.policies[h] as Policies, approval.key, PolicyStatus.approved)
  return watchPattern(book.patterns[h] as Patterns, space, approval)
}

/** Drops a pattern and its policy, because another holder has found it over. */
export function retireKey(book: KeyBook, space: KeySpace, key: number): void {
  forsakeKey(book, space, key)
  const lane = book.patterns[space.horizonIndex(key)] as Patterns
  const i = findPattern(lane, key)
  if (i >= 0) dropPattern(lane, i)
}

/**
 * One closed bar for everything in the book. What is full or over is taken out and appended to `out`: candidates, fold
 * reports, retirements. Cost is that of the keys due: every h-th bar, and duties only in blocks of the book's fold.
 */
export function observeBook(book: KeyBook, tape: Tape, out: BookOutcome[]): void {
  const { step } = tape
  const duty = tape.fold === book.fold
  for (let i = 0; i < book.horizons.length; i++) {
    watchLane(book, i, tape, out)
    if (tape.due[i] === 0) continue
    const screens = book.screens[i] as Trials
    sumTrials(screens, tape)
    for (let full = takeFull(screens, step); full !== undefined; full = takeFull(screens, step)) {
      takeScreen(book, screens.horizon, full, out)
    }
    weighPolicies(book.policies[i] as Policies, tape)
    if (!duty) continue
    const duties = book.duties[i] as Trials
    sumTrials(duties, tape)
    for (let full = takeFull(duties, step); full !== undefined; full = takeFull(duties, step)) {
      out.push(foldReport(book.fold, full))
    }
  }
}

/** What a learner believes most: highest t in favour among its policies; approved ones are exempt while they hold. */
export interface LeadingPolicy {
  /** −1 where it believes nothing. */
  key: number
  sign: number
  t: number
}

/** Writes the leading policy into `lead` and returns it. */
export function leadingPolicy(book: KeyBook, lead: LeadingPolicy): LeadingPolicy {
  lead.key = -1
  lead.sign = 0
  let best = 0
  for (let h = 0; h < book.policies.length; h++) {
    const lane = book.policies[h] as Policies
    for (let i = nextStronger(lane, 0, best); i >= 0; i = nextStronger(lane, i + 1, best)) {
      if (isExempt(book, h, lane, i)) continue
      lead.key = policyKey(lane, i)
      lead.sign = policySign(lane, i)
      best = policyT(lane, i)
    }
  }
  lead.t = best
  return lead
}

function isExempt(book: KeyBook, horizon: number, lane: Policies, i: number): boolean {
  if (policyStatus(lane, i) !== PolicyStatus.approved) return false
  const watched = book.patterns[horizon] as Patterns
  const at = findPattern(watched, policyKey(lane, i))
  return at >= 0 && !(recentT(watched, at) <= 0)
}

function takeScreen(book: KeyBook, horizon: number, trial: Trial, out: BookOutcome[]): void {
  const { key, t, until, n, sum, squares } = trial
  const enough = n >= protocol.coverage * Math.floor((protocol.screenBars - horizon) / horizon)
  book.counters[enough ? 'tested' : 'untested']++
  if (!enough || !(Math.abs(t) > protocol.candidateT)) return
  book.counters.candidates++
  out.push({ kind: 'candidate', key, sign: t > 0 ? 1 : -1, t, step: until, n, sum, squares })
}

function foldReport(fold: number, { key, sign, n, t }: Trial): FoldReport {
  return { kind: 'fold', key, fold, n, z: sign * t }
}

function watchLane(book: KeyBook, horizonIndex: number, tape: Tape, out: BookOutcome[]): void {
  const lane = book.patterns[horizonIndex] as Patterns
  if (lane.count === 0) return
  if (tape.due[horizonIndex] === 1) watchPatterns(lane, tape, horizonIndex)
  for (let i = lane.count - 1; i >= 0; i--) {
    if (!turnPattern(lane, i, tape.step)) continue
    const key = lane.key[i] as number
    out.push({ kind: 'retired', key, sign: lane.sign[i] as 1 | -1, t: lane.lastT[i] as number })
    dropPattern(lane, i)
    dropPolicy(book.policies[horizonIndex] as Policies, key)
  }
}

function counted(book: KeyBook, taken: boolean): boolean {
  if (!taken) book.counters.refused++
  return taken
}
