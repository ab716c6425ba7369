/** The record of orders: a row an order, at its end. */

import type { ReadColumns, TimeMs } from '../core/index.js'
import { type FinishedOrder, takeEnds } from '../exchange/index.js'
import type { Portfolio } from './portfolio.js'
import { orderId } from './trade.js'

/** An order that is over, with its portfolio, and when the trader learnt of it. */
export interface OrderEnd extends FinishedOrder {
  readonly portfolio: string
  readonly endedAt: TimeMs
}

const none: readonly OrderEnd[] = []

/** The orders of a portfolio that ended since the last call. */
export function takeOrderEnds({ name: portfolio, broker }: Portfolio, endedAt: TimeMs): readonly OrderEnd[] {
  const ends = takeEnds(broker.orders)
  return ends.length === 0 ? none : ends.map(end => ({ ...end, portfolio, endedAt }))
}

const unitsE8 = '1e-8 units'

/** The columns of the table `orders`. */
export const orderColumns = {
  order_id: {
    type: 'text',
    meaning: 'The order, by `decisions.order_id` and `fills.order_id`; an exit that another one replaces has a row too.',
    read: o => orderId(o.clientId, !o.reduces),
  },
  number: { type: 'integer', meaning: '1, 2, 3 … in its portfolio, as they were placed.', read: o => o.id },
  trade_id: { type: 'text', meaning: 'The trade it opens or closes, by `trades.trade_id`.', read: o => o.clientId },
  portfolio: { type: 'text', meaning: '`baseline`, `mycelial` or `synthesized`.', read: o => o.portfolio },
  pair: { type: 'text', meaning: 'The pair.', read: o => o.pair },
  side: { type: 'text', meaning: '`buy` or `sell`.', read: o => o.side },
  wanted_e8: { type: 'integer', unit: unitsE8, meaning: 'Quantity ordered.', read: o => o.wantedE8 },
  filled_e8: { type: 'integer', unit: unitsE8, meaning: 'Quantity filled.', read: o => o.filledE8 },
  state: { type: 'text', meaning: '`filled`, `cancelled`, or `expired`: no bar came in time.', read: o => o.state },
  reason: {
    type: 'text',
    nullable: true,
    meaning: 'The code of why what was left was cancelled; null: nothing was left.',
    read: o => o.reason,
  },
  decided_at: { type: 'time', meaning: 'When it was decided.', read: o => o.submittedAt },
  ended_at: {
    type: 'time',
    meaning: 'When its trader learnt of its end; `fills.time` is when it was executed.',
    read: o => o.endedAt,
  },
} satisfies ReadColumns<OrderEnd>
