/**
 * Placement, movement and occupancy, the same for every space made of numbered cells (grids, and networks, whose cells
 * are nodes).
 */

import { OperatorError, type Rng, type Saveable, Stream, unknownName } from '../core/index.js'
import { CellSet } from './cell-set.js'
import { loadOccupants, ManyOccupants, type Occupants, SingleOccupants } from './occupants.js'
import { assertAgent, assertPlaceable, notHere, type Placeable, type Space } from './placeable.js'
import { ScratchLists } from './scratch-lists.js'
import { trimmed } from './trimmed.js'

/** `single`: at most one agent a cell, and a second is an error; `many`: any number. */
export type Occupancy = 'single' | 'many'

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
export abstract class CellSpace<A extends Placeable, P extends number = number> implements Space, Saveable {
  abstract readonly noun: string
  rng: Rng | undefined
  /** @internal */ occupants: Occupants<A>
  /** @internal Where cells hold many: undefined until first drawn from, as most models never do. */
  empties: CellSet | undefined
  /** @internal What a query needs for the moment; never returned. */ scratch: A[] = []
  /** @internal What loops over neighbours need. */ loops = new ScratchLists<A>()

  constructor(cells: number, { occupancy = 'single', rng }: CellSpaceOptions) {
    if (occupancy !== 'single' && occupancy !== 'many') throw unknownName('occupancy', String(occupancy), ['single', 'many'])
    this.rng = rng
    this.occupants = occupancy === 'single' ? new SingleOccupants(cells) : new ManyOccupants(cells)
    this.empties = occupancy === 'single' ? new CellSet(cells) : undefined
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

  /** Calls `f` with each of `neighbors`, without a list of the caller's own. Loops inside loops do not disturb each other. */
  forEachNeighbor(agent: A, f: (neighbor: A) => void, distance = 1): void {
    const list = this.loops.borrow()
    try {
      const found = this.neighbors(agent, distance, list)
      for (let i = 0; i < found.length; i++) f(found[i] as A)
    } finally {
      this.loops.giveBack(list)
    }
  }

  /** How many agents stand here. */
  get count(): number {
    return this.occupants.count
  }

  /** Cells without an agent. */
  get emptyCount(): number {
    if (this.empties !== undefined) return this.empties.count
    let count = 0
    this.eachCell(cell => {
      if (this.occupants.top(cell) === undefined) count++
    })
    return count
  }

  get occupancy(): Occupancy {
    return this.occupants.many ? 'many' : 'single'
  }

  /** Puts an agent that stands nowhere into a cell. Throws where it stands somewhere, there is no such cell, or the cell is taken. */
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
    if (empties === undefined) return occupants.move(agent, to)
    if (!occupants.many) empties.replace(to, from)
    else if (empties.has(to)) empties.delete(to)
    occupants.move(agent, to)
    if (occupants.many && occupants.top(from) === undefined) empties.add(from)
  }

  /** Takes an agent that stands here out of the space. */
  remove(agent: A): void {
    const cell = this.cellOf(agent)
    this.occupants.leave(agent)
    if (this.empties !== undefined && this.occupants.top(cell) === undefined) this.empties.add(cell)
  }

  forget(agent: Placeable): void {
    assertAgent(agent, this)
    if (agent._home === this) this.remove(agent as A)
  }

  /** The agent's cell. Throws where it does not stand here. */
  cellOf(agent: A): P {
    if (agent?._home !== this) throw notHere(agent, this)
    return this.occupants.cellOf(agent) as P
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

  isEmpty(cell: P): boolean {
    return this.occupants.top(this.known(cell)) === undefined
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
    if (this.occupants.many || this.occupants.top(cell) === undefined) return
    throw new OperatorError({
      what: `Agent ${agent.key} cannot ${verb} ${this.nameOf(cell)}: ${this.at(cell)?.key} stands there, and a cell holds one`,
      next: `Ask isEmpty(cell) first, or make the ${this.noun} with \`occupancy: 'many'\`.`,
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
    return new OperatorError({ what: `The ${this.noun} has no empty cell: ${this.extent()}` })
  }

  private findEmpties(): CellSet {
    const empties = new CellSet(0)
    this.eachCell(cell => {
      if (this.occupants.top(cell) === undefined) empties.add(cell)
    })
    return empties
  }

  abstract saveState(): unknown
  abstract loadState(state: unknown): void

  /** @internal What every space of cells saves. */
  saveCells(cells: number): unknown[] {
    return [this.rng, cells, this.occupants.save(cells), this.empties?.save()]
  }

  /** @internal */
  loadCells(state: unknown): void {
    const [rng, cells, occupants, empties] = state as [Rng | undefined, number, unknown, Int32Array | undefined]
    this.rng = rng
    this.occupants = loadOccupants(occupants)
    this.empties = empties && CellSet.load(empties, cells)
    this.scratch = []
    this.loops = new ScratchLists()
    this.occupants.assign(this)
  }
}
