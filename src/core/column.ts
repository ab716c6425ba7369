/** Typed growable columns: what collectors write and sinks read. Values are copied in, never referenced. */

import { OperatorError } from './errors.js'

/** What one cell of a table may hold. */
export type Cell = number | string | boolean | null

/** Doubles of one chunk, at most. */
const chunkLength = 65_536

/** How a column is kept: doubles in chunks, so that growth copies nothing, or whatever else cells may be. */
export class Column {
  /** Where doubles are written; undefined once a cell was none. */
  private open: Float64Array | undefined = new Float64Array(64)
  /** How many of the open chunk's places are taken. */
  private taken = 0
  /** Earlier chunks, cut to what they hold. */
  private closed: Float64Array[] = []
  private cells: Cell[] = []
  length = 0

  /** Copies a cell in; throws on what could only be referred to. */
  push(value: Cell): void {
    if (typeof value === 'number' && this.open !== undefined) {
      const open = this.room(this.open, 1)
      open[this.taken++] = value
      this.length++
      return
    }
    this.toCells()
    this.cells[this.length++] = checked(value)
  }

  /** The same number so many times. */
  repeat(value: number, times: number): void {
    if (this.open === undefined) {
      for (let i = 0; i < times; i++) this.push(value)
      return
    }
    const open = this.room(this.open, times)
    open.fill(value, this.taken, this.taken + times)
    this.taken += times
    this.length += times
  }

  /** A block of numbers. */
  pushAll(values: Float64Array): void {
    if (this.open === undefined) {
      for (const value of values) this.push(value)
      return
    }
    const open = this.room(this.open, values.length)
    open.set(values, this.taken)
    this.taken += values.length
    this.length += values.length
  }

  /** One cell of each item; `f` must only look. */
  pushEach<T>(items: readonly T[], f: (item: T) => Cell): void {
    for (let i = this.pushNumbers(items, f); i < items.length; i++) this.push(f(items[i] as T))
  }

  /** Writes numbers straight into the chunk, up to the first cell that is none; gives how many. */
  private pushNumbers<T>(items: readonly T[], f: (item: T) => Cell): number {
    if (this.open === undefined) return 0
    const n = items.length
    const open = this.room(this.open, n)
    const from = this.taken
    let i = 0
    for (; i < n; i++) {
      const value = f(items[i] as T)
      if (typeof value !== 'number') break
      open[from + i] = value
    }
    this.taken = from + i
    this.length += i
    return i
  }

  at(index: number): Cell {
    if (index < 0 || index >= this.length) return null
    return this.whole()?.[index] ?? this.cells[index] ?? null
  }

  /** The doubles of a numeric column as one array (a view, valid until the next push), else undefined. */
  asNumbers(): Float64Array | undefined {
    return this.whole()?.subarray(0, this.length)
  }

  toArray(): Cell[] {
    const numbers = this.asNumbers()
    return numbers === undefined ? this.cells.slice(0, this.length) : Array.from(numbers)
  }

  /** Forgets the values and keeps the room. */
  clear(): void {
    this.length = 0
    this.taken = 0
    this.closed.length = 0
    this.cells.length = 0
  }

  /** The chunk to write into, with room for so many. */
  private room(open: Float64Array, more: number): Float64Array {
    return this.taken + more <= open.length ? open : this.nextChunk(open, more)
  }

  private nextChunk(open: Float64Array, more: number): Float64Array {
    if (this.taken > 0) this.closed.push(open.subarray(0, this.taken))
    this.open = new Float64Array(Math.max(more, Math.min(2 * open.length, chunkLength)))
    this.taken = 0
    return this.open
  }

  /** The one chunk that holds all, made so where there are more. */
  private whole(): Float64Array | undefined {
    if (this.open !== undefined && this.closed.length > 0) this.join(this.open)
    return this.open
  }

  private join(open: Float64Array): void {
    const all = new Float64Array(this.length)
    let end = 0
    for (const chunk of [...this.closed, open.subarray(0, this.taken)]) {
      all.set(chunk, end)
      end += chunk.length
    }
    this.open = all
    this.taken = end
    this.closed = []
  }

  private toCells(): void {
    if (this.open === undefined) return
    this.cells = this.toArray()
    this.open = undefined
    this.closed = []
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
