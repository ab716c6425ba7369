import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { checkDatabase, DiskFull, migrateDatabase, PatternArchive, TradeLedger } from '../../src/storage/index.js'
import { fillsOf, mounted, pattern, portfolioAfter, rowsOf, start, temporary, trade } from './support.js'

const originalTrades = `CREATE TABLE trades (
  id INTEGER PRIMARY KEY AUTOINCREMENT, trade_id TEXT UNIQUE NOT NULL, pair TEXT NOT NULL, strategy_type TEXT NOT NULL,
  agent_id TEXT NOT NULL, pattern_id TEXT, entry_timestamp TEXT NOT NULL, exit_timestamp TEXT NOT NULL,
  hold_duration_seconds INTEGER NOT NULL, entry_price REAL NOT NULL, exit_price REAL NOT NULL, price_change_pct REAL NOT NULL,
  pnl_pct REAL NOT NULL, pnl_absolute REAL NOT NULL, trade_result TEXT NOT NULL, rsi_entry REAL, macd_entry REAL,
  bb_position_entry REAL, volume_entry REAL, atr_entry REAL, signal_source TEXT, prediction_score REAL,
  cross_moat_score INTEGER, collision_detected BOOLEAN, position_size REAL NOT NULL, fees_paid REAL NOT NULL,
  slippage_pct REAL NOT NULL, created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)`
const originalPatterns = `CREATE TABLE patterns (
  id INTEGER PRIMARY KEY AUTOINCREMENT, agent_id INTEGER NOT NULL, timestamp REAL NOT NULL, pattern_value REAL NOT NULL,
  raw_features TEXT NOT NULL, age_minutes REAL NOT NULL, decay_factor REAL NOT NULL,
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP, moat TEXT DEFAULT 'Finance', product TEXT DEFAULT 'Unknown',
  signal_type TEXT DEFAULT 'market-data')`

function columns(path: string, table: 'trades' | 'patterns'): unknown[] {
  return rowsOf(path, `SELECT name, type FROM pragma_table_info('${table}')`)
}

function fill(ledger: TradeLedger, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const t = trade(i)
    for (const f of fillsOf(t)) ledger.fill(f, i)
    ledger.trade(t, i)
  }
  ledger.setPortfolios([portfolioAfter(Array.from({ length: to }, (_, i) => trade(i)))])
}

test('a finished trade is stored under the original names with the exact integers behind', () => {
  const path = join(temporary(), 'trades.db')
  const ledger = TradeLedger.open(path, 'run-1')
  const t = trade(3)
  ledger.trade(t, 7)
  ledger.close()
  const [row] = rowsOf(path, 'SELECT * FROM trades')
  expect(row).toMatchObject({
    id: 1,
    trade_id: t.tradeId,
    strategy_type: 'DAY',
    hold_duration_seconds: 4 * 3_600,
    pnl_absolute: t.pnlE6 / 1e6,
    trade_result: t.pnlE6 > 0 ? 'WIN' : 'LOSS',
    collision_detected: 0,
    created_at: new Date(start + 7 * 3_600_000).toISOString(),
    book: 'baseline',
    run_id: 'run-1',
    step: 7,
    pnl_e6: t.pnlE6,
    qty_e8: t.qtyE8,
  })
})

test('the original columns come first, in their order, and stay so after a migration', () => {
  const directory = temporary()
  for (const [table, sql] of [
    ['trades', originalTrades],
    ['patterns', originalPatterns],
  ] as const) {
    const old = join(directory, `${table}-old.db`)
    const db = new Database(old)
    db.exec(sql)
    db.close()
    const original = columns(old, table)
    expect(migrateDatabase(old)).toMatchObject({ from: 0, to: table === 'trades' ? 3 : 2 })
    const fresh = join(directory, `${table}.db`)
    ;(table === 'trades' ? TradeLedger : PatternArchive).open(fresh, 'r').close()
    expect(columns(fresh, table).slice(0, original.length)).toEqual(original)
    expect(columns(old, table)).toEqual(columns(fresh, table))
  }
})

test('a patterns database of the first version gets the columns of this one, and keeps its rows', () => {
  const path = join(temporary(), 'patterns.db')
  const fresh = join(temporary(), 'fresh.db')
  for (const each of [path, fresh]) {
    const archive = PatternArchive.open(each, 'run-1')
    archive.add(pattern(1))
    archive.close()
  }
  const db = new Database(path)
  for (const column of ['p', 'value_basis', 'traded']) db.exec(`ALTER TABLE patterns DROP COLUMN ${column}`)
  db.pragma('user_version = 1')
  db.close()
  expect(() => PatternArchive.open(path, 'run-2')).toThrow(/expected version 2, got "version 1".*mycelia data migrate/)
  expect(checkDatabase(path)).toMatchObject({ version: 1, problems: [] })
  expect(migrateDatabase(path)).toMatchObject({ from: 1, to: 2 })
  expect(columns(path, 'patterns')).toEqual(columns(fresh, 'patterns'))
  expect(rowsOf(path, 'SELECT pattern, p, value_basis, traded FROM patterns')).toEqual([
    { pattern: pattern(1).pattern, p: null, value_basis: null, traded: null },
  ])
  PatternArchive.open(path, 'run-2').close()
})

test('a ledger of the second version gets the trend at the entry, unknown in the rows it had', () => {
  const path = join(temporary(), 'trades.db')
  const ledger = TradeLedger.open(path, 'r')
  ledger.trade(trade(1), 1)
  ledger.close()
  const db = new Database(path)
  db.exec('ALTER TABLE trades DROP COLUMN trend_entry')
  db.pragma('user_version = 2')
  db.close()
  expect(() => TradeLedger.open(path, 'r')).toThrow(/expected version 3, got "version 2".*mycelia data migrate/)
  expect(migrateDatabase(path)).toMatchObject({ from: 2, to: 3 })
  const again = TradeLedger.open(path, 'r')
  again.trade({ ...trade(2), features: { ...trade(2).features, trend: 1.5 } }, 2)
  again.close()
  expect(rowsOf(path, 'SELECT id, trend_entry FROM trades')).toEqual([
    { id: 1, trend_entry: null },
    { id: 2, trend_entry: 1.5 },
  ])
})

test('a migration keeps every original row, adds its exact money, and is done once', () => {
  const path = join(temporary(), 'trades.db')
  const db = new Database(path)
  db.exec(originalTrades)
  db.exec(`INSERT INTO trades VALUES (5, 'T-1', 'SOLUSD', 'HFT', 'a', NULL, '2024-01-01', '2024-01-02', 60, 1, 2, 100, 1, 12.34, 'WIN',
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, 10, 0.56, 0, '2024-01-02')`)
  db.close()
  migrateDatabase(path)
  expect(migrateDatabase(path)).toMatchObject({ from: 3, to: 3 })
  expect(rowsOf(path, 'SELECT id, trade_id, pnl_absolute, pnl_e6, fees_e6, book FROM trades')).toEqual([
    { id: 5, trade_id: 'T-1', pnl_absolute: 12.34, pnl_e6: 12_340_000, fees_e6: 560_000, book: null },
  ])
  expect(checkDatabase(path).problems).toEqual([])
  const ledger = TradeLedger.open(path, 'r')
  ledger.trade(trade(1), 1)
  ledger.close()
  expect(rowsOf(path, 'SELECT id FROM trades')).toEqual([{ id: 5 }, { id: 6 }])
})

test('a tick executed again leaves one row of each trade, fill and pattern', () => {
  const directory = temporary()
  const path = join(directory, 'trades.db')
  const patterns = join(directory, 'mycelial_patterns.db')
  for (let times = 0; times < 2; times++) {
    const ledger = TradeLedger.open(path, 'r')
    fill(ledger, 0, 5)
    ledger.close()
    const archive = PatternArchive.open(patterns, 'r')
    for (let i = 0; i < 5; i++) archive.add(pattern(i))
    archive.close()
  }
  expect(rowsOf(path, 'SELECT count(*) AS n FROM trades')).toEqual([{ n: 5 }])
  expect(rowsOf(path, 'SELECT count(*) AS n FROM fills')).toEqual([{ n: 10 }])
  expect(rowsOf(patterns, 'SELECT count(*) AS n FROM patterns')).toEqual([{ n: 5 }])
  expect(checkDatabase(path).problems).toEqual([])
})

test('partial fills of one trade at one instant are all kept', () => {
  const path = join(temporary(), 'trades.db')
  const ledger = TradeLedger.open(path, 'r')
  const [entry] = fillsOf(trade(1))
  ledger.fill(entry, 1)
  ledger.fill(entry, 1)
  ledger.close()
  expect(rowsOf(path, 'SELECT part FROM fills')).toEqual([{ part: 0 }, { part: 1 }])
})

test('a ledger cut back to a checkpoint and written again equals one never interrupted, ids included', () => {
  const directory = temporary()
  const straight = join(directory, 'straight.db')
  const cut = join(directory, 'cut.db')
  const first = TradeLedger.open(straight, 'r')
  fill(first, 0, 900)
  first.close()
  const second = TradeLedger.open(cut, 'r')
  fill(second, 0, 300)
  const position = JSON.parse(JSON.stringify(second.position()))
  fill(second, 300, 700)
  second.close()
  const third = TradeLedger.open(cut, 'r')
  third.truncate(position)
  expect(checkDatabase(cut).problems).toEqual([])
  fill(third, 300, 900)
  third.close()
  for (const sql of ['SELECT * FROM trades', 'SELECT * FROM fills', 'SELECT * FROM books'])
    expect(rowsOf(cut, sql)).toEqual(rowsOf(straight, sql))
})

test('patterns cut back to a checkpoint go on with the ids they would have had', () => {
  const path = join(temporary(), 'patterns.db')
  const archive = PatternArchive.open(path, 'r')
  for (let i = 0; i < 10; i++) archive.add(pattern(i))
  const position = archive.position()
  for (let i = 10; i < 20; i++) archive.add(pattern(i))
  archive.flush()
  archive.truncate(position)
  archive.add(pattern(10))
  archive.close()
  const rows = rowsOf(path, 'SELECT * FROM patterns')
  expect(rows.map(r => r.id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  expect(rows[0]).toMatchObject({
    agent_id: 71,
    agent: 'PatternLearner-71',
    status: 'candidate',
    moat: 'Code',
    placebo: 1,
    sign: -1,
  })
  expect(checkDatabase(path)).toMatchObject({ kind: 'patterns database', problems: [] })
})

test('data check names money that does not reconcile, a wrong WIN, a doubtful P&L and fills that disagree', () => {
  const path = join(temporary(), 'trades.db')
  const ledger = TradeLedger.open(path, 'r')
  fill(ledger, 0, 20)
  ledger.close()
  expect(checkDatabase(path)).toMatchObject({ version: 3, rows: { trades: 20, fills: 40 }, problems: [] })
  const spoil = (sql: string, undo: string, problem: RegExp) => {
    const db = new Database(path)
    db.exec(sql)
    expect(checkDatabase(path).problems.join('\n')).toMatch(problem)
    db.exec(undo)
    db.close()
    expect(checkDatabase(path).problems).toEqual([])
  }
  spoil('UPDATE books SET cash_e6 = cash_e6 + 1', 'UPDATE books SET cash_e6 = cash_e6 - 1', /money does not reconcile: baseline/)
  spoil(
    "UPDATE trades SET trade_result = 'EVEN' WHERE id = 1",
    "UPDATE trades SET trade_result = 'LOSS' WHERE id = 1",
    /WIN exactly/,
  )
  spoil(
    'UPDATE trades SET pnl_e6 = pnl_e6 + 1 WHERE id = 2',
    'UPDATE trades SET pnl_e6 = pnl_e6 - 1 WHERE id = 2',
    /pnl_e6 is not/,
  )
  spoil(
    'UPDATE fills SET fee_e6 = fee_e6 + 1 WHERE id = 2',
    'UPDATE fills SET fee_e6 = fee_e6 - 1 WHERE id = 2',
    /fills and trade/,
  )
})

test('an open position is part of the money that must reconcile', () => {
  const path = join(temporary(), 'trades.db')
  const ledger = TradeLedger.open(path, 'r')
  const [entry] = fillsOf(trade(1))
  ledger.fill(entry, 1)
  ledger.setPortfolios([{ ...portfolioAfter([]), cashE6: portfolioAfter([]).startE6 - entry.notionalE6 - entry.feeE6 }])
  ledger.close()
  expect(checkDatabase(path).problems).toEqual([])
})

test('C5: a full disk halts with path and bytes needed, keeps what was committed, and goes on once there is room', ctx => {
  const place = mounted('size=2m')
  if ('reason' in place) return ctx.skip(place.reason)
  const path = join(place.path, 'trades.db')
  const ledger = TradeLedger.open(path, 'r')
  fill(ledger, 0, 40)
  ledger.flush()
  const ballast = join(place.path, 'ballast')
  fillUp(ballast)
  let error: unknown
  let i = 40
  try {
    for (; i < 5_000; i++) fill(ledger, i, i + 1)
  } catch (e) {
    error = e
  }
  expect(error).toBeInstanceOf(DiskFull)
  expect((error as DiskFull).message).toContain(path)
  expect((error as DiskFull).message).toContain(`${(error as DiskFull).bytesNeeded} bytes free`)
  expect(() => ledger.flush()).toThrow(DiskFull)
  const kept = rowsOf(path, 'SELECT count(*) AS n FROM trades')[0]?.n as number
  expect(kept).toBeGreaterThanOrEqual(40)
  rmSync(ballast)
  ledger.flush()
  ledger.close()
  expect(checkDatabase(path).problems.filter(p => !p.startsWith('money'))).toEqual([])
  expect(rowsOf(path, 'SELECT count(*) AS n FROM trades')[0]?.n).toBeGreaterThan(kept)
})

function fillUp(path: string): void {
  for (let bytes = 1 << 20; bytes >= 4_096; bytes = bytes / 2) {
    try {
      writeFileSync(path, Buffer.alloc(bytes), { flag: 'a' })
      bytes *= 2
    } catch {
      // No room for this much: try half.
    }
  }
}
