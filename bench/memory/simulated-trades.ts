/** Finished trades of simulated runs, all portfolios together: what memory is fitted on and measured with. */

import { simulate } from 'mycelia'
import { type Trade, TradeConfirmations } from 'mycelia/market'
import trifecta from '../../scenarios/trifecta.js'

/** `count` trades of trifecta, from one seed on, in the order in which they closed in each run. */
export function simulatedTrades(count: number, firstSeed = 1): Trade[] {
  const trades: Trade[] = []
  for (let seed = firstSeed; trades.length < count; seed++) {
    const sim = simulate(trifecta, { seed, collect: false })
    sim.tap((topic, message) => {
      if (topic === TradeConfirmations) trades.push({ ...(message as Trade), tradeId: `${seed}/${(message as Trade).tradeId}` })
    })
    sim.run({ steps: 5_000 })
    sim.finish()
  }
  return trades.slice(0, count)
}
