/** How orders become fills and fills become trades: price, room, cash, fees, in exact integers. Every fill pays the taker's fee. */

import { assert, DAY_MS, fromUsdE6, notionalE6, type QtyE8, type TimeMs, type UsdE6 } from '../core/index.js'
import { lockedProfitE6, lockOn, tradeSizeE6 } from './gate/index.js'
import { styleOf } from './idea.js'
import { cancelEntry, cancelExit, placeExit } from './instrument-orders.js'
import { type CancelReason, cancelOrder, fillOrder, type Order } from './order.js'
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
import { barsWithin, type InstrumentRules, lotsWithin, tickAt, tooSmall } from './rules.js'
import type { BrokerSettings } from './settings.js'
import type { Signal } from './signal.js'
import type { ExitReason, Fill, Trade } from './trade.js'

/** One pair of one portfolio, and where its facts go: what every execution changes. */
export interface ExecutionContext {
  readonly portfolio: Portfolio
  readonly instrument: InstrumentState
  readonly events: PortfolioEvents
}

/** A price of the market, without spread and slippage, and its instant. */
export interface Quote {
  readonly priceUsd: number
  readonly time: TimeMs
}

interface Execution extends Quote {
  readonly qtyE8: QtyE8
  /** With spread and slippage. */
  readonly fillPrice: number
}

/** Why a position closes, and what that costs. */
interface Closing {
  readonly fill: Fill
  readonly borrowE6: UsdE6
  readonly reason: ExitReason
}

/**
 * Fills what waits at one price: first the exit, ordered or due at the end of the horizon, then the entry. `ready`: the latest
 * instant of a decision that reaches this price. An entry of the direction of a position that is due renews it instead.
 */
export function fillWaiting(context: ExecutionContext, quote: Quote, ready: TimeMs): void {
  const { instrument } = context
  const { position, exit } = instrument
  const entry = instrument.entry !== null && ready >= instrument.entry.decidedAt ? instrument.entry : null
  let freedE6 = 0
  if (position !== null && ready >= position.closesAt && position.leaving === null) {
    if (entry !== null && extendPosition(context, position, entry, quote)) return
    freedE6 = position.markE6
    closePosition(context, position, 'horizon', quote)
  } else if (position !== null && exit !== null && ready >= exit.decidedAt)
    closePosition(context, position, exit.exit ?? 'horizon', quote)
  if (entry !== null && instrument.entry === entry) fillEntry(context, entry, quote, freedE6)
}

/** Renews the horizon of a position by an entry that would fill at its end in the same direction; false where it does not. */
function extendPosition(
  { portfolio, instrument }: ExecutionContext,
  position: Position,
  entry: Order,
  { priceUsd, time }: Quote,
): boolean {
  if (entry.signal?.direction !== position.signal.direction) return false
  const refused = refusalOf(portfolio, entry, priceUsd, time)
  cancelEntry(portfolio, instrument, refused ?? 'extended')
  if (refused !== null) return false
  position.closesAt = entry.signal.closesAt
  portfolio.extended++
  return true
}

/** `freedE6`: the room under the gross limit of a position that has just left at this price. */
function fillEntry(context: ExecutionContext, order: Order, { priceUsd, time }: Quote, freedE6: UsdE6): void {
  const { portfolio, instrument } = context
  const refused = refusalOf(portfolio, order, priceUsd, time)
  if (refused !== null || order.signal === null) return cancelEntry(portfolio, instrument, refused ?? 'closed')
  const fillPrice = against(order.side, priceUsd, instrument.rules, portfolio.settings)
  const { leastE6, mostE6 } = tradeSizeE6(portfolio.gate.limits)
  const roomE6 = fillRoomE6(portfolio, fillPrice, priceUsd, freedE6)
  const qtyE8 = Math.min(order.qtyE8, lotsWithin(Math.min(roomE6, mostE6), fillPrice, instrument.rules))
  const costE6 = notionalE6(fillPrice, qtyE8)
  const lessFor = mostE6 < roomE6 ? 'tradeSize' : 'grossLimit'
  if (qtyE8 < order.qtyE8 && tooSmall(qtyE8, costE6, instrument.rules)) return cancelEntry(portfolio, instrument, lessFor)
  if (costE6 < leastE6) return cancelEntry(portfolio, instrument, 'tradeSize')
  const filled = fillOrder(portfolio.orders, order.id, qtyE8)
  assert(filled, 'a waiting entry can be filled')
  if (qtyE8 < order.qtyE8) cancelOrder(portfolio.orders, order.id, lessFor)
  instrument.entry = null
  openPosition(context, order, order.signal, { qtyE8, fillPrice, priceUsd, time })
}

function refusalOf(portfolio: Portfolio, order: Order, priceUsd: number, time: TimeMs): CancelReason | null {
  if (lockOn(portfolio.gate.locks, order.pair) !== undefined) return 'halted'
  if (time > order.fillBefore) return 'late'
  if (order.signal !== null && (time > order.signal.expiresAt || time >= order.signal.closesAt)) return 'expired'
  const jump = priceUsd / order.decisionPriceUsd
  return jump > portfolio.settings.maxJump || jump * portfolio.settings.maxJump < 1 ? 'jump' : null
}

/**
 * What an entry may cost now. The gross limit is measured with the marks of the last step, when the order was decided, so that
 * no fill depends on later prices. The latest marks only ensure that positions never exceed equity, nor what of it is not locked.
 */
function fillRoomE6(portfolio: Portfolio, fillPrice: number, priceUsd: number, freedE6: UsdE6): UsdE6 {
  const room = portfolio.stepLimitE6 - portfolio.stepGrossE6 + freedE6 - portfolio.filledSinceStepE6
  const margin = equityE6(portfolio) - lockedProfitE6(portfolio.gate, portfolio.startE6) - grossE6(portfolio)
  // An entry pays its fee and loses spread and slippage at once. What is left must still cover it, rounding included.
  const costs = portfolio.settings.feeRate + 2 * Math.abs(priceUsd / fillPrice - 1)
  const affordable = Math.floor(margin / (1 + costs)) - 4
  return Number.isNaN(margin) ? 0 : Math.max(0, Math.min(room, affordable))
}

function openPosition(context: ExecutionContext, order: Order, signal: Signal, execution: Execution): void {
  const { portfolio, instrument, events } = context
  const fill = settle(context, order, execution)
  portfolio.filledSinceStepE6 += fill.notionalE6
  const { settings } = portfolio
  const reach = reachOf(signal)
  instrument.position = {
    tradeId: order.tradeId,
    signal,
    qtyE8: execution.qtyE8,
    entryTime: execution.time,
    entryPriceUsd: execution.fillPrice,
    entryNotionalE6: fill.notionalE6,
    entryFeeE6: fill.feeE6,
    entrySlippageE6: fill.slippageE6,
    stopUsd: level(execution.fillPrice, -signal.direction * (settings.stopShare ?? stopShare(reach, settings))),
    targetUsd: level(execution.fillPrice, signal.direction * (settings.targetShare ?? reach * settings.targetAtr)),
    markE6: notionalE6(execution.priceUsd, execution.qtyE8),
    borrowE6: 0,
    closesAt: signal.closesAt,
    barsHeld: 0,
    leaving: null,
  }
  portfolio.held.push(instrument)
  assert(grossE6(portfolio) <= equityE6(portfolio), 'positions never exceed equity after an entry')
  events.fill(fill)
}

/** Horizon, in bars, for which levels stand at their plain multiples of the ATR. */
const levelBars = 24

/** The unit of stop and target, a share of price: the ATR, growing beyond a day of bars with √horizon, as prices spread. */
function reachOf({ features, horizonBars }: Signal): number {
  return (features.atr ?? 0) * Math.sqrt(Math.max(1, horizonBars / levelBars))
}

/** How far the stop is, as a share of price; 0, which is none, where that is nearer than what the exit it asks for costs. */
function stopShare(reach: number, { stopAtr, feeRate, halfSpread, slippage }: BrokerSettings): number {
  const share = reach * stopAtr
  return share > feeRate + halfSpread + slippage ? share : 0
}

/** The price at a signed distance, a share of `priceUsd`; NaN where the distance is 0. */
function level(priceUsd: number, share: number): number {
  return share === 0 ? Number.NaN : priceUsd * (1 + share)
}

/** Moves cash for one execution and makes its fill. */
function settle({ portfolio, instrument }: ExecutionContext, { tradeId, side, signal }: Order, execution: Execution): Fill {
  const { qtyE8, fillPrice, priceUsd, time } = execution
  const notional = notionalE6(fillPrice, qtyE8)
  const feeE6 = portionE6(notional, portfolio.settings.feeRate)
  const slippageE6 = Math.abs(notional - notionalE6(priceUsd, qtyE8))
  portfolio.cashE6 += (side === 'sell' ? notional : -notional) - feeE6
  portfolio.feesE6 += feeE6
  portfolio.slippageE6 += slippageE6
  portfolio.performance.tradedUsd += fromUsdE6(notional)
  return {
    portfolio: portfolio.name,
    tradeId,
    pair: instrument.pair,
    side,
    // Only entries follow a signal.
    opens: signal !== null,
    time,
    priceUsd: fillPrice,
    qtyE8,
    notionalE6: notional,
    feeE6,
    slippageE6,
  }
}

/** The price an order gets: worse by half the spread and the slippage, rounded outwards to the tick where either is charged. */
function against(side: 'buy' | 'sell', priceUsd: number, rules: InstrumentRules, settings: BrokerSettings): number {
  const cost = settings.halfSpread + settings.slippage
  if (cost === 0) return priceUsd
  const tickUsd = tickAt(rules, priceUsd)
  return side === 'buy'
    ? toTick(priceUsd * (1 + cost), tickUsd, Math.ceil)
    : Math.max(toTick(priceUsd * (1 - cost), tickUsd, Math.floor), Math.min(priceUsd, tickUsd))
}

function toTick(priceUsd: number, tickUsd: number, round: (x: number) => number): number {
  if (tickUsd === 0) return priceUsd
  // The nearest whole multiple wins where only representation separates the price from it.
  const ticks = priceUsd / tickUsd
  const near = Math.round(ticks)
  const whole = Math.abs(ticks - near) < 1e-6 ? near : round(ticks)
  return tickUsd < 1 ? whole / Math.round(1 / tickUsd) : whole * tickUsd
}

export function closePosition(context: ExecutionContext, position: Position, reason: ExitReason, quote: Quote): void {
  const { portfolio, instrument, events } = context
  const order = exitOrder(context, position, reason, quote.time)
  const { qtyE8 } = position
  const filled = fillOrder(portfolio.orders, order.id, qtyE8)
  assert(filled, 'a waiting exit can be filled')
  const fillPrice = against(order.side, quote.priceUsd, instrument.rules, portfolio.settings)
  const fill = settle(context, order, { qtyE8, fillPrice, priceUsd: quote.priceUsd, time: quote.time })
  const borrowE6 = borrowSince(portfolio, position, quote.time)
  portfolio.cashE6 -= borrowE6
  portfolio.borrowE6 += borrowE6
  portfolio.grossPnlE6 += position.signal.direction * (fill.notionalE6 - position.entryNotionalE6)
  instrument.position = null
  instrument.exit = null
  portfolio.held.splice(portfolio.held.indexOf(instrument), 1)
  const trade = tradeOf(context, position, { fill, borrowE6, reason })
  sampleTrade(portfolio.performance, trade)
  events.fill(fill)
  events.trade(trade)
}

/** The pending exit where it is for the same reason, else a fresh one that replaces it. */
function exitOrder(context: ExecutionContext, position: Position, reason: ExitReason, time: TimeMs): Order {
  const { portfolio, instrument } = context
  if (instrument.exit !== null && instrument.exit.exit === reason) return instrument.exit
  if (instrument.exit !== null) cancelExit(portfolio, instrument, 'closed')
  position.leaving = reason
  placeExit(portfolio, instrument, position, time)
  const order: Order | null = instrument.exit
  assert(order !== null, 'an exit was just placed')
  return order
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

function tradeOf({ portfolio, instrument }: ExecutionContext, position: Position, { fill, borrowE6, reason }: Closing): Trade {
  const { signal } = position
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
    reason,
    collision: signal.collision,
    confidence: signal.confidence,
    prediction: signal.prediction,
    crossMoatScore: signal.crossMoatScore,
    barsHeld: wholeBars(instrument, position, fill.time),
    features: signal.features,
  }
}
