/** A portfolio as the live ledger keeps it: cash, and every open position. */

import type { ChangedPortfolio } from '../../../storage/index.js'
import type { Portfolio } from '../../../trading/index.js'

export function changedPortfolio(portfolio: Portfolio, time: number): ChangedPortfolio {
  const { name, startE6, cashE6, held } = portfolio
  const positions = held.flatMap(({ pair, position }) => {
    if (position === null) return []
    const { tradeId, signal, qtyE8, entryTime, entryPriceUsd, entryNotionalE6 } = position
    return [{ portfolio: name, pair, tradeId, direction: signal.direction, qtyE8, entryTime, entryPriceUsd, entryNotionalE6 }]
  })
  return { state: { portfolio: name, startE6, cashE6, time }, positions }
}
