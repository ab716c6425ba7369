/** Every order that waits on one side of a book, in the order in which they would trade. */

import { headOf, nextBelow } from '../../../src/exchange/book/price-ladder.js'
import type { OrderBook, Side } from '../../../src/exchange/index.js'

export function queueOf({ bids, asks, orders }: OrderBook, side: Side) {
  const ladder = side === 'buy' ? bids : asks
  const slots: number[] = []
  for (let rank = ladder.best; rank >= 0; rank = nextBelow(ladder, rank))
    for (let slot = headOf(ladder, rank); slot !== 0; slot = orders.next[slot] as number) slots.push(slot)
  const { ids, owners, ticks, shown, hidden } = orders
  const at = (column: ArrayLike<number>, slot: number) => column[slot] as number
  return slots.map(slot => ({
    id: at(ids, slot),
    owner: at(owners, slot),
    tick: at(ticks, slot),
    shown: at(shown, slot),
    hidden: at(hidden, slot),
  }))
}
