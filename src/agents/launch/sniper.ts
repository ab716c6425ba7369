/** Sniper: buys in the first slots after a launch, pays to come first, and sells to those who come later. */

import { SECOND_MS } from '../../core/index.js'
import { SOL, spotPrice } from '../../exchange/index.js'
import type { LaunchToken } from './token.js'
import { Launches } from './topics.js'
import { Trader } from './trader.js'

/** Share of launches that it goes for. */
const PICKS = 0.35
const LOOK_MS = SECOND_MS
/** It sells at so much more, and whatever the price after so long. */
const [GAIN, PATIENCE_MS] = [0.6, 90 * SECOND_MS]

export class Sniper extends Trader {
  override wire(): void {
    this.on(Launches, ({ pair }) => {
      const token = this.model.tokens.get(pair)
      if (token !== undefined && this.rng.chance(PICKS)) this.snipe(token)
    })
  }

  look(pair: string): void {
    const token = this.model.tokens.get(pair)
    if (token === undefined) return
    const position = this.positions.get(token.pair)
    const { now } = this.model
    if (position === undefined) {
      if (now - token.launchedAt < PATIENCE_MS) this.after(this.slots(LOOK_MS), 'look', token.pair)
      return
    }
    const worth = spotPrice(token.curve) * this.holds(token)
    const isDone = worth > position.paid * (1 + GAIN) || worth < position.paid * 0.6 || now - position.since > PATIENCE_MS
    if (isDone) this.sell(token, 1, { priority: SOL / 200 })
    this.after(this.slots(LOOK_MS), 'look', token.pair)
  }

  private snipe(token: LaunchToken): void {
    this.buy(token, this.rng.between(0.3, 1.2) * SOL, { priority: Math.floor(this.rng.between(0.01, 0.1) * SOL), slippage: 0.4 })
    this.after(this.slots(LOOK_MS), 'look', token.pair)
  }
}
