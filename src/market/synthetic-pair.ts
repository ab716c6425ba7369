/** What the synthetic market makes a pair's bars with: its first price, volatility, volume, and stream of chance. */

import { HOUR_MS, type Root, Stream } from '../core/index.js'
import { barSigma, type SyntheticSettings } from './synthetic-options.js'

/**
 * Below this share of its first price a pair's volatility falls in proportion to the price. A martingale of constant
 * volatility dies out (the median falls by σ²/2 a bar: e⁻⁷⁰ in a million hours); this one stays within reach, as
 * (σ√t)⁻¹, and is exactly fair still, since the volatility of a bar is known before it.
 */
const FLOOR_SHARE = 0.01
/** USD traded per hour by the first pair; the n-th trades 1/n of it. */
const HOURLY_NOTIONAL = 20_000_000

/** First prices, USD, where the options give none. */
const typicalPrices: Readonly<Record<string, number>> = {
  XXBTZUSD: 42_000,
  XETHZUSD: 2_300,
  SOLUSD: 100,
  ADAUSD: 0.6,
  DOTUSD: 8,
  MATICUSD: 1,
  UNIUSD: 7,
  LINKUSD: 15,
  DOGEUSD: 0.1,
  AAVEUSD: 110,
  ATOMUSD: 10,
  ALGOUSD: 0.2,
  XLMUSD: 0.13,
  EOSUSD: 0.8,
  TRXUSD: 0.11,
  XTZUSD: 1,
  NEARUSD: 3.7,
  FILUSD: 7,
}

/** What a pair's bars are made with. */
export interface PairGenerator {
  readonly name: string
  readonly rng: Stream
  /** Long-run standard deviation of a bar's simple return. */
  readonly sigma: number
  /** First price, USD. */
  readonly price: number
  /** Price below which volatility falls. */
  readonly floor: number
  /** Typical volume of a bar, in units of the base asset. */
  readonly volume: number
}

export function pairGenerator(settings: SyntheticSettings, i: number, root: Root): PairGenerator {
  const name = settings.pairs[i] ?? ''
  const price = settings.startPrices[name] ?? typicalPrices[name] ?? 100
  const hours = settings.barMs / HOUR_MS
  return {
    name,
    rng: new Stream(root, `market:pair:${name}`),
    sigma: barSigma(settings, i),
    price,
    floor: price * FLOOR_SHARE,
    volume: (HOURLY_NOTIONAL * hours) / (i + 1) / price,
  }
}
