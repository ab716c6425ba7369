/** How orders become fills and fills become trades: price, room, cash, fees, in exact integers. Every fill is a taker’s. */

import { assert, DAY_MS, fromUsdE6, notionalE6, type QtyE8, type TimeMs, type UsdE6 } from '../core/index.js'
import { type Book, type BookEvents, equityE6, grossE6, type Position, portionE6, type Seat } from './book.js'
import { type CancelReason, cancelOrder, fillOrder, type Order } from './order.js'
import { sampleTrade } from './performance.js'
import type { InstrumentRules } from './rules.js'
import { cancelEntry, cancelExit, lotsWithin, placeExit, tooSmall } from './seat-orders.js'
import type { BrokerSettings } from './settings.js'
import type { Signal } from './signal.js'
import type { ExitReason, Fill, Trade } from './trade.js'

interface Execution {
  readonly qtyE8: QtyE8
  readonly fillPrice: number
  /** Without spread and slippage. */
  readonly priceUsd: number
  readonly time: TimeMs
}

export function fillEntry(book: Book, seat: Seat, order: Order, priceUsd: number, time: TimeMs, events: BookEvents): void {
  const refused = refusalOf(book, order, priceUsd, time)
  if (refused !== null || order.signal === null) return cancelEntry(book, seat, refused ?? 'closed')
  const fillPrice = against(order.side, priceUsd, seat.rules, book.settings)
  const qtyE8 = Math.min(order.qtyE8, lotsWithin(fillRoomE6(book, fillPrice, priceUsd), fillPrice, seat.rules))
  if (qtyE8 < order.qtyE8 && tooSmall(qtyE8, notionalE6(fillPrice, qtyE8), seat.rules))
    return cancelEntry(book, seat, 'grossLimit')
  const filled = fillOrder(book.orders, order.id, qtyE8)
  assert(filled, 'a waiting entry can be filled')
  if (qtyE8 < order.qtyE8) cancelOrder(book.orders, order.id, 'grossLimit')
  seat.entry = null
  openPosition(book, seat, order.signal, order, { qtyE8, fillPrice, priceUsd, time }, events)
}

function refusalOf(book: Book, order: Order, priceUsd: number, time: TimeMs): CancelReason | null {
  if (book.halts.size > 0) return 'halted'
  if (time > order.fillBefore) return 'late'
  if (order.signal !== null && time > order.signal.expiresAt) return 'expired'
  const jump = priceUsd / order.decisionPriceUsd
  return jump > book.settings.maxJump || jump * book.settings.maxJump < 1 ? 'jump' : null
}

/**
 * What an entry may cost now. The gross limit is measured with the marks of the last step, when the order was decided, so
 * that no fill depends on prices after it; that positions never exceed equity is checked with the latest marks too.
 */
function fillRoomE6(book: Book, fillPrice: number, priceUsd: number): UsdE6 {
  const room = book.stepLimitE6 - book.stepGrossE6 - book.filledSinceStepE6
  const margin = equityE6(book) - grossE6(book)
  // An entry pays its fee and loses spread and slippage at once; what is left must still cover it, to the last rounding.
  const costs = book.settings.feeRate + 2 * Math.abs(priceUsd / fillPrice - 1)
  const affordable = Math.floor(margin / (1 + costs)) - 4
  return Number.isNaN(margin) ? 0 : Math.max(0, Math.min(room, affordable))
}

function openPosition(book: Book, seat: Seat, signal: Signal, order: Order, done: Execution, events: BookEvents): void {
  const fill = settle(book, seat, order.tradeId, order.side, true, done)
  book.filledSinceStepE6 += fill.notionalE6
  const reach = signal.features.atr ?? 0
  seat.position = {
    tradeId: order.tradeId,
    signal,
    qtyE8: done.qtyE8,
    entryTime: done.time,
    entryPriceUsd: done.fillPrice,
    entryNotionalE6: fill.notionalE6,
    entryFeeE6: fill.feeE6,
    entrySlippageE6: fill.slippageE6,
    stopUsd: level(done.fillPrice, -signal.direction * reach * book.settings.stopAtr),
    targetUsd: level(done.fillPrice, signal.direction * reach * book.settings.targetAtr),
    markE6: notionalE6(done.priceUsd, done.qtyE8),
    borrowE6: 0,
    barsHeld: 0,
    leaving: null,
  }
  book.held.push(seat)
  assert(grossE6(book) <= equityE6(book), 'positions never exceed equity after an entry')
  events.fill(fill)
}

/** A price so far away, or NaN where the distance is 0. */
function level(priceUsd: number, share: number): number {
  return share === 0 ? Number.NaN : priceUsd * (1 + share)
}

/** Moves cash for one execution and makes its fill. */
function settle(book: Book, seat: Seat, tradeId: string, side: 'buy' | 'sell', opens: boolean, done: Execution): Fill {
  const { qtyE8, fillPrice, priceUsd, time } = done
  const notional = notionalE6(fillPrice, qtyE8)
  const feeE6 = portionE6(notional, book.settings.feeRate)
  const slippageE6 = Math.abs(notional - notionalE6(priceUsd, qtyE8))
  book.cashE6 += (side === 'sell' ? notional : -notional) - feeE6
  book.feesE6 += feeE6
  book.slippageE6 += slippageE6
  book.performance.tradedUsd += fromUsdE6(notional)
  return {
    book: book.name,
    tradeId,
    pair: seat.pair,
    side,
    opens,
    time,
    priceUsd: fillPrice,
    qtyE8,
    notionalE6: notional,
    feeE6,
    slippageE6,
  }
}

/** The price an order gets: half the spread and the slippage worse, rounded outwards to the tick where either is charged. */
function against(side: 'buy' | 'sell', priceUsd: number, rules: InstrumentRules, settings: BrokerSettings): number {
  const cost = settings.halfSpread + settings.slippage
  if (cost === 0) return priceUsd
  return side === 'buy'
    ? toTick(priceUsd * (1 + cost), rules.tickUsd, Math.ceil)
    : Math.max(toTick(priceUsd * (1 - cost), rules.tickUsd, Math.floor), Math.min(priceUsd, rules.tickUsd))
}

function toTick(priceUsd: number, tickUsd: number, round: (x: number) => number): number {
  if (tickUsd === 0) return priceUsd
  // The nearest whole multiple wins where only representation separates the price from it.
  const ticks = priceUsd / tickUsd
  const near = Math.round(ticks)
  const whole = Math.abs(ticks - near) < 1e-6 ? near : round(ticks)
  return tickUsd < 1 ? whole / Math.round(1 / tickUsd) : whole * tickUsd
}

export function fillExit(book: Book, seat: Seat, order: Order, priceUsd: number, time: TimeMs, events: BookEvents): void {
  const { position } = seat
  if (position === null || time > order.fillBefore) return cancelExit(book, seat, position === null ? 'closed' : 'late')
  closePosition(book, seat, position, order.exit ?? 'horizon', priceUsd, time, events)
}

export function closePosition(
  book: Book,
  seat: Seat,
  position: Position,
  reason: ExitReason,
  priceUsd: number,
  time: TimeMs,
  events: BookEvents,
): void {
  const order = exitOrder(book, seat, position, reason, time)
  const filled = fillOrder(book.orders, order.id, position.qtyE8)
  assert(filled, 'a waiting exit can be filled')
  const fillPrice = against(order.side, priceUsd, seat.rules, book.settings)
  const fill = settle(book, seat, position.tradeId, order.side, false, { qtyE8: position.qtyE8, fillPrice, priceUsd, time })
  const borrowE6 = borrowSince(book, position, time)
  book.cashE6 -= borrowE6
  book.borrowE6 += borrowE6
  book.grossPnlE6 += position.signal.direction * (fill.notionalE6 - position.entryNotionalE6)
  seat.position = null
  seat.exit = null
  book.held.splice(book.held.indexOf(seat), 1)
  const trade = tradeOf(book, position, fill, borrowE6, reason)
  sampleTrade(book.performance, trade)
  events.fill(fill)
  events.trade(trade)
}

/** The pending exit where it is for the same reason, else a fresh one that replaces it. */
function exitOrder(book: Book, seat: Seat, position: Position, reason: ExitReason, time: TimeMs): Order {
  if (seat.exit !== null && seat.exit.exit === reason) return seat.exit
  if (seat.exit !== null) cancelExit(book, seat, 'closed')
  position.leaving = reason
  placeExit(book, seat, position, time)
  const order: Order | null = seat.exit
  assert(order !== null, 'an exit was just placed')
  return order
}

export function borrowSince(book: Book, position: Position, time: TimeMs): UsdE6 {
  if (position.signal.direction === 1) return 0
  return portionE6(position.entryNotionalE6, (book.settings.borrowRatePerDay * Math.max(0, time - position.entryTime)) / DAY_MS)
}

function tradeOf(book: Book, position: Position, fill: Fill, borrowE6: UsdE6, reason: ExitReason): Trade {
  const { signal } = position
  const feesE6 = position.entryFeeE6 + fill.feeE6
  return {
    tradeId: position.tradeId,
    book: book.name,
    pair: signal.pair,
    direction: signal.direction,
    style: signal.style,
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
    barsHeld: position.barsHeld,
    features: signal.features,
  }
}
