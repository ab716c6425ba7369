/**
 * Executor: works through orders too large for the book in parts, evenly over time or as a part of the volume. Sizes have a heavy
 * tail (Lillo, Mike & Farmer 2005), so the signs of orders stay the same for long.
 */

import { math, type Rng } from '../../core/index.js'
import type { EndNote, FillNote, Metaorder, TopOfBook } from './ports.js'
import { Trader } from './trader.js'

export class Executor extends Trader {
  order: Metaorder | null = null
  /** What the market had traded when it looked last. */
  tradedBefore = 0

  /** Begins a large order. */
  begin(side: 'buy' | 'sell', lots: number): void {
    this.order = { side, lots, begunAt: this.model.now, startMid: 0, done: 0, underway: 0, notional: 0 }
  }

  wake(): void {
    const { executing } = this.model.params
    if (this.order === null) this.begin(this.rng.chance(0.5) ? 'buy' : 'sell', heavyTailed(this.rng, executing))
    this.askTop()
  }

  override quoted(top: TopOfBook): void {
    this.wakeAfter(this.rng.exponential(1 / this.model.params.executing.everyS))
    const { order } = this
    if (order === null) return
    const mid = (top.bid + top.ask) / 2
    if (order.startMid === 0 && top.bid > 0 && top.ask > 0) order.startMid = mid
    const lots = Math.min(order.lots - order.done - order.underway, this.part(top))
    if (lots > 0) {
      this.send({ side: order.side, lots, limit: null })
      order.underway += lots
    }
  }

  /** @internal */
  override filled(fill: FillNote): void {
    super.filled(fill)
    const { order } = this
    if (order === null) return
    order.done += fill.lots
    order.underway -= fill.lots
    order.notional += fill.lots * fill.tick
    if (order.done < order.lots) return
    this.model.finishedMetaorder(order)
    this.order = null
  }

  /** @internal */
  override ended(note: EndNote): void {
    super.ended(note)
    if (this.order !== null) this.order.underway -= note.left
  }

  /** The lots of the next part. */
  private part({ traded }: TopOfBook): number {
    const { executing, lots } = this.model.params
    const volume = traded - this.tradedBefore
    this.tradedBefore = traded
    return executing.style === 'volume'
      ? Math.round(executing.volumeShare * volume)
      : Math.max(1, Math.round(lots * executing.partShare))
  }
}

/** A Pareto-distributed size. */
function heavyTailed(rng: Rng, { leastLots, mostLots, tail }: { leastLots: number; mostLots: number; tail: number }): number {
  return Math.min(mostLots, Math.ceil(leastLots * math.pow(1 - rng.float(), -1 / tail)))
}
