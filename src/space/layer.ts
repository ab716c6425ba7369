/** A property layer: one number a cell of a grid (grass, sugar, smoke), with a second buffer for synchronous change. */

import { OperatorError, type Rng, registerSaveable, type Saveable } from '../core/index.js'
import type { Neighborhood } from './neighborhood.js'
import type { CellNumber } from './place-number.js'

/** The typed array that holds the values of a layer. */
export type LayerArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array

/** What a layer is made with. */
export interface LayerOptions<T extends LayerArray> {
  /** How values are kept; default `Float64Array`. */
  type?: new (
    length: number,
  ) => T
  /** The value of each cell at first; default 0. */
  initial?: number | ((cell: CellNumber, x: number, y: number) => number)
}

/** What a layer needs of its grid. */
export interface LayerGrid {
  readonly size: number
  xOf(cell: CellNumber): number
  yOf(cell: CellNumber): number
  /** Its measures, for messages. */
  extent(): string
  /** The cells within `radius` of a cell, without it. */
  cellsAround(cell: CellNumber, radius?: number): CellNumber[]
  /** Whether no agent can enter the cell. */
  isBlocked(cell: CellNumber): boolean
  /** @internal */
  known(cell: CellNumber): number
  /** @internal */
  within(radius: number): Neighborhood
}

/**
 * `data` holds the values, by cell; `next` those being made. `swap()` makes the second the first, so keep neither array
 * across a swap (`map`, `diffuse` swap too).
 */
export class Layer<T extends LayerArray = Float64Array> implements Saveable {
  static readonly savedAs = 'Layer'
  data: T
  next: T

  constructor(
    readonly grid: LayerGrid,
    { type, initial = 0 }: LayerOptions<T> = {},
  ) {
    const Type = type ?? (Float64Array as unknown as new (length: number) => T)
    this.data = new Type(grid.size)
    this.next = new Type(grid.size)
    if (typeof initial !== 'function') this.fill(initial)
    else for (let cell = 0; cell < grid.size; cell++) this.set(cell, initial(cell, grid.xOf(cell), grid.yOf(cell)))
  }

  /** The value of a cell. */
  get(cell: CellNumber): number {
    const value = this.data[cell]
    if (value === undefined) throw this.nowhere(cell)
    return value
  }

  /** Gives a cell a value. Throws for NaN, and for a number that the layer's type cannot hold (2.5, or 40,000 in an `Int16Array`). */
  set(cell: CellNumber, value: number): void {
    const { data } = this
    const old = data[cell]
    if (old === undefined) throw this.nowhere(cell)
    data[cell] = value
    // A number read back unchanged is one the type holds.
    if (data[cell] === value || fits(data, value)) return
    data[cell] = old
    throw this.unfit(cell, value)
  }

  /** Adds to a cell's value. */
  add(cell: CellNumber, amount: number): void {
    this.set(cell, this.get(cell) + amount)
  }

  /** Gives every cell the same value. Throws as `set` does. */
  fill(value: number): void {
    this.set(0, value)
    this.data.fill(value)
  }

  /** Makes `next` the values; what were the values becomes the buffer. */
  swap(): void {
    const old = this.data
    this.data = this.next
    this.next = old
  }

  /** Every value at once from the old ones: `f` may read any cell of this layer and sees no new value. Throws as `set` does, and changes nothing then. */
  map(f: (value: number, cell: CellNumber) => number): void {
    const { data, next } = this
    for (let cell = 0; cell < data.length; cell++) {
      const value = f(data[cell] as number, cell)
      next[cell] = value
      if (next[cell] !== value && !fits(next, value)) throw this.unfit(cell, value)
    }
    this.swap()
  }

  /**
   * Every cell gives away `share` (0 … 1) of its value, in equal parts to as many neighbours as an inner cell has; at an edge
   * the parts without a taker stay. The total is kept, up to rounding (NetLogo's `diffuse`). Needs a layer of floats.
   */
  diffuse(share: number): void {
    this.assertShare('diffuse', share)
    const { data, next } = this
    const neighborhood = this.grid.within(1)
    const parts = neighborhood.usual.length
    if (parts === 0) return
    const part = share / parts
    const { list } = neighborhood
    for (let cell = 0; cell < data.length; cell++) {
      const own = data[cell] as number
      const start = neighborhood.locate(cell)
      let sum = 0
      let takers = parts
      if (start < 0) {
        const offsets = neighborhood.offsetsAt(start)
        for (let i = 0; i < offsets.length; i++) sum += data[cell + (offsets[i] as number)] as number
      } else {
        takers = list[start] as number
        for (let i = start + 1; i <= start + takers; i++) sum += data[list[i] as number] as number
      }
      next[cell] = own + part * (sum - takers * own)
    }
    this.swap()
  }

  /** Every cell loses `share` (0 … 1) of its value. Needs a layer of floats. */
  evaporate(share: number): void {
    this.assertShare('evaporate', share)
    const { data } = this
    const kept = 1 - share
    for (let cell = 0; cell < data.length; cell++) data[cell] = (data[cell] as number) * kept
  }

  /** The sum over the cells within `radius` of a cell, without it: how many neighbours of 0 and 1 live. */
  sumAround(cell: CellNumber, radius = 1): number {
    const { data } = this
    const neighborhood = this.grid.within(radius)
    const start = neighborhood.locate(this.grid.known(cell))
    let sum = 0
    if (start < 0) {
      const offsets = neighborhood.offsetsAt(start)
      for (let i = 0; i < offsets.length; i++) sum += data[cell + (offsets[i] as number)] as number
      return sum
    }
    const { list } = neighborhood
    const end = start + (list[start] as number)
    for (let i = start + 1; i <= end; i++) sum += data[list[i] as number] as number
    return sum
  }

  /** How many cells within `radius` of a cell, without it, hold exactly `value`. */
  countAround(cell: CellNumber, value: number, radius = 1): number {
    const { data } = this
    if (Number.isNaN(value)) throw this.unfit(cell, value)
    const neighborhood = this.grid.within(radius)
    const start = neighborhood.locate(this.grid.known(cell))
    let count = 0
    if (start < 0) {
      const offsets = neighborhood.offsetsAt(start)
      for (let i = 0; i < offsets.length; i++) count += Number(data[cell + (offsets[i] as number)] === value)
      return count
    }
    const { list } = neighborhood
    const end = start + (list[start] as number)
    for (let i = start + 1; i <= end; i++) count += Number(data[list[i] as number] === value)
    return count
  }

  /** The sum over all cells. */
  sum(): number {
    const { data } = this
    let sum = 0
    for (let cell = 0; cell < data.length; cell++) sum += data[cell] as number
    return sum
  }

  /** The cell with the greatest value, of several the first. */
  argmax(): CellNumber {
    return this.extremeCell(1)
  }

  /** The cell with the least value, of several the first. */
  argmin(): CellNumber {
    return this.extremeCell(-1)
  }

  /** The greatest value. */
  max(): number {
    return this.get(this.argmax())
  }

  /** The least value. */
  min(): number {
    return this.get(this.argmin())
  }

  /** The cells whose value meets a condition, ascending. */
  select(where: (value: number, cell: CellNumber) => boolean): CellNumber[] {
    const cells: CellNumber[] = []
    this.data.forEach((value, cell) => {
      if (where(value, cell)) cells.push(cell)
    })
    return cells
  }

  /**
   * The cell with the greatest value among a cell and those within `radius` of it that have no obstacle: where an agent that climbs goes
   * next. The cell itself where none is greater; of several the first, or with a stream one of them at random.
   */
  uphill(cell: CellNumber, radius = 1, rng?: Rng): CellNumber {
    return this.slope(cell, radius, 1, rng)
  }

  /** As `uphill`, to the least value. */
  downhill(cell: CellNumber, radius = 1, rng?: Rng): CellNumber {
    return this.slope(cell, radius, -1, rng)
  }

  private slope(from: CellNumber, radius: number, sign: 1 | -1, rng: Rng | undefined): CellNumber {
    let most = sign * this.get(from)
    let best: CellNumber[] = []
    for (const cell of this.grid.cellsAround(from, radius)) {
      const value = sign * this.get(cell)
      if (value < most || this.grid.isBlocked(cell) || (value === most && best.length === 0)) continue
      if (value > most) best = []
      most = value
      best.push(cell)
    }
    if (best.length === 0) return from
    return (rng === undefined || best.length === 1 ? best[0] : best[rng.int(best.length)]) as CellNumber
  }

  private extremeCell(sign: 1 | -1): CellNumber {
    const { data } = this
    let best = 0
    for (let cell = 1; cell < data.length; cell++) if (sign * (data[cell] as number) > sign * (data[best] as number)) best = cell
    return best
  }

  saveState(): unknown {
    const { grid, data, next } = this
    return { grid, data, next }
  }

  loadState(state: unknown): void {
    Object.assign(this, state)
  }

  private assertShare(verb: string, share: number): void {
    const { data } = this
    if (!isFloat(data)) {
      throw new OperatorError({
        what: `The layer to ${verb}`,
        expected: 'one of Float64Array or Float32Array',
        got: data,
        next: 'Make it with `type: Float64Array`, or round for yourself with map().',
      })
    }
    if (share >= 0 && share <= 1) return
    throw new OperatorError({
      what: `The share a layer is to ${verb}`,
      expected: 'a number from 0 to 1',
      got: share,
      next: '0.1 is a tenth.',
    })
  }

  private nowhere(cell: CellNumber): OperatorError {
    return new OperatorError({
      what: `The layer has no cell ${cell}: ${this.grid.extent()}`,
      next: 'Ask the grid for one: grid.cell(x, y).',
    })
  }

  private unfit(cell: CellNumber, value: number): OperatorError {
    const { grid, data } = this
    return new OperatorError({
      what: `The value of cell (${grid.xOf(cell)},${grid.yOf(cell)}) of a layer`,
      expected: isFloat(data) ? 'a number' : `a whole number in the range of ${data.constructor.name}`,
      got: value,
      next: isFloat(data) ? 'Look at what it was computed from.' : 'Round it, or make the layer with `type: Float64Array`.',
    })
  }
}

/** Whether the array's type holds a number that it did not give back unchanged: floats of 32 bits round, which is what they are for. */
function fits(data: LayerArray, value: number): boolean {
  return data instanceof Float32Array && typeof value === 'number' && !Number.isNaN(value)
}

function isFloat(data: LayerArray): boolean {
  return data instanceof Float64Array || data instanceof Float32Array
}

registerSaveable(Layer)
