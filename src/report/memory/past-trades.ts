/** The past trades of a run, from its ledger. */

import { finishedTradePages, type LedgerPastTrade } from '../../storage/index.js'
import { type PastTrade, pastTradeOf } from '../../trading/index.js'

/** A finished trade of the mycelial portfolio, and what memory compares of it. */
export interface KnownTrade extends LedgerPastTrade {
  readonly past: PastTrade
}

/** The finished trades of the mycelial portfolio, oldest first, a page in memory at a time. */
export function* pastTradesOf(ledger: string): Generator<KnownTrade> {
  for (const page of finishedTradePages(ledger)) for (const trade of page) yield { ...trade, past: pastTradeOf(trade) }
}
