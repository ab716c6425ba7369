/** How the databases are created and upgraded: every table's schema is derived from its description. */

import { booksTable, exactFromOriginal, fillsTable, tradesTable } from './ledger-tables.js'
import { decisionLinksTable, decisionsTable, haltsTable, journalTable, liveTables } from './live-tables.js'
import { deliveriesTable, noticesTable, opsEventsTable } from './ops-tables.js'
import { patternsTable } from './patterns-table.js'
import { poolNodesTable, poolTasksTable } from './pool-tables.js'
import { archiveTables } from './snapshot/archive-tables.js'
import { addColumns, createTable, type SqlTable } from './sql-table.js'
import { type DatabaseKind, type Db, versionOf } from './sqlite.js'

/** The tables of each database, for the page about outputs. */
export const databases: Readonly<Record<string, readonly SqlTable<never>[]>> = {
  'trades.db': [tradesTable, fillsTable, booksTable, ...liveTables] as readonly SqlTable<never>[],
  'mycelial_patterns.db': [patternsTable as SqlTable<never>],
  'snapshots.db': Object.values(archiveTables) as readonly SqlTable<never>[],
  'compute_pool.db': [poolNodesTable, poolTasksTable] as readonly SqlTable<never>[],
  'ops.db': [noticesTable, deliveriesTable, opsEventsTable] as readonly SqlTable<never>[],
}

/** @internal */
export const tradesKind: DatabaseKind = {
  title: 'trades ledger',
  version: 3,
  mainTable: 'trades',
  create: (db: Db) => {
    db.exec(createTable(tradesTable))
    extendTrades(db)
  },
  upgrade: (db: Db) => {
    const from = versionOf(db)
    if (from === 0) {
      extendTrades(db)
      return db.exec(exactFromOriginal)
    }
    if (from === 1) toSecondTrades(db)
    db.exec(addColumns(tradesTable, columnsOf(db, tradesTable.name)))
    db.pragma('user_version = 3')
  },
}

/** @internal */
export const patternsKind: DatabaseKind = {
  title: 'patterns database',
  version: 2,
  mainTable: 'patterns',
  create: (db: Db) => {
    db.exec(createTable(patternsTable))
    extendPatterns(db)
  },
  upgrade: extendPatterns,
}

/** What a claim looks through, what is due, and what is counted. */
const poolIndices = `
CREATE INDEX tasks_pending ON tasks (priority, id) WHERE status = 'pending';
CREATE INDEX tasks_leased ON tasks (lease_until) WHERE status = 'running';
CREATE INDEX tasks_by_status ON tasks (status, id);
PRAGMA user_version = 1;`

/** @internal */
export const poolKind: DatabaseKind = {
  title: 'compute pool',
  version: 1,
  mainTable: 'tasks',
  create: (db: Db) => {
    db.exec(createTable(poolTasksTable))
    db.exec(createTable(poolNodesTable))
    db.exec(poolIndices)
  },
  // The first version: there is no older one.
  upgrade: () => undefined,
}

/** What waits, what was said of late, and what a channel took of late. */
const opsIndices = `
CREATE INDEX notices_waiting ON notices (id) WHERE state = 'waiting';
CREATE INDEX notices_by_time ON notices (time_ms);
CREATE INDEX deliveries_by_notice ON deliveries (notice);
CREATE INDEX deliveries_by_channel ON deliveries (channel, time_ms);
PRAGMA user_version = 1;`

/** @internal */
export const opsKind: DatabaseKind = {
  title: 'record of notices',
  version: 1,
  mainTable: 'notices',
  create: (db: Db) => {
    for (const table of databases['ops.db'] ?? []) db.exec(createTable(table))
    db.exec(opsIndices)
  },
  // The first version: there is no older one.
  upgrade: () => undefined,
}

function extendTrades(db: Db): void {
  db.exec(addColumns(tradesTable))
  db.exec('CREATE INDEX trades_by_book ON trades (book, id)')
  for (const table of [fillsTable, booksTable, ...liveTables] as readonly SqlTable<never>[]) {
    db.exec(createTable(table))
    db.exec(addColumns(table))
  }
  db.pragma('user_version = 3')
}

/** The first version had one halt a portfolio and kind, and no decisions. */
const haltsOfFirst = `
INSERT INTO halts (book, kind, is_on, time_ms, reason, ends, id)
SELECT book, kind, is_on, time_ms, reason, ends, book || ':' || kind FROM halts_of_first;
DROP TABLE halts_of_first;`

function toSecondTrades(db: Db): void {
  db.exec('ALTER TABLE halts RENAME TO halts_of_first')
  db.exec(createTable(haltsTable))
  db.exec(haltsOfFirst)
  db.exec(addColumns(journalTable))
  for (const table of [decisionsTable, decisionLinksTable] as readonly SqlTable<never>[]) db.exec(createTable(table))
}

/** The same change written twice is one row. */
function extendPatterns(db: Db): void {
  db.exec(addColumns(patternsTable, columnsOf(db, patternsTable.name)))
  db.exec('CREATE UNIQUE INDEX IF NOT EXISTS patterns_once ON patterns (pattern, status, step, agent)')
  db.pragma('user_version = 2')
}

function columnsOf(db: Db, table: string): ReadonlySet<string> {
  return new Set(db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[])
}
