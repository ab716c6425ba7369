/**
 * The one state machine of orders, for every venue: accepted → partlyFilled → filled, cancelled or expired; a request that is not
 * accepted is rejected with a code. Every other event is illegal: refused, counted by kind, and without effect.
 */

import type { QtyE8, TimeMs } from '../core/index.js'
import { countUp, zeroCounters } from './counters.js'
import { noteEnd } from './order-end.js'

/** `rejected` is the state of a request that never became an order: it is counted, and nothing is kept of it. */
export type OrderState = 'accepted' | 'partlyFilled' | 'filled' | 'cancelled' | 'expired' | 'rejected'

/** The side of an order. */
export type Side = 'buy' | 'sell'

/** What a client submits to a venue. */
export interface OrderRequest {
  /** Whose order it is: a portfolio or a user. */
  readonly account: string
  /** The client's own name for it, such as a trade id. The venue only passes it on. */
  readonly clientId: string
  readonly pair: string
  readonly side: Side
  readonly qtyE8: QtyE8
  /** The most that a buy pays or the least that a sell takes, USD; null: a market order. */
  readonly limitUsd: number | null
  /** The price it was decided at, USD, from which a fill may not be too far; NaN: it fills at any price. */
  readonly referenceUsd: number
  /** It only makes a position smaller: it fills before others, and no minimum holds for it. */
  readonly reduces: boolean
  /** When it was decided and sent. Latency counts from here. */
  readonly submittedAt: TimeMs
  /** The last instant at which it may fill; Infinity: it waits for as long as it takes. */
  readonly expiresAt: TimeMs
  /** What it pays to come before others of its slot, where a venue makes slots; absent: nothing. */
  readonly priority?: number
  /** The first instant at which a slot can hold it; absent: when it was submitted. */
  readonly reachesAt?: TimeMs
}

/** An order that a venue has accepted. */
export interface Order extends OrderRequest {
  /** Counts up from 1 at each venue. */
  readonly id: number
  filledE8: QtyE8
  state: OrderState
  priority?: number
  reachesAt?: TimeMs
}

/** Every code of a rejection: see `RejectCode`. */
export const rejectCodes = [
  'badQuantity',
  'badPrice',
  'unknownPair',
  'tooSmall',
  'expired',
  'unsupported',
  'tooManyOrders',
] as const
/**
 * Why a venue does not accept a request. badQuantity: no whole number of lots above 0 · badPrice: a limit that is no price ·
 * tooSmall: below the exchange’s minimum · expired: over before it was submitted · unsupported: the venue has no such orders.
 */
export type RejectCode = (typeof rejectCodes)[number]

/** Every kind of illegal event: see `IllegalEvent`. */
export const illegalEvents = [
  'unknownOrder',
  'foreignOrder',
  'badQuantity',
  'overfill',
  'earlyExpiry',
  'fillAfterFill',
  'fillAfterCancel',
  'fillAfterExpiry',
  'cancelAfterFill',
  'cancelAfterCancel',
  'cancelAfterExpiry',
  'expireAfterFill',
  'expireAfterCancel',
  'expireAfterExpiry',
] as const
/** What may not happen to an order. foreignOrder: another account wants to cancel it · earlyExpiry: it may still fill. */
export type IllegalEvent = (typeof illegalEvents)[number]

export const orderLimits = {
  /** Orders that wait at one venue; more are rejected as `tooManyOrders`. */
  liveOrders: 100_000,
  /** Orders beyond these that may wait if they only reduce: what enters never keeps a position from being closed. */
  liveReductions: 100_000,
  /** Finished orders kept, so that a late event gets its right name; older ones are `unknownOrder`. */
  finishedOrders: 1_024,
  /** Reasons of cancels with a counter of their own; later ones count as `other`. */
  cancelReasons: 64,
  /** Ends of orders that wait to be recorded: an owner takes them in the tick in which they happen; where there is none, the first stay. */
  waitingEnds: 65_536,
} as const

/** The orders of a venue as plain data: those that live, how the latest finished ones ended, and counters. */
export interface Orders {
  /** Accepted so far; the id of the latest. */
  accepted: number
  /** By id, in order of acceptance. */
  readonly live: Map<number, Order>
  /** The same by pair, and then by id. */
  readonly waiting: Map<string, Map<number, Order>>
  /** Ends of finished orders, in slot id mod size: which id, and how it ended. */
  readonly finishedId: Float64Array
  readonly finishedAs: Uint8Array
  filled: number
  expired: number
  readonly cancelled: Record<string, number>
  readonly rejected: Record<RejectCode, number>
  readonly illegal: Record<IllegalEvent, number>
}

/** The orders of a venue before the first. */
export function newOrders(): Orders {
  const { finishedOrders } = orderLimits
  return {
    accepted: 0,
    live: new Map(),
    waiting: new Map(),
    finishedId: new Float64Array(finishedOrders),
    finishedAs: new Uint8Array(finishedOrders),
    filled: 0,
    expired: 0,
    cancelled: {},
    rejected: zeroCounters(rejectCodes),
    illegal: zeroCounters(illegalEvents),
  }
}

/** Why no venue accepts a request, whatever it trades; null: there is no reason. */
export function faultOf(orders: Orders, { qtyE8, limitUsd, reduces, submittedAt, expiresAt }: OrderRequest): RejectCode | null {
  if (!Number.isSafeInteger(qtyE8) || qtyE8 <= 0) return 'badQuantity'
  if (limitUsd !== null && !(limitUsd > 0 && limitUsd < Number.POSITIVE_INFINITY)) return 'badPrice'
  if (!(submittedAt <= expiresAt)) return 'expired'
  const { liveOrders, liveReductions } = orderLimits
  return orders.live.size < liveOrders + (reduces ? liveReductions : 0) ? null : 'tooManyOrders'
}

/** The orders of a pair that wait, in order of acceptance: a list of its own, which events of these orders do not change. */
export function waitingIn({ waiting }: Orders, pair: string): Order[] {
  return [...(waiting.get(pair)?.values() ?? [])]
}

/** Makes an order of a request that the venue has no reason to reject. */
export function acceptOrder(orders: Orders, request: OrderRequest): Order {
  const order: Order = {
    id: ++orders.accepted,
    account: request.account,
    clientId: request.clientId,
    pair: request.pair,
    side: request.side,
    qtyE8: request.qtyE8,
    filledE8: 0,
    state: 'accepted',
    limitUsd: request.limitUsd,
    referenceUsd: request.referenceUsd,
    reduces: request.reduces,
    submittedAt: request.submittedAt,
    expiresAt: request.expiresAt,
  }
  // Orders at venues that make no slots keep their form.
  if (request.priority !== undefined) order.priority = request.priority
  if (request.reachesAt !== undefined) order.reachesAt = request.reachesAt
  orders.live.set(order.id, order)
  const queue = orders.waiting.get(order.pair)
  if (queue === undefined) orders.waiting.set(order.pair, new Map([[order.id, order]]))
  else queue.set(order.id, order)
  return order
}

/** What is still to be filled. */
export function unfilledE8({ qtyE8, filledE8 }: Order): QtyE8 {
  return qtyE8 - filledE8
}

/** Fills `qtyE8` of an order. Null where it is done; else why it is illegal, which is counted. */
export function fillOrder(orders: Orders, id: number, qtyE8: QtyE8): IllegalEvent | null {
  const order = orders.live.get(id)
  if (order === undefined) return refuse(orders, afterEnd(orders, id, fillAfter))
  if (!Number.isSafeInteger(qtyE8) || qtyE8 <= 0) return refuse(orders, 'badQuantity')
  if (qtyE8 > unfilledE8(order)) return refuse(orders, 'overfill')
  order.filledE8 += qtyE8
  if (order.filledE8 === order.qtyE8) finish(orders, order, 'filled', null)
  else order.state = 'partlyFilled'
  return null
}

/** Cancels what is unfilled of an order. Null where it is done; else why it is illegal, which is counted. */
export function cancelOrder(orders: Orders, id: number, reason: string): IllegalEvent | null {
  const order = orders.live.get(id)
  if (order === undefined) return refuse(orders, afterEnd(orders, id, cancelAfter))
  countUp(orders.cancelled, reason, orderLimits.cancelReasons)
  finish(orders, order, 'cancelled', reason)
  return null
}

/** Ends an order that may no longer fill at `time`. Null where it is done; else why it is illegal, which is counted. */
export function expireOrder(orders: Orders, id: number, time: TimeMs): IllegalEvent | null {
  const order = orders.live.get(id)
  if (order === undefined) return refuse(orders, afterEnd(orders, id, expireAfter))
  if (time <= order.expiresAt) return refuse(orders, 'earlyExpiry')
  orders.expired++
  finish(orders, order, 'expired', 'late')
  return null
}

/** Refuses and counts an illegal event. */
export function refuse(orders: Orders, kind: IllegalEvent): IllegalEvent {
  orders.illegal[kind]++
  return kind
}

/** How an order may end, by the number that is kept of it; 0: none has ended in that slot. */
const ends = ['none', 'filled', 'cancelled', 'expired'] as const
const fillAfter = ['unknownOrder', 'fillAfterFill', 'fillAfterCancel', 'fillAfterExpiry'] as const
const cancelAfter = ['unknownOrder', 'cancelAfterFill', 'cancelAfterCancel', 'cancelAfterExpiry'] as const
const expireAfter = ['unknownOrder', 'expireAfterFill', 'expireAfterCancel', 'expireAfterExpiry'] as const

function finish(orders: Orders, order: Order, end: 'filled' | 'cancelled' | 'expired', reason: string | null): void {
  order.state = end
  if (end === 'filled') orders.filled++
  orders.live.delete(order.id)
  const queue = orders.waiting.get(order.pair)
  queue?.delete(order.id)
  if (queue?.size === 0) orders.waiting.delete(order.pair)
  const slot = order.id % orders.finishedId.length
  orders.finishedId[slot] = order.id
  orders.finishedAs[slot] = ends.indexOf(end)
  const { id, clientId, pair, side, reduces, qtyE8: wantedE8, filledE8, state, submittedAt } = order
  const ended = { id, clientId, pair, side, reduces, wantedE8, filledE8, state, reason, submittedAt }
  noteEnd(orders, ended, orderLimits.waitingEnds)
}

function afterEnd(orders: Orders, id: number, names: readonly IllegalEvent[]): IllegalEvent {
  const slot = id % orders.finishedId.length
  const end = orders.finishedId[slot] === id ? (orders.finishedAs[slot] ?? 0) : 0
  return names[end] ?? 'unknownOrder'
}
