/** A set of cells (the empty ones) as a dense list with swap-remove: a random member is one draw, adding and deleting are O(1). */

import { widened } from './slots.js'

export class CellSet {
  /** Members. */
  count = 0
  private list: Int32Array
  /** Each cell's place in the list, −1 where it is not a member. */
  private place: Int32Array

  constructor(cells: number) {
    this.list = new Int32Array(cells)
    this.place = new Int32Array(cells).fill(-1)
  }

  /** The list alone: the places follow from it, its order is chance's memory. */
  save(): Int32Array {
    return this.list.slice(0, this.count)
  }

  static load(list: Int32Array, cells: number): CellSet {
    const set = new CellSet(cells)
    for (const cell of list) set.add(cell)
    return set
  }

  /** All of 0 … n − 1, into an empty set with room for them. */
  addAll(cells: number): void {
    for (let cell = 0; cell < cells; cell++) {
      this.list[cell] = cell
      this.place[cell] = cell
    }
    this.count = cells
  }

  add(cell: number): void {
    if (cell >= this.place.length) this.grow(cell + 1)
    this.list[this.count] = cell
    this.place[cell] = this.count++
  }

  delete(cell: number): void {
    const hole = this.place[cell] as number
    const last = this.list[--this.count] as number
    this.list[hole] = last
    this.place[last] = hole
    this.place[cell] = -1
  }

  /** Takes one cell out and puts another, which was none, in its place. */
  replace(old: number, fresh: number): void {
    const hole = this.place[old] as number
    this.list[hole] = fresh
    this.place[fresh] = hole
    this.place[old] = -1
  }

  has(cell: number): boolean {
    return (this.place[cell] as number) >= 0
  }

  at(index: number): number {
    return this.list[index] as number
  }

  private grow(cells: number): void {
    const old = this.place.length
    this.list = widened(this.list, cells)
    this.place = widened(this.place, cells)
    this.place.fill(-1, old)
  }
}
