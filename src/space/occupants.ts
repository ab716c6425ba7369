/** Which agents stand in which cell: the part of a space that every query reads, once for one agent a cell and once for many. */

import type { Neighborhood } from './neighborhood.js'
import { leaveSpace, type Placeable, type Space, setSpot, spotIn, stand } from './placeable.js'
import { CellLists, Slots, widened } from './slots.js'

/** One of the two ways to keep agents in cells. `into` is filled from `n` on; the new length is returned. */
export interface Occupants<A extends Placeable> {
  readonly many: boolean
  /** How many one cell holds. */
  readonly capacity: number
  readonly count: number
  enter(agent: A, cell: number, space: Space): void
  leave(agent: A, cell: number, space: Space): void
  move(agent: A, from: number, to: number, space: Space): void
  /** The cell of a spot. */
  cellOf(spot: number): number
  isFull(cell: number): boolean
  /** The agent of the cell, of many the last to enter. */
  top(cell: number): A | undefined
  countAt(cell: number): number
  each(f: (agent: A) => void): void
  /** All in one cell but `self`. */
  collect(cell: number, self: A | undefined, into: A[], n: number): number
  /** All in the neighbouring cells (not in `cell` itself). */
  around(neighborhood: Neighborhood, cell: number, into: A[], n: number): number
  widen(cells: number): void
  /** After a restore: tells every agent where it stands. */
  assign(space: Space): void
  save(cells: number): unknown
}

/** At most one agent a cell; the agent's spot is the cell. */
export class SingleOccupants<A extends Placeable> implements Occupants<A> {
  readonly many = false
  readonly capacity = 1
  count = 0
  private at: (A | undefined)[]

  constructor(cells: number) {
    // Spread, as an array without holes is read faster.
    this.at = [...new Array<A | undefined>(cells)]
  }

  enter(agent: A, cell: number, space: Space): void {
    this.at[cell] = agent
    this.count++
    stand(agent, space, cell)
  }

  leave(agent: A, cell: number, space: Space): void {
    this.at[cell] = undefined
    this.count--
    leaveSpace(agent, space)
  }

  move(agent: A, from: number, to: number, space: Space): void {
    this.at[from] = undefined
    this.at[to] = agent
    setSpot(agent, space, to)
  }

  cellOf(spot: number): number {
    return spot
  }

  isFull(cell: number): boolean {
    return this.at[cell] !== undefined
  }

  top(cell: number): A | undefined {
    return this.at[cell]
  }

  countAt(cell: number): number {
    return this.at[cell] === undefined ? 0 : 1
  }

  collect(cell: number, self: A | undefined, into: A[], n: number): number {
    const agent = this.at[cell]
    if (agent !== undefined && agent !== self) into[n++] = agent
    return n
  }

  each(f: (agent: A) => void): void {
    for (const agent of this.at) if (agent !== undefined) f(agent)
  }

  /** Stores first and counts after, without a branch: the processor cannot predict whether a cell is taken. */
  around(neighborhood: Neighborhood, cell: number, into: A[], n: number): number {
    if (!neighborhood.isUsual(cell)) return this.aroundUnusual(neighborhood, cell, into, n)
    const at = this.at as A[]
    const { usual } = neighborhood
    // Four at a time: after each store the compiler must reload every list it reads.
    for (let i = 0; i < usual.length; i += 4) {
      const one = at[cell + (usual[i] as number)] as A
      const two = at[cell + (usual[i + 1] as number)] as A
      const three = at[cell + (usual[i + 2] as number)] as A
      const four = at[cell + (usual[i + 3] as number)] as A
      into[n] = one
      n += Number(one !== undefined)
      into[n] = two
      n += Number(two !== undefined)
      into[n] = three
      n += Number(three !== undefined)
      into[n] = four
      n += Number(four !== undefined)
    }
    return n
  }

  /** Separate, so that `around` stays small enough for V8 to inline it into the loop over the agents. */
  private aroundUnusual(neighborhood: Neighborhood, cell: number, into: A[], n: number): number {
    const { at } = this
    const start = neighborhood.locate(cell)
    if (start < 0) {
      const offsets = neighborhood.offsetsAt(start)
      for (let i = 0; i < offsets.length; i++) n = put(at[cell + (offsets[i] as number)], into, n)
      return n
    }
    const { list } = neighborhood
    const end = start + (list[start] as number)
    for (let i = start + 1; i <= end; i++) n = put(at[list[i] as number], into, n)
    return n
  }

  widen(cells: number): void {
    while (this.at.length < cells) this.at.push(undefined)
  }

  assign(space: Space): void {
    this.at.forEach((agent, cell) => {
      if (agent !== undefined) stand(agent, space, cell)
    })
  }

  save(cells: number): unknown {
    return { at: this.at.slice(0, cells) }
  }

  static load<A extends Placeable>(state: { at: (A | undefined)[] }): SingleOccupants<A> {
    const occupants = new SingleOccupants<A>(0)
    occupants.at = state.at
    for (const agent of state.at) if (agent !== undefined) occupants.count++
    return occupants
  }
}

function put<A>(agent: A | undefined, into: A[], n: number): number {
  into[n] = agent as A
  return n + Number(agent !== undefined)
}

/** Several agents a cell, up to a capacity; the agent's spot is its slot in linked lists. */
export class ManyOccupants<A extends Placeable> implements Occupants<A> {
  readonly many = true
  private slots = new Slots<A>()
  private lists: CellLists
  /** Agents by cell, counted where a capacity bounds them. */
  private counts: Int32Array | undefined

  constructor(
    cells: number,
    readonly capacity = Number.POSITIVE_INFINITY,
  ) {
    this.lists = new CellLists(cells)
    this.counts = Number.isFinite(capacity) ? new Int32Array(cells) : undefined
  }

  get count(): number {
    return this.slots.count
  }

  enter(agent: A, cell: number, space: Space): void {
    const slot = this.slots.take(agent)
    this.lists.enter(slot, cell)
    if (this.counts !== undefined) this.tally(cell, 1)
    stand(agent, space, slot)
  }

  leave(agent: A, cell: number, space: Space): void {
    const slot = spotIn(agent, space)
    this.lists.leave(slot)
    this.slots.release(slot)
    if (this.counts !== undefined) this.tally(cell, -1)
    leaveSpace(agent, space)
  }

  move(agent: A, from: number, to: number, space: Space): void {
    this.lists.move(spotIn(agent, space), to)
    if (this.counts === undefined) return
    this.tally(from, -1)
    this.tally(to, 1)
  }

  cellOf(spot: number): number {
    return this.lists.cellOf[spot] as number
  }

  isFull(cell: number): boolean {
    return this.counts !== undefined && (this.counts[cell] as number) >= this.capacity
  }

  private tally(cell: number, change: 1 | -1): void {
    const counts = this.counts as Int32Array
    counts[cell] = (counts[cell] as number) + change
  }

  top(cell: number): A | undefined {
    const slot = this.lists.first[cell] as number
    return slot < 0 ? undefined : this.slots.agents[slot]
  }

  countAt(cell: number): number {
    if (this.counts !== undefined) return this.counts[cell] as number
    const { first, next } = this.lists
    let count = 0
    for (let slot = first[cell] as number; slot >= 0; slot = next[slot] as number) count++
    return count
  }

  each(f: (agent: A) => void): void {
    for (const agent of this.slots.agents) if (agent !== undefined) f(agent)
  }

  collect(cell: number, self: A | undefined, into: A[], n: number): number {
    const { first, next } = this.lists
    const { agents } = this.slots
    for (let slot = first[cell] as number; slot >= 0; slot = next[slot] as number) {
      const agent = agents[slot] as A
      if (agent !== self) into[n++] = agent
    }
    return n
  }

  around(neighborhood: Neighborhood, cell: number, into: A[], n: number): number {
    const start = neighborhood.locate(cell)
    if (start < 0) {
      const offsets = neighborhood.offsetsAt(start)
      for (let i = 0; i < offsets.length; i++) n = this.collect(cell + (offsets[i] as number), undefined, into, n)
      return n
    }
    const { list } = neighborhood
    const end = start + (list[start] as number)
    for (let i = start + 1; i <= end; i++) n = this.collect(list[i] as number, undefined, into, n)
    return n
  }

  widen(cells: number): void {
    this.lists.widen(cells)
    if (this.counts !== undefined && this.counts.length < cells) this.counts = widened(this.counts, cells)
  }

  assign(space: Space): void {
    this.slots.assign(space)
  }

  save(cells: number): unknown {
    const { agents, free } = this.slots
    const lists = this.lists.save(agents.length, cells)
    return { agents, free, lists, ...(this.counts !== undefined && { capacity: this.capacity }) }
  }

  static load<A extends Placeable>(state: SavedMany<A>): ManyOccupants<A> {
    const occupants = new ManyOccupants<A>(state.lists[0]?.length ?? 0, state.capacity)
    Object.assign(occupants.slots, { agents: state.agents, free: state.free })
    occupants.lists = CellLists.load(state.lists)
    if (occupants.counts === undefined) return occupants
    state.agents.forEach((agent, slot) => {
      if (agent !== undefined) occupants.tally(occupants.cellOf(slot), 1)
    })
    return occupants
  }
}

interface SavedMany<A> {
  agents: (A | undefined)[]
  free: number[]
  lists: Int32Array[]
  capacity?: number
}

/** Rebuilds what either class saved. */
export function loadOccupants<A extends Placeable>(state: unknown): Occupants<A> {
  return 'at' in (state as object)
    ? SingleOccupants.load(state as { at: (A | undefined)[] })
    : ManyOccupants.load(state as SavedMany<A>)
}
