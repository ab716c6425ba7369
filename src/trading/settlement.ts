/** How fills change a portfolio: cash, fees, positions and trades, in exact integers. */

import { assert, DAY_MS, fromUsdE6, notionalE6, type TimeMs, type UsdE6 } from '../core/index.js'
import { barsWithin, type Filled } from '../exchange/index.js'
import { styleOf } from './idea.js'
import { levelsOf } from './levels.js'
import { sampleTrade } from './performance.js'
import {
  equityE6,
  grossE6,
  type InstrumentState,
  type Portfolio,
  type PortfolioEvents,
  type Position,
  portionE6,
} from './portfolio.js'
import type { Signal } from './signal.js'
import type { Fill, Trade } from './trade.js'

/** One pair of one portfolio, and where its facts go: what every execution changes. */
export interface ExecutionContext {
  readonly portfolio: Portfolio
  readonly instrument: InstrumentState
  readonly events: PortfolioEvents
}

/** Opens the position that an entry's fill bought or sold short. */
export function openPosition({ portfolio, instrument, events }: ExecutionContext, filled: Filled, signal: Signal): void {
  const fill = settle(portfolio, filled, true)
  portfolio.filledSinceStepE6 += fill.notionalE6
  instrument.position = {
    tradeId: fill.tradeId,
    signal,
    qtyE8: fill.qtyE8,
    entryTime: fill.time,
    entryPriceUsd: fill.priceUsd,
    entryNotionalE6: fill.notionalE6,
    entryFeeE6: fill.feeE6,
    entrySlippageE6: fill.slippageE6,
    ...levelsOf(signal, fill.priceUsd, portfolio.settings),
    markE6: notionalE6(filled.marketUsd, fill.qtyE8),
    borrowE6: 0,
    closesAt: signal.closesAt,
    barsHeld: 0,
    leaving: null,
  }
  portfolio.held.push(instrument)
  assert(grossE6(portfolio) <= equityE6(portfolio), 'positions never exceed equity after an entry')
  events.fill(fill)
}

/** Ends a position with its exit's fill, and makes a trade of both fills. */
export function settleExit(context: ExecutionContext, position: Position, filled: Filled): void {
  const { portfolio, instrument, events } = context
  const fill = settle(portfolio, filled, false)
  const borrowE6 = borrowSince(portfolio, position, fill.time)
  portfolio.cashE6 -= borrowE6
  portfolio.borrowE6 += borrowE6
  portfolio.grossPnlE6 += position.signal.direction * (fill.notionalE6 - position.entryNotionalE6)
  instrument.position = null
  instrument.exit = null
  portfolio.held.splice(portfolio.held.indexOf(instrument), 1)
  const trade = tradeOf(context, position, fill, borrowE6)
  sampleTrade(portfolio.performance, trade)
  events.fill(fill)
  events.trade(trade)
}

/** Moves cash for one execution and makes its fill. */
function settle(portfolio: Portfolio, filled: Filled, opens: boolean): Fill {
  const { clientId, pair, side, time, priceUsd, qtyE8, notionalE6: notional, feeE6, slippageE6 } = filled
  portfolio.cashE6 += (side === 'sell' ? notional : -notional) - feeE6
  portfolio.feesE6 += feeE6
  portfolio.slippageE6 += slippageE6
  portfolio.performance.tradedUsd += fromUsdE6(notional)
  return {
    portfolio: portfolio.name,
    tradeId: clientId,
    pair,
    side,
    opens,
    time,
    priceUsd,
    qtyE8,
    notionalE6: notional,
    feeE6,
    slippageE6,
  }
}

export function borrowSince(portfolio: Portfolio, position: Position, time: TimeMs): UsdE6 {
  if (position.signal.direction === 1) return 0
  return portionE6(
    position.entryNotionalE6,
    (portfolio.settings.borrowRatePerDay * Math.max(0, time - position.entryTime)) / DAY_MS,
  )
}

/** Whole bars of the idea from the entry to an instant: a length of time, so that it is the same on every clock. */
export function wholeBars({ rules }: InstrumentState, { entryTime, signal }: Position, time: TimeMs): number {
  return barsWithin(rules, entryTime, time, signal.barMs)
}

function tradeOf({ portfolio, instrument }: ExecutionContext, position: Position, fill: Fill, borrowE6: UsdE6): Trade {
  const { signal, leaving } = position
  assert(leaving !== null, 'a position leaves for a reason')
  const feesE6 = position.entryFeeE6 + fill.feeE6
  return {
    tradeId: position.tradeId,
    portfolio: portfolio.name,
    pair: signal.pair,
    direction: signal.direction,
    style: styleOf(fill.time - position.entryTime),
    agent: signal.agent,
    pattern: signal.pattern,
    ideaIds: signal.ideaIds,
    entryTime: position.entryTime,
    exitTime: fill.time,
    entryPriceUsd: position.entryPriceUsd,
    exitPriceUsd: fill.priceUsd,
    qtyE8: position.qtyE8,
    entryNotionalE6: position.entryNotionalE6,
    exitNotionalE6: fill.notionalE6,
    feesE6,
    slippageE6: position.entrySlippageE6 + fill.slippageE6,
    borrowE6,
    pnlE6: signal.direction * (fill.notionalE6 - position.entryNotionalE6) - feesE6 - borrowE6,
    reason: leaving,
    collision: signal.collision,
    confidence: signal.confidence,
    prediction: signal.prediction,
    crossMoatScore: signal.crossMoatScore,
    barsHeld: wholeBars(instrument, position, fill.time),
    features: signal.features,
  }
}
