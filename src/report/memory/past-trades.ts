/** The past trades of a run, from its ledger. */

import { finishedTradesAfter, type LedgerPastTrade } from '../../storage/index.js'
import { type PastTrade, pastTradeOf } from '../../trading/index.js'

/** A finished trade of the mycelial portfolio, and what memory compares of it. */
export interface KnownTrade extends LedgerPastTrade {
  readonly past: PastTrade
}

const rowsAtOnce = 5_000

/** The finished trades of the mycelial portfolio, oldest first, a page in memory at a time. */
export function* pastTradesOf(ledger: string): Generator<KnownTrade> {
  let row = 0
  for (;;) {
    const page = finishedTradesAfter(ledger, row, rowsAtOnce)
    for (const trade of page) yield { ...trade, past: pastTradeOf(trade) }
    const last = page.at(-1)
    if (last === undefined || page.length < rowsAtOnce) return
    row = last.row
  }
}
