/**
 * A chain over a table's rows: a SHA-256 a step, over the link before and that step's rows. Whoever holds its head finds any row that was
 * changed, left out, added or moved. A file read again gives the same bytes: a number is a double, and one that is not known is null.
 */

import { createHash } from 'node:crypto'
import { ByteWriter, type Cell, type Table, toHex } from '../core/index.js'
import { ChainMarks, type ChainMarksState } from './chain-marks.js'

/** The rows of a chain so far, and the link over them as hex: what a manifest keeps. */
export interface ChainHead {
  readonly rows: number
  readonly head: string
}

/** `open` is base64: the bytes of the step whose rows are not all there yet. */
export interface RowChainState extends ChainHead {
  readonly step: number
  readonly link: string
  readonly open: string
  readonly marks: ChainMarksState
}

/** Called with each step that is whole: its number, the rows up to it, and the link over them. */
export type OnStep = (step: number, rows: number, link: Uint8Array) => void

type Cells = Float64Array | readonly Cell[]

export class RowChain {
  rows = 0
  marks = new ChainMarks()
  private step = -1
  private link: Uint8Array
  private readonly open = new ByteWriter()

  /** The columns' names are in the first link: their order is part of the record. */
  constructor(
    name: string,
    columns: readonly string[],
    private readonly onStep?: OnStep,
  ) {
    for (const text of [name, ...columns]) this.open.text(text)
    this.link = sha256Of(this.open)
    this.open.clear()
  }

  /** Adds a table's rows; those of one step come one after the other. */
  add(table: Table): void {
    const columns = [...table.columns.values()].map(column => column.asNumbers() ?? column.toArray())
    const steps = table.columns.get('step')
    this.addColumns(columns, i => Number(steps?.at(i)), table.length)
  }

  /** Adds rows that are there by column, in the table's order. */
  addColumns(columns: readonly Cells[], stepOf: (row: number) => number, rows: number): void {
    for (let i = 0; i < rows; i++) {
      this.begin(stepOf(i))
      for (const cells of columns) {
        if (cells instanceof Float64Array) writeNumber(this.open, cells[i] as number)
        else writeCell(this.open, cells[i] as Cell)
      }
    }
  }

  /** Adds one row. */
  addRow(step: number, cells: readonly Cell[]): void {
    this.begin(step)
    for (const cell of cells) writeCell(this.open, cell)
  }

  /** The link over all rows so far; the chain itself does not move. */
  value(): Uint8Array {
    return this.open.length === 0 ? this.link : sha256Of(this.open, this.link)
  }

  hex(): string {
    return toHex(this.value())
  }

  head(): ChainHead {
    return { rows: this.rows, head: this.hex() }
  }

  /** Closes the last step. Rows of another may follow. */
  end(): void {
    if (this.open.length === 0) return
    this.link = this.value()
    this.open.clear()
    this.marks.add(this.step, this.rows, this.link)
    this.onStep?.(this.step, this.rows, this.link)
  }

  save(): RowChainState {
    const { step, link, open, marks } = this
    const rest = Buffer.from(open.written()).toString('base64')
    return { ...this.head(), step, link: toHex(link), open: rest, marks: marks.save() }
  }

  static restored(name: string, { rows, step, link, open, marks }: RowChainState): RowChain {
    const chain = new RowChain(name, [])
    chain.rows = rows
    chain.step = step
    chain.link = new Uint8Array(Buffer.from(link, 'hex'))
    chain.open.raw(Buffer.from(open, 'base64'))
    chain.marks = ChainMarks.restored(marks)
    return chain
  }

  private begin(step: number): void {
    if (step !== this.step) {
      this.end()
      this.step = step
    }
    this.rows++
  }
}

const Tag = { null: 0, number: 1, text: 2, false: 3, true: 4 } as const

function writeNumber(out: ByteWriter, x: number): void {
  if (Number.isNaN(x)) return out.u8(Tag.null)
  out.u8(Tag.number)
  out.f64(x)
}

function writeCell(out: ByteWriter, cell: Cell): void {
  if (cell === null) out.u8(Tag.null)
  else if (typeof cell === 'string') {
    out.u8(Tag.text)
    out.text(cell)
  } else if (typeof cell === 'number') writeNumber(out, cell)
  else out.u8(cell ? Tag.true : Tag.false)
}

function sha256Of(bytes: ByteWriter, before?: Uint8Array): Uint8Array {
  const hash = createHash('sha256')
  if (before !== undefined) hash.update(before)
  return new Uint8Array(hash.update(bytes.written()).digest())
}
