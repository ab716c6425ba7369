/** NoiseTrader: buys what it likes or has just heard of, sells by chance, and asks no price. */

import { SECOND_MS } from '../../core/index.js'
import { SOL } from '../../exchange/index.js'
import type { LaunchToken } from './token.js'
import { Trader } from './trader.js'

/** Mean time between two looks, and positions at most. */
const [LOOK_MS, MOST] = [25 * SECOND_MS, 30]
/** How often it buys what it likes best of so many, rather than one of the newest. */
const [LIKES, OF, NEWEST] = [0.6, 40, 30]

export class NoiseTrader extends Trader {
  look(): void {
    if (this.positions.size > 0 && this.rng.chance(Math.min(1, this.positions.size / MOST))) {
      const { token } = this.rng.pick([...this.positions.values()])
      this.sell(token, 1)
    } else this.enter()
    this.after(this.slots(this.rng.exponential(1 / LOOK_MS)), 'look')
  }

  private enter(): void {
    const { living } = this.model
    if (living.length === 0) return
    const token = this.rng.chance(LIKES)
      ? this.liked()
      : living[living.length - 1 - this.rng.int(Math.min(living.length, NEWEST))]
    if (token !== undefined) this.buy(token, this.rng.between(0.05, 0.4) * SOL)
  }

  private liked(): LaunchToken {
    const { living } = this.model
    let best = this.rng.pick(living)
    for (let i = 1; i < OF; i++) {
      const other = this.rng.pick(living)
      if (other.appeal > best.appeal) best = other
    }
    return best
  }
}
