/**
 * A chain over a table's rows: a SHA-256 a step, over the link before and that step's rows. Whoever holds its head finds any row that was
 * changed, left out, added or moved. A file read again gives the same bytes: a number is a double, and one that is not known is null.
 */

import { createHash } from 'node:crypto'
import { ByteWriter, type Cell, type Table, toHex } from '../core/index.js'
import { type Cells, writeCells } from './chain-bytes.js'
import { ChainMarks, type ChainMarksState } from './chain-marks.js'

/** The rows of a chain so far, and the link over them as hex: what a manifest keeps. */
export interface ChainHead {
  readonly rows: number
  readonly head: string
}

/** `open`: by column, the cells of the step whose rows may not all be there yet. */
export interface RowChainState extends ChainHead {
  readonly step: number
  readonly link: string
  readonly open: readonly (readonly Cell[])[]
  readonly marks: ChainMarksState
}

/** Called with each step that is whole: its number, the rows up to it, and the link over them. */
export type OnStep = (step: number, rows: number, link: Uint8Array) => void

export class RowChain {
  rows = 0
  marks = new ChainMarks()
  private step = -1
  private link: Uint8Array
  private open: Cell[][]

  /** The columns' names are in the first link: their order is part of the record. */
  constructor(
    name: string,
    columns: readonly string[],
    private readonly onStep?: OnStep,
  ) {
    this.open = columns.map(() => [])
    this.link = linkOver(new Uint8Array(32), [[name, ...columns]], 0, columns.length + 1)
  }

  /** Adds a table's rows; those of one step come one after the other. */
  add(table: Table): void {
    const steps = table.columns.get('step')
    const columns = [...table.columns.values()].map(column => column.asNumbers() ?? column.toArray())
    this.addColumns(columns, steps?.asNumbers() ?? [], table.length)
  }

  /** Adds rows that are there by column, in the table's order. The last step is left open: more rows of it may follow. */
  addColumns(columns: readonly Cells[], steps: ArrayLike<Cell>, rows: number): void {
    for (let from = 0, to = 0; from < rows; from = to) {
      const step = steps[from] as number
      while (to < rows && steps[to] === step) to++
      this.begin(step, to - from)
      if (to < rows && this.openRows === 0) this.seal(columns, from, to)
      else this.hold(columns, from, to)
    }
  }

  /** Adds one row. */
  addRow(step: number, cells: readonly Cell[]): void {
    this.begin(step, 1)
    for (let i = 0; i < this.open.length; i++) this.open[i]?.push(cells[i] ?? null)
  }

  /** The link over all rows so far; the chain itself does not move. */
  value(): Uint8Array {
    return this.openRows === 0 ? this.link : linkOver(this.link, this.open, 0, this.openRows)
  }

  hex(): string {
    return toHex(this.value())
  }

  head(): ChainHead {
    return { rows: this.rows, head: this.hex() }
  }

  /** Closes the last step. Rows of another may follow. */
  end(): void {
    if (this.openRows === 0) return
    this.seal(this.open, 0, this.openRows)
    for (const cells of this.open) cells.length = 0
  }

  save(): RowChainState {
    const { step, link, open, marks } = this
    return { ...this.head(), step, link: toHex(link), open: open.map(cells => [...cells]), marks: marks.save() }
  }

  static restored(name: string, { rows, step, link, open, marks }: RowChainState): RowChain {
    const chain = new RowChain(name, [])
    chain.rows = rows
    chain.step = step
    chain.link = new Uint8Array(Buffer.from(link, 'hex'))
    chain.open = open.map(cells => [...cells])
    chain.marks = ChainMarks.restored(marks)
    return chain
  }

  private get openRows(): number {
    return this.open[0]?.length ?? 0
  }

  private begin(step: number, rows: number): void {
    if (step !== this.step) this.end()
    this.step = step
    this.rows += rows
  }

  private hold(columns: readonly Cells[], from: number, to: number): void {
    for (let k = 0; k < columns.length; k++) {
      for (let i = from; i < to; i++) this.open[k]?.push(columns[k]?.[i] as Cell)
    }
  }

  private seal(columns: readonly Cells[], from: number, to: number): void {
    this.link = linkOver(this.link, columns, from, to)
    this.marks.add(this.step, this.rows, this.link)
    this.onStep?.(this.step, this.rows, this.link)
  }
}

const bytes = new ByteWriter()

/** SHA-256 of the link before, the number of rows, and the cells of each column. */
function linkOver(before: Uint8Array, columns: readonly Cells[], from: number, to: number): Uint8Array {
  bytes.clear()
  bytes.raw(before)
  bytes.u32(to - from)
  for (const cells of columns) writeCells(bytes, cells, from, to)
  return new Uint8Array(createHash('sha256').update(bytes.written()).digest())
}
