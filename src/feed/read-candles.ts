/** Reads one candle file into columns, and finds its timeframe from its first rows where the name does not say it. */

import { OperatorError, type TimeMs } from '../core/index.js'
import {
  CandleReader,
  CandleSeries,
  countReject,
  formatTimeframe,
  onGrid,
  type RejectCounts,
  sumRejects,
} from '../market/index.js'
import { readText } from './read-text.js'

export interface CandleFileContent {
  readonly path: string
  readonly series: CandleSeries
  /** SHA-256 of the file as found, hex. */
  readonly sha256: string
  readonly rejected: RejectCounts
}

/**
 * Reads one file whole. Rows off the grid of `barMs`, or with impossible values, are counted; a wrong shape, or no row
 * left, throws an `OperatorError`.
 */
export async function readCandleFile(path: string, barMs: number): Promise<CandleFileContent> {
  const series = new CandleSeries()
  const rejected: RejectCounts = {}
  const reader = new CandleReader(path, {
    candle: (time, open, high, low, close, volume, trades) => {
      if (onGrid(time, barMs)) series.push(time, open, high, low, close, volume, trades)
      else countReject(rejected, 'off-grid')
    },
    reject: reason => countReject(rejected, reason),
  })
  const sha256 = await readText(path, piece => reader.push(piece))
  reader.end()
  if (series.length < (rejected['off-grid'] ?? 0) || series.length === 0) throw unusable(path, barMs, series.length, rejected)
  return { path, series: series.trim(), sha256, rejected }
}

function unusable(path: string, barMs: number, good: number, rejected: RejectCounts): OperatorError {
  const reasons = Object.entries(rejected).map(([reason, n]) => `${n} ${reason}`)
  return new OperatorError({
    what: path,
    expected: `candles of ${formatTimeframe(barMs)}`,
    got: `${good} usable rows, ${sumRejects(rejected)} rejected (${reasons.join(', ')})`,
    next: 'Check the timeframe, or run "mycelia data check" on the file.',
  })
}

/** Rows that are enough to see the usual distance between two. */
const ENOUGH_ROWS = 200

class Enough extends Error {}

/** The most frequent distance between a file's first rows, ms; undefined where it has fewer than two. */
export async function inferBarMs(path: string): Promise<number | undefined> {
  const times: TimeMs[] = []
  const reader = new CandleReader(path, { candle: time => void times.push(time), reject: () => undefined })
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
  for (let i = 1; i < times.length; i++) countDistance(distances, (times[i] as number) - (times[i - 1] as number))
  return mostFrequent(distances)
}

export function countDistance(distances: Map<number, number>, distance: number): void {
  distances.set(distance, (distances.get(distance) ?? 0) + 1)
}

/** The distance counted most often; of equals the shortest. */
export function mostFrequent(distances: ReadonlyMap<number, number>): number | undefined {
  let best: number | undefined
  for (const [distance, n] of distances) {
    const most = best === undefined ? 0 : (distances.get(best) ?? 0)
    if (n > most || (n === most && distance < (best ?? Number.POSITIVE_INFINITY))) best = distance
  }
  return best
}
