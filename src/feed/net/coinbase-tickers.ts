/** Prices at Coinbase Exchange, from its public tickers (`/products/{id}/ticker`): what the exchange that is traced says itself. */

import * as z from 'zod'
import { SECOND_MS } from '../../core/index.js'
import { instrument } from '../../market/index.js'
import type { PolledInput, PolledSource } from './polled-feed.js'

const host = 'api.coinbase.com'
const standardUrl = 'https://api.exchange.coinbase.com'

const price = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,18})?$/)
  .transform(Number)
  .refine(x => x > 0)
const schema = z.object({ price, bid: price, ask: price, time: z.string().max(40), trade_id: z.number().int() })

/** The ticker of each pair, asked every ten seconds. */
export function coinbaseTickers(pairs: readonly string[], url = standardUrl): PolledSource[] {
  return pairs.map(pair => ({
    name: `ticker-${pair}`,
    url: `${url.replace(/\/+$/, '')}/products/${productOf(pair)}/ticker`,
    pollMs: 10 * SECOND_MS,
    read: answer => tickerIn(answer, pair),
  }))
}

/** Coinbase calls Bitcoin BTC, where Kraken says XBT. */
function productOf(pair: string): string {
  const { base, quote } = instrument(pair)
  return `${base === 'XBT' ? 'BTC' : base}-${quote}`
}

function tickerIn(answer: unknown, pair: string): PolledInput[] | undefined {
  const parsed = schema.safeParse(answer)
  if (!parsed.success) return undefined
  const { price: priceUsd, bid: bidUsd, ask: askUsd, time: text, trade_id } = parsed.data
  const time = Date.parse(text)
  if (!Number.isFinite(time)) return undefined
  return [
    { key: pair, version: String(trade_id), input: { kind: 'ticker', ticker: { host, pair, time, priceUsd, bidUsd, askUsd } } },
  ]
}
