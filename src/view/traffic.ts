/** Who published on which topic between two looks. It listens only while a panel asks. */

import type { MessageCount, Simulation } from '../model/index.js'
import { viewLimits } from './limits.js'

type Counts = Map<string, Map<number, number>>

export class Traffic {
  private counts: Counts = new Map()
  private size = 0
  private last: readonly MessageCount[] = []
  private stop: (() => void) | undefined
  private isAsked = false

  /** Messages beyond the limit, which no look hears of. */
  dropped = 0

  constructor(private readonly sim: Simulation) {}

  /** Between two looks: what was counted since the last one is what this one hears. */
  turn(): void {
    if (this.stop === undefined) return
    this.last = listed(this.counts)
    this.counts = new Map()
    this.size = 0
    if (!this.isAsked) this.end()
    this.isAsked = false
  }

  /** Nobody asks any more. */
  end(): void {
    this.stop?.()
    this.stop = undefined
    this.last = []
    this.counts = new Map()
    this.size = 0
  }

  heard(): readonly MessageCount[] {
    this.isAsked = true
    this.stop ??= this.sim.tap((topic, _message, from) => this.count((topic.family ?? topic).name, from))
    return this.last
  }

  private count(topic: string, from: number): void {
    let of = this.counts.get(topic)
    if (of === undefined) {
      of = new Map()
      this.counts.set(topic, of)
    }
    const n = of.get(from)
    if (n === undefined && this.size >= viewLimits.traffic) {
      this.dropped++
      return
    }
    if (n === undefined) this.size++
    of.set(from, (n ?? 0) + 1)
  }
}

function listed(counts: Counts): MessageCount[] {
  return [...counts].flatMap(([topic, of]) => Array.from(of, ([from, count]) => ({ from, topic, count })))
}
