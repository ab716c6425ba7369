/**
 * Rows on disk until the run ends: an append-only file of typed blocks, cut back to a checkpoint's length by a resume.
 * A block is `rows, columns`, then each column as a kind and its cells; memory holds one buffer.
 */

import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { ByteReader, ByteWriter, type Cell, type Column, CorruptBytes, fault, type Table } from '../core/index.js'
import { CorruptFile, withRetry } from './errors.js'
import { storageLimits } from './limits.js'

const Kind = { cells: 1, numbers: 0, words: 2 } as const
const Tag = { null: 0, number: 1, text: 2, false: 3, true: 4 } as const

/** Rows of one block, by column in the table's order. */
export interface SpoolBlock {
  readonly rows: number
  readonly columns: (Float64Array | Cell[])[]
}

export class Spool {
  private readonly buffer = new ByteWriter()
  private readonly block = new ByteWriter()
  private file: number | undefined
  private begun = false
  /** Bytes on disk; the buffer's come after them. */
  private length = 0

  constructor(readonly path: string) {}

  append(table: Table): void {
    encodeBlock(this.block, table)
    this.buffer.u32(this.block.length)
    this.buffer.raw(this.block.written())
    this.block.clear()
    if (this.buffer.length >= storageLimits.spoolBufferBytes) this.flush()
  }

  /** Writes the buffer and syncs the file. */
  sync(): void {
    this.flush()
    withRetry(this.path, 'syncing', 0, () => {
      fault('storage.sync')
      fsyncSync(this.opened())
    })
  }

  /** Cuts the file back to its first rows, whole blocks; throws where the file has fewer. */
  truncate(rows: number): void {
    this.buffer.clear()
    this.begun = rows > 0
    this.length = rows > 0 ? fstatSync(this.opened()).size : 0
    const length = this.lengthOf(rows)
    withRetry(this.path, 'cutting back', 0, () => {
      fault('storage.truncate')
      ftruncateSync(this.opened(), length)
    })
    this.length = length
  }

  /** Bytes of the blocks that hold the first rows. */
  private lengthOf(rows: number): number {
    let [at, seen] = [0, 0]
    while (seen < rows) {
      const head = new ByteReader(this.read(at, 8))
      at += 4 + head.u32()
      seen += head.u32()
    }
    if (seen !== rows || at > this.length) throw this.corrupt(`${rows} rows in whole blocks`, `${seen} in ${this.length} bytes`)
    return at
  }

  /** The blocks from the beginning, one in memory at a time. */
  *blocks(): Generator<SpoolBlock> {
    this.flush()
    for (let at = 0; at < this.length; ) {
      const size = new ByteReader(this.read(at, 4)).u32()
      yield this.decoded(this.read(at + 4, size))
      at += 4 + size
    }
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file)
    this.file = undefined
  }

  remove(): void {
    this.close()
    rmSync(this.path, { force: true })
  }

  /** Writes at a fixed offset, so that a failed write can be repeated. */
  flush(): void {
    const bytes = this.buffer.written()
    if (bytes.length === 0) return
    withRetry(this.path, 'spooling to', bytes.length, () => {
      fault('storage.spool')
      for (let at = 0; at < bytes.length; ) at += writeSync(this.opened(), bytes, at, bytes.length - at, this.length + at)
    })
    this.length += bytes.length
    this.buffer.clear()
  }

  /** The first use of a spool begins an empty file, unless that use is to cut an existing one back. */
  private opened(): number {
    this.file ??= withRetry(this.path, 'opening', 0, () => {
      fault('storage.open')
      return openSync(this.path, this.begun ? 'r+' : 'w+')
    })
    this.begun = true
    return this.file
  }

  private read(at: number, size: number): Uint8Array {
    if (at + size > this.length) throw this.corrupt(`${size} bytes at ${at}`, this.length)
    const bytes = new Uint8Array(size)
    const got = withRetry(this.path, 'reading', 0, () => {
      fault('storage.read')
      return readSync(this.opened(), bytes, 0, size, at)
    })
    if (got !== size) throw this.corrupt(`${size} bytes at ${at}`, got)
    return bytes
  }

  private decoded(bytes: Uint8Array): SpoolBlock {
    try {
      return decodeBlock(new ByteReader(bytes))
    } catch (error) {
      throw error instanceof CorruptBytes ? this.corrupt('whole blocks of rows', error.message) : error
    }
  }

  private corrupt(expected: string, got: unknown): CorruptFile {
    return new CorruptFile(this.path, {
      what: `reading spooled rows ${this.path}`,
      expected,
      got,
      next: 'Run again from the start.',
    })
  }
}

/** The whole blocks of a spool that another process may be writing: what is not whole yet is left out. A block is in memory at a time. */
export function* readSpool(path: string): Generator<SpoolBlock> {
  const file = openSync(path, 'r')
  try {
    for (let at = 0; ; ) {
      const size = readExactly(file, at, 4)
      const bytes = size && readExactly(file, at + 4, new ByteReader(size).u32())
      if (bytes === undefined) return
      yield decodeBlock(new ByteReader(bytes))
      at += 4 + bytes.length
    }
  } finally {
    closeSync(file)
  }
}

/** Undefined where the file ends before. */
function readExactly(file: number, at: number, size: number): Uint8Array | undefined {
  if (at + size > fstatSync(file).size) return undefined
  const bytes = new Uint8Array(size)
  return readSync(file, bytes, 0, size, at) === size ? bytes : undefined
}

function encodeBlock(out: ByteWriter, table: Table): void {
  out.u32(table.length)
  out.u32(table.columns.size)
  for (const column of table.columns.values()) encodeColumn(out, column)
}

function encodeColumn(out: ByteWriter, column: Column): void {
  const numbers = column.asNumbers()
  const words = numbers === undefined ? wordsOf(column) : undefined
  out.u8(numbers !== undefined ? Kind.numbers : words !== undefined ? Kind.words : Kind.cells)
  if (numbers !== undefined) return out.raw(bytesOf(numbers))
  if (words !== undefined) return encodeWords(out, words)
  for (let i = 0; i < column.length; i++) encodeCell(out, column.at(i))
}

/** A null among the rows of a column of words. */
const nullWord = 65_535

/** A column of few distinct texts and nulls, as those texts and a number a row. */
interface Words {
  readonly texts: readonly string[]
  readonly rows: Uint16Array
}

/** Undefined where a cell holds neither text nor null, or where the texts repeat too rarely for a dictionary to save space. */
function wordsOf(column: Column): Words | undefined {
  const places = new Map<string, number>()
  const cells = column.toArray()
  const rows = new Uint16Array(column.length)
  const most = Math.min(column.length / 4 + 16, nullWord)
  let before: Cell = null
  let beforePlace: number = nullWord
  for (let i = 0; i < column.length; i++) {
    const cell = cells[i] as Cell
    if (cell === null) {
      rows[i] = nullWord
      continue
    }
    if (cell === before) {
      rows[i] = beforePlace
      continue
    }
    if (typeof cell !== 'string') return undefined
    let place = places.get(cell)
    if (place === undefined) {
      place = places.size
      // Ids never repeat: a few rows say so.
      if (place >= most || (place === 64 && i < 80)) return undefined
      places.set(cell, place)
    }
    rows[i] = place
    before = cell
    beforePlace = place
  }
  return { texts: [...places.keys()], rows }
}

function encodeWords(out: ByteWriter, { texts, rows }: Words): void {
  out.u32(texts.length)
  for (const text of texts) out.text(text)
  out.raw(bytesOf(rows))
}

function decodeWords(from: ByteReader, rows: number): Cell[] {
  const texts = Array.from({ length: from.u32() }, () => from.text())
  const places = new Uint16Array(from.raw(rows * 2).buffer)
  const cells = new Array<Cell>(rows)
  for (let i = 0; i < rows; i++) {
    const place = places[i] as number
    const text = place === nullWord ? null : texts[place]
    if (text === undefined) throw new CorruptBytes(`Text ${places[i]} of ${texts.length}.`)
    cells[i] = text
  }
  return cells
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function encodeCell(out: ByteWriter, cell: Cell): void {
  if (typeof cell === 'number') {
    out.u8(Tag.number)
    out.f64(cell)
  } else if (typeof cell === 'string') {
    out.u8(Tag.text)
    out.text(cell)
  } else out.u8(cell === null ? Tag.null : cell ? Tag.true : Tag.false)
}

function decodeBlock(from: ByteReader): SpoolBlock {
  const rows = from.u32()
  const columns: (Float64Array | Cell[])[] = []
  for (let left = from.u32(); left > 0; left--) columns.push(decodeColumn(from, rows))
  return { rows, columns }
}

function decodeColumn(from: ByteReader, rows: number): Float64Array | Cell[] {
  const kind = from.u8()
  if (kind === Kind.numbers) return new Float64Array(from.raw(rows * 8).buffer)
  if (kind === Kind.words) return decodeWords(from, rows)
  if (kind !== Kind.cells) throw new CorruptBytes(`Unknown kind of column ${kind}.`)
  return Array.from({ length: rows }, () => decodeCell(from))
}

function decodeCell(from: ByteReader): Cell {
  const tag = from.u8()
  if (tag === Tag.number) return from.f64()
  if (tag === Tag.text) return from.text()
  if (tag === Tag.null) return null
  if (tag === Tag.false || tag === Tag.true) return tag === Tag.true
  throw new CorruptBytes(`Unknown cell kind ${tag}.`)
}
