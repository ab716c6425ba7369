/** Typed growable columns: what collectors write and sinks read. Values are copied in, never referenced. */

import { OperatorError } from './errors.js'

/** What one cell of a table may hold. */
export type Cell = number | string | boolean | null

/** How a column is kept: doubles, or whatever else cells may be. */
export class Column {
  private numbers: Float64Array | undefined = new Float64Array(64)
  private cells: Cell[] | undefined
  length = 0

  /** Copies a cell in; throws on what could only be referred to. */
  push(value: Cell): void {
    if (this.numbers !== undefined) {
      if (typeof value === 'number') {
        if (this.length === this.numbers.length) this.grow(this.length + 1)
        this.numbers[this.length++] = value
        return
      }
      this.toCells()
    }
    ;(this.cells as Cell[])[this.length++] = checked(value)
  }

  /** The same number so many times. */
  repeat(value: number, times: number): void {
    const numbers = this.reserve(times)
    if (numbers === undefined) for (let i = 0; i < times; i++) this.push(value)
    else numbers.fill(value, this.length, (this.length += times))
  }

  at(index: number): Cell {
    if (index < 0 || index >= this.length) return null
    return (this.numbers !== undefined ? this.numbers[index] : this.cells?.[index]) ?? null
  }

  /** The doubles of a numeric column (a view, valid until the next push), else undefined. */
  asNumbers(): Float64Array | undefined {
    return this.numbers?.subarray(0, this.length)
  }

  toArray(): Cell[] {
    return this.numbers !== undefined
      ? Array.from(this.numbers.subarray(0, this.length))
      : (this.cells ?? []).slice(0, this.length)
  }

  /** Forgets the values and keeps the room. */
  clear(): void {
    this.length = 0
    if (this.cells !== undefined) this.cells.length = 0
  }

  /** Makes room for `more` numbers without further growth, and gives the raw array to write into. */
  reserve(more: number): Float64Array | undefined {
    if (this.numbers === undefined) return undefined
    if (this.length + more > this.numbers.length) this.grow(this.length + more)
    return this.numbers
  }

  private grow(needed: number): void {
    const wider = new Float64Array(Math.max(needed, (this.numbers?.length ?? 32) * 2))
    if (this.numbers !== undefined) wider.set(this.numbers)
    this.numbers = wider
  }

  private toCells(): void {
    this.cells = Array.from((this.numbers as Float64Array).subarray(0, this.length))
    this.numbers = undefined
  }
}

function checked(value: Cell | undefined): Cell {
  if (value === undefined) return null
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value
  throw new OperatorError({ what: 'a cell of a table', expected: 'a number, text, boolean or null', got: value })
}

/** Named columns of equal length. */
export class Table {
  readonly columns = new Map<string, Column>()
  constructor(
    readonly name: string,
    columnNames: readonly string[],
  ) {
    for (const c of columnNames) this.columns.set(c, new Column())
  }

  get length(): number {
    for (const c of this.columns.values()) return c.length
    return 0
  }

  column(name: string): Cell[] {
    return this.columns.get(name)?.toArray() ?? []
  }

  toRows(): Record<string, Cell>[] {
    const rows: Record<string, Cell>[] = []
    for (let i = 0; i < this.length; i++) {
      const row: Record<string, Cell> = {}
      for (const [name, c] of this.columns) row[name] = c.at(i)
      rows.push(row)
    }
    return rows
  }

  clear(): void {
    for (const c of this.columns.values()) c.clear()
  }
}
