/**
 * Which cells lie within a radius of a cell, looked up rather than worked out: inner cells share one list of index
 * offsets, cells near a border have their own list in one table.
 */

import { OperatorError } from '../core/index.js'
import { spaceCounters, spaceLimits } from './limits.js'

/** What a neighbourhood must know of a lattice of cells numbered row by row. */
export interface Lattice {
  readonly width: number
  readonly height: number
  readonly wrapX: boolean
  readonly wrapY: boolean
  /** How many kinds of row there are: 1, or 2 where odd rows are shifted. */
  readonly rowKinds: number
  /** The steps `[dx, dy, dx, dy, …]` to every other cell within `radius` of a cell in a row of this kind, by dy, then dx. */
  stepsWithin(radius: number, rowKind: number): number[]
}

const UNTABLED = -9

/** @internal */
export function assertRadius(radius: number, noun: string): void {
  if (Number.isInteger(radius) && radius >= 0) return
  throw new OperatorError({
    what: `The radius of a query of the ${noun}`,
    expected: 'a whole number of cells ≥ 0',
    got: radius,
    next: 'Round it, or use a Plane for distances that are not whole.',
  })
}

export class Neighborhood {
  /** By kind of row: what to add to an inner cell's number. */
  private readonly offsets: Int32Array[] = []
  /** The first of them, and for square cells the only one. */
  readonly usual: Int32Array
  /** Whether there are 4, 8, 12 … of them, so that four can be read in one go. */
  private readonly inFours: boolean
  /** Lists of border cells: a count, then that many cells. */
  list = new Int32Array(0)
  /** By cell: where its list begins, −1 − (kind of row) for inner cells. */
  private readonly start: Int32Array
  private readonly steps: number[][] = []
  private readonly seen: Int32Array
  private stamp = 0

  constructor(
    private readonly lattice: Lattice,
    readonly radius: number,
  ) {
    const { width, height, rowKinds } = lattice
    for (let kind = 0; kind < rowKinds; kind++) {
      const steps = stepsInside(lattice, radius, kind)
      this.steps.push(steps)
      this.offsets.push(Int32Array.from({ length: steps.length / 2 }, (_, i) => at(steps, 2 * i + 1) * width + at(steps, 2 * i)))
    }
    this.usual = this.offsets[0] as Int32Array
    this.inFours = this.usual.length % 4 === 0
    this.start = new Int32Array(width * height)
    this.seen = new Int32Array(width * height)
    this.table()
  }

  /** ≥ 0: where in `list` the cell's list begins; < 0: an inner cell, whose offsets `offsetsAt` gives. */
  locate(cell: number): number {
    const start = this.start[cell] as number
    return start === UNTABLED ? this.fill(cell, 0, true) : start
  }

  /** Whether a cell's neighbours are at the `usual` offsets and come in fours, as an inner cell's of a square grid do. */
  isUsual(cell: number): boolean {
    return this.start[cell] === -1 && this.inFours
  }

  /** What to add to the number of an inner cell, from what `locate` gave; the usual offsets without waiting for it. */
  offsetsAt(start: number): Int32Array {
    return start === -1 ? this.usual : (this.offsets[-1 - start] as Int32Array)
  }

  private table(): void {
    const { width, height } = this.lattice
    const border = this.markInner(Math.min(this.radius, width + height))
    const most = 1 + Math.max(...this.offsets.map(o => o.length))
    if (border * most > spaceLimits.neighborhoodEntries) {
      spaceCounters.neighborhoodsNotTabled++
      this.list = new Int32Array(most)
      return
    }
    this.list = new Int32Array(border * most)
    let end = 0
    for (let cell = 0; cell < this.start.length; cell++) {
      if (this.start[cell] !== UNTABLED) continue
      this.start[cell] = end
      end = this.fill(cell, end, false)
    }
    this.list = this.list.slice(0, end)
  }

  /** Marks cells at least `margin` from every border as inner; the number of the others. */
  private markInner(margin: number): number {
    const { width, height, rowKinds } = this.lattice
    const { start } = this
    start.fill(UNTABLED)
    const columns = Math.max(0, width - 2 * margin)
    const rows = Math.max(0, height - 2 * margin)
    if (columns === 0) return width * height
    for (let y = margin; y < margin + rows; y++) start.fill(-1 - (y % rowKinds), y * width + margin, y * width + margin + columns)
    return width * height - columns * rows
  }

  /** Writes one cell's list at `from`; gives its end, or `from` again when asked to answer a `locate`. */
  private fill(cell: number, from: number, forLocate: boolean): number {
    const { width, rowKinds } = this.lattice
    const x = cell % width
    const y = (cell - x) / width
    const steps = this.steps[y % rowKinds] as number[]
    const stamp = ++this.stamp
    this.seen[cell] = stamp
    let end = from + 1
    for (let i = 0; i < steps.length; i += 2) {
      const other = this.cellAt(x + at(steps, i), y + at(steps, i + 1))
      if (other < 0 || this.seen[other] === stamp) continue
      this.seen[other] = stamp
      this.list[end++] = other
    }
    this.list[from] = end - from - 1
    return forLocate ? from : end
  }

  /** The cell at a column and row, wrapped if the lattice wraps; −1 outside the lattice. */
  private cellAt(x: number, y: number): number {
    const { width, height, wrapX, wrapY } = this.lattice
    if (wrapX) x = ((x % width) + width) % width
    if (wrapY) y = ((y % height) + height) % height
    return x < 0 || y < 0 || x >= width || y >= height ? -1 : y * width + x
  }
}

/** The steps that can lead from some cell to another; a longer one leads outside or, wrapped, where a shorter one does. */
function stepsInside(lattice: Lattice, radius: number, kind: number): number[] {
  const { width, height } = lattice
  const steps = lattice.stepsWithin(Math.min(radius, width + height), kind)
  const inside: number[] = []
  for (let i = 0; i < steps.length; i += 2) {
    const dx = at(steps, i)
    const dy = at(steps, i + 1)
    if (Math.abs(dx) < width && Math.abs(dy) < height) inside.push(dx, dy)
  }
  return inside
}

function at(list: number[], index: number): number {
  return list[index] as number
}
