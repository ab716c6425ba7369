/**
 * The one state machine of orders: pending → filled | cancelled, or pending → partial → filled | cancelled.
 * Every other event is illegal: refused, counted by kind, and without effect.
 */

import type { QtyE8, TimeMs } from '../core/index.js'
import type { Signal } from './signal.js'
import type { ExitReason } from './trade.js'

export type OrderState = 'pending' | 'partial' | 'filled' | 'cancelled'

export const cancelReasons = ['late', 'expired', 'opposite', 'halted', 'jump', 'grossLimit', 'closed', 'operator'] as const
/** late: no existing bar in time · jump: price too far from the decision · closed: the position went another way first. */
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

/** One order of one book. Entries carry the signal they follow, exits the reason they close for. */
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
  /** Finished orders whose end is remembered, to name a late event rightly; older ones are `unknownOrder`. */
  finishedOrders: 1_024,
} as const

/** The live orders of a book, the ends of its latest finished ones, and what was counted. */
export interface Orders {
  issued: number
  readonly live: Map<number, Order>
  /** Order id → whether it ended filled; oldest first, bounded. */
  readonly finished: Map<number, boolean>
  readonly cancelled: Record<CancelReason, number>
  readonly illegal: Record<IllegalEvent, number>
}

export function newOrders(): Orders {
  return {
    issued: 0,
    live: new Map(),
    finished: new Map(),
    cancelled: zeroCounters(cancelReasons),
    illegal: zeroCounters(illegalEvents),
  }
}

/** A counter per name, all zero. */
export function zeroCounters<K extends string>(names: readonly K[]): Record<K, number> {
  return Object.fromEntries(names.map(n => [n, 0])) as Record<K, number>
}

/** Issues a pending order. */
export function placeOrder(orders: Orders, order: Omit<Order, 'id' | 'filledE8' | 'state'>): Order {
  const placed: Order = { ...order, id: ++orders.issued, filledE8: 0, state: 'pending' }
  orders.live.set(placed.id, placed)
  return placed
}

/** Fills `qtyE8` of an order; false, and counted, where that is illegal. */
export function fillOrder(orders: Orders, id: number, qtyE8: QtyE8): boolean {
  const order = orders.live.get(id)
  if (order === undefined) return refuse(orders, ended(orders, id, 'fillAfterFill', 'fillAfterCancel'))
  if (!Number.isSafeInteger(qtyE8) || qtyE8 <= 0) return refuse(orders, 'badQuantity')
  if (order.filledE8 + qtyE8 > order.qtyE8) return refuse(orders, 'overfill')
  order.filledE8 += qtyE8
  order.state = order.filledE8 === order.qtyE8 ? 'filled' : 'partial'
  if (order.state === 'filled') finish(orders, order)
  return true
}

/** Cancels what is unfilled of an order; false, and counted, where that is illegal. */
export function cancelOrder(orders: Orders, id: number, reason: CancelReason): boolean {
  const order = orders.live.get(id)
  if (order === undefined) return refuse(orders, ended(orders, id, 'cancelAfterFill', 'cancelAfterCancel'))
  order.state = 'cancelled'
  orders.cancelled[reason]++
  finish(orders, order)
  return true
}

function finish(orders: Orders, order: Order): void {
  orders.live.delete(order.id)
  orders.finished.set(order.id, order.state === 'filled')
  if (orders.finished.size <= orderLimits.finishedOrders) return
  for (const oldest of orders.finished.keys()) {
    orders.finished.delete(oldest)
    break
  }
}

function ended(orders: Orders, id: number, afterFill: IllegalEvent, afterCancel: IllegalEvent): IllegalEvent {
  const filled = orders.finished.get(id)
  if (filled === undefined) return 'unknownOrder'
  return filled ? afterFill : afterCancel
}

function refuse(orders: Orders, kind: IllegalEvent): false {
  orders.illegal[kind]++
  return false
}
