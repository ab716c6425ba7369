/** MomentumTrader: one of the crowd: buys what is being bought, and runs when the price falls from its peak. */

import { SECOND_MS } from '../../core/index.js'
import { SOL, spotPrice } from '../../exchange/index.js'
import { flowOf } from './token.js'
import { Trader } from './trader.js'
import { mostBoughtOf } from './watching.js'

/** Mean time between two looks; tokens it looks at; positions at most. */
const [LOOK_MS, SEES, MOST] = [12 * SECOND_MS, 14, 4]
/** Inflow, in lamports, at which it buys with a chance of one half. */
const HALF_FLOW = 2.5 * SOL
/** Fall from the peak at which it leaves, and the gain at which it takes half. */
const [STOP, TAKE] = [0.4, 3]

export class MomentumTrader extends Trader {
  look(): void {
    this.leave()
    this.enter()
    this.after(this.slots(this.rng.exponential(1 / LOOK_MS)), 'look')
  }

  private enter(): void {
    if (this.positions.size >= MOST) return
    const { living, now } = this.model
    const token = mostBoughtOf(living, SEES, now, this.rng)
    if (token === undefined || this.positions.has(token.pair)) return
    const flow = Math.max(0, flowOf(token, now))
    if (this.rng.chance(flow / (flow + HALF_FLOW))) this.buy(token, this.rng.between(0.1, 0.8) * SOL)
  }

  private leave(): void {
    for (const position of this.positions.values()) {
      const { token } = position
      const price = spotPrice(token.curve)
      position.peak = Math.max(position.peak, price)
      const worth = price * this.holds(token)
      if (price < position.peak * (1 - STOP) || this.rng.chance(0.01)) this.sell(token, 1)
      else if (worth > position.paid * (1 + TAKE) && this.rng.chance(0.25)) this.sell(token, 0.5)
    }
  }
}
