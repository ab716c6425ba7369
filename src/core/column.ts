/** Typed growable columns: what collectors write and sinks read. Values are copied in, never referenced. */

import { OperatorError, unknownName } from './errors.js'
import { type Cell, type ColumnDescription, expectedCell, fits, type Row } from './table-description.js'

/** Doubles of one chunk, at most. */
const chunkLength = 65_536

/** Where a column's cells come from, for an error: the table and the step it is at. */
interface Place {
  readonly name: string
  readonly step: number
}

/** Cells of one declared type: doubles in chunks, so that growth copies nothing. The first cell that is not a number turns them into a list. */
export class Column {
  /** Where doubles are written; undefined for texts and booleans, and once a cell was null. */
  private open: Float64Array | undefined
  /** How many of the open chunk's places are taken. */
  private taken = 0
  /** Earlier chunks, cut to what they hold. */
  private closed: Float64Array[] = []
  private cells: Cell[] = []
  /** Every number fits, NaN included. */
  private readonly anyNumber: boolean
  length = 0

  /** @internal Columns are made by a table. */
  constructor(
    readonly description: ColumnDescription,
    private readonly place: Place,
  ) {
    const { type, nullable } = description
    this.anyNumber = type === 'real' && nullable
    this.open = type === 'text' || type === 'boolean' ? undefined : new Float64Array(64)
  }

  /** Copies a cell in; throws on one of another type. */
  push(value: Cell | undefined): void {
    if (typeof value === 'number' && this.open !== undefined && (this.anyNumber || fits(this.description, value))) {
      const open = this.room(this.open, 1)
      open[this.taken++] = value
      this.length++
      return
    }
    const cell = this.checked(value ?? null)
    this.toCells()
    this.cells[this.length++] = cell
  }

  /** Appends one number `times` times. */
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

  /** One cell of each item; `f` must not change the model. */
  pushEach<T>(items: readonly T[], f: (item: T) => Cell | undefined): void {
    for (let i = this.pushNumbers(items, f); i < items.length; i++) this.push(f(items[i] as T))
  }

  /** Writes numbers straight into the chunk, up to the first cell that is not a number; returns how many. */
  private pushNumbers<T>(items: readonly T[], f: (item: T) => Cell | undefined): number {
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
    if (!this.anyNumber) for (let at = from; at < from + i; at++) this.checked(open[at] as number)
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

  /** Forgets the cells from `length` on. */
  cut(length: number): void {
    if (length >= this.length) return
    if (this.whole() === undefined) this.cells.length = length
    else this.taken = length
    this.length = length
  }

  /** The chunk to write into, with room for `more` cells. */
  private room(open: Float64Array, more: number): Float64Array {
    return this.taken + more <= open.length ? open : this.nextChunk(open, more)
  }

  private nextChunk(open: Float64Array, more: number): Float64Array {
    if (this.taken > 0) this.closed.push(open.subarray(0, this.taken))
    this.open = new Float64Array(Math.max(more, Math.min(2 * open.length, chunkLength)))
    this.taken = 0
    return this.open
  }

  /** One chunk with all the numbers, joined if there are several; undefined if the column does not hold doubles. */
  private whole(): Float64Array | undefined {
    if (this.open !== undefined && this.closed.length > 0) this.join(this.open)
    return this.open
  }

  private join(open: Float64Array): void {
    // With room for more, so that a reader of every row does not copy the column at each.
    const all = new Float64Array(this.length + Math.min(this.length, chunkLength))
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

  private checked(cell: Cell): Cell {
    if (fits(this.description, cell)) return cell
    const { name, type } = this.description
    throw new OperatorError({
      what: `column "${name}" of table "${this.place.name}" at step ${this.place.step}`,
      expected: expectedCell(this.description),
      got: cell,
      next:
        type === 'real' && typeof cell !== 'number' ? "Say what it holds: { type: 'text', read: … }." : 'Correct its reporter.',
    })
  }
}

/** Described columns of equal length; `R` says what a row of them holds, by column. */
export class Table<R extends Row = Row> {
  readonly columns = new Map<string, Column>()
  /** The step its rows are of, for errors. */
  step = 0

  constructor(
    readonly name: string,
    columns: readonly ColumnDescription[],
    /** Whether a sink keeps a chain over its rows, by which any change of them is found. */
    readonly isChained = false,
  ) {
    for (const column of columns) this.columns.set(column.name, new Column(column, this))
  }

  get length(): number {
    for (const c of this.columns.values()) return c.length
    return 0
  }

  column<N extends keyof R & string>(name: N): R[N][] {
    const found = this.columns.get(name)
    if (found === undefined) throw unknownName(`column of table "${this.name}"`, name, this.columns.keys())
    return found.toArray() as R[N][]
  }

  toRows(): R[] {
    const rows: Record<string, Cell>[] = []
    for (let i = 0; i < this.length; i++) {
      const row: Record<string, Cell> = {}
      for (const [name, c] of this.columns) row[name] = c.at(i)
      rows.push(row)
    }
    return rows as R[]
  }

  clear(): void {
    for (const c of this.columns.values()) c.clear()
  }

  /** Forgets a row that was begun and not ended, since one of its cells threw. */
  cutToWholeRows(): void {
    const rows = Math.min(...[...this.columns.values()].map(column => column.length))
    for (const column of this.columns.values()) column.cut(rows)
  }
}
