/** What square and hexagonal grids share: cells numbered row by row (`cell = y · width + x`), wrapping, neighbours. */

import { OperatorError, type Rng } from '../core/index.js'
import { CellSpace, type CellSpaceOptions } from './cell-space.js'
import { type GridPathOptions, GridWays } from './grid-path.js'
import { spaceCounters, spaceLimits } from './limits.js'
import { assertCountOfNearest, nearestFirst } from './nearest.js'
import { assertRadius, type Lattice, Neighborhood } from './neighborhood.js'
import { type Path, PathSearch } from './path-search.js'
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
  /** Where no agent can stand: cells, or what says so of each cell. */
  obstacles?: Iterable<CellNumber> | ((cell: CellNumber, x: number, y: number) => boolean)
}

/** Radii of which `nearest` asks the table before it looks at every agent. */
const tabledRadii = [1, 2, 4]

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
  /** @internal Made by the first search. */
  search: PathSearch | undefined = undefined

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
    this.blockAll(options.obstacles)
  }

  private blockAll(obstacles: GridOptions['obstacles'] = []): void {
    if (typeof obstacles !== 'function') for (const cell of obstacles) this.block(cell)
    else this.eachCell(cell => obstacles(cell, this.xOf(cell), this.yOf(cell)) && this.block(cell))
  }

  /** Puts an obstacle into a cell, which no agent can enter then and no path crosses. Throws where an agent stands. */
  block(cell: CellNumber): void {
    const agent = this.at(cell)
    if (agent !== undefined)
      throw new OperatorError({
        what: `An obstacle cannot stand in ${this.nameOf(cell)}: ${agent.key} stands there`,
        next: 'Move or remove it first.',
      })
    if (this.isBlocked(cell)) return
    this.blocked ??= new Uint8Array(this.size)
    this.blocked[cell] = 1
    this.empties?.delete(cell)
  }

  /** Takes the obstacle out of a cell; nothing where there is none. */
  unblock(cell: CellNumber): void {
    if (!this.isBlocked(cell) || this.blocked === undefined) return
    this.blocked[cell] = 0
    this.empties?.add(cell)
  }

  /** Whether an obstacle stands in a cell. */
  isBlocked(cell: CellNumber): boolean {
    return this.blocked?.[this.known(cell)] === 1
  }

  anyCell(rng?: Rng): CellNumber {
    return this.randomCell(rng)
  }

  abstract stepsWithin(radius: number, rowKind: number): number[]
  /** Steps between two cells, across an edge where that is shorter and edges meet. */
  abstract distance(from: CellNumber, to: CellNumber): number
  /** @internal The least that a way between two cells costs where a straight step costs 1. */
  abstract leastSteps(from: CellNumber, to: CellNumber, diagonal: number): number
  /** @internal Whether the step between two neighbouring cells changes column and row, and so is longer on paper. */
  abstract isDiagonal(from: CellNumber, to: CellNumber): boolean

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

  /** Places the agent in any cell that has room, uniformly, and gives the cell. */
  placeRandomly(agent: A, rng?: Rng): CellNumber {
    if (!this.occupants.many) return this.placeOnEmpty(agent, rng)
    assertPlaceable(agent, this)
    const cell = this.randomCellWithRoom(rng)
    this.place(agent, cell)
    return cell
  }

  /** The others nearest to the agent by `distance`, the nearest first, the older first at equal distance. */
  nearest(agent: A, k = 1, into: A[] = []): A[] {
    const from = this.cellOf(agent)
    assertCountOfNearest(k, this)
    const others = Math.min(k, this.count - 1)
    const found = others > 0 ? this.candidates(agent, others, into) : trimmed(into, 0)
    const distances = Float64Array.from(found, other => this.distance(from, this.cellOf(other)))
    nearestFirst(found, distances, found.length, others)
    return trimmed(found, others)
  }

  /** Others among which the k nearest are: those within the first radius that holds as many, or all. */
  private candidates(agent: A, k: number, into: A[]): A[] {
    for (const radius of tabledRadii) {
      const found = this.neighbors(agent, radius, into)
      if (found.length >= k) return found
    }
    let n = 0
    this.occupants.each(other => {
      if (other !== agent) into[n++] = other
    })
    return trimmed(into, n)
  }

  /**
   * The cheapest way from one cell to another (A*), a step at a time to a neighbouring cell, round obstacles; undefined where there is
   * none. Its `cost` is the number of its steps, unless `cost` or `diagonal` says otherwise.
   */
  path(from: CellNumber, to: CellNumber, options: GridPathOptions = {}): Path<CellNumber> | undefined {
    this.known(from)
    this.search ??= new PathSearch()
    return this.search.find(from, to, this.size, new GridWays(this, this.known(to), options))
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
    for (let i = 0; i < all; i++) if (this.isEmpty(into[i] as number)) into[n++] = into[i] as number
    return trimmed(into, n)
  }

  /** The cells within `radius` of a cell, without it, that a further agent may enter: neither full nor with an obstacle. */
  cellsWithRoomAround(cell: CellNumber, radius = 1, into: CellNumber[] = []): CellNumber[] {
    const all = this.cellsAround(cell, radius, into).length
    let n = 0
    for (let i = 0; i < all; i++) if (this.isOpen(into[i] as number)) into[n++] = into[i] as number
    return trimmed(into, n)
  }

  /** A uniformly chosen cell within `radius` without an obstacle, without the cell itself (which is given back where it has no neighbour). */
  randomCellAround(cell: CellNumber, radius = 1, rng?: Rng): CellNumber {
    return this.chooseAround(this.known(cell), radius, rng)
  }

  private chooseAround(cell: CellNumber, radius: number, rng: Rng | undefined): CellNumber {
    if (this.blocked !== undefined) return this.chooseOpen(cell, radius, rng)
    const neighborhood = this.within(radius)
    const start = neighborhood.locate(cell)
    if (start < 0) {
      const offsets = neighborhood.offsetsAt(start)
      return offsets.length === 0 ? cell : cell + (offsets[this.chance(rng).int(offsets.length)] as number)
    }
    const count = neighborhood.list[start] as number
    return count === 0 ? cell : (neighborhood.list[start + 1 + this.chance(rng).int(count)] as number)
  }

  private chooseOpen(cell: CellNumber, radius: number, rng: Rng | undefined): CellNumber {
    const open = this.cellsAround(cell, radius).filter(other => this.blocked?.[other] !== 1)
    return open.length === 0 ? cell : (open[this.chance(rng).int(open.length)] as CellNumber)
  }

  /** One step of a random walk: to a uniformly chosen cell within `radius` without an obstacle. Gives the cell. */
  walk(agent: A, radius = 1, rng?: Rng): CellNumber {
    const from = this.cellOf(agent)
    const cell = this.chooseAround(from, radius, rng)
    if (cell === from) return cell
    if (this.occupants.capacity !== Number.POSITIVE_INFINITY) this.assertFree(agent, cell, 'move to')
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
      search: undefined,
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
