/** What happens to orders, as plain data that can be recorded, sent and replayed. */

import type { QtyE8, TimeMs, UsdE6 } from '../core/index.js'
import { type IllegalEvent, type Order, type OrderRequest, type RejectCode, type Side, unfilledE8 } from './order.js'

/** Which order an event is about. */
export interface OfOrder {
  readonly orderId: number
  readonly account: string
  readonly clientId: string
  readonly pair: string
  readonly side: Side
  readonly time: TimeMs
}

/** A venue has made an order of a request. */
export interface Accepted extends OfOrder {
  readonly kind: 'accepted'
  readonly qtyE8: QtyE8
}

/** A venue did not take a request; it has no order id. */
export interface Rejected {
  readonly kind: 'rejected'
  readonly account: string
  readonly clientId: string
  readonly pair: string
  readonly code: RejectCode
  readonly time: TimeMs
}

/** A price, and what it costs to trade there. */
export interface Execution {
  /** What is paid or received a unit, with spread and slippage. */
  readonly priceUsd: number
  /** The market's price, undisturbed by the order. */
  readonly marketUsd: number
  readonly qtyE8: QtyE8
  readonly notionalE6: UsdE6
  readonly feeE6: UsdE6
  /** What spread and slippage cost against the market's price. */
  readonly slippageE6: UsdE6
}

/** All or a part of an order was executed. */
export interface Filled extends OfOrder, Execution {
  readonly kind: 'filled'
  /** What is still to be filled. */
  readonly unfilledE8: QtyE8
}

/** What was unfilled of an order is given up, by its owner, its account or the venue. */
export interface Cancelled extends OfOrder {
  readonly kind: 'cancelled'
  readonly reason: string
  readonly unfilledE8: QtyE8
}

/** The last instant at which an order could fill is over. */
export interface Expired extends OfOrder {
  readonly kind: 'expired'
  readonly unfilledE8: QtyE8
}

/** A cancel that is illegal: counted, and without effect. */
export interface Refused {
  readonly kind: 'refused'
  readonly orderId: number
  readonly account: string
  readonly code: IllegalEvent
  readonly time: TimeMs
}

/** Whatever happens to orders and requests. */
export type OrderEvent = Accepted | Rejected | Filled | Cancelled | Expired | Refused

export function accepted({ id, account, clientId, pair, side, qtyE8, submittedAt }: Order): Accepted {
  return { kind: 'accepted', orderId: id, account, clientId, pair, side, time: submittedAt, qtyE8 }
}

export function rejected({ account, clientId, pair, submittedAt }: OrderRequest, code: RejectCode): Rejected {
  return { kind: 'rejected', account, clientId, pair, code, time: submittedAt }
}

export function filled(order: Order, execution: Execution, time: TimeMs): Filled {
  const { id, account, clientId, pair, side } = order
  const { priceUsd, marketUsd, qtyE8, notionalE6, feeE6, slippageE6 } = execution
  return {
    kind: 'filled',
    orderId: id,
    account,
    clientId,
    pair,
    side,
    time,
    priceUsd,
    marketUsd,
    qtyE8,
    notionalE6,
    feeE6,
    slippageE6,
    unfilledE8: unfilledE8(order),
  }
}

export function cancelled(order: Order, reason: string, time: TimeMs): Cancelled {
  const { id, account, clientId, pair, side } = order
  return { kind: 'cancelled', orderId: id, account, clientId, pair, side, time, reason, unfilledE8: unfilledE8(order) }
}

export function expired(order: Order, time: TimeMs): Expired {
  const { id, account, clientId, pair, side } = order
  return { kind: 'expired', orderId: id, account, clientId, pair, side, time, unfilledE8: unfilledE8(order) }
}

/** A cancel that was refused. */
export function refused({ id, account, time }: CancelRequest, code: IllegalEvent): Refused {
  return { kind: 'refused', orderId: id, account, code, time }
}

/** What an account wants cancelled, and why. */
export interface CancelRequest {
  readonly id: number
  readonly account: string
  readonly reason: string
  readonly time: TimeMs
}
