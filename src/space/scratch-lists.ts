/** Lists that loops over neighbours fill and give back: no loop allocates, and one inside another has a list of its own. */

/** Lists kept for loops inside loops; a deeper one makes a list of its own each time. */
const mostKept = 8

class ScratchLists {
  private readonly free: unknown[][] = []

  /** Calls `f` with each of the agents that `fill` finds; what `f` does to the space changes nothing of the loop. */
  eachOf<A>(fill: (into: A[]) => readonly A[], f: (agent: A) => void): void {
    const list = (this.free.pop() ?? []) as A[]
    try {
      const found = fill(list)
      for (let i = 0; i < found.length; i++) f(found[i] as A)
    } finally {
      // Emptied, so that no list keeps a removed agent alive.
      list.length = 0
      if (this.free.length < mostKept) this.free.push(list)
    }
  }
}

const lists = new WeakMap<object, ScratchLists>()

/** The lists of a space: no part of its state. */
export function scratchOf(space: object): ScratchLists {
  const known = lists.get(space)
  if (known !== undefined) return known
  const made = new ScratchLists()
  lists.set(space, made)
  return made
}
