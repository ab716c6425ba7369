/** An order book as a venue, as small as one can be: price-time priority, two accounts a fill, and a dealer outside. */

import { notionalE6, type QtyE8, type TimeMs } from '../../src/core/index.js'
import {
  type Clearing,
  cancelFor,
  type Execution,
  expireDue,
  fillPart,
  giveUp,
  mayFill,
  newOrders,
  type Offer,
  type Order,
  type Orders,
  offerFill,
  receiveOrder,
  unfilledE8,
  type Venue,
  waitingIn,
} from '../../src/exchange/index.js'

export interface LimitVenue {
  readonly orders: Orders
  readonly pair: string
  /** The latest order that was matched: a later one is new. */
  matched: number
}

/** An instant, and the price at which a dealer outside takes what is left of market orders; NaN: there is none. */
export interface Dealer {
  readonly time: TimeMs
  readonly priceUsd: number
}

export function newLimitVenue(pair: string): LimitVenue {
  return { orders: newOrders(), pair, matched: 0 }
}

export const limitVenue: Venue<LimitVenue, Dealer> = {
  name: 'limit order book',
  submit: ({ orders, pair }, request) => receiveOrder(orders, request, r => (r.pair === pair ? null : 'unknownPair')),
  cancel: ({ orders }, request) => cancelFor(orders, request),
  advance(venue, dealer, clearing) {
    const { orders, pair } = venue
    expireDue(orders, dealer.time, clearing)
    const waiting = waitingIn(orders, pair)
    const resting = waiting.filter(({ id, limitUsd }) => id <= venue.matched && limitUsd !== null)
    for (const order of waiting) {
      if (order.id > venue.matched) {
        match(orders, order, resting, dealer.time, clearing)
        if (order.limitUsd !== null) resting.push(order)
        venue.matched = order.id
      }
      if (order.limitUsd === null && !Number.isNaN(dealer.priceUsd)) sellOn(orders, order, dealer, clearing)
    }
  },
}

/** Fills a new order by those that rest, the best price first and then the oldest. */
function match(orders: Orders, taker: Order, rest: readonly Order[], time: TimeMs, clearing: Clearing): void {
  const better = taker.side === 'buy' ? 1 : -1
  const resting = rest.filter(({ id, side }) => side !== taker.side && orders.live.has(id))
  resting.sort((a, b) => better * (limitOf(a) - limitOf(b)) || a.id - b.id)
  for (const maker of resting) {
    if (taker.limitUsd !== null && better * (limitOf(maker) - taker.limitUsd) > 0) return
    if (!orders.live.has(taker.id) || !mayFill(orders, taker, time, clearing)) return
    if (orders.live.has(maker.id) && mayFill(orders, maker, time, clearing)) trade(orders, maker, taker, time, clearing)
  }
}

function trade(orders: Orders, maker: Order, taker: Order, time: TimeMs, clearing: Clearing): void {
  const priceUsd = limitOf(maker)
  const offer: Offer = { priceUsd, marketUsd: priceUsd, qtyE8: Math.min(unfilledE8(maker), unfilledE8(taker)), time }
  const made = clearing.affords(maker, offer)
  const taken = clearing.affords(taker, { ...offer, qtyE8: made.qtyE8 })
  if (taken.qtyE8 > 0)
    for (const order of [maker, taker]) fillPart(orders, order, executionAt(priceUsd, taken.qtyE8), time, clearing)
  if (made.qtyE8 < offer.qtyE8) giveUp(orders, maker, made.code ?? 'unaffordable', time, clearing)
  if (taken.qtyE8 < made.qtyE8) giveUp(orders, taker, taken.code ?? 'unaffordable', time, clearing)
}

function sellOn(orders: Orders, order: Order, { time, priceUsd }: Dealer, clearing: Clearing): void {
  if (!orders.live.has(order.id)) return
  offerFill(orders, order, time, clearing, {
    offer: () => ({ priceUsd, marketUsd: priceUsd, qtyE8: unfilledE8(order), time }),
    execute: ({ qtyE8 }) => executionAt(priceUsd, qtyE8),
  })
}

const limitOf = ({ limitUsd }: Order): number => limitUsd ?? Number.NaN

function executionAt(priceUsd: number, qtyE8: QtyE8): Execution {
  return { priceUsd, marketUsd: priceUsd, qtyE8, notionalE6: notionalE6(priceUsd, qtyE8), feeE6: 0, slippageE6: 0 }
}
