/**
 * SwitchingTrader: follows the trend or trades against the distance from the value, whichever has earned more of late and is more
 * popular (Franke & Westerhoff 2012, with discrete choice by each trader for itself).
 */

import { math } from '../../core/index.js'
import type { TopOfBook } from './ports.js'
import { Trader } from './trader.js'

export type Belief = 'trend' | 'value'

export class SwitchingTrader extends Trader {
  belief: Belief = 'value'
  /** What each belief would have earned of late, in parts of the price. */
  trendFitness = 0
  valueFitness = 0
  /** The mid price it saw last, the one before, and what it took for the value then. */
  mid = 0
  before = 0
  seenValue = 0

  wake(): void {
    this.wakeAfter(this.rng.exponential(1 / this.model.params.switching.everyS))
    this.askTop()
  }

  override quoted({ bid, ask }: TopOfBook): void {
    if (bid === 0 || ask === 0) return
    const { model } = this
    const { errorSd, appetite } = model.params.switching
    this.judge((bid + ask) / 2)
    const trend = this.before === 0 ? 0 : this.mid - this.before
    this.seenValue = model.observe(this.rng, errorSd)
    const signal = this.belief === 'trend' ? trend : this.seenValue - this.mid
    if (signal === 0 || !this.rng.chance(Math.min(1, (appetite * Math.abs(signal)) / (ask - bid)))) return
    const side = signal > 0 ? 'buy' : 'sell'
    this.send({ side, lots: model.orderLots(this.rng), limit: side === 'buy' ? ask : bid, force: 'immediate' })
  }

  /** Remembers what each belief would have earned since the last look, and chooses one. */
  private judge(mid: number): void {
    const { model } = this
    const { memory, intensity, herding } = model.params.switching
    if (this.before > 0) {
      const earned = (mid - this.mid) / this.mid
      this.trendFitness = memory * this.trendFitness + earned * Math.sign(this.mid - this.before)
      this.valueFitness = memory * this.valueFitness + earned * Math.sign(this.seenValue - this.mid)
    }
    this.before = this.mid
    this.mid = mid
    const popularity = herding * (2 * model.trendShare - 1)
    const odds = intensity * (this.trendFitness - this.valueFitness) + popularity
    const belief = this.rng.chance(1 / (1 + math.exp(-odds))) ? 'trend' : 'value'
    if (belief === this.belief) return
    this.belief = belief
    model.trendFollowers += belief === 'trend' ? 1 : -1
  }
}
