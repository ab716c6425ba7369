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
  /** Of the order that it sent last. */
  side: 'buy' | 'sell' = 'buy'
  /** Prices it saw, the latest first. */
  seen: number[] = []

  wake(): void {
    this.wakeAfter(this.rng.exponential(1 / this.model.params.forecasting.everyS))
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
    if (limit >= 1 && limit < ticks) this.offer(side, limit, bid > 0 && ask > 0)
  }

  /** Moves the order that waits on that side, or sends one where none does. */
  private offer(side: 'buy' | 'sell', limit: number, isOpen: boolean): void {
    const lots = this.model.orderLots(this.rng)
    const [id] = this.living
    if (id !== undefined && this.side === side && isOpen) return this.changeOrder(id, lots, limit)
    this.cancelAll()
    this.side = side
    this.send({ side, lots, limit, forS: this.model.params.forecasting.waitsS })
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
