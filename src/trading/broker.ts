/**
 * The paper broker: delivers bars, market trades, steps and halts to a book, which never knows more than a trader could.
 * An order decided at the end of one bar fills at the open of its pair's next existing bar.
 */

import type { TimeMs } from '../core/index.js'
import { type Bar, BarFlag, type MarketTrade } from '../market/index.js'
import { type Book, type BookEvents, equityE6, grossE6, markSeat, type Position, type Seat } from './book.js'
import type { StepTime } from './decision.js'
import { borrowSince, closePosition, fillEntry, fillExit } from './execution.js'
import type { Order } from './order.js'
import { finishEquity, sampleEquity } from './performance.js'
import { cancelEntry, cancelExit, placeExit } from './seat-orders.js'
import type { Halt } from './trade.js'

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
