/** How orders end, for the record: a row an order, taken in the tick in which it ends, so that it is no part of the state. */

import type { QtyE8, TimeMs } from '../core/index.js'
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
  readonly state: string
  /** Why what was left of it was cancelled; null: nothing was. */
  readonly reason: string | null
  readonly decidedAt: TimeMs
}

/** An order that is over, with its portfolio, and when the trader learnt of it. */
export interface OrderEnd extends FinishedOrder {
  readonly portfolio: PortfolioName
  readonly endedAt: TimeMs
}

/** Ends that no one has taken; a trader takes them at once, a portfolio on its own keeps the first ones. */
const mostWaiting = 65_536

const waiting = new WeakMap<object, FinishedOrder[]>()
const none: readonly FinishedOrder[] = []

/** Notes that an order is over; `orders`: those of its portfolio. */
export function noteEnd(orders: object, end: FinishedOrder): void {
  const ends = waiting.get(orders)
  if (ends === undefined) waiting.set(orders, [end])
  else if (ends.length < mostWaiting) ends.push(end)
}

/** Takes the orders that ended since the last call, in the order of their ends. */
export function takeEnds(orders: object): readonly FinishedOrder[] {
  const ends = waiting.get(orders)
  if (ends === undefined) return none
  waiting.delete(orders)
  return ends
}
