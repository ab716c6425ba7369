/** The latest trade ids of a pair, to recognise duplicates: a table of one size from the start, so that days cost what minutes do. */

import { feedLimits } from '../limits.js'

/**
 * Kraken numbers a pair's trades one after the other, so an id modulo the table's size is its place and the latest ones
 * never share it. An id older than all that are remembered counts as not seen, and pushes out nothing newer.
 */
export class SeenIds {
  private readonly ids = new Float64Array(feedLimits.seenTradeIds).fill(-1)

  has(id: number): boolean {
    return this.ids[id % this.ids.length] === id
  }

  add(id: number): void {
    const at = id % this.ids.length
    if (id > (this.ids[at] ?? -1)) this.ids[at] = id
  }
}
