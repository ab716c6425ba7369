/** Confirmation, the rule of three: which candidates are tested, and whether three disjoint folds agree. */

import { requiredObservations, type Stretch, stageAfter } from './blocks.js'
import type { HypothesisSpace } from './hypothesis-space.js'
import type { Candidate, FoldReport } from './hypothesis-tests.js'
import { discoveryLimits, protocol } from './limits.js'

/** A confirmation under way. */
export interface Confirmation {
  readonly hypothesis: number
  readonly sign: 1 | -1
  /** t of the screen. */
  readonly t: number
  readonly stage: Stretch
  /** z and n of each fold, NaN and 0 until reported. */
  readonly z: number[]
  readonly n: number[]
}

/** The judgement of a confirmation. */
export interface ConfirmationVerdict {
  readonly hypothesis: number
  readonly sign: 1 | -1
  readonly confirmed: boolean
  /** Σz/√3 in the candidate's sign; NaN where a fold is missing. */
  readonly pooled: number
}

/** An instigator's state; plain data. */
export interface Confirmations {
  /** Candidates in need of a slot, strongest first. */
  readonly waiting: Candidate[]
  readonly open: Map<number, Confirmation>
  /** Slots earned and not used, at most `burst`. */
  slots: number
  readonly counters: { offered: number; begun: number; confirmed: number; rejected: number; dropped: number; lost: number }
}

/** Most slots kept in reserve for a bar with many candidates. */
const burst = 20

export function confirmations(): Confirmations {
  return {
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
  const strength = Math.abs(candidate.t)
  let at = waiting.length
  while (at > 0 && Math.abs((waiting[at - 1] as Candidate).t) < strength) at--
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
    const { hypothesis, sign, t } = state.waiting.shift() as Candidate
    const confirmation = { hypothesis, sign, t, stage: stageAfter(step), z: [Number.NaN, Number.NaN, Number.NaN], n: [0, 0, 0] }
    state.open.set(hypothesis, confirmation)
    state.slots--
    state.counters.begun++
    begun.push(confirmation)
  }
  return begun
}

const none: Confirmation[] = []

/** Records a fold's report. Returns the verdict once all three folds have reported, else undefined. */
export function takeReport(state: Confirmations, space: HypothesisSpace, report: FoldReport): ConfirmationVerdict | undefined {
  const open = state.open.get(report.hypothesis)
  if (open === undefined) return undefined
  if (report.n > (open.n[report.fold] as number)) {
    open.n[report.fold] = report.n
    open.z[report.fold] = report.z
  }
  return open.n.every(n => n > 0) ? closeConfirmation(state, space, open) : undefined
}

/** Rejects confirmations whose stage is over although a fold has not reported; call after the step's reports. */
export function closeOverdue(state: Confirmations, space: HypothesisSpace, step: number): ConfirmationVerdict[] {
  const verdicts: ConfirmationVerdict[] = []
  for (const open of state.open.values()) {
    if (open.stage.until >= step) break // begun in order, so due in order
    state.counters.lost++
    verdicts.push(closeConfirmation(state, space, open))
  }
  return verdicts
}

/** Confirmed: three folds, each with 0.9 of its observations and z > 0.5, and Σz/√3 > 3. */
export function isConfirmed(z: readonly number[], n: readonly number[], horizon: number): boolean {
  const whole = n.every(count => count >= requiredObservations(horizon))
  return whole && z.every(v => v > protocol.foldZ) && pooledZ(z) > protocol.pooledZ
}

/** Σz/√folds (Stouffer). */
export function pooledZ(z: readonly number[]): number {
  return z.reduce((sum, v) => sum + v, 0) / Math.sqrt(protocol.folds)
}

function closeConfirmation(state: Confirmations, space: HypothesisSpace, open: Confirmation): ConfirmationVerdict {
  state.open.delete(open.hypothesis)
  const confirmed = isConfirmed(open.z, open.n, space.horizonOf(open.hypothesis))
  state.counters[confirmed ? 'confirmed' : 'rejected']++
  return { hypothesis: open.hypothesis, sign: open.sign, confirmed, pooled: pooledZ(open.z) }
}
