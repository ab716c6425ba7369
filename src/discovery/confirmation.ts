/** Confirmation, the rule of three: which candidates are tested, and whether disjoint folds agree: three, or one for comparison. */

import { requiredScores, type Stretch, screenBegin, stageAfter } from './blocks.js'
import type { Candidate, FoldReport } from './hypothesis-tests.js'
import { discoveryLimits, protocol } from './limits.js'
import { slopeOf } from './patterns.js'

/** A confirmation under way. */
export interface Confirmation {
  readonly hypothesis: number
  readonly sign: 1 | -1
  /** Last bar of the screen. */
  readonly screened: number
  readonly stage: Stretch
  /** z and n of each fold, NaN and 0 until reported. */
  readonly z: number[]
  readonly n: number[]
  /** Sums over all folds. */
  readonly evidence: { sum: number; squares: number; zz: number }
}

/** The judgement of a confirmation. */
export interface ConfirmationVerdict {
  readonly hypothesis: number
  readonly sign: 1 | -1
  readonly confirmed: boolean
  /** Σz/√folds in the candidate's sign; NaN where a fold is missing. */
  readonly pooled: number
  /** First bar of the screen, and its last one. */
  readonly since: number
  readonly screened: number
  /** Expected return over the horizon for each unit of z, in σ of a bar, signed and shrunken. */
  readonly slope: number
}

/** An instigator's state; plain data. */
export interface Confirmations {
  /** Three, or one where a single learner confirms. */
  readonly folds: number
  /** Candidates in need of a slot, strongest first. */
  readonly waiting: Candidate[]
  readonly open: Map<number, Confirmation>
  /** Slots earned and not used, at most `burst`. */
  slots: number
  readonly counters: { offered: number; begun: number; confirmed: number; rejected: number; dropped: number; lost: number }
}

/** Most slots kept in reserve for a bar with many candidates. */
const burst = 20

export function confirmations(folds: number = protocol.folds): Confirmations {
  return {
    folds,
    waiting: [],
    open: new Map(),
    slots: 0,
    counters: { offered: 0, begun: 0, confirmed: 0, rejected: 0, dropped: 0, lost: 0 },
  }
}

/**
 * Queues a candidate. A candidate under confirmation is ignored, because its bars serve that stage. A newer screen replaces an
 * older one of the same hypothesis. A full queue drops and counts its weakest candidate.
 */
export function offerCandidate(state: Confirmations, candidate: Candidate): void {
  if (state.open.has(candidate.hypothesis)) return
  const { waiting, counters } = state
  counters.offered++
  const held = waiting.findIndex(c => c.hypothesis === candidate.hypothesis)
  if (held >= 0) waiting.splice(held, 1)
  const strength = Math.abs(candidate.z)
  let at = waiting.length
  while (at > 0 && Math.abs((waiting[at - 1] as Candidate).z) < strength) at--
  waiting.splice(at, 0, candidate)
  if (waiting.length <= discoveryLimits.waiting) return
  waiting.pop()
  counters.dropped++
}

/**
 * A step's slots, and the confirmations begun with them. Slots accrue so that no window of 5,000 bars sees more than
 * `limit` (1,500 in all; `share` is this instigator's part, 1 / live ones). The strongest waiting candidates go first:
 * fresh bars keep their test unbiased, and true patterns tend to be strong.
 */
export function beginConfirmations(state: Confirmations, step: number, share: number, limit: number): Confirmation[] {
  const kept = Math.max(1, burst * share)
  state.slots = Math.min(kept, state.slots + (limit * share - kept) / protocol.confirmationWindowBars)
  if (state.slots < 1 || state.waiting.length === 0) return none
  const begun: Confirmation[] = []
  while (state.slots >= 1 && state.waiting.length > 0 && state.open.size < discoveryLimits.confirmations) {
    const confirmation = confirmationOf(state.waiting.shift() as Candidate, step, state.folds)
    state.open.set(confirmation.hypothesis, confirmation)
    state.slots--
    state.counters.begun++
    begun.push(confirmation)
  }
  return begun
}

const none: Confirmation[] = []

function confirmationOf({ hypothesis, sign, step: screened }: Candidate, step: number, folds: number): Confirmation {
  return {
    hypothesis,
    sign,
    screened,
    stage: stageAfter(step),
    z: new Array<number>(folds).fill(Number.NaN),
    n: new Array<number>(folds).fill(0),
    evidence: { sum: 0, squares: 0, zz: 0 },
  }
}

/** A copy that shares nothing with the original: for an instigator that may take it over. */
export function copyOf(confirmation: Confirmation): Confirmation {
  const { z, n, evidence } = confirmation
  return { ...confirmation, z: [...z], n: [...n], evidence: { ...evidence } }
}

/** Records a fold's report. Returns the verdict once all folds have reported, else undefined. */
export function takeReport(state: Confirmations, report: FoldReport): ConfirmationVerdict | undefined {
  const open = state.open.get(report.hypothesis)
  if (open === undefined) return undefined
  if (open.n[report.fold] === 0) {
    open.n[report.fold] = report.n
    open.z[report.fold] = report.z
    open.evidence.sum += report.sum
    open.evidence.squares += report.squares
    open.evidence.zz += report.zz
  }
  return open.n.every(n => n > 0) ? closeConfirmation(state, open) : undefined
}

/** Rejects confirmations whose stage is over although a fold has not reported; call after the step's reports. */
export function closeOverdue(state: Confirmations, step: number): ConfirmationVerdict[] {
  const verdicts: ConfirmationVerdict[] = []
  for (const open of state.open.values()) {
    if (open.stage.until >= step) break // begun in order, so due in order
    state.counters.lost++
    verdicts.push(closeConfirmation(state, open))
  }
  return verdicts
}

/** Confirmed: every fold has 0.9 of its scores and z > 0.5, and Σz/√folds > 3. */
export function isConfirmed(z: readonly number[], n: readonly number[]): boolean {
  const whole = n.every(count => count >= requiredScores(n.length))
  return whole && z.every(v => v > protocol.foldZ) && pooledZ(z) > protocol.pooledZ
}

/** Σz/√folds (Stouffer). */
export function pooledZ(z: readonly number[]): number {
  return z.reduce((sum, v) => sum + v, 0) / Math.sqrt(z.length)
}

function closeConfirmation(state: Confirmations, open: Confirmation): ConfirmationVerdict {
  const { hypothesis, sign, screened, z, n, evidence } = open
  state.open.delete(hypothesis)
  const confirmed = isConfirmed(z, n)
  state.counters[confirmed ? 'confirmed' : 'rejected']++
  const slope = slopeOf(evidence.sum, evidence.zz, evidence.squares, sign)
  return { hypothesis, sign, confirmed, pooled: pooledZ(z), since: screenBegin(screened), screened, slope }
}
