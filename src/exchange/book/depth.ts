/** What can be seen of a book. */

import type { Side } from '../order.js'
import { type OrderBook, rankOf } from './book.js'
import { nextBelow, shownAt } from './price-ladder.js'

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
