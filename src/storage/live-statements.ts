/** The prepared statements of the live ledger: what one tick writes, and what a restart reads. */

import { assert, fault, type TimeMs } from '../core/index.js'
import type { Halt, PortfolioName } from '../trading/index.js'
import { firstHash } from './journal-rows.js'
import { FillParts, LedgerStatements } from './ledger-statements.js'
import type { PortfolioState } from './ledger-tables.js'
import type { ChangedPortfolio, JournalBase, Recovered, StoredMessage, TickDecisions, TickRecord } from './live-records.js'
import {
  announcedTable,
  decisionLinksTable,
  decisionsTable,
  haltsTable,
  journalTable,
  type LedgerPositionRow,
  type OutboxMessage,
  outboxTable,
  positionsTable,
} from './live-tables.js'
import { insertInto, rowValues } from './sql-table.js'
import type { Db } from './sqlite.js'

const setBase = `
INSERT INTO journal_base (id, tick, hash, chain) SELECT 1, tick, hash, chain FROM journal WHERE tick = ?
ON CONFLICT (id) DO UPDATE SET tick = excluded.tick, hash = excluded.hash, chain = excluded.chain`

const selectPositions = `
SELECT book AS portfolio, pair, trade_id AS tradeId, direction, qty_e8 AS qtyE8, entry_time_ms AS entryTime,
  entry_price AS entryPriceUsd, entry_notional_e6 AS entryNotionalE6
FROM positions ORDER BY book, pair`

const selectPortfolios =
  'SELECT book AS portfolio, start_e6 AS startE6, cash_e6 AS cashE6, time_ms AS time FROM books ORDER BY book'

const selectEnd = `
SELECT
  coalesce((SELECT tick FROM journal_base), 0) AS base,
  coalesce((SELECT max(tick) FROM journal), (SELECT tick FROM journal_base), 0) AS tick,
  (SELECT time_ms FROM journal ORDER BY tick DESC LIMIT 1) AS time,
  coalesce((SELECT hash FROM journal ORDER BY tick DESC LIMIT 1), (SELECT hash FROM journal_base)) AS hash,
  coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0) AS outbox,
  coalesce((SELECT outbox_id FROM announced), 0) AS announced`

interface End {
  base: number
  tick: number
  time: number | null
  hash: Uint8Array
  outbox: number
  announced: number
}

interface HaltRow {
  id: string
  pair: string | null
  until_ms: number | null
  book: PortfolioName | 'all'
  kind: string
  time_ms: number
  reason: string
  ends: string
}

export class LiveStatements {
  private readonly ledger: LedgerStatements
  private readonly insertTick
  private readonly clearPositions
  private readonly insertPosition
  private readonly upsertHalt
  private readonly insertMessage
  private readonly deleteMessages
  private readonly setAnnounced
  private readonly insertDecision
  private readonly insertLink
  private readonly setBase
  private readonly deleteTicks

  /** @internal */
  constructor(
    private readonly db: Db,
    runId: string,
  ) {
    this.ledger = new LedgerStatements(db, runId)
    this.insertTick = db.prepare(insertInto(journalTable))
    this.clearPositions = db.prepare('DELETE FROM positions WHERE book = ?')
    this.insertPosition = db.prepare(insertInto(positionsTable))
    this.upsertHalt = db.prepare(insertInto(haltsTable))
    this.insertMessage = db.prepare(insertInto(outboxTable))
    this.deleteMessages = db.prepare('DELETE FROM outbox WHERE id <= ?')
    this.insertDecision = db.prepare(insertInto(decisionsTable))
    this.insertLink = db.prepare(insertInto(decisionLinksTable))
    this.setBase = db.prepare(setBase)
    this.deleteTicks = db.prepare('DELETE FROM journal WHERE tick <= ?')
    this.setAnnounced = db.prepare(insertInto(announcedTable))
  }

  /** Writes a tick; runs inside the caller's transaction. */
  tick(record: TickRecord, hash: Uint8Array): void {
    fault('storage.journal')
    this.insertTick.run(rowValues(journalTable, { ...record, record: record.record?.link ?? null, hash }))
    this.decided(record)
    for (const message of record.outbox) this.message(message)
  }

  /** Writes what a tick decided. A fill or trade that is present already is an error: skipping it would lose a new one. */
  decided(record: TickDecisions): void {
    this.decisions(record)
    const parts = new FillParts()
    for (const fill of record.fills) {
      assert(
        this.ledger.fill(fill, parts.of(fill), record.step),
        `tick ${record.tick}: the fill of ${fill.tradeId} is there already`,
      )
    }
    fault('storage.fills')
    for (const trade of record.trades) {
      assert(this.ledger.trade(trade, record.step), `tick ${record.tick}: the trade ${trade.tradeId} is there already`)
    }
    for (const portfolio of record.portfolios) this.portfolio(portfolio)
    fault('storage.books')
    for (const halt of record.halts) this.halt(halt)
  }

  /** Everything up to this id has been sent. */
  announced(id: number): void {
    this.setAnnounced.run(rowValues(announcedTable, { outboxId: id }))
    this.deleteMessages.run(id)
  }

  /** Drops messages up to this id, sent or not; returns how many had not been sent. */
  boundOutbox(id: number): number {
    return id <= 0 ? 0 : this.deleteMessages.run(id).changes
  }

  /** Deletes the journal's rows up to a tick; one that is not in the journal deletes nothing. */
  drop(tick: number): void {
    fault('storage.drop')
    if (this.setBase.run(tick).changes > 0) this.deleteTicks.run(tick)
  }

  /** The hash of a committed tick, and the hash of the tick before it. */
  hashesOf(tick: number): { before: Uint8Array; own: Uint8Array | undefined } {
    return { before: this.hashAt(tick - 1) ?? firstHash, own: this.inJournal(tick) }
  }

  /** The hash of a tick that is in the journal, or is the one before its first row. */
  hashAt(tick: number): Uint8Array | undefined {
    const base = this.db.prepare('SELECT hash FROM journal_base WHERE tick = ?').pluck().get(tick)
    return this.inJournal(tick) ?? (base as Uint8Array | undefined)
  }

  private inJournal(tick: number): Uint8Array | undefined {
    return this.db.prepare('SELECT hash FROM journal WHERE tick = ?').pluck().get(tick) as Uint8Array | undefined
  }

  fillsUntil(time: TimeMs): number {
    return Number(this.db.prepare('SELECT count(*) FROM fills WHERE time_ms <= ?').pluck().get(time))
  }

  end(): End {
    const end = this.db.prepare(selectEnd).get() as Omit<End, 'hash'> & { hash: Uint8Array | null }
    return { ...end, hash: end.hash ?? firstHash }
  }

  recovered(): Recovered {
    const { tick, time, announced } = this.end()
    const base = this.db.prepare('SELECT tick, chain FROM journal_base').get() as JournalBase | undefined
    return {
      base: base ?? { tick: 0, chain: null },
      lastTick: tick,
      lastTime: time,
      portfolios: this.db.prepare(selectPortfolios).all() as PortfolioState[],
      positions: this.db.prepare(selectPositions).all() as LedgerPositionRow[],
      halts: (this.db.prepare('SELECT * FROM halts WHERE is_on = 1 ORDER BY book, kind').all() as HaltRow[]).map(haltOf),
      unannounced: this.db
        .prepare('SELECT id, topic, epoch, seq, time_ms AS time, data FROM outbox WHERE id > ? ORDER BY id')
        .all(announced) as StoredMessage[],
    }
  }

  /** Replaces what is known of a portfolio. */
  portfolio({ state, positions }: ChangedPortfolio): void {
    this.ledger.portfolio(state)
    this.clearPositions.run(state.portfolio)
    for (const position of positions) this.insertPosition.run(rowValues(positionsTable, position))
  }

  private decisions({ tick, step, decisions, record }: TickDecisions): void {
    fault('storage.decisions')
    for (const decision of decisions) this.insertDecision.run(rowValues(decisionsTable, decision))
    if (decisions.length > 0 && record !== null)
      this.insertLink.run(rowValues(decisionLinksTable, { tick, step: decisions.at(-1)?.step ?? step, ...record }))
  }

  private halt(halt: Halt): void {
    this.upsertHalt.run(rowValues(haltsTable, halt))
  }

  private message(message: OutboxMessage): void {
    this.insertMessage.run(rowValues(outboxTable, message))
  }
}

function haltOf({ id, book, pair, kind, time_ms, until_ms, reason, ends }: HaltRow): Halt {
  return { id, portfolio: book, pair, kind, on: true, time: time_ms, until: until_ms, reason, ends }
}
