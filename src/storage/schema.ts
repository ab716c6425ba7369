/**
 * The tables. The columns of the unversioned layout stand first, names unchanged; this release adds columns at the end, so that a new
 * file and an upgraded one are the same, and a reader of the unversioned columns reads both.
 */

import type { DatabaseKind, Db } from './sqlite.js'

const originalTrades = `
CREATE TABLE trades (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  trade_id TEXT UNIQUE NOT NULL,
  pair TEXT NOT NULL,
  strategy_type TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  pattern_id TEXT,
  entry_timestamp TEXT NOT NULL,
  exit_timestamp TEXT NOT NULL,
  hold_duration_seconds INTEGER NOT NULL,
  entry_price REAL NOT NULL,
  exit_price REAL NOT NULL,
  price_change_pct REAL NOT NULL,
  pnl_pct REAL NOT NULL,
  pnl_absolute REAL NOT NULL,
  trade_result TEXT NOT NULL,
  rsi_entry REAL,
  macd_entry REAL,
  bb_position_entry REAL,
  volume_entry REAL,
  atr_entry REAL,
  signal_source TEXT,
  prediction_score REAL,
  cross_moat_score INTEGER,
  collision_detected BOOLEAN,
  position_size REAL NOT NULL,
  fees_paid REAL NOT NULL,
  slippage_pct REAL NOT NULL,
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);`

/** Exact integers: `_e6` millionths of a USD, `_e8` hundred-millionths of a unit. `step` is when the trade finished. */
const tradesAdditions = `
ALTER TABLE trades ADD COLUMN book TEXT;
ALTER TABLE trades ADD COLUMN run_id TEXT;
ALTER TABLE trades ADD COLUMN step INTEGER;
ALTER TABLE trades ADD COLUMN direction INTEGER;
ALTER TABLE trades ADD COLUMN reason TEXT;
ALTER TABLE trades ADD COLUMN ideas TEXT;
ALTER TABLE trades ADD COLUMN confidence REAL;
ALTER TABLE trades ADD COLUMN bars_held INTEGER;
ALTER TABLE trades ADD COLUMN regime INTEGER;
ALTER TABLE trades ADD COLUMN qty_e8 INTEGER;
ALTER TABLE trades ADD COLUMN entry_notional_e6 INTEGER;
ALTER TABLE trades ADD COLUMN exit_notional_e6 INTEGER;
ALTER TABLE trades ADD COLUMN fees_e6 INTEGER;
ALTER TABLE trades ADD COLUMN slippage_e6 INTEGER;
ALTER TABLE trades ADD COLUMN borrow_e6 INTEGER;
ALTER TABLE trades ADD COLUMN pnl_e6 INTEGER;
CREATE INDEX trades_by_book ON trades (book, id);`

/** `part` tells the fills of one trade at one instant apart. */
const ledgerTables = `
CREATE TABLE fills (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  trade_id TEXT NOT NULL,
  opens INTEGER NOT NULL,
  part INTEGER NOT NULL,
  book TEXT NOT NULL,
  pair TEXT NOT NULL,
  side TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  step INTEGER NOT NULL,
  price REAL NOT NULL,
  qty_e8 INTEGER NOT NULL,
  notional_e6 INTEGER NOT NULL,
  fee_e6 INTEGER NOT NULL,
  slippage_e6 INTEGER NOT NULL,
  run_id TEXT,
  UNIQUE (trade_id, opens, time_ms, part)
);
CREATE TABLE books (
  book TEXT PRIMARY KEY,
  start_e6 INTEGER NOT NULL,
  cash_e6 INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  run_id TEXT
);`

/** What a live run adds: everything that must be committed together with its fills. */
const liveTables = `
CREATE TABLE journal (
  tick INTEGER PRIMARY KEY,
  time_ms INTEGER NOT NULL,
  step INTEGER NOT NULL,
  inputs BLOB NOT NULL,
  chain BLOB,
  hash BLOB NOT NULL
);
CREATE TABLE journal_base (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  tick INTEGER NOT NULL,
  hash BLOB NOT NULL,
  chain BLOB
);
CREATE TABLE positions (
  book TEXT NOT NULL,
  pair TEXT NOT NULL,
  trade_id TEXT NOT NULL,
  direction INTEGER NOT NULL,
  qty_e8 INTEGER NOT NULL,
  entry_time_ms INTEGER NOT NULL,
  entry_price REAL NOT NULL,
  entry_notional_e6 INTEGER NOT NULL,
  PRIMARY KEY (book, pair)
);
CREATE TABLE halts (
  book TEXT NOT NULL,
  kind TEXT NOT NULL,
  is_on INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  reason TEXT NOT NULL,
  ends TEXT NOT NULL,
  PRIMARY KEY (book, kind)
);
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  topic TEXT NOT NULL,
  epoch TEXT NOT NULL,
  seq INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  data TEXT NOT NULL
);
CREATE TABLE announced (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  outbox_id INTEGER NOT NULL
);`

/** The original knew only whole dollars and cents as REAL; its exact columns are what those round to. */
const exactFromOriginal = `
UPDATE trades SET
  pnl_e6 = CAST(round(pnl_absolute * 1000000) AS INTEGER),
  fees_e6 = CAST(round(fees_paid * 1000000) AS INTEGER);`

const originalPatterns = `
CREATE TABLE patterns (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  agent_id INTEGER NOT NULL,
  timestamp REAL NOT NULL,
  pattern_value REAL NOT NULL,
  raw_features TEXT NOT NULL,
  age_minutes REAL NOT NULL,
  decay_factor REAL NOT NULL,
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  moat TEXT DEFAULT 'Finance',
  product TEXT DEFAULT 'Unknown',
  signal_type TEXT DEFAULT 'market-data'
);`

/** A row per status change from candidate on; the same change written twice is one row. */
const patternsAdditions = `
ALTER TABLE patterns ADD COLUMN pattern TEXT;
ALTER TABLE patterns ADD COLUMN status TEXT;
ALTER TABLE patterns ADD COLUMN step INTEGER;
ALTER TABLE patterns ADD COLUMN sign INTEGER;
ALTER TABLE patterns ADD COLUMN score REAL;
ALTER TABLE patterns ADD COLUMN placebo INTEGER;
ALTER TABLE patterns ADD COLUMN agent TEXT;
ALTER TABLE patterns ADD COLUMN run_id TEXT;
CREATE UNIQUE INDEX patterns_once ON patterns (pattern, status, step, agent);`

export const tradesKind: DatabaseKind = {
  title: 'trades ledger',
  version: 1,
  mainTable: 'trades',
  create: (db: Db) => {
    db.exec(originalTrades)
    extendTrades(db)
  },
  upgrade: (db: Db) => {
    extendTrades(db)
    db.exec(exactFromOriginal)
  },
}

export const patternsKind: DatabaseKind = {
  title: 'patterns database',
  version: 1,
  mainTable: 'patterns',
  create: (db: Db) => {
    db.exec(originalPatterns)
    extendPatterns(db)
  },
  upgrade: extendPatterns,
}

function extendTrades(db: Db): void {
  db.exec(tradesAdditions)
  db.exec(ledgerTables)
  db.exec(liveTables)
  db.pragma('user_version = 1')
}

function extendPatterns(db: Db): void {
  db.exec(patternsAdditions)
  db.pragma('user_version = 1')
}
