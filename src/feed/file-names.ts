/** What a candle file's name says: pair, quote and timeframe, in the spellings of Kraken, freqtrade and Binance downloads. */

import { MINUTE_MS } from '../core/index.js'
import {
  formatTimeframe,
  type Instrument,
  type InstrumentTable,
  type NamedInstrument,
  readTimeframe,
  standardInstruments,
} from '../market/index.js'

/** A candle file by its name. */
export interface NamedCandleFile {
  readonly path: string
  /** The model's name of the pair. */
  readonly pair: string
  /** The currency the name says. */
  readonly quote: string
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

/** True for names a candle file may have, whatever is in it. */
export function isCandleFileName(path: string): boolean {
  return candleFile.test(path)
}

/** Reads a path's last part, or gives undefined where it names no pair. */
export function readCandleFileName(
  path: string,
  instruments: InstrumentTable = standardInstruments,
): NamedCandleFile | undefined {
  const name = path.split(/[\\/]/).at(-1) ?? ''
  if (!isCandleFileName(name)) return undefined
  const parts = stem.exec(name.replace(candleFile, ''))
  const symbol = parts?.[1] ?? ''
  const time = parts?.[2]
  const barMs = time === undefined ? undefined : /\D/.test(time) ? readTimeframe(time.toLowerCase()) : Number(time) * MINUTE_MS
  const named = instruments.read(symbol)
  if (named === undefined || isBaseAlone(symbol, named)) return undefined
  const { instrument, base, quote } = named
  const minutes = time !== undefined && !/\D/.test(time)
  const krakenUsd = quote === 'USD' && (minutes || /kraken/i.test(path))
  return { path, pair: instrument.pair, quote, successor: base === instrument.successor, krakenUsd, barMs }
}

/** A name without a quote, such as `BTC.csv`, names a pair only where the user declared the instrument. */
function isBaseAlone(symbol: string, { instrument, quote }: NamedInstrument): boolean {
  return symbol.toUpperCase() !== instrument.pair && !symbol.toUpperCase().endsWith(quote)
}

/** The name under which Kraken's OHLCVT archive would keep a pair: `XBTUSD_60.csv`; below a minute `XBTUSD-1s.csv`. */
export function ohlcvtFileName({ altname, quote: own }: Instrument, barMs: number, quote = own): string {
  const short = altname.endsWith(own) ? altname.slice(0, -own.length) + quote : altname
  return barMs % MINUTE_MS === 0 ? `${short}_${barMs / MINUTE_MS}.csv` : `${short}-${formatTimeframe(barMs)}.csv`
}
