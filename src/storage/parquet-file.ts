/** Writes one Parquet file from spooled blocks, a row group in memory at a time. */

import { type ColumnSource, fileWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer'
import { type Cell, fault } from '../core/index.js'
import { type ColumnFacts, noFacts, type ParquetType, parquetType } from './column-facts.js'
import { replaceFile } from './files.js'
import { storageLimits } from './limits.js'
import type { SpoolBlock } from './spool.js'

/** A column of the file: nullable only where a null was seen. */
interface FileColumn {
  readonly name: string
  readonly type: ParquetType
  readonly nullable: boolean
}

type Cells = Float64Array | Cell[]

/** One table of a file; `type` says where its rows come from when several share the file. */
export interface ParquetPart {
  readonly type: string | undefined
  readonly facts: ReadonlyMap<string, ColumnFacts>
  blocks(): Iterable<SpoolBlock>
}

const typeColumn = 'type'

/** Makes `path` from its parts, one after the other; a column one part does not have is null there. Atomic. */
export function writeParquet(path: string, parts: readonly ParquetPart[]): void {
  const facts = unitedFacts(parts)
  const columns = [...facts].map(([name, f]) => ({ name, type: parquetType(f), nullable: f.nulls || !anyValue(f) }))
  replaceFile(path, storageLimits.spoolBufferBytes, true, beside => {
    // A group's smallest and largest serve readers of billions of rows, and cost two comparisons a cell.
    const options = { schema: schemaOf(columns), createdBy: 'mycelia', statistics: false }
    const writer = new ParquetWriter({ writer: fileWriter(beside), ...options })
    for (const group of rowGroups(columns.length, alignedBlocks(parts, [...facts.keys()]))) {
      fault('storage.parquet')
      const columnData = columns.map((column, i) => sourceOf(column, group[i] ?? []))
      // One page a column: a group is small enough.
      writer.write({ columnData, rowGroupSize: storageLimits.rowGroupRows, pageSize: 0 })
    }
    writer.finish()
  })
}

function unitedFacts(parts: readonly ParquetPart[]): Map<string, ColumnFacts> {
  const names = new Set(parts.flatMap(part => [...part.facts.keys()]))
  const all = new Map<string, ColumnFacts>()
  if (parts.some(part => part.type !== undefined)) all.set(typeColumn, { ...noFacts(), texts: true })
  for (const name of names) all.set(name, parts.map(part => part.facts.get(name) ?? absent).reduce(united))
  return all
}

const absent: ColumnFacts = { ...noFacts(), nulls: true }

function united(a: ColumnFacts, b: ColumnFacts): ColumnFacts {
  return {
    nulls: a.nulls || b.nulls,
    texts: a.texts || b.texts,
    booleans: a.booleans || b.booleans,
    numbers: a.numbers || b.numbers,
    fractions: a.fractions || b.fractions,
    wide: a.wide || b.wide,
  }
}

/** Blocks of all parts with the file's columns in the file's order. */
function* alignedBlocks(parts: readonly ParquetPart[], names: readonly string[]): Generator<SpoolBlock> {
  for (const { type, facts, blocks } of parts) {
    const places = new Map([...facts.keys()].map((name, i) => [name, i]))
    for (const { rows, columns } of blocks()) {
      yield {
        rows,
        columns: names.map(name => columns[places.get(name) ?? -1] ?? filled(rows, name === typeColumn ? type : null)),
      }
    }
  }
}

function filled(rows: number, cell: Cell | undefined): Cell[] {
  return new Array<Cell>(rows).fill(cell ?? null)
}

function anyValue(facts: ColumnFacts): boolean {
  return facts.texts || facts.booleans || facts.numbers
}

function schemaOf(columns: readonly FileColumn[]): SchemaElement[] {
  return [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)]
}

function elementOf({ name, type, nullable }: FileColumn): SchemaElement {
  const repetition_type = nullable ? 'OPTIONAL' : 'REQUIRED'
  return type === 'STRING'
    ? { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type }
    : { name, type, repetition_type }
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

function sourceOf({ name, type }: FileColumn, cells: Cells): ColumnSource {
  return { name, data: physical(type, cells) }
}

/** Cells in the representation the writer wants for a type. */
function physical(type: ParquetType, cells: Cells): ColumnSource['data'] {
  if (type === 'INT64') return Array.from<Cell, bigint | null>(cells, x => (x === null ? null : BigInt(x as number)))
  if (type === 'STRING')
    return isText(cells) ? cells : Array.from<Cell, string | null>(cells, x => (x === null ? null : String(x)))
  if (type === 'INT32' && cells instanceof Float64Array) return new Int32Array(cells)
  return cells
}

function isText(cells: Cells): cells is (string | null)[] {
  return Array.isArray(cells) && cells.every(x => typeof x === 'string' || x === null)
}
