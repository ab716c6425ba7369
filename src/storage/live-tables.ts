/** The tables that a live run adds to `trades.db`. They are committed together with the run's fills. */

import type { QtyE8, TimeMs, UsdE6 } from '../core/index.js'
import { type Decision, type Direction, decisionColumns, type Halt } from '../trading/index.js'
import { overwrite, type SqlColumns, type SqlTable } from './sql-table.js'

const msSince1970 = 'ms since 1970, UTC'
const usdE6 = '1e-6 USD'

/** A tick of the journal. */
export interface TickRow {
  readonly tick: number
  readonly time: TimeMs
  readonly isStep: boolean
  readonly inputs: Uint8Array
  readonly chain: Uint8Array | null
  readonly record: Uint8Array | null
  readonly hash: Uint8Array
}

export const journalTable: SqlTable<TickRow> = {
  name: 'journal',
  meaning: 'One row a tick: its inputs, and a hash that binds it to the tick before.',
  columns: {
    tick: { type: 'integer', sql: 'INTEGER PRIMARY KEY', meaning: '1, 2, 3 … without gaps.', read: r => r.tick },
    time_ms: { type: 'integer', unit: msSince1970, meaning: 'Its instant.', read: r => r.time },
    step: { type: 'boolean', meaning: 'Whether it is a step.', read: r => r.isStep },
    inputs: { type: 'bytes', meaning: 'Its inputs, encoded.', read: r => r.inputs },
    chain: { type: 'bytes', nullable: true, meaning: 'The digest chain after it.', read: r => r.chain },
    hash: { type: 'bytes', meaning: 'SHA-256 of the hash before, and of all this.', read: r => r.hash },
  },
  added: {
    record: {
      type: 'bytes',
      nullable: true,
      meaning: 'The link over all decisions up to it, as in `decision_links.link`; null: there were none.',
      read: r => r.record,
    },
  },
}

const oneRow = { type: 'integer', sql: 'INTEGER PRIMARY KEY CHECK (id = 1)', meaning: '1: there is one row.' } as const

export const journalBaseTable: SqlTable<Pick<TickRow, 'tick' | 'hash' | 'chain'>> = {
  name: 'journal_base',
  meaning: 'The tick before the first one of the journal.',
  columns: {
    id: oneRow,
    tick: { type: 'integer', meaning: 'Its number.', read: r => r.tick },
    hash: { type: 'bytes', meaning: 'Its hash.', read: r => r.hash },
    chain: { type: 'bytes', nullable: true, meaning: 'The digest chain after it.', read: r => r.chain },
  },
}

/** An open position as the ledger keeps it for the audit. */
export interface LedgerPositionRow {
  readonly portfolio: string
  readonly pair: string
  readonly tradeId: string
  readonly direction: Direction
  readonly qtyE8: QtyE8
  readonly entryTime: TimeMs
  readonly entryPriceUsd: number
  readonly entryNotionalE6: UsdE6
}

export const positionsTable: SqlTable<LedgerPositionRow> = {
  name: 'positions',
  meaning: 'One row an open position.',
  columns: {
    book: { type: 'text', meaning: 'The portfolio.', read: r => r.portfolio },
    pair: { type: 'text', meaning: 'The pair.', read: r => r.pair },
    trade_id: { type: 'text', meaning: 'The trade it will be.', read: r => r.tradeId },
    direction: { type: 'integer', meaning: '1: long, −1: short.', read: r => r.direction },
    qty_e8: { type: 'integer', unit: '1e-8 units', meaning: 'Quantity.', read: r => r.qtyE8 },
    entry_time_ms: { type: 'integer', unit: msSince1970, meaning: 'When it was opened.', read: r => r.entryTime },
    entry_price: { type: 'real', unit: 'USD', meaning: 'Mean price of the entry.', read: r => r.entryPriceUsd },
    entry_notional_e6: { type: 'integer', unit: usdE6, meaning: 'Price times quantity.', read: r => r.entryNotionalE6 },
  },
  constraints: ['PRIMARY KEY (book, pair)'],
}

const haltColumns: SqlColumns<Halt> = {
  book: { type: 'text', meaning: 'The portfolio, or `all`.', read: r => r.portfolio },
  kind: { type: 'text', meaning: 'What stops it.', read: r => r.kind },
  is_on: { type: 'boolean', meaning: 'Whether it is in force.', read: r => r.on },
  time_ms: { type: 'integer', unit: msSince1970, meaning: 'Its last change.', read: r => r.time },
  reason: { type: 'text', meaning: 'Why.', read: r => r.reason },
  ends: { type: 'text', meaning: 'How it ends.', read: r => r.ends },
  id: { type: 'text', meaning: 'The lock, unique in a run.', read: r => r.id },
  pair: { type: 'text', nullable: true, meaning: 'The pair it stops entries in; null: every pair.', read: r => r.pair },
  until_ms: {
    type: 'integer',
    unit: msSince1970,
    nullable: true,
    meaning: 'The instant at which it ends by itself; null: it ends by what `ends` says.',
    read: r => r.until,
  },
}

export const haltsTable: SqlTable<Halt> = {
  name: 'halts',
  meaning: 'One row a lock: a halt of a portfolio, of all, or of a pair.',
  columns: haltColumns,
  constraints: ['PRIMARY KEY (id)'],
  onConflict: overwrite(haltColumns, ['id']),
}

/** A message on its way to other processes; keeps its epoch and seq however often it is announced. */
export interface OutboxMessage {
  readonly topic: string
  readonly epoch: string
  readonly seq: number
  readonly time: TimeMs
  /** The encoded message. */
  readonly data: string
}

export const outboxTable: SqlTable<OutboxMessage> = {
  name: 'outbox',
  meaning: 'One row a message that may still have to be sent.',
  columns: {
    id: { type: 'integer', sql: 'INTEGER PRIMARY KEY AUTOINCREMENT', meaning: 'Messages in the order they were written.' },
    topic: { type: 'text', meaning: 'Its topic.', read: r => r.topic },
    epoch: { type: 'text', meaning: 'The start of the process that wrote it.', read: r => r.epoch },
    seq: { type: 'integer', meaning: 'Its number in that epoch.', read: r => r.seq },
    time_ms: { type: 'integer', unit: msSince1970, meaning: 'When it was written.', read: r => r.time },
    data: { type: 'text', meaning: 'The message, encoded.', read: r => r.data },
  },
}

export const announcedTable: SqlTable<{ readonly outboxId: number }> = {
  name: 'announced',
  meaning: 'Up to which message all have been sent.',
  columns: {
    id: { ...oneRow, read: () => 1 },
    outbox_id: { type: 'integer', meaning: 'The last one sent.', read: r => r.outboxId },
  },
  onConflict: '(id) DO UPDATE SET outbox_id = excluded.outbox_id',
}

export const decisionsTable: SqlTable<Decision> = {
  name: 'decisions',
  meaning:
    'One row a signal and the portfolio that received it, also where nothing was done. Live runs alone write it; a simulated run has `decisions.parquet`.',
  columns: {
    ...decisionColumns,
    id: { ...decisionColumns.id, sql: 'INTEGER PRIMARY KEY' },
    step: { type: 'integer', meaning: 'Steps done when it was decided.', read: r => r.step },
  },
  isAppendOnly: true,
}

/** The chain over the decisions after a tick that made some. */
export interface DecisionLink {
  readonly tick: number
  readonly step: number
  readonly rows: number
  readonly link: Uint8Array
}

export const decisionLinksTable: SqlTable<DecisionLink> = {
  name: 'decision_links',
  meaning: 'One row a tick with decisions: the chain over all rows of `decisions` up to it.',
  columns: {
    tick: { type: 'integer', sql: 'INTEGER PRIMARY KEY', meaning: 'The tick, by `journal.tick`.', read: r => r.tick },
    step: { type: 'integer', meaning: 'The step of its decisions.', read: r => r.step },
    rows: { type: 'integer', meaning: 'Decisions up to it.', read: r => r.rows },
    link: {
      type: 'bytes',
      meaning: 'SHA-256 of the link of the step before, and of the rows of this step up to it.',
      read: r => r.link,
    },
  },
  isAppendOnly: true,
}

export const liveTables = [
  journalTable,
  journalBaseTable,
  positionsTable,
  haltsTable,
  outboxTable,
  announcedTable,
  decisionsTable,
  decisionLinksTable,
] as readonly SqlTable<never>[]
