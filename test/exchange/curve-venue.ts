/** A constant-product curve as a venue, as small as one can be: it shows that the interface asks for no more than a price. */

import { notionalE6, type QtyE8, type TimeMs, UNIT, USD, type UsdE6 } from '../../src/core/index.js'
import {
  cancelFor,
  expireDue,
  newOrders,
  type Offer,
  type Order,
  type Orders,
  offerFill,
  receiveOrder,
  type Terms,
  unfilledE8,
  type Venue,
  waitingIn,
} from '../../src/exchange/index.js'

export interface Curve {
  readonly orders: Orders
  readonly pair: string
  tokensE8: QtyE8
  cashE6: UsdE6
}

/** An instant, and whether a block is made: then orders trade. */
export interface Block {
  readonly time: TimeMs
  readonly trades: boolean
}

export function newCurve(pair: string, tokensE8: QtyE8, cashE6: UsdE6): Curve {
  return { orders: newOrders(), pair, tokensE8, cashE6 }
}

export const curveVenue: Venue<Curve, Block> = {
  name: 'curve',
  submit: (curve, request) => receiveOrder(curve.orders, request, ({ pair }) => (pair === curve.pair ? null : 'unknownPair')),
  cancel: ({ orders }, request) => cancelFor(orders, request),
  advance(curve, { time, trades }, clearing) {
    expireDue(curve.orders, time, clearing)
    if (!trades) return
    for (const order of waitingIn(curve.orders, curve.pair))
      if (curve.orders.live.has(order.id)) offerFill(curve.orders, order, time, clearing, termsOf(curve, order, time))
  },
}

/** Price × quantity is what keeps tokens × cash as it is; what the limit does not allow is cancelled. */
function termsOf(curve: Curve, order: Order, time: TimeMs): Terms {
  const buys = order.side === 'buy'
  return {
    offer({ limitUsd }): Offer | string {
      const qtyE8 = unfilledE8(order)
      if (buys && qtyE8 >= curve.tokensE8) return 'noLiquidity'
      const priceUsd = priceOf(curve, buys ? qtyE8 : -qtyE8)
      if (limitUsd !== null && (buys ? priceUsd > limitUsd : priceUsd < limitUsd)) return 'limit'
      return { priceUsd, marketUsd: priceOf(curve, 0), qtyE8, time }
    },
    execute({ qtyE8, marketUsd }) {
      const priceUsd = priceOf(curve, buys ? qtyE8 : -qtyE8)
      const cost = notionalE6(priceUsd, qtyE8)
      curve.tokensE8 += buys ? -qtyE8 : qtyE8
      curve.cashE6 += buys ? cost : -cost
      const slippageE6 = Math.abs(cost - notionalE6(marketUsd, qtyE8))
      return { priceUsd, marketUsd, qtyE8, notionalE6: cost, feeE6: 0, slippageE6 }
    },
  }
}

/** USD a token when `takenE8` leave: cash ÷ what is left. */
function priceOf({ tokensE8, cashE6 }: Curve, takenE8: QtyE8): number {
  return (cashE6 / USD / (tokensE8 - takenE8)) * UNIT
}
