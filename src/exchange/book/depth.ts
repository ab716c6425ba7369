/** What can be seen of a book. */

import type { Side } from '../order.js'
import { type OrderBook, orderAt, type RestingOrder, rankOf } from './book.js'
import { headOf, nextBelow, shownAt } from './price-ladder.js'

/** The lots that can be seen at the best price of a side. */
export function shownAtBest({ bids, asks }: OrderBook, side: Side): number {
  const ladder = side === 'buy' ? bids : asks
  return ladder.best < 0 ? 0 : shownAt(ladder, ladder.best)
}

/** A price of a book and what waits there. */
export interface DepthLevel {
  readonly tick: number
  /** Lots that can be seen. */
  readonly lots: number
}

/** What can be seen of one side, the best price first. */
export function depthOf(book: OrderBook, side: Side, levels: number): DepthLevel[] {
  const isBuy = side === 'buy'
  const ladder = isBuy ? book.bids : book.asks
  const found: DepthLevel[] = []
  for (let rank = ladder.best; rank >= 0 && found.length < levels; rank = nextBelow(ladder, rank))
    found.push({ tick: rankOf(book, isBuy, rank), lots: shownAt(ladder, rank) })
  return found
}

/** Every order that waits on one side, in the order in which they would trade. */
export function queueOf(book: OrderBook, side: Side): RestingOrder[] {
  const ladder = side === 'buy' ? book.bids : book.asks
  const found: RestingOrder[] = []
  for (let rank = ladder.best; rank >= 0; rank = nextBelow(ladder, rank))
    for (let slot = headOf(ladder, rank); slot !== 0; slot = book.orders.next[slot] as number) found.push(orderAt(book, slot))
  return found
}
