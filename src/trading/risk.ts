/**
 * The risk manager's state: drawdown per portfolio, contagion, the operator's halt, uncomputable loss and a compliance list. Halts
 * are plain data, so they survive a restart. They fail closed, and never prevent an exit.
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
  /** The halt while equity cannot be computed. */
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
  /** By kind. */
  readonly haltsBegun: Record<string, number>
}

/** The kinds of locks that the risk manager begins; others have the code of the rule that began them. */
export const haltKinds = ['drawdown', 'contagion', 'operator', 'uncomputable', 'compliance'] as const

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
    haltsBegun: zeroCounters(haltKinds),
  }
}

/**
 * The loss from `peakE6`, in 1e-6 USD, at which a portfolio halts: peak − equity ≥ maxDrawdown × peak, rounded to the nearest
 * unit. A loss of one unit less still trades.
 */
export function lossLimitE6(peakE6: UsdE6, maxDrawdown: number): UsdE6 {
  return Math.round(peakE6 * maxDrawdown)
}

/** One portfolio's equity at the end of a bar; NaN where it cannot be computed. */
export interface EquityReading {
  readonly portfolio: PortfolioName
  readonly equityE6: UsdE6
  readonly step: number
  readonly time: TimeMs
}

/** Judges one portfolio's equity at the end of a bar. */
export function riskOnEquity(risk: Risk, reading: EquityReading, emit: HaltSink): void {
  const { portfolio, equityE6: equity, step, time } = reading
  const state = risk.portfolios[portfolio]
  if (!Number.isFinite(equity)) return loseSight(risk, reading, emit)
  if (state.unknown !== null) {
    const ended = endOf(state.unknown, time, 'equity can be computed again')
    state.unknown = null
    emit(ended)
  }
  if (state.halt !== null) return mayReset(risk, reading, emit)
  if (!(equity <= state.peakE6)) state.peakE6 = equity
  const loss = state.peakE6 - equity
  if (loss < lossLimitE6(state.peakE6, risk.settings.maxDrawdown)) return
  state.halt = begin(risk, {
    portfolio,
    kind: 'drawdown',
    time,
    reason: `${portfolio === 'synthesized' ? 'emergency shutdown: ' : ''}loss of ${percent(loss / state.peakE6)} from the peak reaches ${percent(risk.settings.maxDrawdown)}`,
    ends: resetRule(risk.settings),
  })
  state.haltedAtStep = step
  emit(state.halt)
}

function loseSight(risk: Risk, { portfolio, time }: EquityReading, emit: HaltSink): void {
  const state = risk.portfolios[portfolio]
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

function mayReset(risk: Risk, { portfolio, equityE6, step, time }: EquityReading, emit: HaltSink): void {
  const { riskReset } = risk.settings
  if (riskReset === 'never' || step - risk.portfolios[portfolio].haltedAtStep < riskReset.afterBars) return
  resetDrawdown(risk, { portfolio, equityE6, time, reason: `${riskReset.afterBars} bars have passed` }, emit)
}

/** The portfolio whose drawdown halt ends, and why. Its peak becomes `equityE6`. */
export interface DrawdownReset {
  readonly portfolio: PortfolioName
  readonly equityE6: UsdE6
  readonly time: TimeMs
  readonly reason: string
}

/** Ends a portfolio's drawdown halt, by the rule or by the operator, and re-bases its peak. False where no halt ended. */
export function resetDrawdown(risk: Risk, reset: DrawdownReset, emit: HaltSink): boolean {
  const { portfolio, equityE6: equity, time, reason } = reset
  const state = risk.portfolios[portfolio]
  // Without a computable equity the peak cannot be re-based, so the halt stays.
  if (state.halt === null || !Number.isFinite(equity)) return false
  const ended = endOf(state.halt, time, reason)
  state.halt = null
  state.peakE6 = equity
  emit(ended)
  return true
}

/** The operator's order to all three portfolios: halt (`on`), or go on. */
export interface OperatorOrder {
  readonly on: boolean
  readonly time: TimeMs
  readonly reason: string
}

/** Carries out the operator's order. False where it changes nothing. */
export function operatorHalt(risk: Risk, { on, time, reason }: OperatorOrder, emit: HaltSink): boolean {
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

/** How far the finance learners agree at the end of a bar. */
export interface ContagionReading {
  /** Share of them that have the commonest leading policy; NaN where unknown. */
  readonly share: number
  /** How many have a leading policy. */
  readonly leaders: number
  readonly time: TimeMs
}

/** Judges contagion at the end of a bar. An unknown share starts no pause, and does not count towards ending one. */
export function riskOnContagion(risk: Risk, { share, leaders, time }: ContagionReading, emit: HaltSink): void {
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

function begin(risk: Risk, halt: Omit<Halt, 'on' | 'id' | 'pair' | 'until'>): Halt {
  risk.haltsBegun[halt.kind] = (risk.haltsBegun[halt.kind] ?? 0) + 1
  return { id: `${halt.portfolio}:${halt.kind}:all:${halt.time}`, pair: null, until: null, ...halt, on: true }
}

function endOf(halt: Halt, time: TimeMs, reason: string): Halt {
  return { ...halt, on: false, time, reason }
}

function resetRule({ riskReset }: RiskSettings): string {
  return riskReset === 'never' ? 'operator reset' : `after ${riskReset.afterBars} bars, peak re-based`
}

/** What a drawdown limit does not say: how much may be lost over several halts. */
export function drawdownRule({ maxDrawdown, riskReset }: RiskSettings): string {
  return riskReset === 'never'
    ? `entries end at a loss of ${percent(maxDrawdown)} from the peak until an operator resets it`
    : `the peak is re-based ${riskReset.afterBars} bars after a halt, so that losses of ${percent(maxDrawdown)} each add up`
}

function percent(x: number): string {
  return `${Math.round(x * 1000) / 10} %`
}
