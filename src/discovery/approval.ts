/** Approval: researchers share 1,296 forward bars of a confirmed hypothesis in blocks, and each computes one p. */

import type { Rng } from '../core/index.js'
import { endsBlock, endsHalf, foldBlocks, foldStretch, requiredScores, stageAfter } from './blocks.js'
import { bootstrapP } from './bootstrap.js'
import { pooledZ } from './confirmation.js'
import type { WatchInputs } from './hypothesis-tests.js'
import { discoveryLimits, protocol } from './limits.js'
import type { Approval } from './patterns.js'
import type { RollingWindow } from './rolling-window.js'
import { blockZ } from './student.js'

/** One researcher's share of one hypothesis's forward bars; plain data. */
export interface Study {
  readonly hypothesis: number
  readonly sign: 1 | -1
  /** Where its driver, the sums of that over the horizon, and its pair stand in the rolling window. */
  readonly lag: number
  readonly column: number
  readonly segment: number
  readonly pair: number
  readonly from: number
  /** Last bar of the share. */
  readonly until: number
  /** Sums of scores of its whole blocks, in the candidate's sign. */
  readonly blockSums: Float64Array
  blocks: number
  /** Scores so far; those of the block under way, and their sum. */
  n: number
  blockN: number
  block: number
  /** z·r of the block under way, r gross and unsigned; Σ z·r and Σ z², and Σ over blocks of the squared sums of z·r. */
  blockZr: number
  zr: number
  zz: number
  zr2: number
}

/** A researcher's state. */
export interface Studies {
  /** How many share the blocks of a hypothesis, and which this researcher reads. */
  readonly folds: number
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
  /** z of its block sums in the candidate's sign. */
  readonly z: number
  /** One-sided p in the candidate's sign and against it; NaN where scores are missing. */
  readonly p: number
  readonly opposite: number
  readonly zr: number
  readonly zz: number
  readonly zr2: number
}

/** Researchers share a hypothesis's blocks by threes; one that works alone reads all of them. */
export function approvalFolds(researchers: number): number {
  return researchers === 1 ? 1 : protocol.folds
}

export function studies(ordinal: number, folds: number = protocol.folds): Studies {
  return { folds, fold: ordinal % folds, open: [], counters: { opened: 0, finished: 0, refused: 0 } }
}

/** The hypothesis to study, in the candidate's sign, and the step after which its bars begin. */
export interface StudyRequest {
  readonly hypothesis: number
  readonly sign: 1 | -1
  readonly step: number
}

/** Opens this researcher's share of the 54 whole blocks after `step`; false where too many are open. */
export function openStudy(state: Studies, { space, rollingWindow }: WatchInputs, request: StudyRequest): boolean {
  const { hypothesis, sign, step } = request
  const room = state.open.length < discoveryLimits.studies && !state.open.some(s => s.hypothesis === hypothesis)
  state.counters[room ? 'opened' : 'refused']++
  if (!room) return false
  const sums = { blocks: 0, n: 0, blockN: 0, block: 0, blockZr: 0, zr: 0, zz: 0, zr2: 0 }
  state.open.push({
    hypothesis,
    sign,
    lag: space.lagOf(hypothesis),
    column: space.hypothesisColumn(hypothesis),
    segment: rollingWindow.segmentOf(space.horizonOf(hypothesis)),
    pair: space.pairIndex(hypothesis),
    ...foldStretch(stageAfter(step), state.fold, state.folds),
    blockSums: new Float64Array(foldBlocks(state.folds)),
    ...sums,
  })
  return true
}

/** What a study is read and judged with. */
export interface StudyInputs {
  readonly rollingWindow: RollingWindow
  /** Draws the bootstrap's blocks. */
  readonly rng: Rng
}

/** One closed bar for every open study; those that are full are judged and appended to `out`. */
export function observeStudies(state: Studies, { rollingWindow, rng }: StudyInputs, out: ShareReport[]): void {
  if (state.open.length === 0 || (state.folds > 1 && rollingWindow.fold !== state.fold)) return
  for (let i = state.open.length - 1; i >= 0; i--) {
    const study = state.open[i] as Study
    if (rollingWindow.step > study.from) readBar(study, rollingWindow)
    if (rollingWindow.step < study.until) continue
    state.open.splice(i, 1)
    state.counters.finished++
    out.push(shareReport(study, state, rng))
  }
}

function readBar(study: Study, window: RollingWindow): void {
  const row = window.rowAt(1 + study.lag) + study.column
  const product = (window.z[row + study.segment] as number) * (window.gross[study.pair] as number)
  if (!Number.isNaN(product)) {
    const z = window.z[row] as number
    study.blockZr += product
    study.zz += z * z
  }
  if (!endsHalf(window.step)) return
  study.blockN += window.scores.counts[study.hypothesis] as number
  study.block += study.sign * (window.scores.sums[study.hypothesis] as number)
  if (endsBlock(window.step)) closeBlock(study)
}

function closeBlock(study: Study): void {
  if (study.blockN > 0) study.blockSums[study.blocks++] = study.block
  study.n += study.blockN
  study.zr += study.blockZr
  study.zr2 += study.blockZr * study.blockZr
  study.blockN = 0
  study.block = 0
  study.blockZr = 0
}

function shareReport(study: Study, { fold, folds }: Studies, rng: Rng): ShareReport {
  const { hypothesis, sign, n, zr, zz, zr2, blockSums, blocks } = study
  const whole = n >= requiredScores(folds)
  const { p, opposite } = whole ? bootstrapP(blockSums, blocks, rng) : { p: Number.NaN, opposite: Number.NaN }
  return { hypothesis, sign, fold, n, z: zOf(blockSums, blocks), p, opposite, zr, zz, zr2 }
}

function zOf(values: Float64Array, n: number): number {
  let sum = 0
  let squares = 0
  for (let i = 0; i < n; i++) {
    const value = values[i] as number
    sum += value
    squares += value * value
  }
  return blockZ(n, sum, squares)
}

/** A hypothesis under study: when its bars are over, and what was reported of them. */
interface Pending {
  readonly until: number
  /** First bar of its evidence, and the step of its confirmation. */
  readonly since: number
  readonly confirmed: number
  readonly reports: ShareReport[]
}

/** Reported shares of hypotheses under study; plain data. */
export interface PendingShares {
  /** How many share a hypothesis. */
  readonly folds: number
  readonly shares: Map<number, Pending>
}

export function pendingShares(folds: number = protocol.folds): PendingShares {
  return { folds, shares: new Map() }
}

/** Expects the shares of a hypothesis confirmed at `step` on evidence that began at `since`. */
export function expectShares(
  pending: PendingShares,
  hypothesis: number,
  { step, since }: { readonly step: number; readonly since: number },
): void {
  pending.shares.set(hypothesis, { until: stageAfter(step).until, since, confirmed: step, reports: [] })
}

export function takeShare(pending: PendingShares, report: ShareReport): void {
  const entry = pending.shares.get(report.hypothesis)
  if (entry !== undefined && !entry.reports.some(r => r.fold === report.fold)) entry.reports.push(report)
}

export interface ApprovalVerdict extends Approval {
  readonly approved: boolean
  /** Step of the confirmation. */
  readonly confirmed: number
  /** Σz/√n over the reported shares, in the candidate's sign. */
  readonly pooled: number
  /** p of each reported share. */
  readonly ps: readonly number[]
}

/** Verdicts on hypotheses whose forward bars are over at `step`, from the shares reported so far; call after the step's shares. */
export function judgeShares(pending: PendingShares, step: number): ApprovalVerdict[] {
  const verdicts: ApprovalVerdict[] = []
  for (const [hypothesis, entry] of pending.shares) {
    if (entry.until > step) continue
    pending.shares.delete(hypothesis)
    if (entry.reports.length > 0) verdicts.push(verdictOf(entry, step, pending.folds))
  }
  return verdicts
}

type Share = Pick<ShareReport, 'p' | 'opposite'>

/**
 * Approved of three shares: at least 2 have p ≤ .05 in the candidate's sign and none has p ≤ .05 against it. Approved by one
 * researcher, who read all blocks: p ≤ .007, which noise passes as often.
 */
export function isApproved(shares: readonly Share[], folds: number = protocol.folds): boolean {
  if (folds === 1) return shares.some(s => s.p <= protocol.soleApprovalP)
  const accepting = shares.filter(s => s.p <= protocol.approvalP).length
  return accepting >= 2 && !shares.some(s => s.opposite <= protocol.approvalP)
}

function verdictOf({ reports, since, confirmed }: Pending, step: number, folds: number): ApprovalVerdict {
  const [first] = reports as [ShareReport]
  const ps = reports.map(r => r.p)
  const total = (field: 'zr' | 'zz' | 'zr2') => reports.reduce((sum, r) => sum + r[field], 0)
  return {
    hypothesis: first.hypothesis,
    sign: first.sign,
    step,
    since,
    confirmed,
    approved: isApproved(reports, folds),
    pooled: pooledZ(reports.map(r => r.z)),
    ps,
    p: decidingP(ps),
    zr: total('zr'),
    zz: total('zz'),
    zr2: total('zr2'),
  }
}

/** The second smallest p of three, because two must accept; the only one of one. NaN where that is missing. */
function decidingP(ps: readonly number[]): number {
  const sorted = ps.filter(p => !Number.isNaN(p)).sort((a, b) => a - b)
  return sorted[Math.min(1, ps.length - 1)] ?? Number.NaN
}
