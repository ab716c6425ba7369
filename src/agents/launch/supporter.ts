/** Supporter: one of a token's community: knows what the token is worth to it, buys below that and sells far above, for as long as the community lasts. */

import { SECOND_MS } from '../../core/index.js'
import { SOL } from '../../exchange/index.js'
import { communityGap, TOO_MUCH } from './community.js'
import type { LaunchToken } from './token.js'
import { Trader } from './trader.js'

/** Mean time between two looks, and the tokens it looks at. */
const [LOOK_MS, SEES] = [20 * SECOND_MS, 12]
/** It buys once so much is missing, in lamports. */
const MISSING = SOL / 5

export class Supporter extends Trader {
  look(): void {
    this.leave()
    this.enter()
    this.after(this.slots(this.rng.exponential(1 / LOOK_MS)), 'look')
  }

  private enter(): void {
    const { living, now } = this.model
    if (living.length === 0) return
    let best: LaunchToken | undefined
    let most = MISSING
    for (let i = 0; i < SEES; i++) {
      const token = this.rng.pick(living)
      const gap = communityGap(token, now)
      if (gap > most) [best, most] = [token, gap]
    }
    if (best !== undefined) this.buy(best, Math.min(most, this.rng.between(0.1, 0.8) * SOL))
  }

  private leave(): void {
    for (const { token } of this.positions.values())
      if (communityGap(token, this.model.now) < -TOO_MUCH && this.rng.chance(0.3)) this.sell(token, 0.5)
  }
}
