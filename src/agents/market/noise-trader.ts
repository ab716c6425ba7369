/** NoiseTrader: buys or sells once a day at the best price, without a reason; most come soon after the opening or before the close. */

import { math } from '../../core/index.js'
import type { TopOfBook } from './ports.js'
import { Trader } from './trader.js'

export class NoiseTrader extends Trader {
  /** Plans the trades of a day that has begun. */
  beginDay(): void {
    this.wakeAfter(this.model.params.dayS * uShaped(this.rng.float()))
  }

  wake(): void {
    this.askTop()
  }

  override quoted({ bid, ask, inAuction }: TopOfBook): void {
    const side = this.rng.chance(0.5) ? 'buy' : 'sell'
    const limit = inAuction ? null : side === 'buy' ? ask : bid
    if (limit !== 0) this.send({ side, lots: this.model.orderLots(this.rng), limit })
  }
}

/** Turns a uniform number into one of the arcsine distribution on [0, 1], the density of which is the letter U. */
function uShaped(u: number): number {
  const sine = math.sin((Math.PI / 2) * u)
  return sine * sine
}
