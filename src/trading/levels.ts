/** Stop and target of a position: where they stand, and when a price has reached them. */

import type { Position } from './portfolio.js'
import type { BrokerSettings } from './settings.js'
import type { Signal } from './signal.js'

/** Horizon, in bars, for which levels stand at their plain multiples of the ATR. */
const levelBars = 24

/** Prices; NaN where the settings ask for no such level. */
export function levelsOf(signal: Signal, entryUsd: number, settings: BrokerSettings): Pick<Position, 'stopUsd' | 'targetUsd'> {
  const reach = reachOf(signal)
  return {
    stopUsd: level(entryUsd, -signal.direction * (settings.stopShare ?? stopShare(reach, settings))),
    targetUsd: level(entryUsd, signal.direction * (settings.targetShare ?? reach * settings.targetAtr)),
  }
}

/** The unit of stop and target, a share of price: the ATR, growing beyond a day of bars with √horizon, as prices spread. */
function reachOf({ features, horizonBars }: Signal): number {
  return (features.atr ?? 0) * Math.sqrt(Math.max(1, horizonBars / levelBars))
}

/** How far the stop is, as a share of price; 0, which is none, where that is nearer than what the exit it asks for costs. */
function stopShare(reach: number, { stopAtr, feeRate, halfSpread, slippage }: BrokerSettings): number {
  const share = reach * stopAtr
  return share > feeRate + halfSpread + slippage ? share : 0
}

/** The price at a signed distance, a share of `priceUsd`; NaN where the distance is 0. */
function level(priceUsd: number, share: number): number {
  return share === 0 ? Number.NaN : priceUsd * (1 + share)
}

/** Which level lies between two prices; the stop where both do. */
export function reachedLevel({ signal, stopUsd, targetUsd }: Position, low: number, high: number): 'stop' | 'target' | null {
  const long = signal.direction === 1
  if (long ? low <= stopUsd : high >= stopUsd) return 'stop'
  return (long ? high >= targetUsd : low <= targetUsd) ? 'target' : null
}
