/**
 * The record of a strategy: the returns of its finished trades, and on paper those of the entries that were refused for want of an
 * edge. Without the latter a strategy once refused would have no trades, and so no way to show that its edge has come back.
 */

import type { TimeMs } from '../../core/index.js'
import { type Bar, BarFlag } from '../../market/index.js'
import type { Direction } from '../idea.js'
import { addMoment, newMoments, type RunningMoments } from '../performance.js'
import type { Trade } from '../trade.js'
import type { Intent } from './rule.js'

/** What is known of one strategy, in constant memory and one paper trade a pair. */
export interface StrategyRecord {
  /** Net returns on entry notional, of real and paper trades. */
  readonly returns: RunningMoments
  /** Fees, slippage and borrowing of the real trades, as a share of entry notional. */
  readonly costs: RunningMoments
  /** By pair. */
  readonly paper: Map<string, PaperTrade>
}

/** An entry that was refused, from the last price before it to the end of its horizon. It knows no stop and no target. */
export interface PaperTrade {
  readonly direction: Direction
  readonly priceUsd: number
  readonly closesAt: TimeMs
}

export function newStrategyRecord(): StrategyRecord {
  return { returns: newMoments(), costs: newMoments(), paper: new Map() }
}

/** A trade without a notional or a result says nothing and is left out. */
export function recordTrade({ returns, costs }: StrategyRecord, trade: Trade): void {
  const { entryNotionalE6, pnlE6, feesE6, slippageE6, borrowE6 } = trade
  const net = pnlE6 / entryNotionalE6
  const cost = (feesE6 + slippageE6 + borrowE6) / entryNotionalE6
  if (!Number.isFinite(net) || !Number.isFinite(cost)) return
  addMoment(returns, net)
  addMoment(costs, cost)
}

/** Begins a paper trade as a portfolio would: one a pair; a signal against it ends it. Costs must be known from real trades. */
export function followRefused(record: StrategyRecord, { pair, direction, priceUsd, closesAt }: Intent): void {
  if (!(priceUsd > 0) || record.costs.n === 0) return
  const open = record.paper.get(pair)
  if (open === undefined) record.paper.set(pair, { direction, priceUsd, closesAt })
  else if (open.direction !== direction) finish(record, pair, open, priceUsd)
}

/** Ends the pair's paper trade at the first usable close at or after the end of its horizon. */
export function closeDue(record: StrategyRecord, { pair, time, barMs, close, flags }: Bar): void {
  const open = record.paper.get(pair)
  if (open === undefined || time + barMs < open.closesAt) return
  if (!(close > 0) || (flags & (BarFlag.filled | BarFlag.stale | BarFlag.outlier)) !== 0) return
  finish(record, pair, open, close)
}

/** Real trades' mean cost is what the paper trade would have paid. */
function finish({ returns, costs, paper }: StrategyRecord, pair: string, open: PaperTrade, priceUsd: number): void {
  paper.delete(pair)
  addMoment(returns, open.direction * (priceUsd / open.priceUsd - 1) - costs.mean)
}
