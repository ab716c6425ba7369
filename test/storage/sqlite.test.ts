import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { armFaults, OperatorError } from '../../src/core/index.js'
import { CorruptFile, FileInUse, NotWritable, TradeLedger, UnknownVersion } from '../../src/storage/index.js'
import { tradesKind } from '../../src/storage/schema.js'
import { openDatabase } from '../../src/storage/sqlite.js'
import { mounted, temporary, trade } from './support.js'

function settings(path: string) {
  const open = openDatabase(path, tradesKind)
  const read = (name: string) => open.db.pragma(name, { simple: true })
  const values = [read('synchronous'), read('journal_mode'), read('foreign_keys'), read('user_version')]
  open.close()
  return values
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

test('C3: synchronous is FULL and the journal WAL on a new ledger and on each reopening', () => {
  const path = join(temporary(), 'trades.db')
  for (let i = 0; i < 3; i++) expect(settings(path)).toEqual([2, 'wal', 1, 3])
})

test('C8: a ledger of an unknown version is refused by name and not one byte of it changes', () => {
  const path = join(temporary(), 'trades.db')
  settings(path)
  const db = new Database(path)
  db.pragma('user_version = 7')
  db.close()
  const before = sha256(path)
  expect(() => TradeLedger.open(path, 'r')).toThrow(UnknownVersion)
  expect(() => TradeLedger.open(path, 'r')).toThrow(/expected version 3, got "version 7"/)
  expect(sha256(path)).toBe(before)
})

test('C8: a ledger in the unversioned layout is refused with the command that upgrades it', () => {
  const path = join(temporary(), 'trades.db')
  const db = new Database(path)
  db.exec('CREATE TABLE trades (id INTEGER PRIMARY KEY)')
  db.close()
  expect(() => TradeLedger.open(path, 'r')).toThrow(/mycelia data migrate/)
})

test('C8: a damaged page, another kind of file and a foreign database are refused by name', () => {
  const directory = temporary()
  const path = join(directory, 'trades.db')
  const ledger = TradeLedger.open(path, 'r')
  for (let i = 0; i < 200; i++) ledger.trade(trade(i), i)
  ledger.close()
  const bytes = readFileSync(path)
  bytes.fill(0xff, 4_096, 4_400)
  writeFileSync(path, bytes)
  expect(() => TradeLedger.open(path, 'r')).toThrow(CorruptFile)

  const text = join(directory, 'text.db')
  writeFileSync(text, 'x'.repeat(5_000))
  expect(() => TradeLedger.open(text, 'r')).toThrow(CorruptFile)

  const foreign = join(directory, 'foreign.db')
  const db = new Database(foreign)
  db.exec('CREATE TABLE other (id INTEGER)')
  db.close()
  expect(() => TradeLedger.open(foreign, 'r')).toThrow(CorruptFile)
})

test('C9: a second writer on one ledger is refused with the pid of the first, and let in once it is closed', () => {
  const path = join(temporary(), 'trades.db')
  const first = TradeLedger.open(path, 'r')
  expect(() => TradeLedger.open(path, 'r')).toThrow(FileInUse)
  expect(() => TradeLedger.open(path, 'r')).toThrow(String(process.pid))
  first.close()
  TradeLedger.open(path, 'r').close()
})

test('C10: a missing directory is a clear error and nothing is made', () => {
  const directory = join(temporary(), 'missing')
  expect(() => TradeLedger.open(join(directory, 'trades.db'), 'r')).toThrow(OperatorError)
  expect(existsSync(directory)).toBe(false)
})

test('C10: spaces and Unicode in a path are nothing special', () => {
  const path = join(temporary('space and ünïcödé 菌糸'), 'trades.db')
  expect(settings(path)).toEqual([2, 'wal', 1, 3])
})

test('C10: a ledger on a read-only file system is a clear error', ctx => {
  const place = mounted('size=1m,ro')
  if ('reason' in place) return ctx.skip(place.reason)
  expect(() => TradeLedger.open(join(place.path, 'trades.db'), 'r')).toThrow(NotWritable)
})

test('C6: a database that is busy once is tried again, and one that stays busy is named', () => {
  const path = join(temporary(), 'trades.db')
  const ledger = TradeLedger.open(path, 'r')
  ledger.trade(trade(1), 1)
  let failures = 3
  let disarm = armFaults(name => {
    if (name === 'storage.begin' && failures-- > 0) throw Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' })
  })
  ledger.flush()
  expect(failures).toBe(-1)
  disarm()
  ledger.trade(trade(2), 2)
  disarm = armFaults(name => {
    if (name === 'storage.begin') throw Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' })
  })
  expect(() => ledger.flush()).toThrow(FileInUse)
  disarm()
  ledger.close()
})
