/** A trade made again from a pair's opens: when it would enter, how long it would last, and what it would earn. */

import { DAY_MS, type TimeMs } from '../core/index.js'
import type { ControlTrade, Opens, TradeCosts } from './control-recorder.js'
import type { Direction } from './idea.js'

/** The first bar that starts at or after the instant; the last bar where none does. */
export function barAt({ time }: Opens, instant: TimeMs): number {
  let low = 0
  let high = time.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((time[middle] as number) < instant) low = middle + 1
    else high = middle
  }
  return low
}

/** How many of the pair's bars a trade lasted; at least one. */
export function barsHeld(opens: Opens, { entryTime, exitTime }: ControlTrade): number {
  return Math.max(1, barAt(opens, exitTime) - barAt(opens, entryTime))
}

/** Net return of entering at one open and leaving at another, as a share of the entry's notional, at the broker's costs. */
export function netReturn({ time, open }: Opens, from: number, to: number, direction: Direction, costs: TradeCosts): number {
  const against = direction * (costs.halfSpread + costs.slippage)
  const ratio = ((open[to] as number) * (1 - against)) / ((open[from] as number) * (1 + against))
  const days = direction === 1 ? 0 : ((time[to] as number) - (time[from] as number)) / DAY_MS
  return direction * (ratio - 1) - costs.feeRate * (1 + ratio) - costs.borrowRatePerDay * days
}

/** Trades by a key, such as their pair. */
export function tradesBy(trades: readonly ControlTrade[], keyOf: (trade: ControlTrade) => string): Map<string, ControlTrade[]> {
  const groups = new Map<string, ControlTrade[]>()
  for (const trade of trades) {
    const group = groups.get(keyOf(trade))
    if (group === undefined) groups.set(keyOf(trade), [trade])
    else group.push(trade)
  }
  return groups
}
