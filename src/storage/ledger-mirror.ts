/** A ledger in memory: what a replay decided, in the very tables, types and statements of the ledger that it is compared with. */

import type { PatternRow } from '../trading/index.js'
import { connection } from './better-sqlite3.js'
import type { ChangedPortfolio, TickDecisions } from './live-records.js'
import { LiveStatements } from './live-statements.js'
import { patternsTable } from './patterns-table.js'
import { patternsKind, tradesKind } from './schema.js'
import { insertInto, rowValues } from './sql-table.js'
import type { Db } from './sqlite.js'

/** How many rows the tables have whose ids are counted. */
export interface RowCounts {
  readonly trades: number
  readonly fills: number
  readonly patterns: number
}

export class LedgerMirror {
  /** @internal */
  readonly trades: Db
  /** @internal */
  readonly patterns: Db
  /** Names of the portfolios that changed since the beginning. */
  readonly changed = new Set<string>()
  private readonly statements: LiveStatements
  private readonly insertPattern

  /** @param at the rows that came before. @param portfolios as they stand there. */
  constructor(
    private readonly runId: string,
    at: RowCounts,
    portfolios: readonly ChangedPortfolio[],
  ) {
    this.trades = connection(':memory:')
    tradesKind.create(this.trades)
    this.patterns = connection(':memory:')
    patternsKind.create(this.patterns)
    count(this.trades, 'trades', at.trades)
    count(this.trades, 'fills', at.fills)
    count(this.patterns, 'patterns', at.patterns)
    this.statements = new LiveStatements(this.trades, runId)
    this.insertPattern = this.patterns.prepare(insertInto(patternsTable))
    for (const portfolio of portfolios) this.statements.portfolio(portfolio)
  }

  /** What one tick decided. */
  decided(decisions: TickDecisions): void {
    this.statements.decided(decisions)
    for (const { state } of decisions.portfolios) this.changed.add(state.portfolio)
  }

  pattern(row: PatternRow): void {
    this.insertPattern.run(rowValues(patternsTable, { row, runId: this.runId }))
  }

  /** Rows up to here of the tables whose ids are counted. */
  get counts(): RowCounts {
    const last = (db: Db, table: string) =>
      Number(db.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').pluck().get(table) ?? 0)
    return { trades: last(this.trades, 'trades'), fills: last(this.trades, 'fills'), patterns: last(this.patterns, 'patterns') }
  }

  close(): void {
    this.trades.close()
    this.patterns.close()
  }
}

/** Ids go on after those of the rows before. */
function count(db: Db, table: string, rows: number): void {
  db.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, rows)
}
