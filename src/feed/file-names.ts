/** What a candle file's name says: pair, quote and timeframe, in the spellings of Kraken, freqtrade and Binance downloads. */

import { MINUTE_MS } from '../core/index.js'
import { formatTimeframe, instrumentFor, type Quote, readPairName, readTimeframe } from '../market/index.js'

/** A candle file by its name. */
export interface NamedCandleFile {
  readonly path: string
  /** The model's name of the pair. */
  readonly pair: string
  readonly quote: Quote
  /** True where the file is named by a later name of the asset (POL for MATIC). */
  readonly successor: boolean
  /** True where the name, or a folder's, says Kraken and the quote is USD. */
  readonly krakenUsd: boolean
  /** Undefined where the name does not say it. */
  readonly barMs: number | undefined
}

const candleFile = /\.(?:csv|json)(?:\.gz)?$/i
/** `BTC_USDT-1h`, `FILUSDT_1h`, `XBTUSD_60`, `BTCUSDT`. */
const stem = /^(.+?)(?:[_-](\d{1,5}|\d{1,4}[smhdw]))?$/i
const made = /^SYN\d{1,6}USD$/i

/** True for names a candle file may have, whatever is in it. */
export function isCandleFileName(path: string): boolean {
  return candleFile.test(path)
}

/** Reads a path's last part, or gives undefined where it names no known pair. */
export function readCandleFileName(path: string): NamedCandleFile | undefined {
  const name = path.split(/[\\/]/).at(-1) ?? ''
  if (!isCandleFileName(name)) return undefined
  const parts = stem.exec(name.replace(candleFile, ''))
  const pairName = parts?.[1] ?? ''
  const time = parts?.[2]
  const barMs = time === undefined ? undefined : /\D/.test(time) ? readTimeframe(time.toLowerCase()) : Number(time) * MINUTE_MS
  if (made.test(pairName)) {
    return { path, pair: pairName.toUpperCase(), quote: 'USD', successor: false, krakenUsd: false, barMs }
  }
  const named = readPairName(pairName)
  if (named === undefined || !/usdt?$/i.test(pairName)) return undefined
  const { instrument, base, quote } = named
  const minutes = time !== undefined && !/\D/.test(time)
  const krakenUsd = quote === 'USD' && (minutes || /kraken/i.test(path))
  return { path, pair: instrument.pair, quote, successor: base === instrument.successor, krakenUsd, barMs }
}

/** The name under which Kraken's OHLCVT archive would keep a pair: `XBTUSD_60.csv`; below a minute `XBTUSD-1s.csv`. */
export function ohlcvtFileName(pair: string, quote: Quote, barMs: number): string {
  const short = instrumentFor(pair).altname.replace(/USD$/, quote)
  return barMs % MINUTE_MS === 0 ? `${short}_${barMs / MINUTE_MS}.csv` : `${short}-${formatTimeframe(barMs)}.csv`
}
