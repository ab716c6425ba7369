/** The prepared statements that write trades, fills and portfolios: shared by the simulated and the live ledger. */

import type { Fill, Trade } from '../trading/index.js'
import { booksTable, fillsTable, type PortfolioState, tradesTable } from './ledger-tables.js'
import { insertInto, rowValues } from './sql-table.js'
import type { Db } from './sqlite.js'

export class LedgerStatements {
  private readonly insertTrade
  private readonly insertFill
  private readonly upsertPortfolio
  /** @internal */
  constructor(
    db: Db,
    private readonly runId: string,
  ) {
    this.insertTrade = db.prepare(insertInto(tradesTable))
    this.insertFill = db.prepare(insertInto(fillsTable))
    this.upsertPortfolio = db.prepare(insertInto(booksTable))
  }

  /** Inserts a trade; an id that is present is left unchanged, so that repeating a tick changes nothing. False where it was present. */
  trade(trade: Trade, step: number): boolean {
    return this.insertTrade.run(rowValues(tradesTable, { trade, step, runId: this.runId })).changes > 0
  }

  /** As {@link trade}. */
  fill(fill: Fill, part: number, step: number): boolean {
    return this.insertFill.run(rowValues(fillsTable, { fill, part, step, runId: this.runId })).changes > 0
  }

  portfolio(state: PortfolioState): void {
    this.upsertPortfolio.run(rowValues(booksTable, { ...state, runId: this.runId }))
  }
}

/** Numbers the fills of one order at one instant 0, 1, …, so that partial fills are kept and repeated ones are not. */
export class FillParts {
  private time = Number.NaN
  private readonly counts = new Map<string, number>()

  of(fill: Fill): number {
    if (fill.time !== this.time) {
      this.time = fill.time
      this.counts.clear()
    }
    const key = `${fill.tradeId}|${fill.opens}`
    const part = this.counts.get(key) ?? 0
    this.counts.set(key, part + 1)
    return part
  }
}
