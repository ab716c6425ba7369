/** Drawdown: a portfolio's loss from its peak at which entries stop, and how that ends. Where its equity is unknown, entries stop too. */

import type { TimeMs, UsdE6 } from '../../core/index.js'
import type { RiskSettings } from '../settings.js'
import type { PortfolioName } from '../trade.js'
import { beginRiskLock, endOfLock, type HaltSink, inPercent, type Risk } from './risk.js'

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
    const ended = endOfLock(state.unknown, time, 'equity can be computed again')
    state.unknown = null
    emit(ended)
  }
  if (state.halt !== null) return mayReset(risk, reading, emit)
  if (!(equity <= state.peakE6)) state.peakE6 = equity
  const loss = state.peakE6 - equity
  if (loss < lossLimitE6(state.peakE6, risk.settings.maxDrawdown)) return
  state.halt = beginRiskLock(risk, {
    portfolio,
    kind: 'drawdown',
    time,
    reason: `${portfolio === 'synthesized' ? 'emergency shutdown: ' : ''}loss of ${inPercent(loss / state.peakE6)} from the peak reaches ${inPercent(risk.settings.maxDrawdown)}`,
    ends: resetRule(risk.settings),
  })
  state.haltedAtStep = step
  emit(state.halt)
}

function loseSight(risk: Risk, { portfolio, time }: EquityReading, emit: HaltSink): void {
  const state = risk.portfolios[portfolio]
  if (state.unknown !== null) return
  state.unknown = beginRiskLock(risk, {
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
  const ended = endOfLock(state.halt, time, reason)
  state.halt = null
  state.peakE6 = equity
  emit(ended)
  return true
}

function resetRule({ riskReset }: RiskSettings): string {
  return riskReset === 'never' ? 'operator reset' : `after ${riskReset.afterBars} bars, peak re-based`
}

/** What a drawdown limit does not say: how much may be lost over several halts. */
export function drawdownRule({ maxDrawdown, riskReset }: RiskSettings): string {
  return riskReset === 'never'
    ? `entries end at a loss of ${inPercent(maxDrawdown)} from the peak until an operator resets it`
    : `the peak is re-based ${riskReset.afterBars} bars after a halt, so that losses of ${inPercent(maxDrawdown)} each add up`
}
