/** Candles in comma-separated text: Kraken's OHLCVT without a header, and any file whose header names its columns. */

import { closest } from '../core/index.js'
import { candleTextLimits } from './limits.js'
import { parseDecimal } from './parse-decimal.js'
import {
  type CandleFormat,
  type CandleSink,
  type CandleTextOptions,
  type CandleTextParser,
  type Cells,
  RowJudge,
  type RowLayout,
  shapeError,
} from './parse-row.js'
import { parseTime } from './parse-time.js'
import { quotes } from './symbol.js'

const COMMA = 44
const CR = 13

/** Header names by what they hold, in order of preference, lower case without spaces, dots and underscores. */
const columnNames: Readonly<Record<Exclude<keyof RowLayout, 'width'>, readonly string[]>> = {
  time: ['unix', 'unixtime', 'timestamp', 'opentime', 'time', 'ts', 't', 'start', 'datetime', 'date'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'vol', 'v', 'basevolume'],
  trades: ['trades', 'count', 'tradecount', 'tradescount', 'numberoftrades', 'numtrades'],
}

type Column = keyof typeof columnNames
const needed: readonly Column[] = ['time', 'open', 'high', 'low', 'close', 'volume']

const order = { time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 } as const
const binanceWidth = 12
/** Layouts without a header, by number of cells: Kraken's OHLCVT, and Binance's public klines. */
const headerless: ReadonlyMap<number, RowLayout> = new Map([
  [7, { width: 7, ...order, trades: 6 }],
  [binanceWidth, { width: binanceWidth, ...order, trades: 8 }],
])

export class CsvCandles implements CandleTextParser {
  format: CandleFormat = 'csv'
  private rest = ''
  private line = 0
  private layout: RowLayout | undefined
  /** What stands between columns, as far as the first line tells. */
  private delimiter = COMMA
  private readonly judge: RowJudge

  constructor(
    private readonly file: string,
    sink: CandleSink,
    options?: CandleTextOptions,
  ) {
    this.judge = new RowJudge(file, sink, options)
  }

  get newestFirst(): boolean {
    return this.judge.newestFirst
  }

  push(more: string): void {
    const text = this.rest === '' ? more : this.rest + more
    let at = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      this.takeLine(text, at, end)
      at = end + 1
    }
    this.rest = text.slice(at)
    if (this.rest.length > candleTextLimits.rowChars)
      throw this.shape(1, `lines of at most ${candleTextLimits.rowChars} characters`, 'a longer one', 1)
  }

  end(): void {
    const { rest } = this
    this.rest = ''
    if (rest !== '') this.takeLine(rest, 0, rest.length)
    this.judge.finish()
    if (this.judge.rows === 0) throw this.shape(1, 'at least one row of candles', 'the end of the file', 1)
  }

  private takeLine(text: string, from: number, lineEnd: number): void {
    this.line++
    const to = text.charCodeAt(lineEnd - 1) === CR && lineEnd > from ? lineEnd - 1 : lineEnd
    const { cells } = this.judge
    if (!cells.cut(text, from, to, this.delimiter)) throw this.shape(1, `at most ${candleTextLimits.columns} columns`, 'more')
    if (cells.count === 1 && cells.from[0] === cells.to[0]) return
    cells.unquote(text)
    if (this.layout === undefined) {
      if (isPreamble(text, cells)) return
      this.layout = this.firstLine(text, from, to, cells)
      if (this.format === 'csv') return
    } else if (this.format === 'csv' && this.judge.rows === 0 && this.judge.obstacles.any) {
      this.examine(text, from, this.layout)
      this.judge.obstacles.check()
    }
    const { width } = this.layout
    if (width === cells.count) this.judge.take(text, this.layout, this.line, from)
    else this.judge.obstacles.add('ragged', () => this.ragged(width, cells, from, to))
  }

  /** The first row below a header that cannot be used: what else would have to be mended. */
  private examine(text: string, from: number, { time, open }: RowLayout): void {
    const { cells, obstacles } = this.judge
    const cellAt = (cell: number) => ({ text: cells.text(text, cell), column: (cells.from[cell] as number) - from + 1 })
    const [when, price] = [cellAt(time), cellAt(open)]
    if (time >= 0 && time < cells.count && Number.isNaN(parseTime(when.text)))
      obstacles.add('time', () => this.shape(when.column, 'a time such as 2024-01-31 14:00, or seconds since 1970', when.text))
    if (open >= 0 && open < cells.count && Number.isNaN(parseDecimal(price.text, 0, price.text.length)))
      obstacles.add('number', () => this.shape(price.column, 'a number such as 1234.5', price.text))
  }

  private firstLine(text: string, from: number, to: number, cells: Cells): RowLayout {
    const wrong = text.slice(from, to).search(/[;\t|]/)
    if (wrong >= 0 && cells.count < 6) {
      const got = text.charAt(from + wrong)
      const next = 'Save the file with commas between columns and points in numbers.'
      this.judge.obstacles.add('delimiter', () => this.shape(wrong + 1, 'columns separated by commas', got, 0, next))
      this.delimiter = got.charCodeAt(0)
      cells.cut(text, from, to, this.delimiter)
      cells.unquote(text)
    }
    if (!/^[-+\d]/.test(cells.text(text, 0))) return this.header(text, cells)
    const layout = headerless.get(cells.count)
    if (layout === undefined || this.judge.obstacles.any) {
      this.judge.obstacles.check()
      throw this.shape(1, 'time,open,high,low,close,volume,trades (7 columns), or a header', `${cells.count} columns`)
    }
    this.format = layout.width === binanceWidth ? 'binance' : 'kraken'
    return layout
  }

  /** Every column that is missing is named at once. */
  private header(text: string, cells: Cells): RowLayout {
    const names = Array.from({ length: cells.count }, (_, i) => cells.text(text, i))
    const plain = names.map(plainName)
    const find = (column: Column) => firstOf(columnNames[column], plain)
    const found = {
      width: cells.count,
      time: find('time'),
      open: find('open'),
      high: find('high'),
      low: find('low'),
      close: find('close'),
      volume: find('volume') >= 0 ? find('volume') : volumeOfAsset(plain),
      trades: find('trades'),
    }
    const missing = needed.filter(column => found[column] < 0)
    if (missing.length === 0) return found
    const listed = missing.map(column => `"${column}"`).join(', ')
    const expected = missing.length === 1 ? `a column ${listed} in the header` : `columns ${listed} in the header`
    this.judge.obstacles.add('columns', () => this.shape(1, expected, names.join(','), 0, nearest(missing, names)))
    return found
  }

  private ragged(width: number, cells: Cells, from: number, to: number) {
    const at = cells.count > width ? (cells.from[width] as number) : to
    return this.shape(at - from + 1, `${width} columns, as in the first line`, `${cells.count}`)
  }

  private shape(column: number, expected: string, got: string, linesOn = 0, next?: string) {
    return shapeError(this.file, this.line + linesOn, column, expected, got, next)
  }
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]/g, '')
}

function firstOf(wanted: readonly string[], names: readonly string[]): number {
  for (const name of wanted) if (names.includes(name)) return names.indexOf(name)
  return -1
}

/** `Volume BTC` beside `Volume USDT`: the column of the asset, not of the currency. */
function volumeOfAsset(names: readonly string[]): number {
  return names.findIndex(name => /^vol(?:ume)?[a-z0-9]+$/.test(name) && !quotes.some(quote => name.endsWith(quote.toLowerCase())))
}

/** A line before the header: an address, or a comment. */
function isPreamble(text: string, cells: Cells): boolean {
  return /^(?:#|https?:\/\/)/.test(cells.text(text, 0))
}

function nearest(missing: readonly string[], names: readonly string[]): string | undefined {
  const near = missing.flatMap(column => closest(column, names) ?? [])
  return near.length === 0 ? undefined : `Is ${near.map(name => `"${name}"`).join(', ')} meant? Rename it.`
}
