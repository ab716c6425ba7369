/** NoiseTrader: buys and sells without a reason, so that there are always others in a token. */

import { SECOND_MS } from '../../core/index.js'
import { SOL } from '../../exchange/index.js'
import { Trader } from './trader.js'

/** Mean time between two looks, and positions at most. */
const [LOOK_MS, MOST] = [25 * SECOND_MS, 6]

export class NoiseTrader extends Trader {
  look(): void {
    const { living } = this.model
    if (this.positions.size > 0 && this.rng.chance(Math.min(1, this.positions.size / MOST))) {
      const { token } = this.rng.pick([...this.positions.values()])
      this.sell(token, 1)
    } else if (living.length > 0) {
      // The newest are looked at most.
      const token = living[living.length - 1 - this.rng.int(Math.min(living.length, 30))]
      if (token !== undefined) this.buy(token, this.rng.between(0.05, 0.4) * SOL)
    }
    this.after(this.slots(this.rng.exponential(1 / LOOK_MS)), 'look')
  }
}
