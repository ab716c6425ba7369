/** Reads chosen columns of a run's Parquet files back, whole or the last rows of them. */

import { existsSync, readFileSync } from 'node:fs'
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet'
import { type Cell, fault } from '../../core/index.js'
import { CorruptFile, withRetry } from '../errors.js'

export type Columns = Readonly<Record<string, readonly Cell[]>>

/** The columns wanted that the file has; `undefined` where there is no file. `last`: only that many rows from its end. */
export async function readTable(
  path: string,
  wanted: readonly string[] | 'all',
  last = Number.POSITIVE_INFINITY,
): Promise<Columns | undefined> {
  if (!existsSync(path)) return undefined
  const bytes = withRetry(path, 'reading', 0, () => {
    fault('storage.read')
    return readFileSync(path)
  })
  try {
    return await columnsOf(new Uint8Array(bytes).buffer, wanted, last)
  } catch (cause) {
    throw new CorruptFile(
      path,
      { what: `reading ${path}`, expected: 'a whole Parquet file', got: String(cause), next: 'Run again from the start.' },
      { cause },
    )
  }
}

async function columnsOf(file: ArrayBuffer, wanted: readonly string[] | 'all', last: number): Promise<Columns> {
  const metadata = parquetMetadata(file)
  const there = parquetSchema(metadata).children.map(({ element }) => element.name)
  const columns = wanted === 'all' ? there : wanted.filter(name => there.includes(name))
  const rowEnd = Number(metadata.num_rows)
  const rowStart = Math.max(0, rowEnd - last)
  const rows = columns.length === 0 ? [] : await parquetReadObjects({ file, metadata, columns, rowStart, rowEnd })
  return Object.fromEntries(columns.map(name => [name, rows.map(row => cellOf(row[name]))]))
}

/** Wide integers come as bigint; every one that was written is a safe integer. */
function cellOf(value: unknown): Cell {
  if (typeof value === 'bigint') return Number(value)
  return value === undefined ? null : (value as Cell)
}

/** The numbers of a column: NaN where a cell is none. */
export function numbersOf(column: readonly Cell[] | undefined): Float64Array {
  return Float64Array.from(column ?? [], cell => (typeof cell === 'number' ? cell : Number.NaN))
}

export function textsOf(column: readonly Cell[] | undefined): string[] {
  return (column ?? []).map(cell => (cell === null ? '' : String(cell)))
}
