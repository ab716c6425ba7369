/** Finished trades and decisions of a ledger, a page at a time, read beside its writer. */

import { iso } from './ledger-tables.js'
import { readLedger } from './read-ledger.js'

/** Which rows are wanted; null: any. */
export interface LedgerFilter {
  readonly pair: string | null
  readonly portfolio: string | null
  /** Rows from this instant on, ms since 1970, UTC. */
  readonly since: number | null
  /** Rows older than this one, by its number. */
  readonly before: number | null
  readonly limit: number
}

/** Rows, the newest first; `next`: the number before which the older ones follow, null where there are none. */
export interface LedgerPage {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly next: number | null
}

const selectTrades = `
SELECT id, trade_id, book AS portfolio, pair, direction, agent_id AS agent, pattern_id AS pattern, entry_timestamp AS entry_time,
  exit_timestamp AS exit_time, entry_price, exit_price, qty_e8, pnl_e6, fees_e6, slippage_e6, borrow_e6, reason, confidence, bars_held
FROM trades
WHERE (@before IS NULL OR id < @before) AND (@pair IS NULL OR pair = @pair) AND (@portfolio IS NULL OR book = @portfolio)
  AND (@since IS NULL OR exit_timestamp >= @since)
ORDER BY id DESC LIMIT @rows`

const selectDecisions = `
SELECT * FROM decisions
WHERE (@before IS NULL OR id < @before) AND (@pair IS NULL OR pair = @pair) AND (@portfolio IS NULL OR portfolio = @portfolio)
  AND (@since IS NULL OR time >= @since)
ORDER BY id DESC LIMIT @rows`

export function tradesPage(path: string, filter: LedgerFilter): LedgerPage {
  return pageOf(path, selectTrades, filter, filter.since === null ? null : iso(filter.since))
}

export function decisionsPage(path: string, filter: LedgerFilter): LedgerPage {
  return pageOf(path, selectDecisions, filter, filter.since)
}

function pageOf(path: string, select: string, filter: LedgerFilter, since: number | string | null): LedgerPage {
  const { pair, portfolio, before, limit } = filter
  const found = readLedger(path, db => {
    return db.prepare(select).all({ pair, portfolio, before, since, rows: limit + 1 }) as { readonly id: number }[]
  })
  const rows = found.slice(0, limit)
  return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null }
}
