/**
 * A SHA-256 per table over canonical values, not over file bytes. It does not depend on the batches, and resumes from
 * a checkpoint. Each column is a chain over fixed chunks of its encoded cells.
 */

import { createHash } from 'node:crypto'
import { BrokenInvariant, ByteWriter, type Cell, type Column, type Table, toHex } from '../core/index.js'

const chunkCells = 256

const Tag = { null: 0, number: 1, text: 2, false: 3, true: 4 } as const

/** What is saved of one column: its chain as hex, and the cells that do not fill a chunk yet as base64. */
export interface ColumnHashState {
  readonly link: string
  readonly cells: number
  readonly rest: string
}

export interface TableHashState {
  readonly rows: number
  readonly columns: Readonly<Record<string, ColumnHashState>>
}

/**
 * A chunk is the tags of up to 256 cells, a double for each (−0 as 0, one NaN, 0 where there is no number), then the
 * texts in UTF-8 with their lengths; a chain's link is SHA-256(link ‖ chunk). The hash does not depend on where a batch ended.
 */
class ColumnHash {
  private link: Uint8Array = new Uint8Array(32)
  private cells = 0
  /** Tags, then doubles: a full chunk stands here as it is hashed. */
  private readonly fixed = new Uint8Array(chunkCells * 9)
  private readonly tags = this.fixed.subarray(0, chunkCells)
  private readonly numbers = new Float64Array(this.fixed.buffer, chunkCells)
  private readonly texts = new ByteWriter()

  add(column: Column): void {
    const numbers = column.asNumbers()
    if (numbers !== undefined) return this.addNumbers(numbers)
    for (let i = 0; i < column.length; i++) this.addCell(column.at(i))
  }

  value(): Uint8Array {
    const hash = createHash('sha256').update(this.link)
    for (const part of this.chunk()) hash.update(part)
    return hash.digest()
  }

  save(): ColumnHashState {
    return { link: toHex(this.link), cells: this.cells, rest: Buffer.concat(this.chunk()).toString('base64') }
  }

  restore(state: ColumnHashState): void {
    const rest = new Uint8Array(Buffer.from(state.rest, 'base64'))
    const textsAt = state.cells * 9
    this.link = new Uint8Array(Buffer.from(state.link, 'hex'))
    this.cells = state.cells
    this.tags.set(rest.subarray(0, state.cells))
    this.numbers.set(new Float64Array(rest.slice(state.cells, textsAt).buffer))
    this.texts.clear()
    this.texts.raw(rest.subarray(textsAt))
  }

  private addNumbers(numbers: Float64Array): void {
    for (let i = 0; i < numbers.length; i++) {
      this.tags[this.cells] = Tag.number
      this.numbers[this.cells] = canonical(numbers[i] as number)
      if (++this.cells === chunkCells) this.fold()
    }
  }

  private addCell(cell: Cell): void {
    this.tags[this.cells] = tagOf(cell)
    this.numbers[this.cells] = typeof cell === 'number' ? canonical(cell) : 0
    if (typeof cell === 'string') this.texts.text(cell)
    if (++this.cells === chunkCells) this.fold()
  }

  private fold(): void {
    this.link = this.value()
    this.cells = 0
    this.texts.clear()
  }

  private chunk(): Uint8Array[] {
    const { cells, fixed, texts } = this
    if (cells === chunkCells) return [fixed, texts.written()]
    return [fixed.subarray(0, cells), fixed.subarray(chunkCells, chunkCells + cells * 8), texts.written()]
  }
}

function canonical(x: number): number {
  return x === 0 ? 0 : Number.isNaN(x) ? Number.NaN : x
}

function tagOf(cell: Cell): number {
  if (typeof cell === 'number') return Tag.number
  if (typeof cell === 'string') return Tag.text
  return cell === null ? Tag.null : cell ? Tag.true : Tag.false
}

export class TableHash {
  private readonly columns: ReadonlyMap<string, ColumnHash>
  private rows = 0

  constructor(
    readonly name: string,
    columns: readonly string[],
  ) {
    this.columns = new Map(columns.map(column => [column, new ColumnHash()]))
  }

  add(table: Table): void {
    const rows = table.length
    for (const [name, column] of table.columns) {
      if (column.length !== rows)
        throw new BrokenInvariant(`table ${this.name}: column ${name} has ${column.length} rows, others ${rows}`)
      this.known(name).add(column)
    }
    this.rows += rows
  }

  /** The hash of everything added so far, as hex. */
  hex(): string {
    const hash = createHash('sha256')
    const head = new ByteWriter()
    head.text(this.name)
    head.f64(this.rows)
    for (const [name, column] of this.columns) {
      head.text(name)
      head.raw(column.value())
    }
    return hash.update(head.written()).digest('hex')
  }

  save(): TableHashState {
    return { rows: this.rows, columns: Object.fromEntries([...this.columns].map(([name, c]) => [name, c.save()])) }
  }

  static restored(name: string, state: TableHashState): TableHash {
    const hash = new TableHash(name, Object.keys(state.columns))
    hash.rows = state.rows
    for (const [column, saved] of Object.entries(state.columns)) hash.known(column).restore(saved)
    return hash
  }

  private known(name: string): ColumnHash {
    const column = this.columns.get(name)
    if (column === undefined) throw new BrokenInvariant(`table ${this.name} has no column ${name}`)
    return column
  }
}
