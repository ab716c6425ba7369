/** How orders end, for the record: a row an order, taken in the tick in which it ends, so that it is no part of the state. */

import type { QtyE8, ReadColumns, TimeMs } from '../core/index.js'
import type { CancelReason, Order, OrderState, Orders } from './order.js'
import { orderId } from './tables.js'
import type { PortfolioName } from './trade.js'

/** An order that is over, as its portfolio knows it. */
export interface FinishedOrder {
  /** 1, 2, 3 … in its portfolio. */
  readonly number: number
  readonly tradeId: string
  readonly opens: boolean
  readonly pair: string
  readonly side: 'buy' | 'sell'
  readonly wantedE8: QtyE8
  readonly filledE8: QtyE8
  readonly state: OrderState
  /** Why what was left of it was cancelled; null: nothing was. */
  readonly reason: CancelReason | null
  readonly decidedAt: TimeMs
}

/** The same with its portfolio, and when the trader learnt of it. */
export interface OrderEnd extends FinishedOrder {
  readonly portfolio: PortfolioName
  readonly endedAt: TimeMs
}

/** Ends that no one has taken; a trader takes them at once, a portfolio on its own keeps the first ones. */
const mostWaiting = 65_536

const waiting = new WeakMap<Orders, FinishedOrder[]>()
const none: readonly FinishedOrder[] = []

/** Notes that an order is over. */
export function noteEnd(orders: Orders, order: Order, reason: CancelReason | null): void {
  let ends = waiting.get(orders)
  if (ends === undefined) {
    ends = []
    waiting.set(orders, ends)
  }
  if (ends.length >= mostWaiting) return
  ends.push({
    number: order.id,
    tradeId: order.tradeId,
    // Only entries follow a signal.
    opens: order.signal !== null,
    pair: order.pair,
    side: order.side,
    wantedE8: order.qtyE8,
    filledE8: order.filledE8,
    state: order.state,
    reason,
    decidedAt: order.decidedAt,
  })
}

/** Takes the orders that ended since the last call, in the order of their ends. */
export function takeEnds(orders: Orders): readonly FinishedOrder[] {
  const ends = waiting.get(orders)
  if (ends === undefined) return none
  waiting.delete(orders)
  return ends
}

const unitsE8 = '1e-8 units'

/** The columns of the table `orders`. */
export const orderColumns = {
  order_id: {
    type: 'text',
    meaning: 'The order, by `decisions.order_id` and `fills.order_id`; an exit that another one replaces has a row too.',
    read: o => orderId(o.tradeId, o.opens),
  },
  number: { type: 'integer', meaning: '1, 2, 3 … in its portfolio, as they were placed.', read: o => o.number },
  trade_id: { type: 'text', meaning: 'The trade it opens or closes, by `trades.trade_id`.', read: o => o.tradeId },
  portfolio: { type: 'text', meaning: '`baseline`, `mycelial` or `synthesized`.', read: o => o.portfolio },
  pair: { type: 'text', meaning: 'The pair.', read: o => o.pair },
  side: { type: 'text', meaning: '`buy` or `sell`.', read: o => o.side },
  wanted_e8: { type: 'integer', unit: unitsE8, meaning: 'Quantity ordered.', read: o => o.wantedE8 },
  filled_e8: { type: 'integer', unit: unitsE8, meaning: 'Quantity filled.', read: o => o.filledE8 },
  state: { type: 'text', meaning: '`filled` or `cancelled`.', read: o => o.state },
  reason: {
    type: 'text',
    nullable: true,
    meaning: 'The code of why what was left was cancelled; null: nothing was left.',
    read: o => o.reason,
  },
  decided_at: { type: 'time', meaning: 'When it was decided.', read: o => o.decidedAt },
  ended_at: {
    type: 'time',
    meaning: 'When its trader learnt of its end; `fills.time` is when it was executed.',
    read: o => o.endedAt,
  },
} satisfies ReadColumns<OrderEnd>
