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
/** `BTC_USDT-1h`, `FILUSDT_1h`, `XBTUSD_60`, `BTCUSDT`, `BTCUSDT-1h-2024-12` of a month or a day, `Binance_BTCUSDT_d`, `Binance_BTCUSDT_2023_minute` of a year. `1M` is a month, and no bar. */
const stem =
  /^(.+?)(?:[_-](?:20\d\d[_-](?=\d*[a-zA-Z]))?(\d{1,5}|\d{1,4}(?:min|[smhdwSHDW])|[mM]inute|[hHdD]))?(?:[_-]\d{4}-\d\d(?:-\d\d)?)?$/

/** True for names a candle file may have, whatever is in it. */
export function isCandleFileName(path: string): boolean {
  return candleFile.test(path)
}

/** Formats of candle files that are not read, by ending, and how to convert one. */
const conversions: Readonly<Record<string, string>> = {
  feather: 'freqtrade convert-data --format-from feather --format-to json',
  parquet: 'freqtrade convert-data --format-from parquet --format-to json',
  h5: 'freqtrade convert-data --format-from hdf5 --format-to json',
  xlsx: 'save the sheet as CSV',
  '7z': 'unpack it',
  rar: 'unpack it',
  tar: 'unpack it',
  tgz: 'unpack it',
  bz2: 'unpack it',
  xz: 'unpack it',
  zst: 'unpack it',
  // Of the archives only those inside another one come here.
  zip: 'unpack the archive it is in',
}

/** How to convert a candle file of a format that is not read; undefined for all other names. */
export function conversionOf(path: string): string | undefined {
  const how = conversions[/\.(tar(?=\.gz$)|[a-z0-9]+$)/i.exec(path)?.[1]?.toLowerCase() ?? '']
  return how?.startsWith('freqtrade') ? `convert it: ${how}` : how
}

/** True where a name says that the bars are months: `BTCUSDT-1M`. */
export function saysMonths(path: string): boolean {
  return /[_-]\d{1,3}(?:M|mo)(?:[_-]\d{4}-\d\d)?\.(?:csv|json)/.test(path)
}

/** Reads a path's last part, or gives undefined where it names no pair. */
export function readCandleFileName(
  path: string,
  instruments: InstrumentTable = standardInstruments,
): NamedCandleFile | undefined {
  const name = path.split(/[\\/]/).at(-1) ?? ''
  if (!isCandleFileName(name)) return undefined
  const parts = stem.exec(name.replace(candleFile, ''))
  const written = parts?.[1] ?? ''
  const symbol = instruments.read(written) === undefined ? written.replace(/^[a-z0-9]+_/i, '') : written
  const time = parts?.[2]
  const named = instruments.read(symbol)
  if (named === undefined || isBaseAlone(symbol, named)) return undefined
  const { instrument, base, quote } = named
  const minutes = time !== undefined && !/\D/.test(time)
  const krakenUsd = quote === 'USD' && (minutes || /kraken/i.test(path))
  return { path, pair: instrument.pair, quote, successor: base === instrument.successor, krakenUsd, barMs: barOf(time) }
}

/** Minutes as a number, or a written timeframe; `d`, `h` and `minute` are one of each. */
function barOf(time: string | undefined): number | undefined {
  if (time === undefined) return undefined
  if (!/\D/.test(time)) return Number(time) * MINUTE_MS
  return readTimeframe(/^\d/.test(time) ? time.toLowerCase().replace('min', 'm') : `1${time.charAt(0).toLowerCase()}`)
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

/** The name of a file of an exchange's candles: `binance_BTCUSDT-1h.csv`. */
export function exchangeFileName(exchange: string, label: string, barMs: number): string {
  return `${exchange}_${label}-${formatTimeframe(barMs)}.csv`
}
