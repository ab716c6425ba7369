/** Approval: 1,296 forward bars of a confirmed key, dealt in blocks to three researchers, each of whom gives one p. */

import type { Rng } from '../core/index.js'
import { foldObservations, foldStretch, requiredObservations, stageAfter } from './blocks.js'
import { blockBootstrapP } from './bootstrap.js'
import type { KeySpace } from './key-space.js'
import { discoveryLimits, protocol } from './limits.js'
import type { Approval } from './patterns.js'
import type { Tape } from './tape.js'

/** One researcher's share of one key's forward bars; plain data. */
export interface Study {
  readonly key: number
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
  readonly key: number
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

/** Opens this researcher's share of the 54 whole blocks after `step`; false where too many are open. */
export function openStudy(state: Studies, space: KeySpace, key: number, sign: 1 | -1, step: number): boolean {
  const room = state.open.length < discoveryLimits.studies && !state.open.some(s => s.key === key)
  state.counters[room ? 'opened' : 'refused']++
  if (!room) return false
  const { from, until } = foldStretch(stageAfter(step), state.fold)
  const scores = new Float64Array(foldObservations(space.horizonOf(key)))
  state.open.push({ key, sign, horizonIndex: space.horizonIndex(key), from, until, scores, n: 0, zr: 0, zz: 0, zr2: 0 })
  return true
}

/** One closed bar for every open study; those that are full are judged and appended to `out`. */
export function observeStudies(state: Studies, space: KeySpace, tape: Tape, rng: Rng, out: ShareReport[]): void {
  if (state.open.length === 0 || tape.fold !== state.fold) return
  for (let i = state.open.length - 1; i >= 0; i--) {
    const study = state.open[i] as Study
    readBar(study, space, tape)
    if (tape.step < study.until) continue
    state.open.splice(i, 1)
    state.counters.finished++
    out.push(shareReport(study, state.fold, space.horizonOf(study.key), rng))
  }
}

function readBar(study: Study, space: KeySpace, tape: Tape): void {
  const h = space.horizonOf(study.key)
  if (tape.due[study.horizonIndex] === 0 || tape.step - h < study.from) return
  const pair = space.pairIndex(study.key)
  const z = tape.zAt(space.keyColumn(study.key), h + space.lagOf(study.key))
  const x = z * (tape.scaled[study.horizonIndex * tape.pairs + pair] as number)
  if (Number.isNaN(x)) return
  const product = z * (tape.gross[study.horizonIndex * tape.pairs + pair] as number)
  study.scores[study.n++] = study.sign * x
  study.zr += product
  study.zz += z * z
  study.zr2 += product * product
}

function shareReport(study: Study, fold: number, horizon: number, rng: Rng): ShareReport {
  const { key, sign, n, zr, zz, zr2, scores } = study
  const whole = n >= requiredObservations(horizon)
  const { p, opposite } = whole ? blockBootstrapP(scores, n, rng) : { p: Number.NaN, opposite: Number.NaN }
  return { key, sign, fold, n, p, opposite, zr, zz, zr2 }
}

/** Shares that have come in for keys under study, and until when the others may come; plain data. */
export interface ShareDesk {
  readonly shares: Map<number, { readonly until: number; readonly reports: ShareReport[] }>
}

export function shareDesk(): ShareDesk {
  return { shares: new Map() }
}

/** Expects the shares of a key confirmed at `step`. */
export function expectShares(desk: ShareDesk, key: number, step: number): void {
  desk.shares.set(key, { until: stageAfter(step).until, reports: [] })
}

export function takeShare(desk: ShareDesk, report: ShareReport): void {
  const entry = desk.shares.get(report.key)
  if (entry !== undefined && !entry.reports.some(r => r.fold === report.fold)) entry.reports.push(report)
}

export interface ApprovalVerdict extends Approval {
  readonly approved: boolean
  /** p of each share that came in. */
  readonly ps: readonly number[]
}

/** The verdicts of keys whose forward bars are over at `step`, with whatever shares came in; call after the step's shares. */
export function judgeShares(desk: ShareDesk, step: number): ApprovalVerdict[] {
  const verdicts: ApprovalVerdict[] = []
  for (const [key, { until, reports }] of desk.shares) {
    if (until > step) continue
    desk.shares.delete(key)
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
    key: first.key,
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
