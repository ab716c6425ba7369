/** The spool of a run: where it stands, and how it comes back from Parquet files when a finished run goes on. */

import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type ColumnDescription, Table } from '../core/index.js'
import { CorruptFile } from './errors.js'
import { makeDirectory } from './files.js'
import { type TableBlock, tableBlocks } from './parquet-table.js'
import { Spool } from './spool.js'

/** A table as far as it is to come back: its first rows. */
export interface SpooledTable {
  readonly rows: number
  readonly columns: readonly ColumnDescription[]
}

export function spoolDirectory(run: string): string {
  return join(run, '.spool')
}

/** The spooled rows of a table. */
export function spoolFile(directory: string, table: string): string {
  return join(directory, `${table.replace(':', '.')}.rows`)
}

/** Tables `family:type` share the file of their family. */
export function parquetFile(run: string, table: string): string {
  return join(run, `${table.split(':')[0]}.parquet`)
}

/** Removes the spool, whole or not at all: half of one would be taken for one that lost rows. */
export function removeSpool(run: string): void {
  const beside = besideOf(run)
  rmSync(beside, { recursive: true, force: true })
  renameSync(spoolDirectory(run), beside)
  rmSync(beside, { recursive: true, force: true })
}

/** Where the spool is gone, as after an end, makes it again from the Parquet files. All of it or nothing. */
export async function rebuildSpool(run: string, tables: Readonly<Record<string, SpooledTable>>): Promise<void> {
  const directory = spoolDirectory(run)
  if (existsSync(directory)) return
  const beside = besideOf(run)
  rmSync(beside, { recursive: true, force: true })
  makeDirectory(beside)
  for (const [name, table] of Object.entries(tables)) {
    if (table.rows > 0) await rebuildTable(parquetFile(run, name), spoolFile(beside, name), name, table)
  }
  renameSync(beside, directory)
}

/** Where a spool stands while it is made or removed. */
function besideOf(run: string): string {
  return `${spoolDirectory(run)}.tmp`
}

async function rebuildTable(from: string, to: string, name: string, { rows, columns }: SpooledTable): Promise<void> {
  const spool = new Spool(to)
  const table = new Table(name, columns)
  const type = name.split(':')[1]
  let left = rows
  for await (const block of tableBlocks(from, ['type', ...columns.map(column => column.name)])) {
    left -= copyRows(block, table, type, left)
    if (table.length > 0) spool.append(table)
    table.clear()
    if (left === 0) break
  }
  if (left > 0) throw lostRows(from, rows, rows - left)
  spool.sync()
  spool.close()
}

/** Copies at most so many rows of a type, in their order; gives how many. */
function copyRows({ rows, columns }: TableBlock, table: Table, type: string | undefined, most: number): number {
  let copied = 0
  for (let i = 0; i < rows && copied < most; i++) {
    if (type !== undefined && columns.type?.[i] !== type) continue
    for (const [name, column] of table.columns) column.push(columns[name]?.[i])
    copied++
  }
  return copied
}

function lostRows(path: string, expected: number, got: number): CorruptFile {
  return new CorruptFile(path, {
    what: `reading ${path} to go on with the run`,
    expected: `the ${expected} rows of its checkpoint`,
    got,
    next: 'Run again from the start.',
  })
}
