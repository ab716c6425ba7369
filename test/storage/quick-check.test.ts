/** A file that another process may be writing is sound, damaged, locked or not there, and each is told apart. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { quickCheck } from '../../src/storage/index.js'

test('a file is sound, locked, damaged, no database, unreadable or absent', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mycelia-quick-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'a.db')
  expect(quickCheck(path)).toBe('absent')
  const db = new Database(path)
  db.exec(
    'CREATE TABLE t (x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) INSERT INTO t SELECT randomblob(2000) FROM n',
  )
  expect(quickCheck(path)).toBe('sound')
  db.exec('BEGIN EXCLUSIVE')
  expect(quickCheck(path)).toBe('locked')
  db.exec('ROLLBACK')
  db.close()
  const bytes = readFileSync(path)
  bytes.fill(7, 4_096, 12_288)
  writeFileSync(path, bytes)
  expect(quickCheck(path)).toBe('damaged')
  writeFileSync(path, 'no database at all, but longer than the head of one would be'.repeat(20))
  expect(quickCheck(path)).toBe('damaged')
  expect(quickCheck(folder)).toBe('unreadable')
})
