/** The phases of a trading day: auctions with one price, halts, price bands, and the close. */

import { bestAsk, bestBid, type OrderBook, rankOf } from './book.js'
import type { BookListener } from './listener.js'
import { executeResting, revoke } from './matching.js'
import { Trait } from './order-slots.js'
import { headOf, hiddenAt, nextBelow, type PriceLadder, shownAt } from './price-ladder.js'
import { trigger } from './submit.js'

/** The price at which an auction trades most. */
export interface AuctionPrice {
  readonly tick: number
  /** Lots that trade. */
  readonly lots: number
  /** Lots that would buy at that price and find nobody, or below 0 would sell. */
  readonly surplus: number
}

/** A new day begins, in which orders trade as they come. */
export function openBook(book: OrderBook): void {
  book.phase = 'continuous'
}

/** From now on orders wait for one price. */
export function startAuction(book: OrderBook): void {
  book.phase = 'auction'
}

/** From now on only cancels are taken; an auction ends a halt. */
export function haltBook(book: OrderBook): void {
  book.phase = 'halted'
}

/** Ends every order that lives, and the day. */
export function closeBook(book: OrderBook, on: BookListener): void {
  const { orders } = book
  for (let slot = 1; slot < orders.used; slot++) if (orders.ids[slot] !== 0) revoke(book, slot, 'expired', on)
  book.phase = 'closed'
}

/**
 * Trades at the one price of an auction, by price and then by time, and goes over to continuous trading. An order may trade with
 * one of its owner here. Null: nobody trades.
 */
export function uncross(book: OrderBook, referenceTick: number, on: BookListener): AuctionPrice | null {
  const price = auctionPrice(book, referenceTick)
  if (price !== null) tradeAt(book, price.tick, on)
  cancelMarketOrders(book, on)
  book.phase = 'continuous'
  trigger(book, on)
  return price
}

/**
 * The price at which most lots trade; of several the one with the least surplus; then the highest where all would leave buyers, the
 * lowest where all would leave sellers, and else the nearest to the reference.
 */
export function auctionPrice(book: OrderBook, referenceTick: number): AuctionPrice | null {
  const [bid, ask] = [bestBid(book), bestAsk(book)]
  if (bid === 0 || ask === 0 || bid < ask) return null
  let best: AuctionPrice[] = []
  for (const price of candidates(book, bid, ask, referenceTick)) {
    const order = best[0] === undefined ? -1 : compare(price, best[0])
    if (order < 0) best = [price]
    else if (order === 0) best.push(price)
  }
  return choose(best, referenceTick)
}

/** Nothing trades further than `share` from a reference price from now on. Orders that wait beyond are cancelled. */
export function setBand(book: OrderBook, referenceTick: number, share: number, on: BookListener): void {
  const { ticks } = book.terms
  book.bandLow = Math.max(1, Math.ceil(referenceTick * (1 - share)))
  book.bandHigh = Math.min(ticks - 1, Math.floor(referenceTick * (1 + share)))
  for (let bid = bestBid(book); bid > book.bandHigh; bid = bestBid(book)) revoke(book, headOf(book.bids, bid), 'band', on)
  for (let ask = bestAsk(book); ask > 0 && ask < book.bandLow; ask = bestAsk(book))
    revoke(book, headOf(book.asks, ticks - ask), 'band', on)
}

/** More lots first, then less surplus. */
function compare(a: AuctionPrice, b: AuctionPrice): number {
  return b.lots - a.lots || Math.abs(a.surplus) - Math.abs(b.surplus)
}

function choose(best: readonly AuctionPrice[], referenceTick: number): AuctionPrice | null {
  const [lowest, highest] = [best[0], best[best.length - 1]]
  if (lowest === undefined || highest === undefined) return null
  if (lowest.surplus > 0 && highest.surplus > 0) return highest
  if (lowest.surplus < 0 && highest.surplus < 0) return lowest
  const tick = Math.min(highest.tick, Math.max(lowest.tick, referenceTick))
  // Between two prices of one surplus every price trades the same.
  const nearest = best.reduce((a, b) => (Math.abs(b.tick - tick) < Math.abs(a.tick - tick) ? b : a))
  return lowest.surplus === highest.surplus ? { ...nearest, tick } : nearest
}

/**
 * What would trade at each price that somebody has named between the best ask and the best bid, the lowest first. Market orders name
 * none: where there are no others, the reference is the price.
 */
function candidates(book: OrderBook, bid: number, ask: number, referenceTick: number): AuctionPrice[] {
  const bids = levelsWithin(book, book.bids, true, ask)
  const asks = levelsWithin(book, book.asks, false, bid)
  const ticks = [...new Set([...bids.keys(), ...asks.keys(), referenceTick])].sort((a, b) => a - b)
  let demand = 0
  let supply = 0
  for (const { lots } of bids.values()) demand += lots
  const prices = ticks.map(tick => {
    supply += asks.get(tick)?.lots ?? 0
    const price = { tick, lots: Math.min(demand, supply), surplus: demand - supply }
    demand -= bids.get(tick)?.lots ?? 0
    return price
  })
  const named = prices.filter(({ tick }) => bids.get(tick)?.isNamed === true || asks.get(tick)?.isNamed === true)
  return named.length > 0 ? named : prices.filter(({ tick }) => tick === referenceTick)
}

interface AuctionLevel {
  readonly lots: number
  /** Whether a limit order waits there. */
  readonly isNamed: boolean
}

/** The levels of a side that would trade at `tick`, by price. */
function levelsWithin(book: OrderBook, ladder: PriceLadder, highestFirst: boolean, tick: number): Map<number, AuctionLevel> {
  const { traits, next } = book.orders
  const levels = new Map<number, AuctionLevel>()
  const worst = rankOf(book, highestFirst, tick)
  for (let rank = ladder.best; rank >= worst && rank >= 0; rank = nextBelow(ladder, rank)) {
    let slot = headOf(ladder, rank)
    while (slot !== 0 && ((traits[slot] as number) & Trait.market) !== 0) slot = next[slot] as number
    levels.set(rankOf(book, highestFirst, rank), { lots: shownAt(ladder, rank) + hiddenAt(ladder, rank), isNamed: slot !== 0 })
  }
  return levels
}

function tradeAt(book: OrderBook, tick: number, on: BookListener): void {
  const { bids, asks, orders } = book
  while (bestBid(book) >= tick && asks.best >= 0 && bestAsk(book) <= tick) {
    const [buy, sell] = [headOf(bids, bids.best), headOf(asks, asks.best)]
    executeResting(book, buy, sell, Math.min(orders.shown[buy] as number, orders.shown[sell] as number), tick, on)
  }
}

function cancelMarketOrders(book: OrderBook, on: BookListener): void {
  const { ids, traits, used, stops } = book.orders
  for (let slot = 1; slot < used; slot++)
    if (ids[slot] !== 0 && stops[slot] === 0 && ((traits[slot] as number) & Trait.market) !== 0) revoke(book, slot, 'auction', on)
}
