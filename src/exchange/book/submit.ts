/** What owners do to a book: they submit, change and cancel orders; and what the exchange does: it ends those that are over. */

import type { Side } from '../order.js'
import { type BookReject, type OrderBook, rankOf } from './book.js'
import type { BookListener } from './listener.js'
import { availableTo, buys, endOrder, leftOf, match, rest, revoke, takeOut, worstTick, wouldTrade } from './matching.js'
import { slotLimits, slotOf, Trait, takeSlot } from './order-slots.js'
import { append, headOf, lessen } from './price-ladder.js'

/** An order as its owner submits it. */
export interface BookOrder {
  /** A number by which the exchange knows the owner, 0 to 2^31 − 1. */
  readonly owner: number
  readonly side: Side
  readonly lots: number
  /** The most that a buy pays or the least that a sell takes, in ticks; null: a market order. */
  readonly limit: number | null
  /** It comes into the book once a trade is at this tick or beyond: at or above it a buy, at or below it a sell. */
  readonly stop?: number
  /** An iceberg: how many lots it shows at a time. */
  readonly show?: number
  /** immediate: what does not trade at once is cancelled · whole: it trades whole at once, or not at all; absent: the rest waits. */
  readonly force?: 'immediate' | 'whole' | undefined
  /** It is rejected where it would trade at once. */
  readonly postOnly?: boolean
}

/** Submits an order, and trades it as far as it goes. Its id; 0: it was rejected. */
export function submitToBook(book: OrderBook, order: BookOrder, on: BookListener): number {
  const code = faultOf(book, order)
  if (code !== null) {
    book.rejected[code]++
    on.rejected(order.owner, code)
    return 0
  }
  const slot = accept(book, order)
  const id = book.orders.ids[slot] as number
  on.accepted(id, order.owner)
  enter(book, slot, on)
  trigger(book, on)
  return id
}

/** Cancels what is left of an order for its owner. False: it does not live, or another owns it. */
export function cancelInBook(book: OrderBook, id: number, owner: number, on: BookListener): boolean {
  const slot = ownSlot(book, id, owner)
  if (slot === 0 || book.phase === 'closed') return false
  revoke(book, slot, 'owner', on)
  return true
}

/** Ends an order whose time is over. False: it does not live. */
export function expireInBook(book: OrderBook, id: number, on: BookListener): boolean {
  const slot = slotOf(book.orders, id)
  if (slot === 0) return false
  revoke(book, slot, 'expired', on)
  return true
}

/** What may be changed of an order. */
export interface OrderChange {
  /** Lots left to trade. */
  readonly lots: number
  readonly limit: number
}

/**
 * Changes an order that waits at its price. With fewer lots at the same price it keeps its place; else it comes anew, behind the
 * others, and may trade at once. False: it does not live, another owns it, it waits for a trigger, or the change is none that the book takes.
 */
export function modifyInBook(
  book: OrderBook,
  id: number,
  owner: number,
  { lots, limit }: OrderChange,
  on: BookListener,
): boolean {
  const { orders, phase } = book
  const slot = ownSlot(book, id, owner)
  const isFit = slot !== 0 && orders.stops[slot] === 0 && ((orders.traits[slot] as number) & Trait.market) === 0
  if (!isFit || !isLots(lots) || !isTick(book, limit) || phase === 'halted' || phase === 'closed') return false
  const less = leftOf(orders, slot) - lots
  if (worstTick(book, buys(orders, slot), limit) === orders.ticks[slot] && less >= 0) lessenOrder(book, slot, less)
  else {
    takeOut(book, slot)
    orders.shown[slot] = lots
    orders.ticks[slot] = limit
    enter(book, slot, on)
    trigger(book, on)
  }
  return true
}

function faultOf(book: OrderBook, { owner, side, lots, limit, stop, show, force, postOnly }: BookOrder): BookReject | null {
  const { orders, phase } = book
  if (!isLots(lots)) return 'badQuantity'
  if (limit !== null && !isTick(book, limit)) return 'badPrice'
  if (stop !== undefined && !isTick(book, stop)) return 'badStop'
  if (show !== undefined && !(isLots(show) && show <= lots)) return 'badQuantity'
  const mayWait = limit !== null && force === undefined
  if (!mayWait && (show !== undefined || postOnly === true)) return 'unsupported'
  if (stop !== undefined && (force === 'whole' || postOnly === true)) return 'unsupported'
  if (phase === 'halted' || phase === 'closed' || (phase === 'auction' && force !== undefined)) return 'phase'
  if (orders.live >= slotLimits.bookOrders) return 'tooManyOrders'
  const isBuy = side === 'buy'
  const worst = limit ?? worstOf(book, isBuy)
  if (postOnly === true && phase === 'continuous' && wouldTrade(book, isBuy, worst)) return 'wouldTrade'
  // A stop is decided when it comes into the book.
  if (force === 'whole' && availableTo(book, owner, isBuy, worst, lots) < lots) return 'cannotFill'
  return null
}

function accept(book: OrderBook, { owner, side, lots, limit, stop, show, force }: BookOrder): number {
  const { orders } = book
  const isBuy = side === 'buy'
  const slot = takeSlot(orders)
  orders.owners[slot] = owner
  orders.ticks[slot] = limit ?? worstOf(book, isBuy)
  orders.stops[slot] = stop ?? 0
  orders.shown[slot] = lots
  orders.hidden[slot] = 0
  orders.peaks[slot] = show ?? 0
  orders.traits[slot] =
    (isBuy ? Trait.buy : 0) | (limit === null ? Trait.market : 0) | (force === undefined ? 0 : Trait.immediate)
  return slot
}

/** Lets an order that is out of the book come in: it waits for its trigger, for an auction, or trades and then waits. */
function enter(book: OrderBook, slot: number, on: BookListener): void {
  const { orders } = book
  if ((orders.stops[slot] as number) > 0 && !isTriggered(book, slot)) return waitForTrigger(book, slot)
  orders.stops[slot] = 0
  if (book.phase !== 'continuous') return rest(book, slot)
  const id = orders.ids[slot]
  match(book, slot, on)
  // It met its own owner.
  if (orders.ids[slot] !== id) return
  const traits = orders.traits[slot] as number
  if (orders.shown[slot] === 0) endOrder(book, slot, 'filled', on)
  else if ((traits & Trait.market) !== 0) endOrder(book, slot, isBanded(book, buys(orders, slot)) ? 'band' : 'noLiquidity', on)
  else if ((traits & Trait.immediate) !== 0) endOrder(book, slot, 'immediate', on)
  else rest(book, slot)
}

/** True where somebody still waits on the other side, and only the price band keeps an order from trading with him. */
function isBanded({ asks, bids }: OrderBook, isBuy: boolean): boolean {
  return (isBuy ? asks : bids).best >= 0
}

function isTriggered({ orders, lastTick }: OrderBook, slot: number): boolean {
  const stop = orders.stops[slot] as number
  if (lastTick === 0) return false
  return buys(orders, slot) ? lastTick >= stop : lastTick <= stop
}

function waitForTrigger(book: OrderBook, slot: number): void {
  const { orders } = book
  const isBuy = buys(orders, slot)
  const ladder = isBuy ? book.buyStops : book.sellStops
  append(ladder, orders, rankOf(book, !isBuy, orders.stops[slot] as number), slot, orders.shown[slot] as number, 0)
}

/** Lets in the stops that the latest trades have reached: the nearest first, and of one trigger the oldest. */
export function trigger(book: OrderBook, on: BookListener): void {
  if (book.buyStops.levels + book.sellStops.levels === 0 || book.lastTick === 0 || book.phase !== 'continuous') return
  for (let slot = reachedStop(book); slot !== 0; slot = reachedStop(book)) {
    takeOut(book, slot)
    enter(book, slot, on)
  }
}

/** A stop that is reached; 0: there is none. */
function reachedStop({ buyStops, sellStops, orders, lastTick }: OrderBook): number {
  const buy = buyStops.best < 0 ? 0 : headOf(buyStops, buyStops.best)
  if (buy !== 0 && lastTick >= (orders.stops[buy] as number)) return buy
  const sell = sellStops.best < 0 ? 0 : headOf(sellStops, sellStops.best)
  return sell !== 0 && lastTick <= (orders.stops[sell] as number) ? sell : 0
}

function lessenOrder(book: OrderBook, slot: number, less: number): void {
  const { orders } = book
  const isBuy = buys(orders, slot)
  const hidden = Math.min(less, orders.hidden[slot] as number)
  orders.hidden[slot] = (orders.hidden[slot] as number) - hidden
  orders.shown[slot] = (orders.shown[slot] as number) - (less - hidden)
  lessen(isBuy ? book.bids : book.asks, rankOf(book, isBuy, orders.ticks[slot] as number), less - hidden, hidden)
}

function ownSlot({ orders }: OrderBook, id: number, owner: number): number {
  const slot = slotOf(orders, id)
  return slot !== 0 && orders.owners[slot] === owner ? slot : 0
}

/** The price of a market order: it takes whatever there is. */
function worstOf({ terms }: OrderBook, isBuy: boolean): number {
  return isBuy ? terms.ticks - 1 : 1
}

function isLots(lots: number): boolean {
  return Number.isSafeInteger(lots) && lots > 0 && lots <= MOST_LOTS
}

function isTick({ terms }: OrderBook, tick: number): boolean {
  return Number.isInteger(tick) && tick >= 1 && tick < terms.ticks
}

/** Lots of one order: a million orders of them can be counted exactly. */
const MOST_LOTS = 2 ** 32
