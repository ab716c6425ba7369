/**
 * The risk manager's state: drawdown per portfolio, contagion, the operator's halt, uncomputable loss and a compliance list. Halts
 * are plain data, so they survive a restart; they fail closed, and never stand in the way of an exit.
 */

import type { TimeMs, UsdE6 } from '../core/index.js'
import { zeroCounters } from './order.js'
import type { RiskSettings } from './settings.js'
import { type Halt, type PortfolioName, portfolioNames } from './trade.js'

/** One portfolio as the risk manager sees it. */
export interface PortfolioRisk {
  /** Highest equity since the start or the last re-basing; NaN before the first. */
  peakE6: UsdE6
  halt: Halt | null
  haltedAtStep: number
  /** Set while equity cannot be computed. */
  unknown: Halt | null
}

export interface Risk {
  readonly settings: RiskSettings
  readonly portfolios: Record<PortfolioName, PortfolioRisk>
  operator: Halt | null
  contagion: Halt | null
  /** Consecutive bars below the resume share. */
  calmBars: number
  /** True once enough learners have had a leading policy. */
  judged: boolean
  /** The latest share, NaN before it is judged. */
  share: number
  readonly haltsBegun: Record<Halt['kind'], number>
}

export type HaltSink = (halt: Halt) => void

export function newRisk(settings: RiskSettings): Risk {
  const fresh = (): PortfolioRisk => ({ peakE6: Number.NaN, halt: null, haltedAtStep: 0, unknown: null })
  return {
    settings,
    portfolios: { baseline: fresh(), mycelial: fresh(), synthesized: fresh() },
    operator: null,
    contagion: null,
    calmBars: 0,
    judged: false,
    share: Number.NaN,
    haltsBegun: zeroCounters(['drawdown', 'contagion', 'operator', 'uncomputable', 'compliance']),
  }
}

/**
 * The largest loss from `peakE6` that still trades is one unit less than this, 1e-6 USD: a portfolio is halted when
 * peak − equity ≥ maxDrawdown × peak, rounded to the nearest unit.
 */
export function lossLimitE6(peakE6: UsdE6, maxDrawdown: number): UsdE6 {
  return Math.round(peakE6 * maxDrawdown)
}

/** Looks at one portfolio's equity (NaN: not computable) at the end of a bar. */
export function riskOnEquity(
  risk: Risk,
  portfolio: PortfolioName,
  equity: UsdE6,
  now: { step: number; time: TimeMs },
  emit: HaltSink,
): void {
  const state = risk.portfolios[portfolio]
  if (!Number.isFinite(equity)) return loseSight(risk, portfolio, state, now.time, emit)
  if (state.unknown !== null) {
    const ended = endOf(state.unknown, now.time, 'equity can be computed again')
    state.unknown = null
    emit(ended)
  }
  if (state.halt !== null) return mayReset(risk, portfolio, state, equity, now, emit)
  if (!(equity <= state.peakE6)) state.peakE6 = equity
  const loss = state.peakE6 - equity
  if (loss < lossLimitE6(state.peakE6, risk.settings.maxDrawdown)) return
  state.halt = begin(risk, {
    portfolio,
    kind: 'drawdown',
    time: now.time,
    reason: `${portfolio === 'synthesized' ? 'emergency shutdown: ' : ''}loss of ${percent(loss / state.peakE6)} from the peak reaches ${percent(risk.settings.maxDrawdown)}`,
    ends: resetRule(risk.settings),
  })
  state.haltedAtStep = now.step
  emit(state.halt)
}

function loseSight(risk: Risk, portfolio: PortfolioName, state: PortfolioRisk, time: TimeMs, emit: HaltSink): void {
  if (state.unknown !== null) return
  state.unknown = begin(risk, {
    portfolio,
    kind: 'uncomputable',
    time,
    reason: 'loss cannot be computed: a held pair has no price',
    ends: 'when every held pair has a price',
  })
  emit(state.unknown)
}

function mayReset(
  risk: Risk,
  portfolio: PortfolioName,
  state: PortfolioRisk,
  equity: UsdE6,
  now: { step: number; time: TimeMs },
  emit: HaltSink,
): void {
  const { riskReset } = risk.settings
  if (riskReset === 'never' || now.step - state.haltedAtStep < riskReset.afterBars) return
  resetDrawdown(risk, portfolio, equity, now.time, `${riskReset.afterBars} bars have passed`, emit)
}

/** Ends a portfolio's drawdown halt and re-bases its peak: the rule's doing, or the operator's. False where there was none. */
export function resetDrawdown(
  risk: Risk,
  portfolio: PortfolioName,
  equity: UsdE6,
  time: TimeMs,
  reason: string,
  emit: HaltSink,
): boolean {
  const state = risk.portfolios[portfolio]
  // Without a computable equity there is nothing to re-base the peak to: it stays halted.
  if (state.halt === null || !Number.isFinite(equity)) return false
  const ended = endOf(state.halt, time, reason)
  state.halt = null
  state.peakE6 = equity
  emit(ended)
  return true
}

/** The operator halts all three portfolios, or lets them go on. False where nothing changes. */
export function operatorHalt(risk: Risk, on: boolean, time: TimeMs, reason: string, emit: HaltSink): boolean {
  if (on === (risk.operator !== null)) return false
  if (risk.operator === null) {
    risk.operator = begin(risk, { portfolio: 'all', kind: 'operator', time, reason, ends: 'the operator resumes trading' })
    emit(risk.operator)
    return true
  }
  const ended = endOf(risk.operator, time, reason)
  risk.operator = null
  emit(ended)
  return true
}

/**
 * Looks at contagion at the end of a bar: `share` of finance learners with the commonest leading policy (NaN: unknown),
 * `leaders` of them with any. An unknown share neither starts a pause nor counts towards ending one.
 */
export function riskOnContagion(risk: Risk, share: number, leaders: number, time: TimeMs, emit: HaltSink): void {
  const { contagionPause, contagionResume, contagionCalmBars, contagionLeaders } = risk.settings
  risk.judged ||= leaders >= contagionLeaders
  if (!risk.judged) return
  risk.share = share
  if (risk.contagion === null) {
    if (!(share >= contagionPause)) return
    risk.calmBars = 0
    risk.contagion = begin(risk, {
      portfolio: 'all',
      kind: 'contagion',
      time,
      reason: `${percent(share)} of the finance learners follow one policy`,
      ends: `share < ${percent(contagionResume)} for ${contagionCalmBars} bars`,
    })
    emit(risk.contagion)
    return
  }
  risk.calmBars = share < contagionResume ? risk.calmBars + 1 : 0
  if (risk.calmBars < contagionCalmBars) return
  const ended = endOf(risk.contagion, time, `share < ${percent(contagionResume)} for ${contagionCalmBars} bars`)
  risk.contagion = null
  emit(ended)
}

/** Every halt in force, for status, restart and viewers. */
export function haltsInForce(risk: Risk): Halt[] {
  const halts = [risk.operator, risk.contagion]
  for (const portfolio of portfolioNames) halts.push(risk.portfolios[portfolio].halt, risk.portfolios[portfolio].unknown)
  return halts.filter(h => h !== null)
}

function begin(risk: Risk, halt: Omit<Halt, 'on'>): Halt {
  risk.haltsBegun[halt.kind]++
  return { ...halt, on: true }
}

function endOf(halt: Halt, time: TimeMs, reason: string): Halt {
  return { ...halt, on: false, time, reason }
}

function resetRule({ riskReset }: RiskSettings): string {
  return riskReset === 'never' ? 'operator reset' : `after ${riskReset.afterBars} bars, peak re-based`
}

function percent(x: number): string {
  return `${Math.round(x * 1000) / 10} %`
}
