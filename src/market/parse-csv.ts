/** Candles in comma-separated text: Kraken's OHLCVT without a header, and any file whose header names its columns. */

import { closest } from '../core/index.js'
import { candleTextLimits } from './limits.js'
import {
  type CandleFormat,
  type CandleSink,
  type CandleTextParser,
  type Cells,
  RowJudge,
  type RowLayout,
  shapeError,
} from './parse-row.js'

const COMMA = 44
const CR = 13

/** Header names by what they hold, lower case without spaces, dots and underscores. */
const columnNames: Readonly<Record<Exclude<keyof RowLayout, 'width'>, readonly string[]>> = {
  time: ['time', 'opentime', 'timestamp', 'date', 'datetime', 'unix', 'unixtime', 'ts', 't'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'vol', 'v', 'basevolume'],
  trades: ['trades', 'count', 'tradecount', 'tradescount', 'numberoftrades', 'numtrades'],
}

const order = { time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 } as const
/** Layouts without a header, by number of cells: Kraken's OHLCVT, and Binance's public klines. */
const headerless: ReadonlyMap<number, RowLayout> = new Map([
  [7, { width: 7, ...order, trades: 6 }],
  [12, { width: 12, ...order, trades: 8 }],
])

export class CsvCandles implements CandleTextParser {
  format: CandleFormat = 'csv'
  private rest = ''
  private line = 0
  private layout: RowLayout | undefined
  private readonly judge: RowJudge

  constructor(
    private readonly file: string,
    sink: CandleSink,
  ) {
    this.judge = new RowJudge(file, sink)
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
    if (this.judge.rows === 0) throw this.shape(1, 'at least one row of candles', 'the end of the file', 1)
  }

  private takeLine(text: string, from: number, lineEnd: number): void {
    this.line++
    const to = text.charCodeAt(lineEnd - 1) === CR && lineEnd > from ? lineEnd - 1 : lineEnd
    const { cells } = this.judge
    if (!cells.cut(text, from, to, COMMA)) throw this.shape(1, `at most ${candleTextLimits.columns} columns`, 'more')
    if (cells.count === 1 && cells.from[0] === cells.to[0]) return
    cells.unquote(text)
    if (this.layout === undefined) {
      this.layout = this.firstLine(text, from, to, cells)
      if (this.format === 'csv') return
    }
    if (this.layout.width !== cells.count) throw this.ragged(this.layout.width, cells, from, to)
    this.judge.take(text, this.layout, this.line, from)
  }

  private firstLine(text: string, from: number, to: number, cells: Cells): RowLayout {
    const wrong = text.slice(from, to).search(/[;\t|]/)
    if (wrong >= 0 && cells.count < 6) {
      throw this.shape(
        wrong + 1,
        'columns separated by commas',
        text.charAt(from + wrong),
        0,
        'Save the file with commas between columns and points in numbers.',
      )
    }
    if (!/^[-+\d]/.test(cells.text(text, 0))) return this.header(text, cells)
    const layout = headerless.get(cells.count)
    if (layout === undefined) {
      throw this.shape(1, 'time,open,high,low,close,volume,trades (7 columns), or a header', `${cells.count} columns`)
    }
    this.format = 'kraken'
    return layout
  }

  private header(text: string, cells: Cells): RowLayout {
    const names = Array.from({ length: cells.count }, (_, i) => cells.text(text, i))
    const plain = names.map(name => name.toLowerCase().replace(/[\s_.-]/g, ''))
    const find = (column: keyof typeof columnNames) => plain.findIndex(name => columnNames[column].includes(name))
    const need = (column: keyof typeof columnNames) => {
      const at = find(column)
      if (at >= 0) return at
      const near = closest(column, names)
      throw this.shape(1, `a column "${column}" in the header`, names.join(','), 0, near && `Is "${near}" meant? Rename it.`)
    }
    return {
      width: cells.count,
      time: need('time'),
      open: need('open'),
      high: need('high'),
      low: need('low'),
      close: need('close'),
      volume: need('volume'),
      trades: find('trades'),
    }
  }

  private ragged(width: number, cells: Cells, from: number, to: number) {
    const at = cells.count > width ? (cells.from[width] as number) : to
    return this.shape(at - from + 1, `${width} columns, as in the first line`, `${cells.count}`)
  }

  private shape(column: number, expected: string, got: string, linesOn = 0, next?: string) {
    return shapeError(this.file, this.line + linesOn, column, expected, got, next)
  }
}
