/**
 * ValueTrader: estimates what a lot will be worth at the close from what it sees now and then (a Kalman filter of a mean-reverting
 * value: Wah & Wellman 2017, Byrd 2019), buys below and sells above.
 */

import { addedVariance, keptAfter } from './fundamental.js'
import type { TopOfBook } from './ports.js'
import { Trader } from './trader.js'

export class ValueTrader extends Trader {
  /** Its estimate of the value, the variance of the estimate's error, and when it was made. */
  estimate = 0
  variance = 0
  estimatedAt = 0

  wake(): void {
    this.wakeAfter(this.rng.exponential(this.model.params.value.wakeRate))
    this.cancelAll()
    this.askTop()
  }

  override quoted({ bid, ask, inAuction }: TopOfBook): void {
    this.observe()
    if (bid === 0 || ask === 0 || inAuction) return this.startQuotes(bid, ask)
    const { aggressive, depthSpreads } = this.model.params.value
    const spread = ask - bid
    const deeper = this.rng.chance(aggressive) ? 0 : this.rng.int(Math.max(1, Math.floor(depthSpreads * spread) + 1))
    const worth = this.atClose()
    if (worth >= (bid + ask) / 2) this.offer('buy', ask - deeper)
    else this.offer('sell', bid + deeper)
  }

  /** Where one side is empty it says its own price. */
  private startQuotes(bid: number, ask: number): void {
    const worth = Math.round(this.atClose())
    const side = bid === 0 && ask === 0 ? (this.rng.chance(0.5) ? 'buy' : 'sell') : bid === 0 ? 'buy' : 'sell'
    this.offer(side, side === 'buy' ? worth - 1 : worth + 1)
  }

  private offer(side: 'buy' | 'sell', limit: number): void {
    if (limit >= 1 && limit < this.model.params.ticks) this.send({ side, lots: this.model.orderLots(this.rng), limit })
  }

  /** Joins what it knew, moved on to now, with what it sees, each weighted by the other's variance. */
  private observe(): void {
    const { model } = this
    const { fundamental, value } = model.params
    const elapsed = model.now - this.estimatedAt
    const kept = keptAfter(fundamental.reversion, elapsed)
    const before = fundamental.mean + (this.estimate - fundamental.mean) * kept
    const variance = kept * kept * this.variance + fundamental.sd ** 2 * addedVariance(fundamental.reversion, elapsed)
    const seen = model.observe(this.rng, value.errorSd)
    const error = value.errorSd ** 2
    const weight = variance + error === 0 ? 1 : variance / (variance + error)
    this.estimate = before + weight * (seen - before)
    this.variance = (1 - weight) * variance
    this.estimatedAt = model.now
  }

  /** What it expects at the close. */
  private atClose(): number {
    const { model } = this
    const { fundamental, dayS } = model.params
    const kept = keptAfter(fundamental.reversion, dayS - (model.now % dayS))
    return fundamental.mean + (this.estimate - fundamental.mean) * kept
  }
}
