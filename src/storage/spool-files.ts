/** The files of a run's spool: how they are removed, and restored from Parquet files when a finished run is continued. */

import { existsSync, renameSync, rmSync } from 'node:fs'
import { type ColumnDescription, Table } from '../core/index.js'
import { CorruptFile } from './errors.js'
import { makeDirectory } from './files.js'
import { tableBlocks } from './parquet-table.js'
import { Spool } from './spool.js'
import { parquetFile, spoolDirectory, spoolFile } from './spool-paths.js'
import type { TableBlock } from './table-block.js'

/** A table to restore, and the number of its first rows to restore. */
export interface SpooledTable {
  readonly rows: number
  readonly columns: readonly ColumnDescription[]
}

/** Removes the spool atomically: a partial one would look like a spool that lost rows. */
export function removeSpool(run: string): void {
  const beside = besideOf(run)
  rmSync(beside, { recursive: true, force: true })
  renameSync(spoolDirectory(run), beside)
  rmSync(beside, { recursive: true, force: true })
}

/** Restores a spool that was removed at the end of the run, from the Parquet files. Atomic. */
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

/** Path of a spool while it is being restored or removed. */
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

/** Copies at most so many rows of a type, in order; returns the number copied. */
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
    what: `reading ${path} to continue the run`,
    expected: `the ${expected} rows of its checkpoint`,
    got,
    next: 'Run again from the start.',
  })
}
