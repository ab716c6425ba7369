/** CopyTrader: does what one whale or sniper does, some slots later and with less money. */

import { SOL } from '../../exchange/index.js'
import { LaunchTrades } from './topics.js'
import { Trader } from './trader.js'

/** Most that it pays for a trade, as a share of the leader's, and the slots it needs to see it. */
const [SHARE, SEES_AFTER] = [0.25, 2]

export class CopyTrader extends Trader {
  /** The account that it copies. */
  leader = ''

  override wire(): void {
    this.on(LaunchTrades.at(this.leader), ({ pair, side, lamports }) => {
      const token = this.model.tokens.get(pair)
      if (token === undefined) return
      if (side === 'buy') this.buy(token, Math.min(SOL, lamports * SHARE), { delaySlots: SEES_AFTER })
      else this.sell(token, 1, { delaySlots: SEES_AFTER })
    })
  }
}
