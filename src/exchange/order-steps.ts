/** What every venue does with one order: its state first, then the event. A venue of its own adds a price. */

import { assert, type QtyE8, type TimeMs, UNIT, USD, type UsdE6 } from '../core/index.js'
import {
  type Accepted,
  accepted,
  type Cancelled,
  type CancelRequest,
  cancelled,
  type Execution,
  expired,
  filled,
  type Refused,
  type Rejected,
  refused,
  rejected,
} from './event.js'
import {
  acceptOrder,
  cancelOrder,
  expireOrder,
  faultOf,
  fillOrder,
  type Order,
  type OrderRequest,
  type Orders,
  type RejectCode,
  refuse,
} from './order.js'
import type { Clearing, Offer } from './venue.js'

/** Accepts an order, or rejects it for a reason of every venue or for this venue's own (`fault`). */
export function receiveOrder(
  orders: Orders,
  request: OrderRequest,
  fault: (request: OrderRequest) => RejectCode | null,
): Accepted | Rejected {
  const code = faultOf(orders, request) ?? fault(request)
  if (code === null) return accepted(acceptOrder(orders, request))
  orders.rejected[code]++
  return rejected(request, code)
}

/** Cancels an order for the account that owns it. */
export function cancelFor(orders: Orders, request: CancelRequest): Cancelled | Refused {
  const { id, account, reason, time } = request
  const order = orders.live.get(id)
  if (order !== undefined && order.account !== account) return refused(request, refuse(orders, 'foreignOrder'))
  const illegal = cancelOrder(orders, id, reason)
  return order === undefined ? refused(request, illegal ?? 'unknownOrder') : cancelled(order, reason, time)
}

/** Expires what may no longer fill. O(orders that wait). */
export function expireDue<E>(orders: Orders, time: TimeMs, clearing: Clearing<E>): void {
  // An event of an earlier order may have cancelled this one.
  for (const order of [...orders.live.values()])
    if (time > order.expiresAt && orders.live.has(order.id)) expire(orders, order, time, clearing)
}

/** At which price a venue executes an order now. */
export interface Terms {
  /** The fill that the venue offers; where it has none for the order, the code with which the order is cancelled. */
  offer(order: Order): Offer | string
  /** Executes what the account takes of the offer. */
  execute(offer: Offer): Execution
}

/**
 * Offers an order its fill: expiry, the account's permission, the price and the account's money are checked in this order. A
 * venue that matches two orders takes the same steps for both.
 */
export function offerFill<E>(orders: Orders, order: Order, time: TimeMs, clearing: Clearing<E>, terms: Terms): void {
  if (!mayFill(orders, order, time, clearing)) return
  const offer = terms.offer(order)
  if (typeof offer === 'string') return giveUp(orders, order, offer, time, clearing)
  const { qtyE8, code } = clearing.affords(order, offer)
  if (!Number.isSafeInteger(costAt(offer.priceUsd, qtyE8))) return giveUp(orders, order, 'tooLarge', time, clearing)
  if (qtyE8 > 0) fillPart(orders, order, terms.execute({ ...offer, qtyE8 }), time, clearing)
  if (qtyE8 < offer.qtyE8) giveUp(orders, order, code ?? 'unaffordable', time, clearing)
}

/** True where an order may be filled now. Else it ends here: it has expired, or its account may not trade. */
export function mayFill<E>(orders: Orders, order: Order, time: TimeMs, clearing: Clearing<E>): boolean {
  if (time > order.expiresAt) {
    expire(orders, order, time, clearing)
    return false
  }
  const objection = clearing.refuses(order, time)
  if (objection !== null) giveUp(orders, order, objection, time, clearing)
  return objection === null
}

/** Fills a part of an order that its account has taken. */
export function fillPart<E>(orders: Orders, order: Order, execution: Execution, time: TimeMs, clearing: Clearing<E>): void {
  const illegal = fillOrder(orders, order.id, execution.qtyE8)
  assert(illegal === null, 'an account takes at most what it is offered')
  clearing.on(filled(order, execution, time))
}

/** Cancels the rest of an order, unless an event has ended it already. */
export function giveUp<E>(orders: Orders, order: Order, reason: string, time: TimeMs, clearing: Clearing<E>): void {
  if (!orders.live.has(order.id)) return
  cancelOrder(orders, order.id, reason)
  clearing.on(cancelled(order, reason, time))
}

function expire<E>(orders: Orders, order: Order, time: TimeMs, clearing: Clearing<E>): void {
  expireOrder(orders, order.id, time)
  clearing.on(expired(order, time))
}

/** What a quantity costs at a price; not a safe integer where that cannot be counted exactly. */
export function costAt(priceUsd: number, qtyE8: QtyE8): UsdE6 {
  return Math.round((priceUsd * qtyE8) / (UNIT / USD))
}
