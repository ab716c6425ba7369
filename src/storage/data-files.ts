/** `mycelia data check` and `data migrate`: checks a database, and brings an older layout to the current version. */

import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { OperatorError } from '../core/index.js'
import { CorruptFile, UnknownVersion, withRetry } from './errors.js'
import { readJournal } from './journal-rows.js'
import { storageLimits } from './limits.js'
import { recordProblems } from './live-record-check.js'
import { patternsKind, tradesKind } from './schema.js'
import { type DatabaseKind, type Db, hasTable, integrityProblems, openReadOnly, upgradeDatabase, versionOf } from './sqlite.js'

export interface DatabaseCheck {
  readonly path: string
  readonly kind: string
  readonly version: number
  readonly rows: Readonly<Record<string, number>>
  /** One sentence each; empty where all is well. */
  readonly problems: readonly string[]
}

/** Checks a database without changing it: the file is intact, ids are unique, sums agree, the journal has no gap. */
export function checkDatabase(path: string): DatabaseCheck {
  const db = openReadOnly(path)
  try {
    return withRetry(path, 'reading', 0, () => check(db, path))
  } finally {
    db.close()
  }
}

/** Brings an older or unversioned database to the current version; returns the version it had. A current one is not changed. */
export function migrateDatabase(path: string): { kind: string; from: number; to: number } {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw notAFolder(path)
  const db = openReadOnly(path)
  let kind: DatabaseKind
  try {
    kind = kindOf(db, path)
  } finally {
    db.close()
  }
  return { kind: kind.title, from: upgradeDatabase(resolve(path), kind), to: kind.version }
}

function notAFolder(path: string): OperatorError {
  const inside = readdirSync(path).filter(name => name.endsWith('.db'))
  return new OperatorError({
    what: `migrating ${path}`,
    expected: 'a database',
    got: 'a folder',
    next:
      inside.length === 0
        ? 'Name a .db file; this folder holds none.'
        : `Name one of its databases: ${inside.map(name => join(path, name)).join(', ')}.`,
  })
}

function check(db: Db, path: string): DatabaseCheck {
  const damage = integrityProblems(db).slice(0, storageLimits.problemsListed)
  if (damage.length > 0) return { path, kind: 'unknown', version: -1, rows: {}, problems: damage }
  const kind = kindOf(db, path)
  const version = versionOf(db)
  const problems = kind === patternsKind ? patternProblems(db, version) : tradeProblems(db, path, version)
  return { path, kind: kind.title, version, rows: countRows(db), problems: problems.slice(0, storageLimits.problemsListed) }
}

function kindOf(db: Db, path: string): DatabaseKind {
  const kind = [tradesKind, patternsKind].find(k => hasTable(db, k.mainTable))
  if (kind === undefined) {
    const next = 'Give a trades.db or mycelial_patterns.db.'
    throw new OperatorError({ what: `reading ${path}`, expected: 'a table "trades" or "patterns"', got: 'neither', next })
  }
  const version = versionOf(db)
  if (version <= kind.version) return kind
  const next = 'Use the release that wrote it. The file has not been changed.'
  throw new UnknownVersion(path, {
    what: `reading ${path}`,
    expected: `version ${kind.version}`,
    got: `version ${version}`,
    next,
  })
}

const counts = {
  trades: 'SELECT count(*) FROM trades',
  fills: 'SELECT count(*) FROM fills',
  decisions: 'SELECT count(*) FROM decisions',
  journal: 'SELECT count(*) FROM journal',
  patterns: 'SELECT count(*) FROM patterns',
} as const

function countRows(db: Db): Record<string, number> {
  const present = Object.entries(counts).filter(([table]) => hasTable(db, table))
  return Object.fromEntries(present.map(([table, sql]) => [table, Number(db.prepare(sql).pluck().get())]))
}

const doubled = 'SELECT trade_id FROM trades GROUP BY trade_id HAVING count(*) > 1'
const wrongResult =
  "SELECT trade_id FROM trades WHERE (trade_result = 'WIN') <> (pnl_absolute > 0) OR trade_result NOT IN ('WIN', 'LOSS')"
const derivedDiffers = 'SELECT trade_id FROM trades WHERE abs(pnl_absolute * 1000000 - pnl_e6) > 0.5'
const pnlWrong = `
SELECT trade_id FROM trades
WHERE direction IS NOT NULL AND pnl_e6 <> direction * (exit_notional_e6 - entry_notional_e6) - fees_e6 - borrow_e6`
const exitFirst = 'SELECT trade_id FROM trades WHERE exit_timestamp < entry_timestamp'
const fillsDiffer = `
SELECT t.trade_id FROM trades t JOIN fills f ON f.trade_id = t.trade_id
GROUP BY t.trade_id HAVING sum(f.fee_e6) <> t.fees_e6
  OR sum(CASE f.side WHEN 'sell' THEN f.notional_e6 ELSE -f.notional_e6 END) - sum(f.fee_e6) - t.borrow_e6 <> t.pnl_e6`

/** cash = start + Σ P&L of finished trades + what the fills of open ones moved, exactly. */
const cashDiffers = `
SELECT b.book || ': cash is ' || b.cash_e6 || ', start and trades give ' || (b.start_e6
  + (SELECT coalesce(sum(pnl_e6), 0) FROM trades t WHERE t.book = b.book)
  + (SELECT coalesce(sum(CASE side WHEN 'sell' THEN notional_e6 ELSE -notional_e6 END - fee_e6), 0) FROM fills f
     WHERE f.book = b.book AND NOT EXISTS (SELECT 1 FROM trades t WHERE t.trade_id = f.trade_id))) AS trade_id
FROM books b WHERE b.cash_e6 <> b.start_e6
  + (SELECT coalesce(sum(pnl_e6), 0) FROM trades t WHERE t.book = b.book)
  + (SELECT coalesce(sum(CASE side WHEN 'sell' THEN notional_e6 ELSE -notional_e6 END - fee_e6), 0) FROM fills f
     WHERE f.book = b.book AND NOT EXISTS (SELECT 1 FROM trades t WHERE t.trade_id = f.trade_id))`

/** Rows of an unversioned file had no run and no fills. */
const unfilled = `
SELECT trade_id FROM trades t WHERE run_id IS NOT NULL
  AND (SELECT count(DISTINCT opens) FROM fills f WHERE f.trade_id = t.trade_id) < 2`

/** A live run holds exactly what its fills opened and no trade has closed. */
const positionsDiffer = `
SELECT trade_id FROM positions WHERE trade_id NOT IN (SELECT trade_id FROM fills) OR trade_id IN (SELECT trade_id FROM trades)
UNION SELECT trade_id FROM fills f WHERE EXISTS (SELECT 1 FROM journal) AND trade_id NOT IN (SELECT trade_id FROM positions)
  AND trade_id NOT IN (SELECT trade_id FROM trades)`

function tradeProblems(db: Db, path: string, version: number): string[] {
  const rules: [sql: string, problem: string][] = [
    [doubled, 'trade id occurs twice'],
    [wrongResult, 'trade_result is not WIN exactly where pnl_absolute > 0'],
    [exitFirst, 'exit is before entry'],
  ]
  if (version > 0) {
    rules.push(
      [derivedDiffers, 'pnl_absolute is not pnl_e6'],
      [pnlWrong, 'pnl_e6 is not what the notionals, fees and borrow give'],
      [fillsDiffer, 'fills and trade disagree'],
      [unfilled, 'a fill of the trade is missing'],
      [positionsDiffer, 'positions are not what the fills leave open'],
      [cashDiffers, 'money does not reconcile'],
    )
  }
  const found = rules.flatMap(([sql, problem]) => named(db, sql, problem))
  if (version > 0) found.push(...journalProblems(db, path))
  return version > 1 ? [...found, ...recordProblems(db)] : found
}

function named(db: Db, sql: string, problem: string): string[] {
  const rows = db.prepare(sql).pluck().all() as string[]
  return rows.slice(0, storageLimits.problemsListed).map(id => `${problem}: ${id}`)
}

function journalProblems(db: Db, path: string): string[] {
  try {
    for (const _ of readJournal({ db, path }));
    return []
  } catch (error) {
    if (error instanceof CorruptFile) return [error.message]
    throw error
  }
}

const badFeatures = 'SELECT id FROM patterns WHERE json_valid(raw_features) = 0'
const badStatus = `
SELECT id FROM patterns WHERE status IS NOT NULL
  AND status NOT IN ('candidate', 'confirmed', 'approved', 'retired', 'rejected')`

function patternProblems(db: Db, version: number): string[] {
  const found = named(db, badFeatures, 'raw_features is not JSON in row')
  return version > 0 ? [...found, ...named(db, badStatus, 'unknown status in row')] : found
}
