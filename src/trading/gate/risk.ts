/**
 * The locks that the risk manager begins: drawdown of a portfolio, contagion, the operator's halt, a loss that cannot be computed.
 * They are plain data, so they survive a restart; they fail closed, and never prevent an exit.
 */

import type { TimeMs, UsdE6 } from '../../core/index.js'
import { zeroCounters } from '../../exchange/index.js'
import type { RiskSettings } from '../settings.js'
import type { Halt, PortfolioName } from '../trade.js'

/** The kinds of these locks; all others are of rules of a gate. */
export const riskKinds = ['drawdown', 'contagion', 'operator', 'uncomputable'] as const

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
  settings: RiskSettings
  readonly portfolios: Record<PortfolioName, PortfolioRisk>
  operator: Halt | null
  contagion: Halt | null
  /** Pairs that an operator has locked, oldest first. Absent: none ever was. */
  pairLocks?: Halt[]
  /** An operator has ended a contagion that is not over: it begins no other before it is. Absent: no. */
  contagionWaived?: true
  /** Consecutive bars below the resume share. */
  calmBars: number
  /** True once enough learners have had a leading policy. */
  judged: boolean
  /** The latest share, NaN before it is judged. */
  share: number
  /** By kind. */
  readonly haltsBegun: Record<string, number>
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
    haltsBegun: zeroCounters(riskKinds),
  }
}

/** A lock that begins, counted by its kind. */
export function beginRiskLock(
  risk: Risk,
  halt: Omit<Halt, 'on' | 'id' | 'pair' | 'until'> & Partial<Pick<Halt, 'pair' | 'until'>>,
): Halt {
  risk.haltsBegun[halt.kind] = (risk.haltsBegun[halt.kind] ?? 0) + 1
  const { portfolio, kind, pair = null, until = null, time } = halt
  return { id: `${portfolio}:${kind}:${pair ?? 'all'}:${time}`, ...halt, pair, until, on: true }
}

/** The end of a lock, for the announcement. */
export function endOfLock(halt: Halt, time: TimeMs, reason: string): Halt {
  return { ...halt, on: false, time, reason }
}

/** A share for a sentence. */
export function inPercent(x: number): string {
  return `${Math.round(x * 1000) / 10} %`
}
