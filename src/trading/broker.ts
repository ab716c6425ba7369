/**
 * The paper broker: turns signals into orders, orders into fills and fills into trades, never knowing more than a trader
 * could. An order decided at the end of one bar fills at the open of its pair's next existing bar; every fill is a taker's.
 */

import { assert, DAY_MS, fromUsdE6, notionalE6, type QtyE8, type TimeMs, UNIT, type UsdE6 } from '../core/index.js'
import { type Bar, BarFlag, type MarketTrade } from '../market/index.js'
import {
  type Book,
  type BookEvents,
  equityE6,
  grossE6,
  type IgnoreReason,
  markSeat,
  type Position,
  portionE6,
  reservedE6,
  type Seat,
} from './book.js'
import { type CancelReason, cancelOrder, fillOrder, type Order, placeOrder } from './order.js'
import { finishEquity, sampleEquity, sampleTrade } from './performance.js'
import type { InstrumentRules } from './rules.js'
import type { BrokerSettings } from './settings.js'
import type { Signal } from './signal.js'
import type { ExitReason, Fill, Halt, Trade } from './trade.js'

/** The step and instant of a decision. */
export interface StepTime {
  readonly step: number
  readonly time: TimeMs
}

export type SignalOutcome = 'entry' | 'exit' | 'cancelsEntry' | IgnoreReason

/**
 * Lets a book act on a signal of its own kind; what it does not act on it counts. Nothing fills yet. `mayEnter` is the
 * guardian's word on this pair (exits need none); the book's own halts hold beside it.
 */
export function submitSignal(book: Book, signal: Signal, now: StepTime, mayEnter = true): SignalOutcome {
  book.signals++
  if (signal.collision) book.collisions++
  const outcome = decide(book, signal, now, mayEnter)
  if (outcome in book.ignored) book.ignored[outcome as IgnoreReason]++
  return outcome
}

function decide(book: Book, signal: Signal, now: StepTime, mayEnter: boolean): SignalOutcome {
  const seat = book.seats.get(signal.pair)
  if (seat === undefined) return 'unknownPair'
  // `!(a >= b)` also refuses NaN.
  if (!(signal.confidence >= book.settings.minConfidence)) return 'lowConfidence'
  if (signal.expiresAt < now.time) return 'expired'
  if (seat.position !== null) return answerPosition(book, seat, seat.position, signal, now)
  if (seat.entry !== null) return answerEntry(book, seat, seat.entry, signal)
  return mayEnter ? enter(book, seat, signal, now) : 'halted'
}

function answerPosition(book: Book, seat: Seat, position: Position, signal: Signal, now: StepTime): SignalOutcome {
  if (position.leaving !== null) return 'leaving'
  if (position.signal.direction === signal.direction) return 'sameDirection'
  position.leaving = 'opposite'
  placeExit(book, seat, position, now.time)
  return 'exit'
}

function answerEntry(book: Book, seat: Seat, entry: Order, signal: Signal): SignalOutcome {
  if (entry.signal?.direction === signal.direction) return 'sameDirection'
  cancelEntry(book, seat, 'opposite')
  return 'cancelsEntry'
}

function enter(book: Book, seat: Seat, signal: Signal, now: StepTime): SignalOutcome {
  if (book.halts.size > 0) return 'halted'
  if ((seat.flags & (BarFlag.outlier | BarFlag.stale)) !== 0) return 'flagged'
  const equity = equityE6(book)
  if (Number.isNaN(equity) || Number.isNaN(seat.priceUsd)) return 'noPrice'
  const { settings } = book
  const sizeE6 = Math.floor(equity * settings.sizeShare)
  const qtyE8 = lotsWithin(sizeE6, seat.priceUsd, seat.rules)
  const costE6 = notionalE6(seat.priceUsd, qtyE8)
  if (sizeE6 <= 0 || tooSmall(qtyE8, costE6, seat.rules)) return 'tooSmall'
  if (grossE6(book) + reservedE6(book) + costE6 > equity * settings.grossLimit) return 'grossLimit'
  seat.entry = placeOrder(book.orders, {
    tradeId: nextTradeId(book, signal, now.step),
    pair: seat.pair,
    side: signal.direction === 1 ? 'buy' : 'sell',
    qtyE8,
    decidedAt: now.time,
    fillBefore: lastFill(book, seat, signal.barMs, now.time),
    decisionPriceUsd: seat.priceUsd,
    reservedE6: costE6,
    signal,
    exit: null,
  })
  return 'entry'
}

/** The last instant at which an order may fill: two bars after the decision (plus latency on ticks). */
function lastFill(book: Book, seat: Seat, barMs: number, time: TimeMs): TimeMs {
  const latency = book.settings.fillOn === 'ticks' ? book.settings.latencyMs : 0
  return time + latency + 2 * (seat.barMs || barMs)
}

function nextTradeId(book: Book, signal: Signal, step: number): string {
  if (book.idStep !== step) {
    book.idStep = step
    book.idCounts.clear()
  }
  const n = book.idCounts.get(signal.agent) ?? 0
  book.idCounts.set(signal.agent, n + 1)
  return `${book.name}:${step}:${signal.agent}:${n}`
}

function placeExit(book: Book, seat: Seat, position: Position, time: TimeMs): void {
  if (seat.exit !== null) return
  seat.exit = placeOrder(book.orders, {
    tradeId: position.tradeId,
    pair: seat.pair,
    side: position.signal.direction === 1 ? 'sell' : 'buy',
    qtyE8: position.qtyE8,
    decidedAt: time,
    fillBefore: lastFill(book, seat, position.signal.barMs, time),
    decisionPriceUsd: seat.priceUsd,
    reservedE6: 0,
    signal: null,
    exit: position.leaving,
  })
}

/** The most whole lots that `amountE6` buys at a price. */
function lotsWithin(amountE6: UsdE6, priceUsd: number, rules: InstrumentRules): QtyE8 {
  const lots = Math.floor((fromUsdE6(amountE6) / priceUsd / rules.lotE8) * UNIT)
  let qty = Math.max(lots, 0) * rules.lotE8
  // Division may round up to a whole lot that the amount does not quite buy.
  if (qty > 0 && notionalE6(priceUsd, qty) > amountE6) qty -= rules.lotE8
  return qty
}

function tooSmall(qtyE8: QtyE8, costE6: UsdE6, rules: InstrumentRules): boolean {
  return qtyE8 <= 0 || qtyE8 < rules.minQtyE8 || costE6 < rules.minCostE6
}

/** Delivers one closed bar: orders fill at its open, then stops and targets are looked for inside it, then it is the mark. */
export function bookOnBar(book: Book, bar: Bar, events: BookEvents): void {
  const seat = book.seats.get(bar.pair)
  if (seat === undefined) return
  if ((bar.flags & BarFlag.filled) !== 0) {
    // For display only; but silence keeps entries away until the next existing bar.
    seat.flags |= bar.flags & BarFlag.stale
    return
  }
  if (bar.time <= seat.barTime || (bar.flags & BarFlag.revised) !== 0) {
    if (bar.time === seat.barTime && bar.close > 0) markSeat(seat, bar.close)
    book.oddBars++
    return
  }
  if (!(bar.open > 0 && bar.low > 0 && bar.close > 0 && bar.high < Number.POSITIVE_INFINITY)) {
    book.oddBars++
    markSeat(seat, Number.NaN)
    return
  }
  if (book.settings.fillOn === 'bars') fillAtOpen(book, seat, bar, events)
  if (seat.position !== null && seat.position.entryTime <= bar.time) checkStops(book, seat, seat.position, bar, events)
  seat.barTime = bar.time
  seat.barMs = bar.barMs
  seat.flags = bar.flags
  markSeat(seat, bar.close)
}

function fillAtOpen(book: Book, seat: Seat, bar: Bar, events: BookEvents): void {
  if (seat.exit !== null && bar.time >= seat.exit.decidedAt) fillExit(book, seat, seat.exit, bar.open, bar.time, events)
  if (seat.entry !== null && bar.time >= seat.entry.decidedAt) fillEntry(book, seat, seat.entry, bar.open, bar.time, events)
}

/** Delivers one trade of the market: with `fillOn: 'ticks'` the first at or after decision + latency fills, and stops are watched. */
export function bookOnMarketTrade(book: Book, trade: MarketTrade, events: BookEvents): void {
  const seat = book.seats.get(trade.pair)
  if (seat === undefined || book.settings.fillOn !== 'ticks' || !(trade.price > 0 && trade.price < Number.POSITIVE_INFINITY))
    return
  const ready = trade.time - book.settings.latencyMs
  if (seat.exit !== null && ready >= seat.exit.decidedAt) fillExit(book, seat, seat.exit, trade.price, trade.time, events)
  if (seat.entry !== null && ready >= seat.entry.decidedAt) fillEntry(book, seat, seat.entry, trade.price, trade.time, events)
  const { position } = seat
  if (position === null || position.entryTime >= trade.time) return
  const reason = stopOrTarget(position, trade.price, trade.price)
  if (reason !== null) closePosition(book, seat, position, reason, trade.price, trade.time, events)
}

function fillEntry(book: Book, seat: Seat, order: Order, priceUsd: number, time: TimeMs, events: BookEvents): void {
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

interface Execution {
  readonly qtyE8: QtyE8
  readonly fillPrice: number
  /** Without spread and slippage. */
  readonly priceUsd: number
  readonly time: TimeMs
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

function fillExit(book: Book, seat: Seat, order: Order, priceUsd: number, time: TimeMs, events: BookEvents): void {
  const { position } = seat
  if (position === null || time > order.fillBefore) return cancelExit(book, seat, position === null ? 'closed' : 'late')
  closePosition(book, seat, position, order.exit ?? 'horizon', priceUsd, time, events)
}

/** A gap through a level fills at the open; both levels inside one bar: the stop. */
function checkStops(book: Book, seat: Seat, position: Position, bar: Bar, events: BookEvents): void {
  const gap = position.entryTime < bar.time ? stopOrTarget(position, bar.open, bar.open) : null
  const reason = gap ?? stopOrTarget(position, bar.low, bar.high)
  if (reason === null) return
  const level = reason === 'stop' ? position.stopUsd : position.targetUsd
  closePosition(
    book,
    seat,
    position,
    reason,
    gap === null ? level : bar.open,
    gap === null ? bar.time + bar.barMs : bar.time,
    events,
  )
}

function stopOrTarget({ signal, stopUsd, targetUsd }: Position, low: number, high: number): 'stop' | 'target' | null {
  const long = signal.direction === 1
  if (long ? low <= stopUsd : high >= stopUsd) return 'stop'
  return (long ? high >= targetUsd : low <= targetUsd) ? 'target' : null
}

function closePosition(
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

function borrowSince(book: Book, position: Position, time: TimeMs): UsdE6 {
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

function cancelEntry(book: Book, seat: Seat, reason: CancelReason): void {
  if (seat.entry === null) return
  cancelOrder(book.orders, seat.entry.id, reason)
  seat.entry = null
}

function cancelExit(book: Book, seat: Seat, reason: CancelReason): void {
  if (seat.exit === null) return
  cancelOrder(book.orders, seat.exit.id, reason)
  seat.exit = null
}

/** Ends a bar: late orders go, positions age and are asked to leave at their horizon, equity is recorded. O(positions + orders). */
export function bookOnStep(book: Book, now: StepTime): void {
  expireOrders(book, now.time)
  for (const seat of book.held) if (seat.position !== null) age(book, seat, seat.position, now.time)
  const equity = equityE6(book)
  const gross = grossE6(book)
  book.stepLimitE6 = Number.isNaN(equity) ? 0 : Math.max(0, Math.floor(equity * book.settings.grossLimit))
  book.stepGrossE6 = Number.isNaN(gross) ? 0 : gross
  book.filledSinceStepE6 = 0
  sampleEquity(book.performance, now.time, equity, gross, book.halts.size > 0)
}

function expireOrders(book: Book, time: TimeMs): void {
  const { live } = book.orders
  // Backwards, because a cancelled order leaves the list.
  for (let i = live.length - 1; i >= 0; i--) {
    const order = live[i] as Order
    const seat = time > order.fillBefore ? book.seats.get(order.pair) : undefined
    if (seat === undefined) continue
    if (order.exit === null) cancelEntry(book, seat, 'late')
    else cancelExit(book, seat, 'late')
  }
}

function age(book: Book, seat: Seat, position: Position, time: TimeMs): void {
  position.barsHeld++
  position.borrowE6 = borrowSince(book, position, time)
  if (position.leaving === null && position.barsHeld >= position.signal.horizonBars) position.leaving = 'horizon'
  if (position.leaving !== null) placeExit(book, seat, position, time)
}

/** Takes a halt or its end. Waiting entries are cancelled; exits go on. Halts for other books are not this book's business. */
export function haltBook(book: Book, halt: Halt): void {
  if (halt.book !== 'all' && halt.book !== book.name) return
  if (!halt.on) {
    book.halts.delete(halt.kind)
    return
  }
  book.halts.add(halt.kind)
  for (const seat of book.seats.values()) cancelEntry(book, seat, 'halted')
}

/** End of data: waiting entries are cancelled and every position is closed at its pair's last known close. */
export function closeBook(book: Book, now: StepTime, events: BookEvents): void {
  for (const seat of book.seats.values()) {
    cancelEntry(book, seat, 'closed')
    if (seat.position === null) continue
    const priceUsd = Number.isNaN(seat.knownUsd) ? seat.position.entryPriceUsd : seat.knownUsd
    closePosition(book, seat, seat.position, 'end', priceUsd, now.time, events)
  }
  finishEquity(book.performance, book.cashE6)
}
