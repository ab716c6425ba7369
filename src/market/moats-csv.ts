/** One moat stream as text, `time,stream,value`: how folders of `moats` are read and how live runs record them. */

import type { TimeMs } from '../core/index.js'
import type { Moat, MoatSignal } from './candle.js'
import { countReject, type RejectCounts } from './candle-check.js'
import { parseDecimal, whyNoNumber } from './parse-decimal.js'
import { Cells, shapeError } from './parse-row.js'
import { parseTime } from './parse-time.js'

/** The values of one stream in order of time. */
export interface MoatSeries {
  readonly moat: Moat
  readonly stream: string
  readonly time: readonly TimeMs[]
  readonly value: readonly number[]
}

export interface ParsedMoat {
  /** One per stream named in the text, in order of first appearance. */
  readonly series: readonly MoatSeries[]
  readonly rows: number
  readonly rejected: RejectCounts
}

export const moatCsvHeader = 'time,stream,value\n'

/** The line that `parseMoatCsv` reads back as this signal; time in milliseconds. */
export function moatCsvLine({ time, stream, value }: MoatSignal): string {
  return `${time},${stream},${value}\n`
}

const COMMA = 44
const columns = ['time', 'stream', 'value'] as const

interface Growing extends MoatSeries {
  readonly time: TimeMs[]
  readonly value: number[]
}

/**
 * Reads a stream file. An empty `stream` cell means `stream`, the file's own name. A wrong shape (header, columns,
 * unsorted times) throws an `OperatorError` with file:line:column; a row without a finite value is counted by reason.
 */
export function parseMoatCsv(text: string, file: string, moat: Moat, stream: string): ParsedMoat {
  const found = new Map<string, Growing>()
  const rejected: RejectCounts = {}
  const cells = new Cells()
  const lines = text.replace(/^\uFEFF/, '').split('\n')
  let rows = 0
  for (const [i, raw] of lines.entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    if (line === '' && i > 0) continue
    if (!cells.cut(line, 0, line.length, COMMA) || cells.count !== columns.length) {
      throw shapeError(file, i + 1, 1, 'the columns time,stream,value', line)
    }
    cells.unquote(line)
    if (i === 0) checkHeader(line, cells, file)
    else {
      rows++
      takeRow(line, i + 1)
    }
  }
  if (rows === 0) throw shapeError(file, lines.length, 1, 'at least one row', 'the end of the file')
  return { series: [...found.values()], rows, rejected }

  function takeRow(line: string, at: number): void {
    const time = parseTime(line, cells.from[0] as number, cells.to[0] as number)
    if (!(time >= 0)) return countReject(rejected, 'bad-time')
    const name = cells.text(line, 1) || stream
    const series = found.get(name) ?? { moat, stream: name, time: [], value: [] }
    found.set(name, series)
    const last = series.time.at(-1)
    if (last !== undefined && time <= last) {
      throw shapeError(file, at, 1, `times that increase (${name} had ${last} ms before)`, `${time} ms`, 'Sort the rows by time.')
    }
    const from = cells.from[2] as number
    const to = cells.to[2] as number
    const value = parseDecimal(line, from, to)
    if (Number.isNaN(value)) return countReject(rejected, whyNoNumber(line, from, to))
    series.time.push(time)
    series.value.push(value)
  }
}

function checkHeader(line: string, cells: Cells, file: string): void {
  for (const [i, name] of columns.entries()) {
    if (cells.text(line, i).toLowerCase() === name) continue
    throw shapeError(file, 1, (cells.from[i] as number) + 1, 'the header time,stream,value', line)
  }
}
