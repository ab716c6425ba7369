/** The bounded queue between a feed and the world. It keeps the order of arrival, and bounds each pair separately. */

import type { MarketInput } from '../market/index.js'
import { feedLimits } from './limits.js'

interface Waiting {
  readonly arrival: number
  readonly input: MarketInput
}

export class InputQueue {
  private readonly lanes = new Map<string, Waiting[]>()
  private arrivals = 0
  /** Inputs dropped because a lane was full. */
  dropped = 0
  length = 0

  constructor(private readonly perLane = feedLimits.waitingPerPair) {}

  push(lane: string, input: MarketInput): void {
    const waiting = this.lanes.get(lane) ?? []
    this.lanes.set(lane, waiting)
    if (waiting.length >= this.perLane) this.makeRoom(waiting)
    waiting.push({ arrival: this.arrivals++, input })
    this.length++
  }

  /** Takes at most `maxPerLane` inputs of each lane, in order of arrival. */
  take(maxPerLane: number): MarketInput[] {
    const taken: Waiting[] = []
    for (const waiting of this.lanes.values()) {
      if (waiting.length > 0) for (const w of waiting.splice(0, maxPerLane)) taken.push(w)
    }
    this.length -= taken.length
    return taken.sort((a, b) => a.arrival - b.arrival).map(w => w.input)
  }

  /** Drops a trade first, because its bar includes it. Where only bars wait, the oldest is dropped. */
  private makeRoom(waiting: Waiting[]): void {
    const trade = waiting.findIndex(w => w.input.kind === 'trade')
    waiting.splice(Math.max(0, trade), 1)
    this.dropped++
    this.length--
  }
}
