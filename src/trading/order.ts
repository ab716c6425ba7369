/**
 * The one state machine of orders: pending → filled | cancelled, or pending → partial → filled | cancelled.
 * Every other event is illegal: refused, counted by kind, and without effect.
 */

import type { QtyE8, TimeMs } from '../core/index.js'
import { type FinishedOrder, noteEnd } from './order-end.js'
import type { Signal } from './signal.js'
import type { ExitReason } from './trade.js'

export type OrderState = 'pending' | 'partial' | 'filled' | 'cancelled'

export const cancelReasons = [
  'late',
  'expired',
  'opposite',
  'halted',
  'jump',
  'grossLimit',
  'closed',
  'operator',
  'extended',
] as const
/** late: no existing bar in time · expired: the idea or its horizon was over · extended: it renewed a position instead · jump: price too far from the decision · closed: another exit closed the position first. */
export type CancelReason = (typeof cancelReasons)[number]

export const illegalEvents = [
  'unknownOrder',
  'fillAfterFill',
  'fillAfterCancel',
  'cancelAfterFill',
  'cancelAfterCancel',
  'overfill',
  'badQuantity',
] as const
export type IllegalEvent = (typeof illegalEvents)[number]

/** One order of one portfolio. Entries carry the signal they follow, exits the reason they close for. */
export interface Order {
  readonly id: number
  readonly tradeId: string
  readonly pair: string
  readonly side: 'buy' | 'sell'
  readonly qtyE8: QtyE8
  filledE8: QtyE8
  state: OrderState
  readonly decidedAt: TimeMs
  /** The last instant at which it may fill. */
  readonly fillBefore: TimeMs
  /** The pair's last close when it was decided, USD. */
  readonly decisionPriceUsd: number
  /** Room it keeps under the gross limit while pending. */
  readonly reservedE6: number
  readonly signal: Signal | null
  readonly exit: ExitReason | null
}

export const orderLimits = {
  /** Finished orders kept, so that a late event gets its right name; older ones are `unknownOrder`. */
  finishedOrders: 1_024,
} as const

/** The live orders of a portfolio, how its latest finished ones ended, and counters. */
export interface Orders {
  issued: number
  /** In order of issue; a handful. */
  readonly live: Order[]
  /** Ends of finished orders, in slot id mod size: which id, and whether it ended filled. */
  readonly finishedId: Float64Array
  readonly finishedFilled: Uint8Array
  readonly cancelled: Record<CancelReason, number>
  readonly illegal: Record<IllegalEvent, number>
}

export function newOrders(): Orders {
  const { finishedOrders } = orderLimits
  return {
    issued: 0,
    live: [],
    finishedId: new Float64Array(finishedOrders),
    finishedFilled: new Uint8Array(finishedOrders),
    cancelled: zeroCounters(cancelReasons),
    illegal: zeroCounters(illegalEvents),
  }
}

/** A counter per name, all zero. */
export function zeroCounters<K extends string>(names: readonly K[]): Record<K, number> {
  return Object.fromEntries(names.map(n => [n, 0])) as Record<K, number>
}

/** What an order is issued with. */
export type OrderRequest = Omit<Order, 'id' | 'filledE8' | 'state'>

/** Issues a pending order. */
export function placeOrder(orders: Orders, request: OrderRequest): Order {
  const order: Order = {
    id: ++orders.issued,
    tradeId: request.tradeId,
    pair: request.pair,
    side: request.side,
    qtyE8: request.qtyE8,
    filledE8: 0,
    state: 'pending',
    decidedAt: request.decidedAt,
    fillBefore: request.fillBefore,
    decisionPriceUsd: request.decisionPriceUsd,
    reservedE6: request.reservedE6,
    signal: request.signal,
    exit: request.exit,
  }
  orders.live.push(order)
  return order
}

/** The live order of that id, if there is one. */
export function liveOrder(orders: Orders, id: number): Order | undefined {
  for (const order of orders.live) if (order.id === id) return order
  return undefined
}

/** Fills `qtyE8` of an order; false, and counted, where that is illegal. */
export function fillOrder(orders: Orders, id: number, qtyE8: QtyE8): boolean {
  const order = liveOrder(orders, id)
  if (order === undefined) return refuse(orders, ended(orders, id, 'fillAfterFill', 'fillAfterCancel'))
  if (!Number.isSafeInteger(qtyE8) || qtyE8 <= 0) return refuse(orders, 'badQuantity')
  if (order.filledE8 + qtyE8 > order.qtyE8) return refuse(orders, 'overfill')
  order.filledE8 += qtyE8
  order.state = order.filledE8 === order.qtyE8 ? 'filled' : 'partial'
  if (order.state === 'filled') finish(orders, order, null)
  return true
}

/** Cancels what is unfilled of an order; false, and counted, where that is illegal. */
export function cancelOrder(orders: Orders, id: number, reason: CancelReason): boolean {
  const order = liveOrder(orders, id)
  if (order === undefined) return refuse(orders, ended(orders, id, 'cancelAfterFill', 'cancelAfterCancel'))
  order.state = 'cancelled'
  orders.cancelled[reason]++
  finish(orders, order, reason)
  return true
}

function finish(orders: Orders, order: Order, reason: CancelReason | null): void {
  orders.live.splice(orders.live.indexOf(order), 1)
  const slot = order.id % orders.finishedId.length
  orders.finishedId[slot] = order.id
  orders.finishedFilled[slot] = order.state === 'filled' ? 1 : 0
  noteEnd(orders, endOf(order, reason))
}

function endOf(order: Order, reason: CancelReason | null): FinishedOrder {
  const { id: number, tradeId, pair, side, qtyE8: wantedE8, filledE8, state, decidedAt, signal } = order
  // Only entries follow a signal.
  return { number, tradeId, opens: signal !== null, pair, side, wantedE8, filledE8, state, reason, decidedAt }
}

function ended(orders: Orders, id: number, afterFill: IllegalEvent, afterCancel: IllegalEvent): IllegalEvent {
  const slot = id % orders.finishedId.length
  if (id === 0 || orders.finishedId[slot] !== id) return 'unknownOrder'
  return orders.finishedFilled[slot] === 1 ? afterFill : afterCancel
}

function refuse(orders: Orders, kind: IllegalEvent): false {
  orders.illegal[kind]++
  return false
}
