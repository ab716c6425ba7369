/**
 * The bytes of a step's cells in a column, for a chain. They depend on what the cells hold and not on how a table holds them, so that
 * a file read again gives the same: a number is a double, −0 is 0, and a number that is not known is null.
 */

import type { ByteWriter, Cell } from '../core/index.js'

export type Cells = Float64Array | readonly Cell[]

/** What all cells are; `mixed`: each says it of itself. */
const Kind = { nulls: 0, numbers: 1, texts: 2, repeatedTexts: 3, mixed: 4 } as const
const Tag = { null: 0, number: 1, text: 2, false: 3, true: 4 } as const

/** In place of the length of a text that is the one before. */
const sameText = 0xffff_ffff

/** Writes the cells from one row up to another, as the first kind that they all are. */
export function writeCells(out: ByteWriter, cells: Cells, from: number, to: number): void {
  const first = cells[from] as Cell
  if (isNull(first)) {
    if (areNull(cells, from, to)) return out.u8(Kind.nulls)
  } else {
    const start = out.length
    if (cells instanceof Float64Array ? writeDoubles(out, cells, from, to) : writeAlike(out, cells, from, to)) return
    out.length = start
  }
  out.u8(Kind.mixed)
  for (let i = from; i < to; i++) writeCell(out, cells[i] as Cell)
}

function isNull(cell: Cell): boolean {
  return cell === null || (typeof cell === 'number' && Number.isNaN(cell))
}

function areNull(cells: Cells, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!isNull(cells[i] as Cell)) return false
  return true
}

/** False where a number is not known; what was written is then to be taken back. */
function writeDoubles(out: ByteWriter, numbers: Float64Array, from: number, to: number): boolean {
  out.u8(Kind.numbers)
  for (let i = from; i < to; i++) {
    const x = numbers[i] as number
    if (Number.isNaN(x)) return false
    out.f64(x)
  }
  return true
}

/** As {@link writeDoubles}, where not all cells are texts or numbers. */
function writeAlike(out: ByteWriter, cells: readonly Cell[], from: number, to: number): boolean {
  if (typeof cells[from] === 'string') return writeTexts(out, cells, from, to)
  for (let i = from; i < to; i++) if (typeof cells[i] !== 'number') return false
  return writeDoubles(out, Float64Array.from(cells.slice(from, to) as number[]), 0, to - from)
}

function writeTexts(out: ByteWriter, cells: readonly Cell[], from: number, to: number): boolean {
  // Where the first two differ, as ids do, the others are not compared.
  const repeats = to - from > 1 && cells[from] === cells[from + 1]
  out.u8(repeats ? Kind.repeatedTexts : Kind.texts)
  for (let i = from; i < to; i++) {
    const cell = cells[i]
    if (typeof cell !== 'string') return false
    if (repeats && i > from && cell === cells[i - 1]) out.u32(sameText)
    else out.text(cell)
  }
  return true
}

function writeCell(out: ByteWriter, cell: Cell): void {
  if (isNull(cell)) out.u8(Tag.null)
  else if (typeof cell === 'number') {
    out.u8(Tag.number)
    out.f64(cell)
  } else if (typeof cell === 'string') {
    out.u8(Tag.text)
    out.text(cell)
  } else out.u8(cell === true ? Tag.true : Tag.false)
}
