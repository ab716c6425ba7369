/** From the cells of one row to a candle or a named refusal: the rules shared by every candle format. */

import { OperatorError, type TimeMs } from '../core/index.js'
import { checkCandleNumbers, type RejectReason } from './candle-check.js'
import { candleTextLimits } from './limits.js'
import { parseDecimal, whyNoNumber } from './parse-decimal.js'
import { parseTime } from './parse-time.js'

/** Where rows go, one by one, as plain numbers. `trades` is NaN where the format does not know it. */
export interface CandleSink {
  candle(time: TimeMs, open: number, high: number, low: number, close: number, volume: number, trades: number): void
  /** A well-shaped row with an impossible value; `line` and `column` count from 1. */
  reject(reason: RejectReason, line: number, column: number): void
}

/** Something that reads one format: pieces of text in any cut, then the end. */
export interface CandleTextParser {
  readonly format: CandleFormat
  push(text: string): void
  end(): void
}

/** The layout that candle text was recognised as. */
export type CandleFormat = 'kraken' | 'csv' | 'freqtrade'

/** Which cell holds what; `trades` is −1 where no cell does. */
export interface RowLayout {
  /** Cells of every row. */
  readonly width: number
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly trades: number
}

/** The file has the wrong shape: `data/SOLUSD_60.csv:3:1: expected …, got …`. */
export function shapeError(
  file: string,
  line: number,
  column: number,
  expected: string,
  got: string,
  next?: string,
): OperatorError {
  return new OperatorError({ what: `${file}:${line}:${column}`, expected, got, ...(next === undefined ? {} : { next }) })
}

const QUOTE = 34
const SPACE = 32

/** Start and end of each cell of the row at hand, in the text it stands in. One object serves a whole file. */
export class Cells {
  count = 0
  readonly from = new Int32Array(candleTextLimits.columns)
  readonly to = new Int32Array(candleTextLimits.columns)

  /** Cuts text[from, to) at `delimiter`, outside double quotes, trimming spaces. False where there are too many cells. */
  cut(text: string, from: number, to: number, delimiter: number): boolean {
    let start = from
    let quoted = false
    this.count = 0
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i)
      if (code === QUOTE) quoted = !quoted
      if (code !== delimiter || quoted) continue
      if (!this.add(text, start, i)) return false
      start = i + 1
    }
    return this.add(text, start, to)
  }

  /** CSV only: a quoted cell is what stands between its quotes. */
  unquote(text: string): void {
    for (let i = 0; i < this.count; i++) {
      const from = this.from[i] as number
      const to = this.to[i] as number
      if (to - from < 2 || text.charCodeAt(from) !== QUOTE || text.charCodeAt(to - 1) !== QUOTE) continue
      this.from[i] = from + 1
      this.to[i] = to - 1
    }
  }

  text(text: string, i: number): string {
    return text.slice(this.from[i], this.to[i])
  }

  private add(text: string, from: number, to: number): boolean {
    if (this.count === this.from.length) return false
    let start = from
    let end = to
    while (start < end && text.charCodeAt(start) <= SPACE) start++
    while (end > start && text.charCodeAt(end - 1) <= SPACE) end--
    this.from[this.count] = start
    this.to[this.count++] = end
    return true
  }
}

/** Judges the rows of one file in order: increasing times are the file's shape, impossible values a row's own fault. */
export class RowJudge {
  /** Rows seen, refused ones included. */
  rows = 0
  readonly cells = new Cells()
  private last = Number.NEGATIVE_INFINITY
  private readonly numbers = new Float64Array(6)

  constructor(
    readonly file: string,
    private readonly sink: CandleSink,
  ) {}

  /** Takes the row cut into `cells`, whose line begins at index `lineStart` of `text`. */
  take(text: string, layout: RowLayout, line: number, lineStart: number): void {
    const { cells, numbers } = this
    this.rows++
    const from = cells.from[layout.time] as number
    const time = parseTime(text, from, cells.to[layout.time])
    if (!(time >= 0)) return this.refuse(this.whyNoTime(text, layout.time), layout.time, line, lineStart)
    if (time <= this.last) throw this.unsorted(time, line, from - lineStart + 1)
    this.last = time
    const bad = this.readNumbers(text, layout)
    if (bad >= 0) return this.refuse(this.why(text, bad), bad, line, lineStart)
    const open = numbers[0] as number
    const high = numbers[1] as number
    const low = numbers[2] as number
    const close = numbers[3] as number
    const volume = numbers[4] as number
    const trades = numbers[5] as number
    const reason = checkCandleNumbers(time, open, high, low, close, volume, trades)
    if (reason !== undefined) return this.refuse(reason, culprit(reason, layout), line, lineStart)
    this.sink.candle(time, open, high, low, close, volume, trades)
  }

  /** Fills `numbers`; gives the first cell that holds none, or −1. */
  private readNumbers(text: string, layout: RowLayout): number {
    if (!this.readInto(0, text, layout.open)) return layout.open
    if (!this.readInto(1, text, layout.high)) return layout.high
    if (!this.readInto(2, text, layout.low)) return layout.low
    if (!this.readInto(3, text, layout.close)) return layout.close
    if (!this.readInto(4, text, layout.volume)) return layout.volume
    const { trades } = layout
    this.numbers[5] = Number.NaN
    if (trades < 0 || this.cells.from[trades] === this.cells.to[trades]) return -1
    return this.readInto(5, text, trades) ? -1 : trades
  }

  private readInto(slot: number, text: string, cell: number): boolean {
    const value = this.number(text, cell)
    this.numbers[slot] = value
    return !Number.isNaN(value)
  }

  private number(text: string, cell: number): number {
    return parseDecimal(text, this.cells.from[cell] as number, this.cells.to[cell] as number)
  }

  private why(text: string, cell: number): RejectReason {
    return whyNoNumber(text, this.cells.from[cell] as number, this.cells.to[cell] as number)
  }

  private whyNoTime(text: string, cell: number): RejectReason {
    const reason = this.why(text, cell)
    return reason === 'text' || Number.isFinite(this.number(text, cell)) ? 'bad-time' : reason
  }

  private refuse(reason: RejectReason, cell: number, line: number, lineStart: number): void {
    this.sink.reject(reason, line, (this.cells.from[cell] as number) - lineStart + 1)
  }

  private unsorted(time: TimeMs, line: number, column: number): OperatorError {
    const same = time === this.last
    return shapeError(
      this.file,
      line,
      column,
      `times that increase (the row before has ${this.last} ms)`,
      same ? `the same time again` : `${time} ms`,
      same ? 'Remove the duplicate row.' : 'Sort the rows by time.',
    )
  }
}

/** The cell to point at. */
function culprit(reason: RejectReason, layout: RowLayout): number {
  if (reason === 'bad-time') return layout.time
  if (reason === 'high-below-low') return layout.high
  if (reason === 'close-outside-range') return layout.close
  if (reason === 'negative-volume' || reason === 'volume-too-large') return layout.volume
  return reason === 'bad-trades' ? layout.trades : layout.open
}
