/** The cheapest way over a grid: what a step costs, and the least that the rest of the way can cost. */

import { OperatorError } from '../core/index.js'
import type { Ways } from './path-search.js'
import type { CellNumber } from './place-number.js'

/** How `grid.path` goes. */
export interface GridPathOptions {
  /** What it costs to enter a cell; default 1. Infinity is a cell that is not entered. */
  cost?: (cell: CellNumber) => number
  /** The least that a cell costs, and so what the search may reckon with; default 1. A cell that costs less is an error. */
  leastCost?: number
  /** How many times the cost of a straight step a diagonal one costs, 1 to 2; default 1, as `grid.distance` counts. Math.SQRT2 is the length on paper. */
  diagonal?: number
  /** Whether cells are passed by that are full; default false, so that agents in the way are taken for passers-by. The goal may be full. */
  aroundAgents?: boolean
}

/** What a search needs of a grid. */
export interface SearchedGrid {
  readonly blocked: Uint8Array | undefined
  cellsAround(cell: CellNumber, radius: number, into: CellNumber[]): CellNumber[]
  isOpen(cell: CellNumber): boolean
  leastSteps(from: CellNumber, to: CellNumber, diagonal: number): number
  isDiagonal(from: CellNumber, to: CellNumber): boolean
  nameOf(cell: CellNumber): string
}

/** A grid as a search sees it, towards one goal. */
export class GridWays implements Ways {
  private readonly diagonal: number
  private readonly leastCost: number
  private readonly cost: GridPathOptions['cost']
  private readonly aroundAgents: boolean

  constructor(
    private readonly grid: SearchedGrid,
    private readonly goal: CellNumber,
    { cost, leastCost = 1, diagonal = 1, aroundAgents = false }: GridPathOptions,
  ) {
    if (!(leastCost >= 0 && leastCost < Number.POSITIVE_INFINITY)) throw wrong('leastCost', 'a finite number ≥ 0', leastCost)
    if (!(diagonal >= 1 && diagonal <= 2)) throw wrong('diagonal', 'a number from 1 to 2', diagonal)
    this.diagonal = diagonal
    this.cost = cost
    this.leastCost = leastCost
    this.aroundAgents = aroundAgents
  }

  around(place: number, places: number[], costs: number[]): number {
    const { grid, goal } = this
    const all = grid.cellsAround(place, 1, places)
    let n = 0
    for (let i = 0; i < all.length; i++) {
      const cell = all[i] as number
      if (grid.blocked?.[cell] === 1 || (this.aroundAgents && cell !== goal && !grid.isOpen(cell))) continue
      places[n] = cell
      costs[n++] = this.costOf(place, cell)
    }
    return n
  }

  least(place: number): number {
    return this.leastCost * this.grid.leastSteps(place, this.goal, this.diagonal)
  }

  private costOf(from: CellNumber, to: CellNumber): number {
    const { cost, leastCost, diagonal } = this
    const entered = cost === undefined ? 1 : cost(to)
    if (!(entered >= leastCost)) throw this.tooCheap(to, entered)
    return diagonal !== 1 && this.grid.isDiagonal(from, to) ? entered * diagonal : entered
  }

  private tooCheap(cell: CellNumber, cost: number): OperatorError {
    return new OperatorError({
      what: `The cost of cell ${this.grid.nameOf(cell)} of a path`,
      expected: `a number ≥ ${this.leastCost}`,
      got: cost,
      next: 'Give `leastCost`: the least that any cell costs.',
    })
  }
}

function wrong(name: string, expected: string, got: number): OperatorError {
  return new OperatorError({ what: `\`${name}\` of a path over a grid`, expected, got })
}
