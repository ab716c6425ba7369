/** Candles as freqtrade keeps them: one JSON array of `[openTimeMs, open, high, low, close, volume]`, read row by row. */

import { candleTextLimits } from './limits.js'
import {
  type CandleFormat,
  type CandleSink,
  type CandleTextOptions,
  type CandleTextParser,
  RowJudge,
  type RowLayout,
  shapeError,
} from './parse-row.js'

const COMMA = 44
const NEWLINE = 10
const SPACE = 32
const OPEN = 91
const CLOSE = 93

const layout: RowLayout = { width: 6, time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5, trades: -1 }

/** What may come next. */
type Awaiting = 'list' | 'row or end' | 'row' | 'comma or end' | 'nothing'

const wanted: Readonly<Record<Awaiting, string>> = {
  list: '"[" (a list of rows)',
  'row or end': '"[" (a row) or "]"',
  row: '"[" (a row)',
  'comma or end': '"," or "]"',
  nothing: 'nothing after the list',
}

export class JsonCandles implements CandleTextParser {
  readonly format: CandleFormat = 'freqtrade'
  private rest = ''
  private line = 1
  /** Index of the current line's first character in the text at hand; negative where the line began in an earlier piece. */
  private lineStart = 0
  private awaiting: Awaiting = 'list'
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
    const text = this.rest + more
    let at = 0
    while (at < text.length) {
      const next = this.step(text, at)
      if (next === at) break
      at = next
    }
    this.rest = text.slice(at)
    this.lineStart -= at
    if (this.rest.length > candleTextLimits.rowChars) throw this.shape(0, '"]" at the end of the row', 'none')
  }

  end(): void {
    if (this.awaiting === 'list') throw this.shape(0, wanted.list, 'the end of the file')
    if (this.awaiting !== 'nothing')
      throw this.shape(this.rest.length, wanted[this.awaiting], 'the end of the file', 'Is the file cut off?')
    this.judge.finish()
    if (this.judge.rows === 0) throw this.shape(0, 'at least one row of candles', 'an empty list')
  }

  /** Takes one mark or one row beginning at `at`; gives the index after it, or `at` where the row is not complete yet. */
  private step(text: string, at: number): number {
    const code = text.charCodeAt(at)
    if (code <= SPACE) {
      if (code === NEWLINE) this.newLine(at)
      return at + 1
    }
    const { awaiting } = this
    if (code === OPEN && awaiting === 'list') this.awaiting = 'row or end'
    else if (code === CLOSE && (awaiting === 'row or end' || awaiting === 'comma or end')) this.awaiting = 'nothing'
    else if (code === COMMA && awaiting === 'comma or end') this.awaiting = 'row'
    else if (code === OPEN && (awaiting === 'row or end' || awaiting === 'row')) return this.row(text, at)
    else throw this.shape(at, wanted[awaiting], text.charAt(at))
    return at + 1
  }

  private row(text: string, at: number): number {
    const end = text.indexOf(']', at)
    if (end < 0) return at
    const { cells } = this.judge
    const fits = cells.cut(text, at + 1, end, COMMA)
    const nested = text.lastIndexOf('[', end)
    if (nested > at) throw this.shape(nested, 'numbers in a row', '[')
    if (!fits || cells.count !== layout.width) {
      throw this.shape(at, 'rows of 6: [openTimeMs, open, high, low, close, volume]', `${cells.count} values`)
    }
    this.judge.take(text, layout, this.line, this.lineStart)
    this.awaiting = 'comma or end'
    if (text.slice(at, end).includes('\n')) this.newLines(text, at, end)
    return end + 1
  }

  private newLines(text: string, from: number, to: number): void {
    for (let i = from; i < to; i++) if (text.charCodeAt(i) === NEWLINE) this.newLine(i)
  }

  private newLine(at: number): void {
    this.line++
    this.lineStart = at + 1
  }

  private shape(at: number, expected: string, got: string, next?: string) {
    return shapeError(this.file, this.line, at - this.lineStart + 1, expected, got, next)
  }
}
