/**
 * A SHA-256 per table over canonical values, never over file bytes: the same whatever the batches, and resumable from
 * a checkpoint. Each column is a chain over fixed chunks of its encoded cells; `run_id` is left out.
 */

import { createHash } from 'node:crypto'
import { BrokenInvariant, ByteWriter, type Cell, type Column, type Table, toHex } from '../core/index.js'

const chunkBytes = 1_024

/** What is saved of one column: its chain and the bytes that do not fill a chunk yet, as hex. */
export interface ColumnHashState {
  readonly link: string
  readonly rest: string
}

export interface TableHashState {
  readonly rows: number
  readonly columns: Readonly<Record<string, ColumnHashState>>
}

/** Cells as bytes: a tag, then f64 little-endian (−0 as 0, one NaN) or UTF-8 with its length. */
class ColumnHash {
  private link: Uint8Array = new Uint8Array(32)
  private readonly rest = new ByteWriter()

  add(column: Column, rows: number): void {
    const numbers = column.asNumbers()
    for (let i = 0; i < rows; i++) {
      encode(this.rest, numbers === undefined ? column.at(i) : (numbers[i] as number))
      if (this.rest.length >= chunkBytes) this.fold()
    }
  }

  value(): Uint8Array {
    return createHash('sha256').update(this.link).update(this.rest.written()).digest()
  }

  save(): ColumnHashState {
    return { link: toHex(this.link), rest: toHex(this.rest.written()) }
  }

  restore(state: ColumnHashState): void {
    this.link = Uint8Array.from(Buffer.from(state.link, 'hex'))
    this.rest.clear()
    this.rest.raw(Buffer.from(state.rest, 'hex'))
  }

  /** Cells never straddle a fold, so where a batch ended does not show. */
  private fold(): void {
    this.link = this.value()
    this.rest.clear()
  }
}

function encode(out: ByteWriter, cell: Cell): void {
  if (typeof cell === 'number') {
    out.u8(1)
    out.f64(cell)
  } else if (typeof cell === 'string') {
    out.u8(2)
    out.text(cell)
  } else out.u8(cell === null ? 0 : cell ? 4 : 3)
}

export class TableHash {
  private readonly columns = new Map<string, ColumnHash>()
  private rows = 0
  constructor(readonly name: string) {}

  add(table: Table): void {
    if (this.rows === 0) for (const name of table.columns.keys()) this.columnFor(name)
    const rows = table.length
    for (const [name, column] of table.columns) {
      if (column.length !== rows)
        throw new BrokenInvariant(`table ${this.name}: column ${name} has ${column.length} rows, others ${rows}`)
      if (name !== 'run_id') this.known(name).add(column, rows)
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
    const hash = new TableHash(name)
    hash.rows = state.rows
    for (const [column, saved] of Object.entries(state.columns)) hash.columnFor(column).restore(saved)
    return hash
  }

  private columnFor(name: string): ColumnHash {
    const column = new ColumnHash()
    if (name !== 'run_id') this.columns.set(name, column)
    return column
  }

  private known(name: string): ColumnHash {
    const column = this.columns.get(name)
    if (column === undefined) throw new BrokenInvariant(`table ${this.name}: column ${name} was not there in the first rows`)
    return column
  }
}
