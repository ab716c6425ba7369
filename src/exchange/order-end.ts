/** How orders end, for the record: taken in the tick in which they do, so that they are no part of the state. */

import type { QtyE8, TimeMs } from '../core/index.js'

/** An order that is over. */
export interface FinishedOrder {
  /** 1, 2, 3 … at its venue. */
  readonly id: number
  readonly clientId: string
  readonly pair: string
  readonly side: 'buy' | 'sell'
  readonly reduces: boolean
  readonly wantedE8: QtyE8
  readonly filledE8: QtyE8
  readonly state: string
  /** Why what was left of it was cancelled; null: nothing was. */
  readonly reason: string | null
  readonly submittedAt: TimeMs
}

const waiting = new WeakMap<object, FinishedOrder[]>()
const none: readonly FinishedOrder[] = []

/** Notes that an order is over; `orders`: those of its venue, at which at most `most` ends wait to be taken. */
export function noteEnd(orders: object, end: FinishedOrder, most: number): void {
  const ends = waiting.get(orders)
  if (ends === undefined) waiting.set(orders, [end])
  else if (ends.length < most) ends.push(end)
}

/** Takes the orders that ended since the last call, in the order of their ends. */
export function takeEnds(orders: object): readonly FinishedOrder[] {
  const ends = waiting.get(orders)
  if (ends === undefined) return none
  waiting.delete(orders)
  return ends
}
