/** What trades earned against what was predicted, what they cost, and how much money the edge could carry. */

import { portfolioNames } from '../../trading/index.js'
import { reportLimits } from '../limits.js'
import type { Trade } from '../trade.js'
import { type Calibration, calibrationOf } from './calibration.js'
import { type Capacity, capacityOf } from './capacity.js'
import { costsByPair, type PairCosts } from './costs.js'
import { type PatternPnl, patternPnl } from './pattern-pnl.js'
import type { PairTurnover } from './turnover.js'

export interface Edge {
  readonly patterns: PatternPnl[]
  /** Patterns there were; `patterns` holds those that moved most where that is more than may be shown. */
  readonly traded: number
  readonly calibration: Calibration | undefined
  readonly costs: PairCosts[]
  readonly capacity: Capacity[]
}

/** Undefined for a run whose trades say nothing of their costs. */
export function edgeOf(all: readonly Trade[], turnovers: ReadonlyMap<string, PairTurnover>): Edge | undefined {
  const trades = all.filter(({ notionalUsd }) => Number.isFinite(notionalUsd))
  if (trades.length === 0) return undefined
  const patterns = patternPnl(trades)
  return {
    patterns: patterns.slice(0, reportLimits.patterns),
    traded: patterns.length,
    calibration: calibrationOf(trades),
    costs: costsByPair(trades, turnovers),
    capacity: portfolioNames.flatMap(name => capacityOf(name, trades, turnovers) ?? []),
  }
}
