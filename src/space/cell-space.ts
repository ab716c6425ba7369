/**
 * Placement, movement and occupancy, the same for every space made of numbered cells (grids, and networks, whose cells
 * are nodes).
 */

import { OperatorError, type Rng, type Saveable, Stream, unknownName } from '../core/index.js'
import { CellSet } from './cell-set.js'
import { NeighborQueries } from './neighbor-queries.js'
import { loadOccupants, ManyOccupants, type Occupants, SingleOccupants } from './occupants.js'
import { assertAgent, assertPlaceable, notHere, type Placeable, type Space, spotIn } from './placeable.js'
import { ScratchLists } from './scratch-lists.js'
import { trimmed } from './trimmed.js'

/** `single`: at most one agent a cell, and a second is an error; `many`: any number; 3: at most three. */
export type Occupancy = 'single' | 'many' | number

/** Draws before the cells with room are listed: where they are not rare, one of the first few draws finds one. */
const draws = 16

/** What every space of cells is made with. */
export interface CellSpaceOptions {
  /** Default `single`. */
  occupancy?: Occupancy
  /** The stream of the `random…` methods where a call gives none. */
  rng?: Rng | undefined
}

/**
 * A query returns a fresh list, the caller's to keep and change. Where a step asks so often that making lists costs too much, give
 * the query a list of your own as `into`: it is filled from its beginning, cut to length and returned. Agents may move, be removed
 * and be spawned while a list is looped over: it does not change with them.
 */
export abstract class CellSpace<A extends Placeable, P extends number = number>
  extends NeighborQueries<A>
  implements Space, Saveable
{
  abstract readonly noun: string
  rng: Rng | undefined
  /** @internal */ occupants: Occupants<A>
  /** @internal Where cells hold many: undefined until first drawn from, as most models never do. */
  empties: CellSet | undefined
  /** @internal By cell, 1 where an obstacle stands; undefined where there is none. */ blocked: Uint8Array | undefined
  /** @internal What a query needs for the moment; never returned. */ scratch: A[] = []

  constructor(cells: number, { occupancy = 'single', rng }: CellSpaceOptions) {
    const capacity = capacityOf(occupancy)
    super()
    this.rng = rng
    this.occupants = capacity === 1 ? new SingleOccupants(cells) : new ManyOccupants(cells, capacity)
    this.empties = capacity === 1 ? new CellSet(cells) : undefined
    this.blocked = undefined
  }

  /** Whether there is such a cell. */
  abstract has(cell: P): boolean
  /** @internal Every cell, ascending. */
  abstract eachCell(f: (cell: P) => void): void
  /** The cell as messages call it. */
  abstract nameOf(cell: P): string
  /** The space's extent as messages give it. */
  abstract extent(): string
  /** @internal Which cells there are, as messages say it. */
  abstract advice(): string

  /** Everyone else at most `distance` away (cells of a grid, edges of a network), those in the agent's own cell first. */
  abstract neighbors(agent: A, distance?: number, into?: A[]): A[]

  override forEachNeighbor(agent: A, f: (neighbor: A) => void, distance = 1): void {
    super.forEachNeighbor(agent, f, distance)
  }

  override minOneOf(agent: A, f: (neighbor: A) => number, distance = 1): A | undefined {
    return super.minOneOf(agent, f, distance)
  }

  override maxOneOf(agent: A, f: (neighbor: A) => number, distance = 1): A | undefined {
    return super.maxOneOf(agent, f, distance)
  }

  /** How many agents stand here. */
  get count(): number {
    return this.occupants.count
  }

  /** Cells without an agent, and without an obstacle. */
  get emptyCount(): number {
    if (this.empties !== undefined) return this.empties.count
    let count = 0
    this.eachCell(cell => {
      if (this.isVacant(cell)) count++
    })
    return count
  }

  get occupancy(): Occupancy {
    const { capacity } = this.occupants
    return capacity === 1 ? 'single' : capacity === Number.POSITIVE_INFINITY ? 'many' : capacity
  }

  /** Puts an agent into a cell. Throws where it stands in this space already, there is no such cell, or the cell is full. */
  place(agent: A, cell: P): void {
    assertPlaceable(agent, this)
    this.assertFree(agent, cell, 'be placed in')
    const wasEmpty = this.occupants.top(cell) === undefined
    this.occupants.enter(agent, cell, this)
    if (wasEmpty) this.empties?.delete(cell)
  }

  /** Moves an agent that stands here into another cell (its own: nothing happens). Throws as `place` does. */
  move(agent: A, cell: P): void {
    const from = this.cellOf(agent)
    if (from === cell) return
    this.assertFree(agent, cell, 'move to')
    this.shift(agent, from, cell)
  }

  /** @internal Moves an agent from its cell to another known to exist and to have room. */
  shift(agent: A, from: number, to: number): void {
    const { empties, occupants } = this
    if (empties === undefined) return occupants.move(agent, from, to, this)
    if (!occupants.many) empties.replace(to, from)
    else if (empties.has(to)) empties.delete(to)
    occupants.move(agent, from, to, this)
    if (occupants.many && occupants.top(from) === undefined) empties.add(from)
  }

  /** Takes an agent that stands here out of the space. */
  remove(agent: A): void {
    const cell = this.cellOf(agent)
    this.occupants.leave(agent, cell, this)
    if (this.empties !== undefined && this.occupants.top(cell) === undefined) this.empties.add(cell)
  }

  forget(agent: Placeable): void {
    assertAgent(agent, this)
    if (this.holds(agent as A)) this.remove(agent as A)
  }

  /** The agent's cell. Throws where it does not stand here. */
  cellOf(agent: A): P {
    return this.occupants.cellOf(agent?._home === this ? agent._spot : this.spotOf(agent)) as P
  }

  /** Where an agent stands that may stand in other spaces too. */
  private spotOf(agent: A): number {
    const spot = spotIn(agent, this)
    if (spot === -1) throw notHere(agent, this)
    return spot
  }

  /** The agent in a cell; of many, the one that came last. */
  at(cell: P): A | undefined {
    return this.occupants.top(this.known(cell))
  }

  /** Everyone in a cell, the last to come first. */
  agentsAt(cell: P, into: A[] = []): A[] {
    return trimmed(into, this.occupants.collect(this.known(cell), undefined, into, 0))
  }

  countAt(cell: P): number {
    return this.occupants.countAt(this.known(cell))
  }

  /** Whether neither an agent nor an obstacle stands there. */
  isEmpty(cell: P): boolean {
    return this.isVacant(this.known(cell))
  }

  /** Whether a further agent may enter the cell: it is not full, and no obstacle stands there. */
  hasRoom(cell: P): boolean {
    return this.isOpen(this.known(cell))
  }

  /** @internal `hasRoom` of a cell known to exist. */
  isOpen(cell: P): boolean {
    return !(this.occupants.isFull(cell) || this.blocked?.[cell] === 1)
  }

  /** `isEmpty` of a cell known to exist. */
  private isVacant(cell: P): boolean {
    return this.occupants.top(cell) === undefined && this.blocked?.[cell] !== 1
  }

  /** A uniformly chosen empty cell, in one draw. Throws when every cell is taken. */
  randomEmptyCell(rng?: Rng): P {
    const { empties } = this
    if (empties === undefined) return this.firstEmptyCell(rng)
    if (empties.count === 0) throw this.full()
    return empties.at(this.chance(rng).int(empties.count)) as P
  }

  /** As `randomEmptyCell` where no set of the empty cells is kept yet: from the first draw on its order is part of the run. */
  private firstEmptyCell(rng: Rng | undefined): P {
    const empties = this.findEmpties()
    if (empties.count === 0) throw this.full()
    const stream = this.chance(rng)
    const cell = empties.at(stream.int(empties.count))
    if (!(stream instanceof Stream && stream.borrowed)) this.empties = empties
    return cell as P
  }

  /** A uniformly chosen cell with room for a further agent. Throws where there is none. */
  randomCellWithRoom(rng?: Rng): P {
    if (!this.occupants.many) return this.randomEmptyCell(rng)
    for (let i = 0; i < draws; i++) {
      const cell = this.anyCell(rng)
      if (this.isOpen(cell)) return cell
    }
    const open: P[] = []
    this.eachCell(cell => {
      if (this.isOpen(cell)) open.push(cell)
    })
    if (open.length === 0) throw this.full()
    return open[this.chance(rng).int(open.length)] as P
  }

  /** @internal A uniformly chosen cell, whatever stands there. */
  abstract anyCell(rng?: Rng): P

  /** Places the agent in a random empty cell and gives the cell. */
  placeOnEmpty(agent: A, rng?: Rng): P {
    assertPlaceable(agent, this)
    const cell = this.randomEmptyCell(rng)
    this.occupants.enter(agent, cell, this)
    this.empties?.delete(cell)
    return cell
  }

  /** Moves the agent to a random empty cell (never its own) and gives the cell. */
  moveToEmpty(agent: A, rng?: Rng): P {
    const from = this.cellOf(agent)
    const cell = this.randomEmptyCell(rng)
    this.shift(agent, from, cell)
    return cell
  }

  /** A uniformly chosen agent of a cell that is a `kind`, if there is one: the sheep the wolf eats. */
  randomAt<B extends A>(cell: P, kind: abstract new (...args: never[]) => B, rng?: Rng): B | undefined {
    if (typeof kind !== 'function') {
      throw new OperatorError({
        what: `randomAt(cell, kind) of the ${this.noun}`,
        expected: 'a class of agents',
        got: kind,
        next: `Ask for the agents of any class with ${this.noun}.agentsAt(cell).`,
      })
    }
    const { scratch: found } = this
    const all = this.occupants.collect(this.known(cell), undefined, found, 0)
    let n = 0
    for (let i = 0; i < all; i++) {
      const agent = found[i] as A
      if (agent instanceof kind) found[n++] = agent
    }
    trimmed(found, n)
    return n === 0 ? undefined : (found[n === 1 ? 0 : this.chance(rng).int(n)] as B)
  }

  /** @internal The stream given, else the space's own. */
  chance(rng: Rng | undefined): Rng {
    const stream = rng ?? this.rng
    if (stream !== undefined) return stream
    throw new OperatorError({
      what: `A random choice in the ${this.noun}`,
      expected: 'a random stream',
      got: undefined,
      next: `Give the call one (agent.rng), or the ${this.noun} when it is made: { rng: model.rng }.`,
    })
  }

  /** @internal The cell, if there is one. */
  known(cell: P): P {
    if (this.has(cell)) return cell
    throw this.nowhere(this.nameOf(cell))
  }

  /** @internal */
  assertFree(agent: A, cell: P, verb: string): void {
    if (!this.has(cell)) throw this.cannot(agent, verb, this.nameOf(cell), this.extent())
    if (this.blocked?.[cell] === 1) throw this.obstructed(agent, verb, cell)
    if (this.occupants.isFull(cell)) throw this.crowded(agent, verb, cell)
  }

  private obstructed(agent: A, verb: string, cell: P): OperatorError {
    return new OperatorError({
      what: `Agent ${agent.key} cannot ${verb} ${this.nameOf(cell)}: an obstacle stands there`,
      next: 'Ask hasRoom(cell) first, or take the obstacle away with unblock(cell).',
    })
  }

  private crowded(agent: A, verb: string, cell: P): OperatorError {
    const { capacity, many } = this.occupants
    const who = many
      ? `${capacity} agents stand there, and a cell holds no more`
      : `${this.at(cell)?.key} stands there, and a cell holds one`
    return new OperatorError({
      what: `Agent ${agent.key} cannot ${verb} ${this.nameOf(cell)}: ${who}`,
      next: `Ask ${many ? 'hasRoom' : 'isEmpty'}(cell) first, or make the ${this.noun} with \`occupancy: 'many'\`.`,
    })
  }

  /** @internal */
  nowhere(where: string): OperatorError {
    return new OperatorError({
      what: `There is no ${where.startsWith('node ') ? where : `cell ${where}`}: ${this.extent()}`,
      next: this.advice(),
    })
  }

  /** @internal */
  cannot(agent: A, verb: string, where: string, why: string): OperatorError {
    return new OperatorError({ what: `Agent ${agent.key} cannot ${verb} ${where}: ${why}`, next: this.advice() })
  }

  private full(): OperatorError {
    const what = this.occupants.capacity === 1 ? 'empty cell' : 'cell with room'
    return new OperatorError({ what: `The ${this.noun} has no ${what}: ${this.extent()}` })
  }

  private findEmpties(): CellSet {
    const empties = new CellSet(0)
    this.eachCell(cell => {
      if (this.isVacant(cell)) empties.add(cell)
    })
    return empties
  }

  abstract saveState(): unknown
  abstract loadState(state: unknown): void

  /** @internal What every space of cells saves. */
  saveCells(cells: number): unknown[] {
    const state = [this.rng, cells, this.occupants.save(cells), this.empties?.save()]
    return this.blocked === undefined ? state : [...state, this.blocked]
  }

  /** @internal */
  loadCells(state: unknown): void {
    const [rng, cells, occupants, empties, blocked] = state as [
      Rng | undefined,
      number,
      unknown,
      Int32Array | undefined,
      Uint8Array | undefined,
    ]
    this.rng = rng
    this.occupants = loadOccupants(occupants)
    this.empties = empties && CellSet.load(empties, cells)
    this.blocked = blocked
    this.scratch = []
    this.loops = new ScratchLists()
    this.occupants.assign(this)
  }
}

function capacityOf(occupancy: Occupancy): number {
  if (occupancy === 'single') return 1
  if (occupancy === 'many') return Number.POSITIVE_INFINITY
  if (typeof occupancy !== 'number') throw unknownName('occupancy', String(occupancy), ['single', 'many'])
  if (Number.isInteger(occupancy) && occupancy >= 1) return occupancy
  throw new OperatorError({
    what: 'The occupancy of a space',
    expected: 'a whole number of agents ≥ 1',
    got: occupancy,
    next: "'many' is any number.",
  })
}
