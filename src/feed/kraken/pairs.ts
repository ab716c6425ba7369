/** Finds the requested pairs among those Kraken lists today. A pair that is no longer listed is reported once and skipped. */

import { standardInstruments } from '../../market/index.js'
import type { KrakenMarket } from './client.js'

export interface ResolvedPair {
  /** The model's name. */
  readonly pair: string
  /** Kraken's REST id and the unified symbol used on its socket. */
  readonly id: string
  readonly symbol: string
}

export interface Resolution {
  readonly served: readonly ResolvedPair[]
  readonly missing: readonly { readonly pair: string; readonly reason: string }[]
}

export function resolvePairs(pairs: readonly string[], markets: readonly KrakenMarket[]): Resolution {
  const served: ResolvedPair[] = []
  const missing: { pair: string; reason: string }[] = []
  for (const pair of pairs) {
    const market = findMarket(pair, markets)
    if (market === undefined) missing.push({ pair, reason: 'Kraken does not list it today' })
    else if (market.active === false) missing.push({ pair, reason: `Kraken lists ${market.symbol}, but not for trading now` })
    else if (served.some(s => s.symbol === market.symbol)) missing.push({ pair, reason: `${market.symbol} is served already` })
    else served.push({ pair, id: market.id, symbol: market.symbol })
  }
  return { served, missing }
}

/** By Kraken's id and short name, then by symbol, then by the names the asset took later (MATIC became POL). */
function findMarket(pair: string, markets: readonly KrakenMarket[]): KrakenMarket | undefined {
  for (const name of namesOf(pair)) {
    const market = markets.find(m => m.id === name || m.symbol === name || m.info?.altname === name || m.info?.wsname === name)
    if (market !== undefined) return market
  }
  return undefined
}

/** Every name under which Kraken may list a pair. */
export function namesOf(pair: string): string[] {
  const read = standardInstruments.read(pair)
  if (read === undefined) return [pair]
  const { instrument, quote } = read
  if (quote !== instrument.quote) return instrument.bases.flatMap(base => [`${base}${quote}`, `${base}/${quote}`])
  const { krakenId, altname, wsname, ccxtSymbol, successor } = instrument
  const later = successor === undefined ? [] : [`${successor}USD`, `${successor}/USD`]
  return [krakenId, altname, wsname, ccxtSymbol, pair, ...later]
}
