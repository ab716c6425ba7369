/** Writes one Parquet file from spooled blocks, a row group in memory at a time. Its types are those its columns declare. */

import { type ColumnSource, fileWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer'
import { type Cell, type ColumnDescription, type ColumnType, describeColumn, fault } from '../core/index.js'
import { replaceFile } from './files.js'
import { storageLimits } from './limits.js'
import type { SpoolBlock } from './spool.js'

type Cells = Float64Array | Cell[]

/** What every row of a run's files says of the run. */
export interface RunConstants {
  readonly runId: string
  readonly seed: number
}

/** One table of a file; `type` says where its rows come from when several share the file. */
export interface ParquetPart {
  readonly type: string | undefined
  readonly columns: readonly ColumnDescription[]
  blocks(): Iterable<SpoolBlock>
}

/** The columns the writer puts before a table's own. */
export const constantColumns = {
  run_id: describeColumn('run_id', { type: 'text', meaning: 'The run, as in its manifest.' }),
  seed: describeColumn('seed', { type: 'integer', meaning: 'The seed of the run.' }),
  type: describeColumn('type', { type: 'text', meaning: 'The type of the agent.' }),
} as const

/** Makes `path` from its parts, one after the other; a column one part does not have is null there. Atomic. */
export function writeParquet(path: string, parts: readonly ParquetPart[], run: RunConstants): void {
  const columns = fileColumns(parts)
  writeColumns(path, columns, alignedBlocks(parts, columns, run), metadataOf(columns, run))
}

/** Makes `path` from blocks whose cells are in the order of the columns. Atomic. */
export function writeColumns(
  path: string,
  columns: readonly ColumnDescription[],
  blocks: Iterable<SpoolBlock>,
  kvMetadata: { key: string; value: string }[] = [],
): void {
  replaceFile(path, storageLimits.spoolBufferBytes, true, beside => {
    const writer = new ParquetWriter({
      writer: fileWriter(beside),
      schema: [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)],
      createdBy: 'mycelia',
      // A group's smallest and largest serve readers of billions of rows, and cost two comparisons a cell.
      statistics: false,
      kvMetadata,
    })
    for (const group of rowGroups(columns.length, blocks)) {
      fault('storage.parquet')
      const columnData = columns.map((column, i) => sourceOf(column, group[i] ?? []))
      // One page a column: a group is small enough.
      writer.write({ columnData, rowGroupSize: storageLimits.rowGroupRows, pageSize: 0 })
    }
    writer.finish()
  })
}

/** The constants, then the columns of all parts; one that a part does not have is nullable. */
function fileColumns(parts: readonly ParquetPart[]): ColumnDescription[] {
  const { run_id, seed, type } = constantColumns
  const columns = new Map<string, ColumnDescription>([run_id, seed].map(column => [column.name, column]))
  if (parts.some(part => part.type !== undefined)) columns.set(type.name, type)
  for (const column of parts.flatMap(part => part.columns)) {
    const others = parts.map(part => part.columns.find(({ name }) => name === column.name))
    columns.set(column.name, { ...column, nullable: others.some(other => other?.nullable !== false) })
  }
  return [...columns.values()]
}

/** Run, seed, and the unit of every column that has one. */
function metadataOf(columns: readonly ColumnDescription[], { runId, seed }: RunConstants): { key: string; value: string }[] {
  const units = columns.flatMap(({ name, unit }) => (unit === null ? [] : [{ key: `unit.${name}`, value: unit }]))
  return [{ key: 'run_id', value: runId }, { key: 'seed', value: String(seed) }, ...units]
}

/** Blocks of all parts with the file's columns in the file's order. */
function* alignedBlocks(
  parts: readonly ParquetPart[],
  columns: readonly ColumnDescription[],
  { runId, seed }: RunConstants,
): Generator<SpoolBlock> {
  for (const part of parts) {
    const constants: Record<string, Cell> = { run_id: runId, seed, ...(part.type !== undefined && { type: part.type }) }
    const places = new Map(part.columns.map(({ name }, i) => [name, i]))
    for (const { rows, columns: cells } of part.blocks()) {
      const aligned = columns.map(({ name }) => cells[places.get(name) ?? -1] ?? filled(rows, constants[name] ?? null))
      yield { rows, columns: aligned }
    }
  }
}

function filled(rows: number, cell: Cell): Cell[] {
  return new Array<Cell>(rows).fill(cell)
}

const physicalTypes: Readonly<Record<ColumnType, Omit<SchemaElement, 'name' | 'repetition_type'>>> = {
  real: { type: 'DOUBLE' },
  integer: { type: 'INT64' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  boolean: { type: 'BOOLEAN' },
  time: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
}

function elementOf({ name, type, nullable }: ColumnDescription): SchemaElement {
  return { name, ...physicalTypes[type], repetition_type: nullable ? 'OPTIONAL' : 'REQUIRED' }
}

/** Gathers blocks until a group is full; a group is one concatenated array of cells per column. */
function* rowGroups(width: number, blocks: Iterable<SpoolBlock>): Generator<Cells[]> {
  let gathered: SpoolBlock[] = []
  let rows = 0
  for (const block of blocks) {
    gathered.push(block)
    rows += block.rows
    if (rows < storageLimits.rowGroupRows) continue
    yield joined(width, gathered)
    gathered = []
    rows = 0
  }
  if (rows > 0) yield joined(width, gathered)
}

function joined(width: number, blocks: readonly SpoolBlock[]): Cells[] {
  return Array.from({ length: width }, (_, i) => joinCells(blocks.map(block => block.columns[i] ?? [])))
}

function joinCells(parts: readonly Cells[]): Cells {
  const [first] = parts
  if (parts.length === 1 && first !== undefined) return first
  if (!parts.every(part => part instanceof Float64Array)) return joinMixed(parts)
  const all = new Float64Array(lengthOf(parts))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function joinMixed(parts: readonly Cells[]): Cell[] {
  const all = new Array<Cell>(lengthOf(parts))
  let at = 0
  for (const part of parts) for (let i = 0; i < part.length; i++) all[at++] = part[i] as Cell
  return all
}

function lengthOf(parts: readonly Cells[]): number {
  return parts.reduce((n, part) => n + part.length, 0)
}

function sourceOf({ name, type }: ColumnDescription, cells: Cells): ColumnSource {
  return { name, data: physical(type, cells) }
}

/** Cells in the representation the writer wants for a type. */
function physical(type: ColumnType, cells: Cells): ColumnSource['data'] {
  if (type === 'real') return withoutNaN(cells)
  if (type !== 'integer' && type !== 'time') return cells
  if (cells instanceof Float64Array) return BigInt64Array.from(cells as unknown as number[], BigInt as (x: number) => bigint)
  return cells.map(cell => (cell === null ? null : BigInt(cell as number)))
}

/** A number that is not known is null in a file. */
function withoutNaN(cells: Cells): Cells {
  if (cells instanceof Float64Array && !cells.some(Number.isNaN)) return cells
  return Array.from<Cell, Cell>(cells, cell => (Number.isNaN(cell) ? null : cell))
}
