/** What an operator may do with locks: halt everything, go on, end one by its id. */

import type { TimeMs, UsdE6 } from '../../core/index.js'
import { type Halt, type PortfolioName, portfolioNames } from '../trade.js'
import { resetDrawdown } from './drawdown.js'
import { beginRiskLock, endOfLock, type HaltSink, type Risk } from './risk.js'

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
    risk.operator = beginRiskLock(risk, {
      portfolio: 'all',
      kind: 'operator',
      time,
      reason,
      ends: 'the operator resumes trading',
    })
    emit(risk.operator)
    return true
  }
  const ended = endOfLock(risk.operator, time, reason)
  risk.operator = null
  emit(ended)
  return true
}

/** A lock that an operator ends by its id, and why. */
export interface UnlockOrder {
  readonly id: string
  readonly equityE6: Readonly<Record<PortfolioName, UsdE6>>
  readonly time: TimeMs
  readonly reason: string
}

/**
 * Ends one of the risk manager's locks for an operator. False where it has none of that id, or where only a price can end it: that
 * of a loss that cannot be computed.
 */
export function endRiskLock(risk: Risk, { id, equityE6, time, reason }: UnlockOrder, emit: HaltSink): boolean {
  if (risk.operator?.id === id) return operatorHalt(risk, { on: false, time, reason }, emit)
  if (risk.contagion?.id === id) {
    const ended = endOfLock(risk.contagion, time, reason)
    risk.contagion = null
    risk.contagionWaived = true
    emit(ended)
    return true
  }
  const portfolio = portfolioNames.find(name => risk.portfolios[name].halt?.id === id)
  return portfolio !== undefined && resetDrawdown(risk, { portfolio, equityE6: equityE6[portfolio], time, reason }, emit)
}

/** Every halt in force, for status, restart and viewers. */
export function haltsInForce(risk: Risk): Halt[] {
  const halts = [risk.operator, risk.contagion]
  for (const portfolio of portfolioNames) halts.push(risk.portfolios[portfolio].halt, risk.portfolios[portfolio].unknown)
  return halts.filter(h => h !== null)
}
