/**
 * The hexagonal grid, in "odd-r" offset coordinates: pointed hexagons in rows, x the column, y the row downwards, every
 * odd row shifted half a cell to the right. Cell (x, y) has its centre at (√3·(x + ½·(y mod 2)), 3/2·y) sides of a hexagon.
 * Distances are counted in cube coordinates (Amit Patel, "Hexagonal Grids"): q = x − (y − y mod 2)/2, r = y, s = −q − r.
 */

import { OperatorError, registerSaveable } from '../core/index.js'
import { Grid, type GridOptions } from './grid.js'
import { assertRadius } from './neighborhood.js'
import type { CellNumber } from './place-number.js'
import type { Placeable } from './placeable.js'

/** A grid of hexagons: six neighbours, distances counted in cells. */
export class HexGrid<A extends Placeable = Placeable> extends Grid<A> {
  static readonly savedAs = 'HexGrid'
  readonly rowKinds: number = 2

  constructor(options: GridOptions) {
    super(options)
    if (!this.wrapY || this.height % 2 === 0) return
    throw new OperatorError({
      what: 'A hex grid whose top and bottom edges meet',
      expected: 'an even number of rows, or shifted rows would not match',
      got: this.height,
      next: 'Give `height` one row more, or `torus: { x: true }`.',
    })
  }

  stepsWithin(radius: number, rowKind: number): number[] {
    assertRadius(radius, this.noun)
    const steps: number[] = []
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dq = Math.max(-radius, -radius - dy); dq <= Math.min(radius, radius - dy); dq++) {
        const dx = dq + (dy - (((rowKind + dy) & 1) - rowKind)) / 2
        if (dx !== 0 || dy !== 0) steps.push(dx, dy)
      }
    }
    return steps
  }

  distance(from: CellNumber, to: CellNumber): number {
    this.known(from)
    this.known(to)
    let least = Number.POSITIVE_INFINITY
    for (const sy of this.wrapY ? [-this.height, 0, this.height] : [0]) {
      for (const sx of this.wrapX ? [-this.width, 0, this.width] : [0]) {
        const d = steps(this.xOf(from), this.yOf(from), this.xOf(to) + sx, this.yOf(to) + sy)
        least = Math.min(least, d)
      }
    }
    return least
  }

  leastSteps(from: CellNumber, to: CellNumber): number {
    return this.distance(from, to)
  }

  isDiagonal(): boolean {
    return false
  }

  override loadState(state: unknown): void {
    super.loadState(state)
    Object.assign(this, { rowKinds: 2 })
  }
}

/** Distance on the endless hex plane. */
function steps(x1: number, y1: number, x2: number, y2: number): number {
  const dq = x1 - (y1 - (y1 & 1)) / 2 - (x2 - (y2 - (y2 & 1)) / 2)
  const dr = y1 - y2
  return Math.max(Math.abs(dq), Math.abs(dr), Math.abs(dq + dr))
}

registerSaveable(HexGrid)
