/** Reads chosen columns of a run's tables back, a row group in memory at a time: from its Parquet files, or from its spool while it runs. */

import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import { type Cell, fault } from '../core/index.js'
import { CorruptFile, withRetry } from './errors.js'
import { isSpooled, spooledBlocks, spooledTables } from './spooled-table.js'
import type { Columns, RowRange, TableBlock, Wanted } from './table-block.js'

const sameEverywhere: readonly string[] = ['run_id', 'seed']

/** Whether a run has a table, in the file of this path or, while it runs, in its spool. */
export function tableExists(path: string): boolean {
  return existsSync(path) || isSpooled(path)
}

/** The names of a run's tables, those of its spool too, in order. */
export function tablesIn(run: string): string[] {
  const files = readdirSync(run).flatMap(name => (name.endsWith('.parquet') ? [name.slice(0, -'.parquet'.length)] : []))
  return [...new Set([...files, ...spooledTables(run)])].sort()
}

/** The columns wanted that the table has, group by group; nothing where there is no table. */
export async function* tableBlocks(path: string, wanted: Wanted, range: RowRange = {}): AsyncGenerator<TableBlock> {
  if (existsSync(path)) yield* parquetBlocks(path, wanted, range)
  else yield* spooledBlocks(path, wanted, range)
}

async function* parquetBlocks(path: string, wanted: Wanted, range: RowRange): AsyncGenerator<TableBlock> {
  const descriptor = withRetry(path, 'reading', 0, () => {
    fault('storage.read')
    return openSync(path, 'r')
  })
  try {
    const file = bufferOf(descriptor)
    const metadata = await parquetMetadataAsync(file)
    for (const { from, to } of groupsWithin(metadata, range)) yield await block(file, metadata, wanted, from, to)
  } catch (cause) {
    throw new CorruptFile(
      path,
      { what: `reading ${path}`, expected: 'a whole Parquet file', got: String(cause), next: 'Run again from the start.' },
      { cause },
    )
  } finally {
    closeSync(descriptor)
  }
}

/** All at once: for tables of a row a step or fewer. `undefined` where there is no table. */
export async function readTable(path: string, wanted: Wanted, range: RowRange = {}): Promise<Columns | undefined> {
  if (!tableExists(path)) return undefined
  const all: Record<string, Cell[]> = {}
  for await (const { columns } of tableBlocks(path, wanted, range)) {
    for (const [name, cells] of Object.entries(columns)) {
      all[name] ??= []
      for (const cell of cells) all[name].push(cell)
    }
  }
  return all
}

/** Rows of a table; 0 where there is none. */
export async function rowsIn(path: string): Promise<number> {
  let rows = 0
  for await (const block of tableBlocks(path, [])) rows += block.rows
  return rows
}

function* groupsWithin(
  { row_groups }: FileMetaData,
  { from = 0, to = Number.POSITIVE_INFINITY }: RowRange,
): Generator<Required<RowRange>> {
  let start = 0
  for (const { num_rows } of row_groups) {
    const end = start + Number(num_rows)
    const within = { from: Math.max(start, from), to: Math.min(end, to) }
    if (within.from < within.to) yield within
    start = end
  }
}

async function block(file: AsyncBuffer, metadata: FileMetaData, wanted: Wanted, from: number, to: number): Promise<TableBlock> {
  const there = parquetSchema(metadata).children.map(({ element }) => element.name)
  const names =
    wanted === 'all' ? there.filter(name => !sameEverywhere.includes(name)) : wanted.filter(name => there.includes(name))
  const rows =
    names.length === 0 ? [] : await parquetReadObjects({ file, metadata, columns: names, rowStart: from, rowEnd: to, parsers })
  const columns = Object.fromEntries(names.map(name => [name, rows.map(row => cellOf(row[name]))]))
  return { from, rows: to - from, columns }
}

/** Times as the milliseconds they were written as. */
const parsers = { timestampFromMilliseconds: Number }

function bufferOf(descriptor: number): AsyncBuffer {
  const byteLength = fstatSync(descriptor).size
  return {
    byteLength,
    slice(start, end = byteLength) {
      const bytes = new Uint8Array(end - start)
      for (let at = 0; at < bytes.length; ) {
        const got = readSync(descriptor, bytes, at, bytes.length - at, start + at)
        if (got === 0) throw new Error(`ends at byte ${start + at}`)
        at += got
      }
      return bytes.buffer
    },
  }
}

/** Integers come as bigint; every one that was written is a safe integer. */
function cellOf(value: unknown): Cell {
  if (typeof value === 'bigint') return Number(value)
  return value === undefined ? null : (value as Cell)
}

/** The numbers of a column; NaN where a cell holds no number. */
export function numbersOf(column: readonly Cell[] | undefined): Float64Array {
  return Float64Array.from(column ?? [], cell => (typeof cell === 'number' ? cell : Number.NaN))
}

export function textsOf(column: readonly Cell[] | undefined): string[] {
  return (column ?? []).map(cell => (cell === null ? '' : String(cell)))
}
