/** Reads a table of a run that has not ended from its spool, beside the process that writes it: the rows up to its last checkpoint, or a little more. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Cell, ColumnDescription } from '../core/index.js'
import { CorruptFile } from './errors.js'
import { readSpool, type SpoolBlock } from './spool.js'
import { spoolDirectory } from './spool-paths.js'
import type { RowRange, TableBlock, Wanted } from './table-block.js'

/** One spool of a table; `type` says which, where several share the table's file. */
interface SpooledPart {
  readonly path: string
  readonly type: string | undefined
  readonly columns: readonly ColumnDescription[]
}

/** Whether the table of this Parquet file is in the run's spool. */
export function isSpooled(parquet: string): boolean {
  return partsOf(parquet).length > 0
}

/** The tables of a run that are in its spool. */
export function spooledTables(run: string): string[] {
  const directory = spoolDirectory(run)
  if (!existsSync(directory)) return []
  return readdirSync(directory).flatMap(name => (name.endsWith('.rows') ? [name.split('.')[0] as string] : []))
}

/** As the Parquet file will give them; `parquet` is its path. */
export function* spooledBlocks(
  parquet: string,
  wanted: Wanted,
  { from = 0, to = Number.POSITIVE_INFINITY }: RowRange = {},
): Generator<TableBlock> {
  let start = 0
  for (const part of partsOf(parquet)) {
    for (const block of blocksOf(part)) {
      const end = start + block.rows
      const within = { from: Math.max(start, from), to: Math.min(end, to) }
      if (within.from < within.to) yield tableBlock(part, block, wanted, start, within)
      start = end
    }
  }
}

function* blocksOf({ path }: SpooledPart): Generator<SpoolBlock> {
  try {
    yield* readSpool(path)
  } catch (cause) {
    // A run that ended meanwhile has removed its spool.
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return
    const next = 'Read it again once the run has ended.'
    throw new CorruptFile(
      path,
      { what: `reading spooled rows ${path}`, expected: 'whole blocks of rows', got: String(cause), next },
      { cause },
    )
  }
}

function tableBlock(
  { type, columns }: SpooledPart,
  block: SpoolBlock,
  wanted: Wanted,
  start: number,
  { from, to }: Required<RowRange>,
): TableBlock {
  const cells: Record<string, readonly Cell[]> = {}
  columns.forEach((column, i) => {
    if (wanted !== 'all' && !wanted.includes(column.name)) return
    cells[column.name] = cellsOf(column, block.columns[i] ?? []).slice(from - start, to - start)
  })
  if (type !== undefined && (wanted === 'all' || wanted.includes('type'))) cells.type = new Array<Cell>(to - from).fill(type)
  return { from, rows: to - from, columns: cells }
}

/** A number that is not known is null, as in a file. */
function cellsOf({ type }: ColumnDescription, cells: Float64Array | Cell[]): Cell[] {
  const all = Array.from<Cell, Cell>(cells, cell => cell)
  return type === 'real' ? all.map(cell => (Number.isNaN(cell) ? null : cell)) : all
}

/** The spools whose rows will be in the Parquet file, by name. */
function partsOf(parquet: string): SpooledPart[] {
  const directory = spoolDirectory(dirname(parquet))
  if (!existsSync(directory)) return []
  const table = basename(parquet).replace(/\.parquet$/, '')
  return readdirSync(directory)
    .filter(name => name.endsWith('.rows') && name.split('.')[0] === table)
    .sort()
    .flatMap(name => partOf(join(directory, name)) ?? [])
}

/** Undefined where the run is only beginning the table, or has just ended. */
function partOf(path: string): SpooledPart | undefined {
  const name = basename(path).replace(/\.rows$/, '')
  try {
    const columns: ColumnDescription[] = JSON.parse(readFileSync(join(dirname(path), `${name}.columns.json`), 'utf8'))
    const type = name.includes('.') ? name.slice(name.indexOf('.') + 1) : undefined
    return { path, type, columns }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
