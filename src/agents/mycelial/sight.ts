/** What a live run can say of a pair's silence: that a market has ended, or only that the run did not see it. */

import type { TimeMs } from '../../core/index.js'
import type { InstrumentState, Portfolio } from '../../trading/index.js'

/** What is read of the model. */
export interface Watched {
  readonly now: TimeMs
  readonly barMs: number
  readonly pairs: readonly string[]
  readonly warming: boolean
  readonly stale: ReadonlyMap<string, number>
  readonly params: { readonly dataEndedBars: number }
}

/** A trader with what it has not seen. */
export interface Onlooker {
  readonly model: Watched
  readonly portfolios: { readonly baseline: Portfolio }
  readonly buyAndHold: { readonly performance: { readonly lastTime: TimeMs } }
  unseen?: Map<string, TimeMs>
}

/** Bars without one of the other pairs after which the whole market is out of sight. */
const barsOfLife = 2

/** The bars of an outage, of which the pair's feed was silent, are lost: what was not seen is no silence of the market. */
export function noteLost(trader: Onlooker, pair: string, to: TimeMs): void {
  if (!trader.model.stale.has(pair)) return
  trader.unseen ??= new Map()
  trader.unseen.set(pair, to)
}

/**
 * After a restart the first step says how far back its bars reach: what lies between the last one and it was seen by nobody. A pause
 * shorter than the silence that ends a pair's data hides nothing.
 */
export function noteAbsence(trader: Onlooker): void {
  const { warming, stale, now, barMs, pairs, params } = trader.model
  const { lastTime } = trader.buyAndHold.performance
  if (!(warming || stale.size > 0) || !(now - lastTime > params.dataEndedBars * barMs)) return
  trader.unseen = new Map(pairs.map(pair => [pair, now]))
}

/** Until when the pair may have traded unseen. Where no other pair has traded lately, its own silence proves nothing. */
export function unseenUntil({ model, portfolios, unseen }: Onlooker, pair: string): TimeMs {
  const { warming, stale } = model
  if (warming || (stale.has(pair) && !isOtherAlive(portfolios.baseline, pair, model.now))) return Number.POSITIVE_INFINITY
  return unseen?.get(pair) ?? Number.NEGATIVE_INFINITY
}

function isOtherAlive({ instruments }: Portfolio, pair: string, now: TimeMs): boolean {
  const isAlive = ({ barTime, barMs }: InstrumentState) => barTime >= 0 && now < barTime + (1 + barsOfLife) * barMs
  for (const other of instruments.values()) if (other.pair !== pair && isAlive(other)) return true
  return false
}
