/** Lists that loops over neighbours fill and give back: a loop makes none of its own, and one inside another has another list. */

import { trimmed } from './trimmed.js'

/** Lists kept for loops inside loops; a deeper one makes a list each time. */
const mostKept = 8

export class ScratchLists<A> {
  private readonly free: A[][] = []

  borrow(): A[] {
    return this.free.pop() ?? []
  }

  /** Empties the list, so that it keeps no removed agent alive; its room stays. */
  giveBack(list: A[]): void {
    trimmed(list, 0)
    if (this.free.length < mostKept) this.free.push(list)
  }
}
