/** Reads one candle file into columns, and finds its timeframe from its first rows where the name does not say it. */

import { OperatorError, type TimeMs } from '../core/index.js'
import {
  CandleReader,
  CandleSeries,
  type CandleSink,
  countReject,
  formatTimeframe,
  onGrid,
  type RejectCounts,
  type SessionCalendar,
  severalObstacles,
  sumRejects,
} from '../market/index.js'
import { readText } from './read-text.js'
import { localTimeOf } from './time-zone.js'

export interface CandleFileContent {
  readonly path: string
  /** The bars in which somebody traded; where no row has a volume, all rows. */
  readonly series: CandleSeries
  /** Usable rows, and those of them without trades, which are left out. */
  readonly rows: number
  readonly silent: number
  /** SHA-256 of the file as found, hex. */
  readonly sha256: string
  readonly rejected: RejectCounts
}

/** How times are read. */
export interface ReadingOptions {
  /** The zone of times without an offset, e.g. `Europe/Berlin`; default: that of the calendar, else UTC. */
  readonly timezone?: string | undefined
  /** Of a pair whose market closes: bars begin where it says. */
  readonly calendar?: SessionCalendar | undefined
}

/** Where a bar of a row's time begins; NaN where none does. */
export function barStartOf(time: TimeMs, barMs: number, calendar: SessionCalendar | undefined): TimeMs {
  if (calendar !== undefined) return calendar.barStart(time, barMs)
  return onGrid(time, barMs) ? time : Number.NaN
}

/** The share of rows that a file may hold in vain. */
export const mostRejected = 0.1

/**
 * Reads one file whole, oldest row first or last. Rows off the grid of `barMs`, or with impossible values, are counted; a wrong
 * shape, more than a tenth of the rows rejected, or no row left, throws an `OperatorError`.
 */
export async function readCandleFile(path: string, barMs: number, how: ReadingOptions = {}): Promise<CandleFileContent> {
  const { calendar, timezone = calendar?.timeZone } = how
  const series = new CandleSeries()
  const rejected: RejectCounts = {}
  let example: string | undefined
  const sink: CandleSink = {
    candle: (time, open, high, low, close, volume, trades) => {
      const start = barStartOf(time, barMs, calendar)
      if (!Number.isNaN(start)) series.push(start, open, high, low, close, volume, trades)
      else countReject(rejected, calendar === undefined ? 'off-grid' : 'outside-session')
    },
    reject: (reason, line, column) => {
      countReject(rejected, reason)
      example ??= `${path}:${line}:${column}`
    },
  }
  const reader = new CandleReader(path, sink, { localTime: localTimeOf(timezone) })
  const sha256 = await readText(path, piece => reader.push(piece))
  const obstacles = shapeOf(reader)
  if (tooManyRejected(series.length, rejected) && sumRejects(rejected) > 0)
    obstacles.push(unusable(example ?? path, barMs, series.length, rejected))
  if (obstacles.length > 0) throw severalObstacles(path, obstacles)
  if (reader.newestFirst) series.reverse()
  const rows = series.length
  const traded = series.trim().traded()
  return { path, series: traded, rows, silent: rows - traded.length, sha256, rejected }
}

/** What the reader found wrong with the file's shape at its end. */
export function shapeOf(reader: CandleReader): OperatorError[] {
  try {
    reader.end()
    return []
  } catch (error) {
    if (error instanceof OperatorError) return [error]
    throw error
  }
}

/**
 * True where more than a tenth of a file's rows cannot be read: then it is not what it seems. Rows outside the session, such as those of
 * trading before the opening, are left out and no fault.
 */
export function tooManyRejected(good: number, rejected: RejectCounts): boolean {
  const bad = sumRejects(rejected) - (rejected['outside-session'] ?? 0)
  return good === 0 || bad > mostRejected * (good + bad)
}

function unusable(path: string, barMs: number, good: number, rejected: RejectCounts): OperatorError {
  const reasons = Object.entries(rejected).map(([reason, n]) => `${n} ${reason}`)
  return new OperatorError({
    what: path,
    expected: `candles of ${formatTimeframe(barMs)}, at most a tenth of the rows rejected`,
    got: `${good} usable rows, ${sumRejects(rejected)} rejected (${reasons.join(', ')})`,
    next: 'Check the timeframe, or run "mycelia data check" on the file.',
  })
}

/** Rows that are enough to see the usual distance between two. */
const ENOUGH_ROWS = 200

class Enough extends Error {}

/** The most frequent distance between a file's first rows, ms; undefined where it has fewer than two. */
export async function inferBarMs(
  path: string,
  { calendar, timezone = calendar?.timeZone }: ReadingOptions = {},
): Promise<number | undefined> {
  const times: TimeMs[] = []
  const reader = new CandleReader(
    path,
    { candle: time => void times.push(time), reject: () => undefined },
    { localTime: localTimeOf(timezone) },
  )
  try {
    await readText(path, piece => {
      reader.push(piece)
      if (times.length >= ENOUGH_ROWS) throw new Enough()
    })
    reader.end()
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  }
  const distances = new Map<number, number>()
  for (let i = 1; i < times.length; i++) countDistance(distances, Math.abs((times[i] as number) - (times[i - 1] as number)))
  return mostFrequent(distances)
}

function countDistance(distances: Map<number, number>, distance: number): void {
  distances.set(distance, (distances.get(distance) ?? 0) + 1)
}

/** The distance counted most often; of equals the shortest. */
function mostFrequent(distances: ReadonlyMap<number, number>): number | undefined {
  let best: number | undefined
  for (const [distance, n] of distances) {
    const most = best === undefined ? 0 : (distances.get(best) ?? 0)
    if (n > most || (n === most && distance < (best ?? Number.POSITIVE_INFINITY))) best = distance
  }
  return best
}
