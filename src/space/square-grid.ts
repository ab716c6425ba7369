/** The square grid: column x to the right, row y downwards, with Moore or von Neumann neighbours of any radius. */

import { registerSaveable, unknownName } from '../core/index.js'
import { Grid, type GridOptions } from './grid.js'
import { assertRadius } from './neighborhood.js'
import type { CellNumber } from './place-number.js'
import type { Placeable } from './placeable.js'

/** `moore`: the square of side 2r + 1 (8 cells at radius 1); `vonNeumann`: the diamond (4 cells at radius 1). */
export type SquareNeighbors = 'moore' | 'vonNeumann'

/** What a square grid is made with. */
export interface SquareGridOptions extends GridOptions {
  /** Default `moore`. */
  neighbors?: SquareNeighbors
}

/** A grid of squares with eight (Moore) or four (von Neumann) neighbours. */
export class SquareGrid<A extends Placeable = Placeable> extends Grid<A> {
  static readonly savedAs = 'SquareGrid'
  readonly rowKinds: number = 1
  readonly shape: SquareNeighbors

  constructor(options: SquareGridOptions) {
    const { neighbors = 'moore' } = options
    if (neighbors !== 'moore' && neighbors !== 'vonNeumann') {
      throw unknownName('kind of neighbors', String(neighbors), ['moore', 'vonNeumann'])
    }
    super(options)
    this.shape = neighbors
  }

  stepsWithin(radius: number): number[] {
    assertRadius(radius, this.noun)
    const steps: number[] = []
    for (let dy = -radius; dy <= radius; dy++) {
      const wide = this.shape === 'moore' ? radius : radius - Math.abs(dy)
      for (let dx = -wide; dx <= wide; dx++) if (dx !== 0 || dy !== 0) steps.push(dx, dy)
    }
    return steps
  }

  /** Chebyshev distance for Moore neighbours, Manhattan for von Neumann. */
  distance(from: CellNumber, to: CellNumber): number {
    const dx = gap(this.xOf(this.known(from)) - this.xOf(this.known(to)), this.width, this.wrapX)
    const dy = gap(this.yOf(from) - this.yOf(to), this.height, this.wrapY)
    return this.shape === 'moore' ? Math.max(dx, dy) : dx + dy
  }

  /** A straight step changes one coordinate by one, a diagonal one both. */
  leastSteps(from: CellNumber, to: CellNumber, diagonal: number): number {
    const { width } = this
    const fromX = from % width
    const toX = to % width
    const dx = gap(fromX - toX, width, this.wrapX)
    const dy = gap((from - fromX - to + toX) / width, this.height, this.wrapY)
    return this.shape === 'moore' ? Math.max(dx, dy) + (diagonal - 1) * Math.min(dx, dy) : dx + dy
  }

  isDiagonal(from: CellNumber, to: CellNumber): boolean {
    const { width } = this
    return (to - from) % width !== 0 && Math.floor(to / width) !== Math.floor(from / width)
  }

  override saveState(): unknown {
    return { ...(super.saveState() as object), shape: this.shape }
  }

  override loadState(state: unknown): void {
    super.loadState(state)
    Object.assign(this, { rowKinds: 1, shape: (state as { shape: SquareNeighbors }).shape })
  }
}

function gap(d: number, size: number, wraps: boolean): number {
  const length = Math.abs(d)
  return wraps ? Math.min(length, size - length) : length
}

registerSaveable(SquareGrid)
