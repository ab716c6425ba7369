/** What the REST view reads: the files that a live run leaves, never its memory, so that no reader delays a tick. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ApiSource } from '../../server/index.js'
import { decisionsPage, type LedgerFilter, type LedgerPage, tradesPage } from '../../storage/index.js'
import { readStatus } from '../../world/index.js'

export class RunSource implements ApiSource {
  /** @param run the run's directory; undefined until there is one. */
  constructor(public run: string | undefined) {}

  status(): unknown {
    return this.run === undefined ? undefined : { run: this.run, parts: readStatus(this.run) }
  }

  positions({ pair, portfolio }: Pick<LedgerFilter, 'pair' | 'portfolio'>): unknown {
    if (this.run === undefined) return undefined
    const statuses = readStatus(this.run).flatMap(({ status }) => status ?? [])
    const held = statuses.flatMap(({ portfolios }) =>
      Object.entries(portfolios).flatMap(([name, each]) =>
        (each?.positions ?? []).map(position => ({ portfolio: name, ...position })),
      ),
    )
    const isWanted = (each: { portfolio: string; pair: string }) =>
      (pair === null || each.pair === pair) && (portfolio === null || each.portfolio === portfolio)
    return { updatedAt: Math.max(0, ...statuses.map(({ updatedAt }) => updatedAt)), rows: held.filter(isWanted) }
  }

  trades(filter: LedgerFilter): LedgerPage | undefined {
    return this.page(filter, tradesPage)
  }

  decisions(filter: LedgerFilter): LedgerPage | undefined {
    return this.page(filter, decisionsPage)
  }

  private page(filter: LedgerFilter, read: (ledger: string, filter: LedgerFilter) => LedgerPage): LedgerPage | undefined {
    if (this.run === undefined) return undefined
    const parts = readStatus(this.run).map(({ path }) => join(path, 'trades.db'))
    const ledger = parts.find(path => existsSync(path))
    return ledger === undefined ? { rows: [], next: null } : read(ledger, filter)
  }
}
