/** What a market says of itself, such as the causes planted in it: known to who looks, and to no agent. It is no part of the state. */

import type { MarketSource } from '../../market/index.js'

const markets = new WeakMap<object, Pick<MarketSource, 'describe'>>()

/** Whoever gives a model its market says so. */
export function setMarketBehind(model: object, market: Pick<MarketSource, 'describe'>): void {
  markets.set(model, market)
}

/** Undefined where nobody said: live, and in a replay. */
export function marketBehind(model: object): Readonly<Record<string, unknown>> | undefined {
  return markets.get(model)?.describe()
}
