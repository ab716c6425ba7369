/** A book as the live ledger keeps it: cash, and every open position. */

import type { ChangedBook } from '../../../storage/index.js'
import type { Book } from '../../../trading/index.js'

export function changedBook(book: Book, time: number): ChangedBook {
  const { name, startE6, cashE6, held } = book
  const positions = held.flatMap(({ pair, position }) => {
    if (position === null) return []
    const { tradeId, signal, qtyE8, entryTime, entryPriceUsd, entryNotionalE6 } = position
    return [{ book: name, pair, tradeId, direction: signal.direction, qtyE8, entryTime, entryPriceUsd, entryNotionalE6 }]
  })
  return { state: { book: name, startE6, cashE6, time }, positions }
}
