/** How an order meets those that wait on the other side: by price, then by time. */

import { bestAsk, bestBid, type OrderBook, rankOf } from './book.js'
import type { BookEnd, BookListener, BookTrade } from './listener.js'
import { freeSlot, type OrderSlots, Trait } from './order-slots.js'
import { append, headOf, lessen, nextBelow, type PriceLadder, remove } from './price-ladder.js'

const trade: BookTrade = {
  makerId: 0,
  takerId: 0,
  makerOwner: 0,
  takerOwner: 0,
  takerBuys: false,
  tick: 0,
  lots: 0,
  makerLeft: 0,
  takerLeft: 0,
}

/** True where an order buys. */
export function buys({ traits }: OrderSlots, slot: number): boolean {
  return ((traits[slot] as number) & Trait.buy) !== 0
}

/** The lots of an order that have not traded. */
export function leftOf({ shown, hidden }: OrderSlots, slot: number): number {
  return (shown[slot] as number) + (hidden[slot] as number)
}

/** The worst price that an order may trade at: its own, within the price band. */
export function worstTick(book: OrderBook, isBuy: boolean, tick: number): number {
  return isBuy ? Math.min(tick, book.bandHigh) : Math.max(tick, book.bandLow)
}

/** Trades an order that comes with those that wait, as far as its price goes. It may end here where it meets its own owner. */
export function match(book: OrderBook, slot: number, on: BookListener): void {
  const { orders } = book
  const isBuy = buys(orders, slot)
  const against = isBuy ? book.asks : book.bids
  const worst = rankOf(book, !isBuy, worstTick(book, isBuy, orders.ticks[slot] as number))
  const owner = orders.owners[slot] as number
  while ((orders.shown[slot] as number) > 0 && against.best >= worst) {
    const maker = headOf(against, against.best)
    if (orders.owners[maker] !== owner || book.terms.selfTrade === 'allow')
      execute(book, maker, slot, Math.min(orders.shown[slot] as number, orders.shown[maker] as number), on)
    else if (!preventSelfTrade(book, maker, slot, on)) return
  }
}

/** False where the order that came has ended. */
function preventSelfTrade(book: OrderBook, maker: number, taker: number, on: BookListener): boolean {
  const { selfTrade } = book.terms
  if (selfTrade !== 'cancelNewest') revoke(book, maker, 'selfTrade', on)
  if (selfTrade === 'cancelOldest') return true
  endOrder(book, taker, 'selfTrade', on)
  return false
}

/** Trades `lots` of an order that waits and one that comes, at the price of the first. */
function execute(book: OrderBook, maker: number, taker: number, lots: number, on: BookListener): void {
  const { shown, ticks } = book.orders
  beginTrade(book, maker, taker, lots, ticks[maker] as number)
  shown[taker] = (shown[taker] as number) - lots
  const makerEnds = fillResting(book, maker, lots)
  announce(book, maker, taker, on)
  if (makerEnds) endOrder(book, maker, 'filled', on)
}

/** Trades `lots` of two orders that wait, at one price for both: the buy order is called the maker. */
export function executeResting(book: OrderBook, buy: number, sell: number, lots: number, tick: number, on: BookListener): void {
  beginTrade(book, buy, sell, lots, tick)
  const buyEnds = fillResting(book, buy, lots)
  const sellEnds = fillResting(book, sell, lots)
  announce(book, buy, sell, on)
  if (buyEnds) endOrder(book, buy, 'filled', on)
  if (sellEnds) endOrder(book, sell, 'filled', on)
}

function beginTrade(book: OrderBook, maker: number, taker: number, lots: number, tick: number): void {
  const { orders } = book
  trade.makerId = orders.ids[maker] as number
  trade.takerId = orders.ids[taker] as number
  trade.makerOwner = orders.owners[maker] as number
  trade.takerOwner = orders.owners[taker] as number
  trade.takerBuys = buys(orders, taker)
  trade.tick = tick
  trade.lots = lots
  book.lastTick = tick
  book.trades++
  book.tradedLots += lots
}

function announce({ orders }: OrderBook, maker: number, taker: number, on: BookListener): void {
  trade.makerLeft = leftOf(orders, maker)
  trade.takerLeft = leftOf(orders, taker)
  on.traded(trade)
}

/** Takes traded lots out of an order that waits. True where nothing of it is left; it is out of the book then. */
function fillResting(book: OrderBook, slot: number, lots: number): boolean {
  const { orders } = book
  const { shown, hidden } = orders
  const ladder = sideOf(book, slot)
  const rank = rankOf(book, buys(orders, slot), orders.ticks[slot] as number)
  const left = (shown[slot] as number) - lots
  shown[slot] = left
  if (left > 0) {
    lessen(ladder, rank, lots, 0)
    return false
  }
  const behind = hidden[slot] as number
  remove(ladder, orders, rank, slot, lots, behind)
  if (behind === 0) return true
  // What an iceberg shows next stands behind the others of its price.
  const next = Math.min(behind, orders.peaks[slot] as number)
  shown[slot] = next
  hidden[slot] = behind - next
  append(ladder, orders, rank, slot, next, behind - next)
  return false
}

/** Puts an order that does not trade now among those that wait; an iceberg shows its first part. */
export function rest(book: OrderBook, slot: number): void {
  const { orders } = book
  const isBuy = buys(orders, slot)
  const total = orders.shown[slot] as number
  const peak = orders.peaks[slot] as number
  const shown = peak > 0 ? Math.min(peak, total) : total
  const tick = worstTick(book, isBuy, orders.ticks[slot] as number)
  orders.ticks[slot] = tick
  orders.shown[slot] = shown
  orders.hidden[slot] = total - shown
  append(isBuy ? book.bids : book.asks, orders, rankOf(book, isBuy, tick), slot, shown, total - shown)
}

/** Takes an order that waits, for its price or for its trigger, out of the book; it goes on living. */
export function takeOut(book: OrderBook, slot: number): void {
  const { orders } = book
  const isBuy = buys(orders, slot)
  const stop = orders.stops[slot] as number
  const [shown, hidden] = [orders.shown[slot] as number, orders.hidden[slot] as number]
  if (stop > 0) remove(isBuy ? book.buyStops : book.sellStops, orders, rankOf(book, !isBuy, stop), slot, shown, hidden)
  else remove(sideOf(book, slot), orders, rankOf(book, isBuy, orders.ticks[slot] as number), slot, shown, hidden)
  orders.shown[slot] = shown + hidden
  orders.hidden[slot] = 0
}

/** Ends an order that waits. */
export function revoke(book: OrderBook, slot: number, end: Exclude<BookEnd, 'filled'>, on: BookListener): void {
  takeOut(book, slot)
  endOrder(book, slot, end, on)
}

/** Ends an order that is out of the book. */
export function endOrder(book: OrderBook, slot: number, end: BookEnd, on: BookListener): void {
  const { orders } = book
  const id = orders.ids[slot] as number
  const owner = orders.owners[slot] as number
  const left = leftOf(orders, slot)
  freeSlot(orders, slot)
  if (end === 'filled') book.filled++
  else if (end === 'expired') book.expired++
  else book.cancelled[end]++
  on.ended(id, owner, end, left)
}

/** The lots that an order of `owner` could trade at once down to a price, at most `most`. */
export function availableTo(book: OrderBook, owner: number, isBuy: boolean, tick: number, most: number): number {
  const { orders } = book
  const against = isBuy ? book.asks : book.bids
  const worst = rankOf(book, !isBuy, worstTick(book, isBuy, tick))
  const passesOwn = book.terms.selfTrade === 'cancelOldest'
  let found = 0
  for (let rank = against.best; rank >= worst && found < most; rank = nextBelow(against, rank)) {
    let [shown, all] = [0, 0]
    for (let slot = headOf(against, rank); slot !== 0; slot = orders.next[slot] as number) {
      const isOwn = orders.owners[slot] === owner && book.terms.selfTrade !== 'allow'
      // What icebergs show next comes after the own order.
      if (isOwn && !passesOwn) return Math.min(found + shown, most)
      if (isOwn) continue
      shown += orders.shown[slot] as number
      all += leftOf(orders, slot)
    }
    found += all
  }
  return Math.min(found, most)
}

/** True where an order at that price would trade at once. */
export function wouldTrade(book: OrderBook, isBuy: boolean, tick: number): boolean {
  const worst = worstTick(book, isBuy, tick)
  const [bid, ask] = [bestBid(book), bestAsk(book)]
  return isBuy ? ask > 0 && ask <= worst : bid > 0 && bid >= worst
}

function sideOf(book: OrderBook, slot: number): PriceLadder {
  return buys(book.orders, slot) ? book.bids : book.asks
}
