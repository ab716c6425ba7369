/** MomentumTrader: buys where the average of the latest prices is above that of more of them, and sells where it is below. */

import type { TopOfBook } from './ports.js'
import { Trader } from './trader.js'

export class MomentumTrader extends Trader {
  /** The latest mid prices in a ring, as long as the longer average. */
  mids: number[] = []
  seen = 0
  /** Sums of the shorter and the longer average. */
  shortSum = 0
  longSum = 0

  wake(): void {
    this.wakeAfter(this.model.params.momentum.everyS)
    this.askTop()
  }

  override quoted({ bid, ask }: TopOfBook): void {
    if (bid === 0 || ask === 0) return
    this.add((bid + ask) / 2)
    const { short, long } = this.model.params.momentum
    if (this.seen < long) return
    const rises = this.shortSum / short >= this.longSum / long
    this.send({ side: rises ? 'buy' : 'sell', lots: this.model.orderLots(this.rng), limit: rises ? ask : bid })
  }

  private add(mid: number): void {
    const { short, long } = this.model.params.momentum
    const at = this.seen % long
    this.longSum += mid - (this.mids[at] ?? 0)
    this.shortSum += mid - (this.seen < short ? 0 : (this.mids[(this.seen - short) % long] ?? 0))
    this.mids[at] = mid
    this.seen++
  }
}
