/** What square and hexagonal grids share: cells numbered row by row (`cell = y · width + x`), wrapping, neighbours. */

import { OperatorError, type Rng } from '../core/index.js'
import { CellSpace, type CellSpaceOptions } from './cell-space.js'
import { spaceCounters, spaceLimits } from './limits.js'
import { assertRadius, type Lattice, Neighborhood } from './neighborhood.js'
import type { CellNumber } from './place-number.js'
import { assertAgent, assertPlaceable, type Placeable } from './placeable.js'
import { trimmed } from './trimmed.js'

/** Whether the edges meet, for both axes or each. */
export type Torus = boolean | { x?: boolean; y?: boolean }

/** Size and edges of a grid. */
export interface GridOptions extends CellSpaceOptions {
  /** Columns. */
  width: number
  /** Rows. */
  height: number
  /** Default false. */
  torus?: Torus
}

/** What square and hexagonal grids share: cells by column and row, coordinates, neighbourhoods. */
export abstract class Grid<A extends Placeable> extends CellSpace<A, CellNumber> implements Lattice {
  readonly noun: string = 'grid'
  readonly width: number
  readonly height: number
  /** Cells: width · height. */
  readonly size: number
  readonly wrapX: boolean
  readonly wrapY: boolean
  abstract readonly rowKinds: number
  /** @internal The tables built so far. */
  neighborhoods: Neighborhood[] = []
  /** @internal The one used last. */
  neighborhood: Neighborhood | undefined = undefined

  constructor(options: GridOptions) {
    const { width, height, torus = false } = options
    assertSize(width, height)
    super(width * height, options)
    this.width = width
    this.height = height
    this.size = width * height
    this.wrapX = typeof torus === 'boolean' ? torus : (torus.x ?? false)
    this.wrapY = typeof torus === 'boolean' ? torus : (torus.y ?? false)
    this.empties?.addAll(this.size)
  }

  abstract stepsWithin(radius: number, rowKind: number): number[]
  /** Steps between two cells, across an edge where that is shorter and edges meet. */
  abstract distance(from: CellNumber, to: CellNumber): number

  has(cell: CellNumber): boolean {
    return cell >= 0 && cell < this.size && Number.isInteger(cell)
  }

  eachCell(f: (cell: CellNumber) => void): void {
    for (let cell = 0; cell < this.size; cell++) f(cell)
  }

  nameOf(cell: CellNumber): string {
    return this.has(cell) ? `(${this.xOf(cell)},${this.yOf(cell)})` : String(cell)
  }

  extent(): string {
    return `the ${this.noun} is ${this.width}×${this.height}`
  }

  advice(): string {
    const last = `(${this.width - 1},${this.height - 1})`
    return `Columns and rows are whole numbers from (0,0) to ${last}; cells are numbered from 0 to ${this.size - 1}, as cell(x, y) gives them.`
  }

  /** The cell at column x, row y (integers), wrapped where edges meet. Throws outside. */
  cell(x: number, y: number): CellNumber {
    const cell = this.find(x, y)
    if (cell < 0) throw this.nowhere(`(${x},${y})`)
    return cell
  }

  /** Column of a cell. */
  xOf(cell: CellNumber): number {
    return this.known(cell) % this.width
  }

  /** Row of a cell. */
  yOf(cell: CellNumber): number {
    return Math.floor(this.known(cell) / this.width)
  }

  /** `place` by column and row. */
  placeAt(agent: A, x: number, y: number): void {
    assertAgent(agent, this)
    const cell = this.find(x, y)
    if (cell < 0) throw this.cannot(agent, 'be placed in', `(${x},${y})`, this.extent())
    this.place(agent, cell)
  }

  /** `move` by column and row. */
  moveTo(agent: A, x: number, y: number): void {
    assertAgent(agent, this)
    const cell = this.find(x, y)
    if (cell < 0) throw this.cannot(agent, 'move to', `(${x},${y})`, this.extent())
    this.move(agent, cell)
  }

  /** Any cell, uniformly. */
  randomCell(rng?: Rng): CellNumber {
    return this.chance(rng).int(this.size)
  }

  /** Places the agent in any cell, uniformly, and gives the cell; with single occupancy, in an empty one. */
  placeRandomly(agent: A, rng?: Rng): CellNumber {
    if (!this.occupants.many) return this.placeOnEmpty(agent, rng)
    assertPlaceable(agent, this)
    const cell = this.randomCell(rng)
    this.place(agent, cell)
    return cell
  }

  /** Everyone else within `radius` of the agent, those in its own cell first. */
  neighbors(agent: A, radius = 1, into: A[] = []): A[] {
    const cell = this.cellOf(agent)
    const { occupants } = this
    const n = occupants.many ? occupants.collect(cell, agent, into, 0) : 0
    if (radius === 0) return trimmed(into, n)
    return trimmed(into, occupants.around(this.within(radius), cell, into, n))
  }

  /** Everyone within `radius` of a cell, those in it first. */
  agentsAround(cell: CellNumber, radius = 1, into: A[] = []): A[] {
    const n = this.occupants.collect(this.known(cell), undefined, into, 0)
    return trimmed(into, this.occupants.around(this.within(radius), cell, into, n))
  }

  /** The cells within `radius` of a cell, without it, by row, then column (seen from the cell). */
  cellsAround(cell: CellNumber, radius = 1, into: CellNumber[] = []): CellNumber[] {
    const neighborhood = this.within(radius)
    const start = neighborhood.locate(this.known(cell))
    if (start < 0) {
      const offsets = neighborhood.offsetsAt(start)
      for (let i = 0; i < offsets.length; i++) into[i] = cell + (offsets[i] as number)
      return trimmed(into, offsets.length)
    }
    const { list } = neighborhood
    const count = list[start] as number
    for (let i = 0; i < count; i++) into[i] = list[start + 1 + i] as number
    return trimmed(into, count)
  }

  /** The empty cells within `radius` of a cell, without it. */
  emptyCellsAround(cell: CellNumber, radius = 1, into: CellNumber[] = []): CellNumber[] {
    const all = this.cellsAround(cell, radius, into).length
    let n = 0
    for (let i = 0; i < all; i++) if (this.occupants.top(into[i] as number) === undefined) into[n++] = into[i] as number
    return trimmed(into, n)
  }

  /** A uniformly chosen cell within `radius`, without the cell itself (which is given back where it has no neighbour). */
  randomCellAround(cell: CellNumber, radius = 1, rng?: Rng): CellNumber {
    return this.chooseAround(this.known(cell), radius, rng)
  }

  private chooseAround(cell: CellNumber, radius: number, rng: Rng | undefined): CellNumber {
    const neighborhood = this.within(radius)
    const start = neighborhood.locate(cell)
    if (start < 0) {
      const offsets = neighborhood.offsetsAt(start)
      return offsets.length === 0 ? cell : cell + (offsets[this.chance(rng).int(offsets.length)] as number)
    }
    const count = neighborhood.list[start] as number
    return count === 0 ? cell : (neighborhood.list[start + 1 + this.chance(rng).int(count)] as number)
  }

  /** One step of a random walk: to a uniformly chosen cell within `radius`. Gives the cell. */
  walk(agent: A, radius = 1, rng?: Rng): CellNumber {
    const from = this.cellOf(agent)
    const cell = this.chooseAround(from, radius, rng)
    if (cell === from) return cell
    if (!this.occupants.many) this.assertFree(agent, cell, 'move to')
    this.shift(agent, from, cell)
    return cell
  }

  /** @internal The table for a radius, built at its first use. */
  within(radius: number): Neighborhood {
    const last = this.neighborhood
    return last !== undefined && last.radius === radius ? last : this.tableFor(radius)
  }

  private tableFor(radius: number): Neighborhood {
    const built = this.neighborhoods.find(h => h.radius === radius) ?? this.build(radius)
    this.neighborhood = built
    return built
  }

  private build(radius: number): Neighborhood {
    assertRadius(radius, this.noun)
    if (this.neighborhoods.length >= spaceLimits.neighborhoods) {
      this.neighborhoods.shift()
      spaceCounters.neighborhoodsDropped++
    }
    const neighborhood = new Neighborhood(this, radius)
    this.neighborhoods.push(neighborhood)
    return neighborhood
  }

  /** @internal −1 where there is no such cell. */
  find(x: number, y: number): CellNumber {
    if (!(Number.isInteger(x) && Number.isInteger(y))) return -1
    const { width, height } = this
    if (this.wrapX && (x < 0 || x >= width)) x = ((x % width) + width) % width
    if (this.wrapY && (y < 0 || y >= height)) y = ((y % height) + height) % height
    return x < 0 || y < 0 || x >= width || y >= height ? -1 : y * width + x
  }

  saveState(): unknown {
    const { width, height, wrapX, wrapY } = this
    return { width, height, wrapX, wrapY, cells: this.saveCells(this.size) }
  }

  loadState(state: unknown): void {
    const { width, height, wrapX, wrapY, cells } = state as Pick<this, 'width' | 'height' | 'wrapX' | 'wrapY'> & {
      cells: unknown
    }
    Object.assign(this, {
      noun: 'grid',
      width,
      height,
      size: width * height,
      wrapX,
      wrapY,
      neighborhoods: [],
      neighborhood: undefined,
    })
    this.loadCells(cells)
  }
}

function assertSize(width: number, height: number): void {
  const whole = Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1
  if (whole && width * height <= spaceLimits.cells) return
  throw new OperatorError({
    what: 'The size of a grid',
    expected: `whole numbers ≥ 1 with at most ${spaceLimits.cells} cells`,
    got: `${width}×${height}`,
    next: 'Give `width` and `height`.',
  })
}
