/** What can be asked of the agents near an agent, the same in every space. */

import { bestOf } from '../core/index.js'
import { type Placeable, spotIn } from './placeable.js'
import { ScratchLists } from './scratch-lists.js'

/** How many of the nearest are looked at first where one of them must meet a condition. */
const firstLook = 8

/** Questions about an agent's neighbours. What a distance is, the space says: cells of a grid, edges of a network, the unit of a plane. */
export abstract class NeighborQueries<A extends Placeable> {
  /** @internal What loops over neighbours need. */ loops = new ScratchLists<A>()

  /** How many agents stand here. */
  abstract get count(): number
  /** Everyone else at most `distance` away. */
  abstract neighbors(agent: A, distance: number, into?: A[]): A[]
  /** The k others nearest to the agent (fewer where there are fewer), the nearest first, the older first at equal distance. */
  abstract nearest(agent: A, k: number, into?: A[]): A[]

  /** Whether the agent stands in this space. */
  holds(agent: A): boolean {
    return spotIn(agent, this) !== -1
  }

  /** The nearest other agent that meets the condition; undefined where none does. At equal distance the older. */
  nearestOne(agent: A, where: (other: A) => boolean = () => true): A | undefined {
    for (let k = firstLook; ; k *= 4) {
      const near = this.nearest(agent, k)
      const found = near.find(where)
      if (found !== undefined || near.length < k) return found
    }
  }

  /** The neighbour at most `distance` away with the least number, of several the first in `neighbors`; undefined where there is none. */
  minOneOf(agent: A, f: (neighbor: A) => number, distance: number): A | undefined {
    return bestOf(this.neighbors(agent, distance), f, -1)
  }

  /** The neighbour at most `distance` away with the greatest number, of several the first in `neighbors`; undefined where there is none. */
  maxOneOf(agent: A, f: (neighbor: A) => number, distance: number): A | undefined {
    return bestOf(this.neighbors(agent, distance), f, 1)
  }

  /** Calls `f` with each of `neighbors`, without a list of the caller's own. Loops inside loops do not disturb each other. */
  forEachNeighbor(agent: A, f: (neighbor: A) => void, distance: number): void {
    const list = this.loops.borrow()
    try {
      const found = this.neighbors(agent, distance, list)
      for (let i = 0; i < found.length; i++) f(found[i] as A)
    } finally {
      this.loops.giveBack(list)
    }
  }
}
