/** Approval: three researchers share 1,296 forward bars of a confirmed hypothesis in blocks, and each computes one p. */

import type { Rng } from '../core/index.js'
import { foldObservations, foldStretch, requiredObservations, stageAfter } from './blocks.js'
import { blockBootstrapP } from './bootstrap.js'
import type { HypothesisSpace } from './hypothesis-space.js'
import { discoveryLimits, protocol } from './limits.js'
import type { Approval } from './patterns.js'
import type { RollingWindow } from './rolling-window.js'

/** One researcher's share of one hypothesis's forward bars; plain data. */
export interface Study {
  readonly hypothesis: number
  readonly sign: 1 | -1
  readonly horizonIndex: number
  readonly from: number
  /** Last bar of the share. */
  readonly until: number
  /** Scores in the candidate's sign. */
  readonly scores: Float64Array
  n: number
  /** Σ z·r, Σ z², Σ (z·r)², r gross and unsigned. */
  zr: number
  zz: number
  zr2: number
}

/** A researcher's state. */
export interface Studies {
  /** The blocks this researcher reads: its ordinal modulo 3. */
  readonly fold: number
  readonly open: Study[]
  readonly counters: { opened: number; finished: number; refused: number }
}

/** What a researcher publishes when its share is full. */
export interface ShareReport {
  readonly hypothesis: number
  readonly sign: 1 | -1
  readonly fold: number
  readonly n: number
  /** One-sided p in the candidate's sign and against it; NaN where observations are missing. */
  readonly p: number
  readonly opposite: number
  readonly zr: number
  readonly zz: number
  readonly zr2: number
}

export function studies(ordinal: number): Studies {
  return { fold: ordinal % protocol.folds, open: [], counters: { opened: 0, finished: 0, refused: 0 } }
}

/** The hypothesis to study, in the candidate's sign, and the step after which its bars begin. */
export interface StudyRequest {
  readonly hypothesis: number
  readonly sign: 1 | -1
  readonly step: number
}

/** Opens this researcher's share of the 54 whole blocks after `step`; false where too many are open. */
export function openStudy(state: Studies, space: HypothesisSpace, { hypothesis, sign, step }: StudyRequest): boolean {
  const room = state.open.length < discoveryLimits.studies && !state.open.some(s => s.hypothesis === hypothesis)
  state.counters[room ? 'opened' : 'refused']++
  if (!room) return false
  const { from, until } = foldStretch(stageAfter(step), state.fold)
  const scores = new Float64Array(foldObservations(space.horizonOf(hypothesis)))
  state.open.push({
    hypothesis,
    sign,
    horizonIndex: space.horizonIndex(hypothesis),
    from,
    until,
    scores,
    n: 0,
    zr: 0,
    zz: 0,
    zr2: 0,
  })
  return true
}

/** What a study is read and judged with. */
export interface StudyInputs {
  readonly space: HypothesisSpace
  readonly rollingWindow: RollingWindow
  /** Draws the bootstrap's blocks. */
  readonly rng: Rng
}

/** One closed bar for every open study; those that are full are judged and appended to `out`. */
export function observeStudies(state: Studies, { space, rollingWindow, rng }: StudyInputs, out: ShareReport[]): void {
  if (state.open.length === 0 || rollingWindow.fold !== state.fold) return
  for (let i = state.open.length - 1; i >= 0; i--) {
    const study = state.open[i] as Study
    readBar(study, space, rollingWindow)
    if (rollingWindow.step < study.until) continue
    state.open.splice(i, 1)
    state.counters.finished++
    out.push(shareReport(study, state.fold, space.horizonOf(study.hypothesis), rng))
  }
}

function readBar(study: Study, space: HypothesisSpace, rollingWindow: RollingWindow): void {
  const h = space.horizonOf(study.hypothesis)
  if (rollingWindow.due[study.horizonIndex] === 0 || rollingWindow.step - h < study.from) return
  const pair = space.pairIndex(study.hypothesis)
  const z = rollingWindow.zAt(space.hypothesisColumn(study.hypothesis), h + space.lagOf(study.hypothesis))
  const x = z * (rollingWindow.scaled[study.horizonIndex * rollingWindow.pairs + pair] as number)
  if (Number.isNaN(x)) return
  const product = z * (rollingWindow.gross[study.horizonIndex * rollingWindow.pairs + pair] as number)
  study.scores[study.n++] = study.sign * x
  study.zr += product
  study.zz += z * z
  study.zr2 += product * product
}

function shareReport(study: Study, fold: number, horizon: number, rng: Rng): ShareReport {
  const { hypothesis, sign, n, zr, zz, zr2, scores } = study
  const whole = n >= requiredObservations(horizon)
  const { p, opposite } = whole ? blockBootstrapP(scores, n, rng) : { p: Number.NaN, opposite: Number.NaN }
  return { hypothesis, sign, fold, n, p, opposite, zr, zz, zr2 }
}

/** Reported shares of hypotheses under study, and the step until which the others may follow; plain data. */
export interface PendingShares {
  readonly shares: Map<number, { readonly until: number; readonly reports: ShareReport[] }>
}

export function pendingShares(): PendingShares {
  return { shares: new Map() }
}

/** Expects the shares of a hypothesis confirmed at `step`. */
export function expectShares(pending: PendingShares, hypothesis: number, step: number): void {
  pending.shares.set(hypothesis, { until: stageAfter(step).until, reports: [] })
}

export function takeShare(pending: PendingShares, report: ShareReport): void {
  const entry = pending.shares.get(report.hypothesis)
  if (entry !== undefined && !entry.reports.some(r => r.fold === report.fold)) entry.reports.push(report)
}

export interface ApprovalVerdict extends Approval {
  readonly approved: boolean
  /** p of each reported share. */
  readonly ps: readonly number[]
}

/** Verdicts on hypotheses whose forward bars are over at `step`, from the shares reported so far; call after the step's shares. */
export function judgeShares(pending: PendingShares, step: number): ApprovalVerdict[] {
  const verdicts: ApprovalVerdict[] = []
  for (const [hypothesis, { until, reports }] of pending.shares) {
    if (until > step) continue
    pending.shares.delete(hypothesis)
    if (reports.length > 0) verdicts.push(verdictOf(reports, step))
  }
  return verdicts
}

/** Approved: at least 2 of the 3 have p ≤ .05 in the candidate's sign and none has p ≤ .05 against it. */
export function isApproved(shares: readonly { readonly p: number; readonly opposite: number }[]): boolean {
  const accepting = shares.filter(s => s.p <= protocol.approvalP).length
  return accepting >= 2 && !shares.some(s => s.opposite <= protocol.approvalP)
}

function verdictOf(reports: readonly ShareReport[], step: number): ApprovalVerdict {
  const [first] = reports as [ShareReport]
  const ps = reports.map(r => r.p)
  const total = (field: 'zr' | 'zz' | 'zr2') => reports.reduce((sum, r) => sum + r[field], 0)
  const accepted = ps.filter(p => p <= protocol.approvalP)
  return {
    hypothesis: first.hypothesis,
    sign: first.sign,
    step,
    approved: isApproved(reports),
    ps,
    p: accepted.length > 0 ? Math.max(...accepted) : Math.min(...ps),
    zr: total('zr'),
    zz: total('zz'),
    zr2: total('zr2'),
  }
}
