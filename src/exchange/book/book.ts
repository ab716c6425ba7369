/**
 * A limit order book: prices are whole ticks, quantities whole lots, and orders fill by price and then by time. It is plain data;
 * `submit.ts` and `auction.ts` are what happens to it. It knows neither time nor money: the exchange around it does.
 */

import { zeroCounters } from '../counters.js'
import { newSlots, type OrderSlots } from './order-slots.js'
import { newLadder, type PriceLadder } from './price-ladder.js'

/** What happens where an order would trade with one of its own owner. */
export type SelfTrade = 'cancelNewest' | 'cancelOldest' | 'cancelBoth' | 'allow'

/** What an exchange prescribes for one instrument. */
export interface BookTerms {
  /** Prices are 1 to `ticks` − 1; at most 2^25. */
  readonly ticks: number
  readonly selfTrade: SelfTrade
}

/**
 * continuous: orders trade as they come · auction: they wait for one price · halted: only cancels are taken · closed: nothing is.
 */
export type BookPhase = 'continuous' | 'auction' | 'halted' | 'closed'

/** Every code of a rejection: see `BookReject`. */
export const bookRejects = [
  'badQuantity',
  'badPrice',
  'badStop',
  'unsupported',
  'wouldTrade',
  'cannotFill',
  'phase',
  'tooManyOrders',
] as const
/**
 * Why a book does not take an order. badQuantity, badPrice, badStop: not a whole number within its range · unsupported: its parts
 * contradict each other · wouldTrade: it is post-only · cannotFill: it is fill-or-kill · phase: such orders are not taken now.
 */
export type BookReject = (typeof bookRejects)[number]

/** Every reason for which the rest of an order is cancelled: see `BookCancel`. */
export const bookCancels = ['owner', 'immediate', 'noLiquidity', 'band', 'selfTrade', 'auction'] as const
/**
 * Why the rest of an order is cancelled. owner: its owner wished so · immediate: it should not wait · noLiquidity: nobody is left
 * to trade with a market order · band: the rest would trade outside the price band · auction: a market order that the auction left.
 */
export type BookCancel = (typeof bookCancels)[number]

/** One instrument's book as plain data. */
export interface OrderBook {
  readonly terms: BookTerms
  readonly bids: PriceLadder
  readonly asks: PriceLadder
  /** Stops that wait for the price to rise, and to fall. */
  readonly buyStops: PriceLadder
  readonly sellStops: PriceLadder
  readonly orders: OrderSlots
  phase: BookPhase
  /** Nothing trades below or above these ticks. */
  bandLow: number
  bandHigh: number
  /** The price of the latest trade; 0: there is none. */
  lastTick: number
  trades: number
  /** Lots bought, which are the lots sold. */
  tradedLots: number
  filled: number
  expired: number
  readonly cancelled: Record<BookCancel, number>
  readonly rejected: Record<BookReject, number>
}

/** A book without orders, in continuous trading. */
export function newBook(terms: BookTerms): OrderBook {
  const { ticks } = terms
  return {
    terms,
    bids: newLadder(ticks),
    asks: newLadder(ticks),
    buyStops: newLadder(ticks),
    sellStops: newLadder(ticks),
    orders: newSlots(),
    phase: 'continuous',
    bandLow: 1,
    bandHigh: ticks - 1,
    lastTick: 0,
    trades: 0,
    tradedLots: 0,
    filled: 0,
    expired: 0,
    cancelled: zeroCounters(bookCancels),
    rejected: zeroCounters(bookRejects),
  }
}

/** The highest price that is bid; 0: nobody bids. */
export function bestBid({ bids }: OrderBook): number {
  return Math.max(0, bids.best)
}

/** The lowest price that is asked; 0: nobody asks. */
export function bestAsk({ asks, terms }: OrderBook): number {
  return asks.best < 0 ? 0 : terms.ticks - asks.best
}

/** The ladder's rank of a price on the side where the highest price is the best. */
export function rankOf({ terms }: OrderBook, highestFirst: boolean, tick: number): number {
  return highestFirst ? tick : terms.ticks - tick
}
