/**
 * MarketMaker: bids and asks at several prices around the mid, for a part of the volume that others trade; it keeps its distance by
 * the spread it sees, and moves its prices against what it holds.
 */

import type { TopOfBook } from './ports.js'
import { Trader } from './trader.js'

export class MarketMaker extends Trader {
  /** The spread it goes by: an average in which the newest counts most. */
  spread = 0
  /** Lots traded in the market when it looked last. */
  tradedBefore = 0
  lastMid = 0

  wake(): void {
    this.wakeAfter(this.model.params.maker.everyS)
    this.cancelAll()
    this.askTop()
  }

  override quoted(top: TopOfBook): void {
    const { maker, lots, ticks } = this.model.params
    const volume = top.traded - this.tradedBefore
    this.tradedBefore = top.traded
    const size = Math.max(1, Math.round(maker.volumeShare * volume), Math.round(lots / 10))
    this.look(top)
    const step = Math.max(1, Math.round(maker.spacing * this.spread))
    const centre = Math.round(this.lastMid - maker.skew * this.position)
    const half = Math.max(1, Math.round(this.spread / 2))
    for (let level = 0; level < maker.levels; level++) {
      const away = half + level * step
      if (centre - away >= 1) this.send({ side: 'buy', lots: size, limit: centre - away })
      if (centre + away < ticks) this.send({ side: 'sell', lots: size, limit: centre + away })
    }
  }

  private look({ bid, ask, last }: TopOfBook): void {
    const { maker, fundamental } = this.model.params
    if (bid > 0 && ask > 0) {
      this.spread = this.spread === 0 ? ask - bid : maker.smoothing * (ask - bid) + (1 - maker.smoothing) * this.spread
      this.lastMid = (bid + ask) / 2
    } else if (this.lastMid === 0) this.lastMid = last || fundamental.mean
    if (this.spread === 0) this.spread = Math.max(2, Math.round(fundamental.mean / 2_000))
  }
}
