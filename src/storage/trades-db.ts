/** `trades.db` of a simulated run: finished trades and fills, committed in batches, cut back when a run is resumed. */

import { fault } from '../core/index.js'
import type { Fill, Trade } from '../trading/index.js'
import { withRetry } from './errors.js'
import { FillParts, LedgerStatements } from './ledger-statements.js'
import type { PortfolioState } from './ledger-tables.js'
import { storageLimits } from './limits.js'
import { tradesKind } from './schema.js'
import { type OpenDatabase, openDatabase, transact } from './sqlite.js'

/** What the ledger held at a checkpoint. */
export interface LedgerPosition {
  readonly trades: number
  readonly fills: number
  readonly portfolios: readonly PortfolioState[]
}

type Waiting = { kind: 'trade'; trade: Trade; step: number } | { kind: 'fill'; fill: Fill; part: number; step: number }

/** About what one row with its index entries takes on disk. */
const rowBytes = 1_024

export class TradeLedger {
  private waiting: Waiting[] = []
  private portfolios: readonly PortfolioState[] = []
  private portfoliosChanged = false
  private readonly parts = new FillParts()
  private readonly statements: LedgerStatements
  private readonly cut

  private constructor(
    private readonly open: OpenDatabase,
    runId: string,
  ) {
    this.statements = new LedgerStatements(open.db, runId)
    this.cut = prepareCut(open)
  }

  /** Opens or creates the ledger; `runId` goes into every row. */
  static open(path: string, runId: string): TradeLedger {
    return new TradeLedger(openDatabase(path, tradesKind), runId)
  }

  trade(trade: Trade, step: number): void {
    this.add({ kind: 'trade', trade, step })
  }

  fill(fill: Fill, step: number): void {
    this.add({ kind: 'fill', fill, part: this.parts.of(fill), step })
  }

  /** Records the portfolios after a step. A full batch is committed only here, so that cash and trades on disk always agree. */
  setPortfolios(portfolios: readonly PortfolioState[]): void {
    this.portfolios = portfolios
    this.portfoliosChanged = true
    if (this.waiting.length >= storageLimits.ledgerBatchRows) this.flush()
  }

  /** Commits the waiting rows in one transaction. After a failure they stay in memory, and the next flush tries again. */
  flush(): void {
    if (this.waiting.length === 0 && !this.portfoliosChanged) return
    const { waiting, portfolios, statements } = this
    transact(this.open, (waiting.length + 16) * rowBytes, () => {
      for (const row of waiting) write(statements, row)
      for (const portfolio of portfolios) statements.portfolio(portfolio)
    })
    this.waiting = []
    this.portfoliosChanged = false
  }

  /** Commits, and returns the position of the ledger for a checkpoint. */
  position(): LedgerPosition {
    this.flush()
    return withRetry(this.open.path, 'reading', 0, () => {
      fault('storage.read')
      const last = this.cut.last.get() as { trades: number | null; fills: number | null }
      return { trades: last.trades ?? 0, fills: last.fills ?? 0, portfolios: this.portfolios }
    })
  }

  /** Removes every row written after that position; ids continue from there, so that a resumed run numbers its rows alike. */
  truncate({ trades, fills, portfolios }: LedgerPosition): void {
    this.waiting = []
    this.portfolios = portfolios
    transact(this.open, 65_536, () => {
      this.cut.trades.run(trades)
      this.cut.fills.run(fills)
      this.cut.number.run(trades, 'trades')
      this.cut.number.run(fills, 'fills')
      this.cut.portfolios.run()
      for (const portfolio of portfolios) this.statements.portfolio(portfolio)
    })
    this.portfoliosChanged = false
  }

  close(): void {
    try {
      this.flush()
    } finally {
      this.open.close()
    }
  }

  private add(row: Waiting): void {
    this.waiting.push(row)
    if (this.waiting.length >= storageLimits.ledgerWaitingRows) this.flush()
  }
}

function write(statements: LedgerStatements, row: Waiting): void {
  fault('storage.row')
  if (row.kind === 'trade') statements.trade(row.trade, row.step)
  else statements.fill(row.fill, row.part, row.step)
}

function prepareCut({ db }: OpenDatabase) {
  return {
    last: db.prepare('SELECT (SELECT max(id) FROM trades) AS trades, (SELECT max(id) FROM fills) AS fills'),
    trades: db.prepare('DELETE FROM trades WHERE id > ?'),
    fills: db.prepare('DELETE FROM fills WHERE id > ?'),
    portfolios: db.prepare('DELETE FROM books'),
    number: db.prepare('UPDATE sqlite_sequence SET seq = ? WHERE name = ?'),
  }
}
