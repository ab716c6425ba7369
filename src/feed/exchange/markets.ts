/** Finds the wanted pairs among the markets of an exchange. */

import { defaultPairs, type InstrumentTable } from '../../market/index.js'
import type { ExchangeMarket } from './client.js'

/** A market to be fetched, and its label in files and messages: `BTCUSDT`. */
export interface ListedPair {
  readonly label: string
  readonly symbol: string
}

/** Pairs that were found, and why the others were not. */
export interface ListedPairs {
  readonly served: readonly ListedPair[]
  readonly missing: readonly { readonly pair: string; readonly reason: string }[]
}

/** Quotes in which the default pairs are looked for, in order. */
const defaultQuotes = ['USD', 'USDT', 'USDC'] as const

/** `pairs` in any spelling, each in the currency that it names; without them the model's 18, in USD or what stands for it. */
export function listedPairs(
  exchange: string,
  pairs: readonly string[] | undefined,
  markets: readonly ExchangeMarket[],
  instruments: InstrumentTable,
): ListedPairs {
  const served = new Map<string, ListedPair>()
  const missing: { pair: string; reason: string }[] = []
  for (const pair of pairs ?? defaultPairs) {
    const { bases } = instruments.instrument(pair)
    const quotes = pairs === undefined ? defaultQuotes : [instruments.read(pair)?.quote ?? 'USD']
    const ofBase = markets.filter(market => bases.includes(market.base))
    const market = quotes.flatMap(quote => ofBase.find(listed => listed.quote === quote) ?? [])[0]
    if (market === undefined) missing.push({ pair, reason: notListed(exchange, quotes, ofBase) })
    else served.set(market.symbol, { label: labelOf(market), symbol: market.symbol })
  }
  return { served: [...served.values()], missing }
}

function labelOf({ base, quote }: ExchangeMarket): string {
  return `${base}${quote}`.toUpperCase().replace(/[^A-Z0-9]/g, '')
}

function notListed(exchange: string, quotes: readonly string[], ofBase: readonly ExchangeMarket[]): string {
  const others = ofBase.slice(0, 5).map(market => market.symbol)
  const listed = others.length === 0 ? '' : `; it lists ${others.join(', ')}`
  return `${exchange} does not list it in ${quotes.join(', ')}${listed}`
}
