/**
 * Forecaster: expects a return from the value, from the trend and from chance, each trader in a mixture of its own, and bids below or
 * asks above the price it expects (Chiarella, Iori & Perelló 2009).
 */

import { math } from '../../core/index.js'
import type { TopOfBook } from './ports.js'
import { Trader } from './trader.js'

export class Forecaster extends Trader {
  /** Weights of the value, the trend and chance; the second below 0: it trades against the trend. */
  onValue = 0
  onTrend = 0
  onNoise = 0
  /** Prices it saw, the latest first. */
  seen: number[] = []

  wake(): void {
    this.wakeAfter(this.rng.exponential(1 / this.model.params.forecasting.everyS))
    this.cancelAll()
    this.askTop()
  }

  override quoted({ bid, ask, last }: TopOfBook): void {
    const { model } = this
    const { forecasting, ticks, fundamental } = model.params
    const price = bid > 0 && ask > 0 ? (bid + ask) / 2 : last || fundamental.mean
    const expected = price * math.exp(this.expectedReturn(price))
    this.remember(price)
    const away = this.rng.float() * forecasting.margin
    const side = expected > price ? 'buy' : 'sell'
    const limit = Math.round(expected * (side === 'buy' ? 1 - away : 1 + away))
    if (limit >= 1 && limit < ticks) this.send({ side, lots: model.orderLots(this.rng), limit })
  }

  private expectedReturn(price: number): number {
    const { model, onValue, onTrend, onNoise, seen } = this
    const { noiseSd, reversionS, horizonS } = model.params.forecasting
    const oldest = seen[seen.length - 1]
    const value = math.log(Math.max(1, model.observe(this.rng, 0)) / price) / reversionS
    const trend = oldest === undefined ? 0 : math.log(price / oldest) / (seen.length * model.params.forecasting.everyS)
    const chance = this.rng.normal(0, noiseSd)
    return ((onValue * value + onTrend * trend + onNoise * chance) * horizonS) / (onValue + Math.abs(onTrend) + onNoise)
  }

  private remember(price: number): void {
    this.seen.unshift(price)
    if (this.seen.length > this.model.params.forecasting.looks) this.seen.pop()
  }
}
