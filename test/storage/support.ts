/** Directories, tables and looks into databases for the storage tests. */

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { type Cell, type ColumnDescription, type ColumnType, describeColumn, Table } from '../../src/core/index.js'

export { fillsOf, hour, pattern, portfolioAfter, start, trade } from './makers.js'

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

/** A table of such rows: a column is of the type its name or its first cells say, null allowed. */
export function table(name: string, rows: readonly Record<string, Cell>[]): Table {
  const made = new Table(name, described(rows))
  for (const row of rows) for (const [column, cells] of made.columns) cells.push(row[column] ?? null)
  return made
}

const integers = ['step', 'id', 'direction', 'flags', 'pnl_e6', 'bar_ms', 'horizon_bars']
const times = ['time', 'entry_time', 'exit_time', 'decided_at', 'expires_at']

export function described(rows: readonly Record<string, Cell>[]): ColumnDescription[] {
  return Object.keys(rows[0] ?? {}).map(name => describeColumn(name, { type: typeOf(name, rows), nullable: true }))
}

function typeOf(name: string, rows: readonly Record<string, Cell>[]): ColumnType {
  const cell = rows.map(row => row[name]).find(each => each !== null && each !== undefined)
  if (typeof cell === 'string') return 'text'
  if (typeof cell === 'boolean') return 'boolean'
  if (times.includes(name)) return 'time'
  return integers.includes(name) ? 'integer' : 'real'
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
