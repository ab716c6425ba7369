/** Candle text of any known format, in pieces or whole: looks at the first character and hands on to the format's parser. */

import { candleTextLimits } from './limits.js'
import { CsvCandles } from './parse-csv.js'
import { JsonCandles } from './parse-json.js'
import { type CandleFormat, type CandleSink, type CandleTextOptions, type CandleTextParser, shapeError } from './parse-row.js'
import type { CandleSeries } from './series.js'

const BYTE_ORDER_MARK = 0xfeff

/**
 * Reads candle text cut anywhere, oldest or newest row first. The text's shape (columns, ragged or missing rows, unsorted or
 * duplicate times, wrong delimiter) throws an `OperatorError` naming file:line:column; a well-shaped row with an impossible value is refused by reason.
 */
export class CandleReader {
  private parser: CandleTextParser | undefined
  /** Blank text before the first visible character. */
  private head = ''
  private begun = false

  constructor(
    private readonly file: string,
    private readonly sink: CandleSink,
    private readonly options: CandleTextOptions = {},
  ) {}

  /** True where the rows came with decreasing times. */
  get newestFirst(): boolean {
    return this.parser?.newestFirst ?? false
  }

  /** Known once the first visible character has been read. */
  get format(): CandleFormat | undefined {
    return this.parser?.format
  }

  push(text: string): void {
    if (text === '') return
    const from = !this.begun && text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0
    this.begun = true
    const piece = from === 0 ? text : text.slice(from)
    if (this.parser !== undefined) return this.parser.push(piece)
    this.head += piece
    if (this.head.trim() === '' && this.head.length < candleTextLimits.rowChars) return
    this.parser = this.choose(this.head)
    this.parser.push(this.head)
    this.head = ''
  }

  end(): void {
    if (this.parser === undefined) throw shapeError(this.file, 1, 1, 'at least one row of candles', 'an empty file')
    this.parser.end()
  }

  private choose(piece: string): CandleTextParser {
    const { file, sink, options } = this
    return /^\s*[[{]/.test(piece) ? new JsonCandles(file, sink, options) : new CsvCandles(file, sink, options)
  }
}

/** One line of Kraken's OHLCVT layout: `unixSec,open,high,low,close,volume,trades`; an unknown number of trades stays empty. */
export function ohlcvtLine(series: CandleSeries, i: number): string {
  const { time, open, high, low, close, volume, trades } = series.at(i)
  return `${time / 1000},${open},${high},${low},${close},${volume},${trades ?? ''}\n`
}
