/** Where a space keeps its agents: a slot each, reused after removal, and linked lists of slots by cell. */

import { type Placeable, type Space, stand } from './placeable.js'

/** A copy at least `length` long, grown by doubling. */
export function widened<T extends Int32Array | Float64Array>(array: T, length: number): T {
  const wider = new (array.constructor as new (n: number) => T)(Math.max(length, array.length * 2, 16))
  wider.set(array)
  return wider
}

/** Slots of agents; a freed slot is the next one given. */
export class Slots<A extends Placeable> {
  agents: (A | undefined)[] = []
  free: number[] = []

  take(agent: A): number {
    const slot = this.free.pop() ?? this.agents.length
    this.agents[slot] = agent
    return slot
  }

  release(slot: number): void {
    this.agents[slot] = undefined
    this.free.push(slot)
  }

  /** After a restore: tells every agent where it stands. */
  assign(space: Space): void {
    this.agents.forEach((agent, slot) => {
      if (agent !== undefined) stand(agent, space, slot)
    })
  }

  get count(): number {
    return this.agents.length - this.free.length
  }
}

/** One doubly linked list of slots a cell, the newest first: entering, leaving and moving are O(1) and allocate nothing. */
export class CellLists {
  first: Int32Array
  next = new Int32Array(16)
  prev = new Int32Array(16)
  cellOf = new Int32Array(16)

  constructor(cells: number) {
    this.first = new Int32Array(cells).fill(-1)
  }

  /** State for `slots` slots and `cells` cells, without the slack of growth. */
  save(slots: number, cells = this.first.length): Int32Array[] {
    const { first, next, prev, cellOf } = this
    return [first.slice(0, cells), next.slice(0, slots), prev.slice(0, slots), cellOf.slice(0, slots)]
  }

  static load(state: Int32Array[]): CellLists {
    const lists = new CellLists(0)
    const [first, next, prev, cellOf] = state as [Int32Array, Int32Array, Int32Array, Int32Array]
    return Object.assign(lists, { first, next, prev, cellOf })
  }

  enter(slot: number, cell: number): void {
    if (slot >= this.next.length) this.grow(slot + 1)
    const { first, next, prev } = this
    const head = first[cell] as number
    next[slot] = head
    prev[slot] = -1
    if (head >= 0) prev[head] = slot
    first[cell] = slot
    this.cellOf[slot] = cell
  }

  leave(slot: number): void {
    this.unlink(slot)
    this.cellOf[slot] = -1
  }

  move(slot: number, cell: number): void {
    this.unlink(slot)
    this.enter(slot, cell)
  }

  private unlink(slot: number): void {
    const { next, prev } = this
    const after = next[slot] as number
    const before = prev[slot] as number
    if (after >= 0) prev[after] = before
    if (before >= 0) next[before] = after
    else this.first[this.cellOf[slot] as number] = after
  }

  /** Room for cells up to `cells`. */
  widen(cells: number): void {
    const old = this.first.length
    if (cells <= old) return
    this.first = widened(this.first, cells)
    this.first.fill(-1, old)
  }

  private grow(slots: number): void {
    this.next = widened(this.next, slots)
    this.prev = widened(this.prev, slots)
    this.cellOf = widened(this.cellOf, slots)
  }
}
