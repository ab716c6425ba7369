/** Whale: buys much of what has lasted a while, and so carries a token to its completion; or leaves, and so breaks it. */

import { MINUTE_MS, SECOND_MS } from '../../core/index.js'
import { progressOf, SOL, spotPrice } from '../../exchange/index.js'
import { creatorShare, flowOf, topTenShare } from './token.js'
import { Trader } from './trader.js'
import { mostBoughtOf } from './watching.js'

/** Mean time between two looks; tokens it looks at; positions at most. */
const [LOOK_MS, SEES, MOST] = [40 * SECOND_MS, 25, 5]

export class Whale extends Trader {
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
    const looksSound = creatorShare(token) < 0.05 && topTenShare(token) < 0.7 && token.buyers >= 12
    const hasLasted = now - token.launchedAt > MINUTE_MS && flowOf(token, now) > 0
    // The nearer the completion, the more there is to gain by it.
    const most = 4 + 10 * progressOf(token.curve)
    if (hasLasted && (looksSound || this.rng.chance(0.1))) this.buy(token, this.rng.between(2, most) * SOL)
  }

  private leave(): void {
    for (const position of this.positions.values()) {
      const { token } = position
      const price = spotPrice(token.curve)
      position.peak = Math.max(position.peak, price)
      if (price < position.peak * 0.5) this.sell(token, 1)
      else if (progressOf(token.curve) === 1 || price * this.holds(token) > position.paid * 8) this.sell(token, 0.5)
    }
  }
}
