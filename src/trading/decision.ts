/** What a book does about a signal: enter, leave, or ignore it and count why. */

import { notionalE6, type TimeMs } from '../core/index.js'
import { BarFlag } from '../market/index.js'
import { type Book, equityE6, grossE6, type IgnoreReason, type Position, reservedE6, type Seat } from './book.js'
import { type Order, placeOrder } from './order.js'
import { cancelEntry, lastFill, lotsWithin, placeExit, tooSmall } from './seat-orders.js'
import type { Signal } from './signal.js'

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

function nextTradeId(book: Book, signal: Signal, step: number): string {
  if (book.idStep !== step) {
    book.idStep = step
    book.idCounts.clear()
  }
  const n = book.idCounts.get(signal.agent) ?? 0
  book.idCounts.set(signal.agent, n + 1)
  return `${book.name}:${step}:${signal.agent}:${n}`
}
