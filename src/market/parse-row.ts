/** From the cells of one row to a candle or a named refusal: the rules shared by every candle format. */

import { OperatorError, type TimeMs } from '../core/index.js'
import { checkCandleNumbers, type RejectReason } from './candle-check.js'
import { candleTextLimits } from './limits.js'
import { Obstacles } from './obstacles.js'
import { maybeDecimalComma, parseDecimal, whyNoNumber } from './parse-decimal.js'
import { formatTime, isWithoutOffset, parseTime } from './parse-time.js'

/** Where rows go, one by one, as plain numbers. `trades` is NaN where the format does not know it. */
export interface CandleSink {
  candle(time: TimeMs, open: number, high: number, low: number, close: number, volume: number, trades: number): void
  /** A well-shaped row with an impossible value; `line` and `column` count from 1. */
  reject(reason: RejectReason, line: number, column: number): void
}

/**
 * The instant of a local time, given as if it were UTC; NaN where the clock skipped it. `before` is the instant of the row before
 * (−Infinity before the first), `newestFirst` whether times decrease: of the two instants of an hour that comes twice the
 * rows around it tell which is meant.
 */
export type LocalTime = (local: TimeMs, before: TimeMs, newestFirst: boolean) => TimeMs

/** What a reader of candle text may be told. */
export interface CandleTextOptions {
  /** Makes instants of times without an offset; default: they are UTC. */
  readonly localTime?: LocalTime | undefined
}

/** Something that reads one format: pieces of text in any cut, then the end. */
export interface CandleTextParser {
  readonly format: CandleFormat
  /** True where the rows came with decreasing times. */
  readonly newestFirst: boolean
  push(text: string): void
  end(): void
}

/** The layout that candle text was recognised as. */
export type CandleFormat = 'kraken' | 'binance' | 'csv' | 'freqtrade'

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

/** Judges the rows of one file in order: times in one direction are the file's shape, impossible values a row's own fault. */
export class RowJudge {
  /** Rows seen, refused ones included. */
  rows = 0
  readonly cells = new Cells()
  /** What is wrong with the file's shape; its reader throws it at the end. */
  readonly obstacles: Obstacles
  private last = Number.NEGATIVE_INFINITY
  /** 1 where times increase, −1 where they decrease, 0 before the second row. */
  private direction = 0
  private readonly numbers = new Float64Array(6)
  /** Price columns in which every cell so far may have a decimal comma, with the first such cell; undefined before the first row. */
  private decimalCommas: Map<number, OperatorError> | undefined

  constructor(
    readonly file: string,
    private readonly sink: CandleSink,
    private readonly options: CandleTextOptions = {},
  ) {
    this.obstacles = new Obstacles(file)
  }

  /** True where the rows came with decreasing times. */
  get newestFirst(): boolean {
    return this.direction < 0
  }

  /** Takes the row cut into `cells`, whose line begins at index `lineStart` of `text`. */
  take(text: string, layout: RowLayout, line: number, lineStart: number): void {
    const { cells, numbers } = this
    this.rows++
    const from = cells.from[layout.time] as number
    const time = this.readTime(text, from, cells.to[layout.time] as number)
    if (!(time >= 0)) return this.refuse(this.whyNoTime(text, layout.time), layout.time, line, lineStart)
    if (!this.follows(time))
      return this.refuseOrder(time, isWithoutOffset(text, from, cells.to[layout.time]), line, from - lineStart + 1)
    this.last = time
    const bad = this.readNumbers(text, layout)
    if (bad >= 0) return this.refuse(this.why(text, bad), bad, line, lineStart)
    if (this.decimalCommas === undefined) this.decimalCommas = this.firstCommas(text, layout, line, lineStart)
    else if (this.decimalCommas.size > 0) this.dropCommas(text, this.decimalCommas)
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

  /** Throws what is wrong with the file's shape. */
  finish(): void {
    const [comma] = this.decimalCommas?.values() ?? []
    if (comma !== undefined) this.obstacles.add('decimal comma', () => comma)
    this.obstacles.check()
  }

  private firstCommas(text: string, { open, high, low, close }: RowLayout, line: number, lineStart: number) {
    const next = 'All cells of the column are so: a decimal comma? Write numbers with points, and thousands without commas.'
    const found = new Map<number, OperatorError>()
    for (const cell of [open, high, low, close]) {
      if (!this.maybeDecimalComma(text, cell)) continue
      const column = (this.cells.from[cell] as number) - lineStart + 1
      found.set(cell, shapeError(this.file, line, column, 'a number such as 1234.5', this.cells.text(text, cell), next))
    }
    return found
  }

  private dropCommas(text: string, found: Map<number, OperatorError>): void {
    for (const cell of found.keys()) if (!this.maybeDecimalComma(text, cell)) found.delete(cell)
  }

  private maybeDecimalComma(text: string, cell: number): boolean {
    return maybeDecimalComma(text, this.cells.from[cell] as number, this.cells.to[cell] as number)
  }

  /** True where a time continues the direction of the rows before; the second row sets it. */
  private follows(time: TimeMs): boolean {
    if (this.last === Number.NEGATIVE_INFINITY) return true
    const direction = Math.sign(time - this.last)
    if (this.direction === 0) this.direction = direction
    return direction !== 0 && direction === this.direction
  }

  private readTime(text: string, from: number, to: number): TimeMs {
    const time = parseTime(text, from, to)
    const { localTime } = this.options
    if (localTime === undefined || !(time >= 0) || !isWithoutOffset(text, from, to)) return time
    return localTime(time, this.last, this.newestFirst)
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

  /** A row out of order is left out, and the file with it; the rows after it are compared with the one before. */
  private refuseOrder(time: TimeMs, withoutOffset: boolean, line: number, column: number): void {
    const kind = time === this.last ? 'same time' : 'order'
    this.obstacles.add(kind, () => this.unsorted(time, withoutOffset, line, column))
  }

  private unsorted(time: TimeMs, withoutOffset: boolean, line: number, column: number): OperatorError {
    const same = time === this.last
    const order = this.direction < 0 ? 'decrease' : 'increase'
    const expected = `times that ${order} (the row before has ${formatTime(this.last)})`
    const got = same ? 'the same time again' : formatTime(time)
    return shapeError(this.file, line, column, expected, got, this.whatNext(same, withoutOffset))
  }

  /** Local time repeats an hour when summer time ends: to remove its rows would delete a real hour. */
  private whatNext(same: boolean, withoutOffset: boolean): string {
    if (withoutOffset && this.options.localTime === undefined) {
      return 'Times without an offset may be local: over the end of summer time an hour comes twice. If so, give `timezone`, e.g. Europe/Berlin.'
    }
    const mend = same ? 'Remove the duplicate row' : 'Sort the rows by time'
    return withoutOffset ? `${mend}, or is \`timezone\` another one?` : `${mend}.`
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
