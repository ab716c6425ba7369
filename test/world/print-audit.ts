/** What must hold of every fill of a live run: a print that was served explains its price and its time. */

import type { Fill } from '../../src/trading/index.js'
import type { TroubledRun } from './troubled-market.js'

/** A price is rounded to the tick, outwards; no tick is more of the script's prices. */
const rounding = 2e-4

/**
 * The fills that no served print explains. The bound: a fill is at the instant of a print of its pair that somebody traded near, and its
 * price is at most half the spread, the slippage and the rounding to a tick away from it; an entry is at least the latency later than its
 * order, and an exit is later than its entry.
 */
export function unexplainedFills(run: TroubledRun): Fill[] {
  const { halfSpread, slippage, latencyMs } = run.settings
  const bound = halfSpread + slippage + rounding
  const entered = new Map<string, number>()
  return run.fills.filter(fill => {
    const { pair, time, priceUsd, tradeId, opens } = fill
    if (opens) entered.set(tradeId, time)
    const print = run.served.some(
      p => p.pair === pair && p.time === time && !p.isBad && Math.abs(priceUsd / p.price - 1) <= bound,
    )
    const order = run.orders.find(o => o.clientId === tradeId && o.reduces === !opens && o.state === 'filled')
    const later = opens
      ? order !== undefined && time >= order.submittedAt + latencyMs
      : time > (entered.get(tradeId) ?? Number.POSITIVE_INFINITY)
    const watched = (run.outages.get(pair) ?? []).every(o => time <= o.from || time >= o.to)
    return !(print && later && watched)
  })
}

/** What the largest trade of a run cost: fees, spread and slippage of both fills, 1e-6 USD. */
export function tradeCostE6({ trades }: TroubledRun): number {
  return Math.max(...trades.map(t => t.feesE6 + t.slippageE6))
}
