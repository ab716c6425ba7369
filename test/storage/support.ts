/** Directories, tables and looks into databases for the storage tests. */

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { type Cell, Table } from '../../src/core/index.js'

export { bookAfter, fillsOf, hour, pattern, start, trade } from './makers.js'

/** In memory where the machine has such a place: these tests sync hundreds of times. */
export function temporary(name = 'mycelia'): string {
  const path = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), `${name}-`))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A file system of its own, or undefined with the reason where this machine gives none. */
export function mounted(options: string): { path: string } | { reason: string } {
  const path = temporary('mount')
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    return { reason: 'mounting a tmpfs needs root' }
  }
  onTestFinished(() => void execFileSync('umount', ['-l', path]))
  return { path }
}

export function table(name: string, rows: readonly Record<string, Cell>[]): Table {
  const made = new Table(name, Object.keys(rows[0] ?? {}))
  for (const row of rows) for (const [column, cells] of made.columns) cells.push(row[column] ?? null)
  return made
}

/** All rows of a query, through a connection of the test's own. */
export function rowsOf(path: string, sql: string): Record<string, unknown>[] {
  const db = new Database(path, { readonly: true })
  try {
    return db.prepare(sql).all() as Record<string, unknown>[]
  } finally {
    db.close()
  }
}
