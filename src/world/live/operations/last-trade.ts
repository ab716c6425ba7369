/** The last finished trade of a run: from the ledger after a restart, then from every tick. */

import { fromUsdE6 } from '../../../core/index.js'

/** A finished trade, as the status shows it. */
export interface LastTrade {
  readonly tradeId: string
  readonly portfolio: string
  readonly pair: string
  readonly time: number
  readonly pnlUsd: number
  readonly reason: string
}

type Finished = Omit<LastTrade, 'time' | 'pnlUsd'> & { readonly exitTime: number; readonly pnlE6: number }

/** Of a trade as it is published or as the ledger has it. */
export function lastTradeOf({ tradeId, portfolio, pair, exitTime, pnlE6, reason }: Finished): LastTrade {
  return { tradeId, portfolio, pair, time: exitTime, pnlUsd: fromUsdE6(pnlE6), reason }
}
