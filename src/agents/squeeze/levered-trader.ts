/** LeveredTrader: bets one way on margin, takes a small profit, and otherwise waits until the exchange ends it. */

import type { PerpAccount } from '../../exchange/index.js'
import { Agent } from '../../model/index.js'
import type { SqueezeWorld } from './ports.js'

export class LeveredTrader extends Agent<SqueezeWorld> {
  way: 1 | -1 = 1

  step(): void {
    const { params } = this.model
    const account = this.model.accountOf(this.key)
    if (account.positions.size > 0) this.watch(account)
    else if (this.rng.float() < params.enterShare) this.enter(account)
  }

  /** Two thirds of its money, so that its fee and a worse price have room. */
  private enter({ cashE6, leverage }: PerpAccount): void {
    const { lastUsd } = this.model
    const qtyE8 = Math.floor(((cashE6 * leverage * 2) / 3 / lastUsd) * 100)
    if (qtyE8 > 0) this.model.submit(this.key, this.way, qtyE8, false)
  }

  private watch(account: PerpAccount): void {
    for (const [pair, position] of account.positions)
      if (this.model.gainOf(pair, position) >= this.model.params.takeProfit * position.marginE6)
        this.model.submit(this.key, this.way === 1 ? -1 : 1, position.qtyE8, true)
  }
}
