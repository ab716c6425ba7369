/** What an operator may do with locks: halt everything, go on, end one by its id. */

import type { TimeMs, UsdE6 } from '../../core/index.js'
import { formatTime } from '../../market/index.js'
import { type Halt, type PortfolioName, portfolioNames } from '../trade.js'
import { resetDrawdown } from './drawdown.js'
import { beginLock, endLock, takeEnded } from './locks.js'
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

/** An operator's order to enter a pair no more. */
export interface PairLockOrder {
  readonly pair: string
  /** The instant at which it ends; null: an operator ends it. */
  readonly until: TimeMs | null
  readonly time: TimeMs
  readonly reason: string
}

/** Locks a pair for entries. A pair that an operator has locked already keeps its lock, with the new end. */
export function lockPair(risk: Risk, { pair, until, time, reason }: PairLockOrder, emit: HaltSink): Halt {
  const known = risk.pairLocks?.find(lock => lock.pair === pair)
  const ends = until === null ? 'an operator ends it' : `at ${formatTime(until)}`
  const lock: Halt =
    known === undefined
      ? beginRiskLock(risk, { portfolio: 'all', kind: 'operator', pair, until, time, reason, ends })
      : { ...known, until, reason, ends }
  risk.pairLocks ??= []
  beginLock(risk.pairLocks, lock)
  emit(lock)
  return lock
}

/** Ends the pairs' locks whose instant has come. */
export function endPairLocks(risk: Risk, time: TimeMs, emit: HaltSink): void {
  if (risk.pairLocks === undefined) return
  for (const lock of takeEnded(risk.pairLocks, time)) emit(endOfLock(lock, time, 'its time has come'))
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
  const pairLock = risk.pairLocks === undefined ? undefined : endLock(risk.pairLocks, id)
  if (pairLock !== undefined) {
    emit(endOfLock(pairLock, time, reason))
    return true
  }
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
  return [...halts.filter(h => h !== null), ...(risk.pairLocks ?? [])]
}
