/** The books of a trading model as the ledger keeps them; none where the model does not trade. */

import { Swarm } from '../agents/index.js'
import type { Model } from '../model/index.js'
import type { BookState } from '../storage/index.js'
import { bookNames } from '../trading/index.js'

export function bookStates(model: Model): BookState[] {
  const trader = model instanceof Swarm ? model.traders.at(0) : undefined
  if (trader === undefined) return []
  return bookNames.map(book => {
    const { startE6, cashE6 } = trader.books[book]
    return { book, startE6, cashE6, time: model.now }
  })
}
