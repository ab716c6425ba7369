/** Which trades of a scope are stored, in the order in which they closed, so that the first make room and none is stored twice. */

import { type FeatureMoments, newFeatureMoments } from '../trading/index.js'

interface Entry {
  readonly closedAt: number
  readonly id: string
}

export class KeptTrades {
  private readonly entries: Entry[] = []
  private readonly ids = new Set<string>()
  /** Of all that were ever kept: they say what tells wins from losses in the scope. */
  readonly moments: FeatureMoments = newFeatureMoments()

  constructor(private readonly keep: number) {}

  get size(): number {
    return this.entries.length
  }

  has(id: string): boolean {
    return this.ids.has(id)
  }

  /** Whether it would be among those that are kept. */
  wants(closedAt: number, id: string): boolean {
    const first = this.entries[0]
    return this.size < this.keep || (first !== undefined && order(first, { closedAt, id }) < 0)
  }

  add(closedAt: number, id: string): void {
    if (this.ids.has(id)) return
    this.ids.add(id)
    const entry = { closedAt, id }
    this.entries.splice(this.placeOf(entry), 0, entry)
  }

  /** Before the first that comes after it; most close later than all before. */
  private placeOf(entry: Entry): number {
    const last = this.entries.at(-1)
    if (last === undefined || order(last, entry) <= 0) return this.entries.length
    let [low, high] = [0, this.entries.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (order(this.entries[middle] as Entry, entry) <= 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Those that closed first and are too many. */
  excess(): string[] {
    return this.entries.slice(0, Math.max(0, this.size - this.keep)).map(({ id }) => id)
  }

  removeFirst(count: number): void {
    for (const { id } of this.entries.splice(0, count)) this.ids.delete(id)
  }
}

function order(a: Entry, b: Entry): number {
  return a.closedAt - b.closedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
