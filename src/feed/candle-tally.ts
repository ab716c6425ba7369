/** What a check of candles counts while it reads them row by row, in constant memory. */

import type { TimeMs } from '../core/index.js'
import { type CandleSink, countReject, isOutlier, type RejectCounts, type SessionCalendar } from '../market/index.js'
import { barStartOf } from './read-candles.js'

/** An instant, and how large what happened there was. */
export interface Extreme {
  readonly time: TimeMs
  readonly size: number
}

/** How volumes look. */
export interface VolumeCheck {
  /** Rows without volume. */
  readonly zero: number
  /** True where all rows have one volume: then it is no measurement. */
  readonly constant: boolean
  /** The largest volume, as a multiple of the median (to the nearest power of two); undefined where no row has volume. */
  readonly largest: Extreme | undefined
}

const maxExamples = 20
/** Powers of two of volumes that are told apart: from 2^−64 to 2^63. */
const octaves = 128

/** Counts rows as they come, oldest or newest first. */
export class CandleTally implements CandleSink {
  rows = 0
  from: TimeMs = Number.NaN
  to: TimeMs = Number.NaN
  /** Runs of missing rows, and rows missing in them; NaN where the length of a bar is not known. */
  gaps = 0
  missingRows = 0
  longestGap: Extreme | undefined
  /** Rows that a run flags: ten times the close before, or a tenth of it. */
  outliers = 0
  /** The largest change from one close to the next, as a share. */
  largestMove: Extreme | undefined
  readonly rejected: RejectCounts = {}
  readonly examples: string[] = []
  private zeroVolume = 0
  private smallestVolume = Number.POSITIVE_INFINITY
  private largestVolume: Extreme = { time: Number.NaN, size: 0 }
  private readonly volumes = new Float64Array(octaves)
  private last: { time: TimeMs; high: number; low: number; close: number } | undefined

  constructor(
    private readonly path: string,
    private readonly barMs: number | undefined,
    private readonly calendar: SessionCalendar | undefined,
  ) {}

  candle(time: TimeMs, _open: number, high: number, low: number, close: number, volume: number): void {
    const start = this.barMs === undefined ? time : barStartOf(time, this.barMs, this.calendar)
    if (Number.isNaN(start)) return countReject(this.rejected, this.calendar === undefined ? 'off-grid' : 'outside-session')
    this.rows++
    if (!(start >= this.from)) this.from = start
    if (!(start <= this.to)) this.to = start
    const row = { time: start, high, low, close }
    if (this.last !== undefined) this.compare(this.last, row)
    this.last = row
    this.volume(start, volume)
  }

  reject(reason: keyof RejectCounts, line: number, column: number): void {
    countReject(this.rejected, reason)
    if (this.examples.length < maxExamples) this.examples.push(`${this.path}:${line}:${column}: ${reason}`)
  }

  /** Share of the bars from first to last that are there; undefined where there is none, or the length of a bar is not known. */
  get coverage(): number | undefined {
    return this.barMs === undefined || this.rows === 0 ? undefined : this.rows / (this.rows + this.missingRows)
  }

  get volumeCheck(): VolumeCheck {
    const { size, time } = this.largestVolume
    return {
      zero: this.zeroVolume,
      constant: this.rows > 1 && this.zeroVolume === 0 && this.smallestVolume === size,
      largest: size === 0 ? undefined : { time, size: size / this.medianVolume() },
    }
  }

  private compare(one: NonNullable<CandleTally['last']>, other: NonNullable<CandleTally['last']>): void {
    const [before, after] = one.time < other.time ? [one, other] : [other, one]
    if (isOutlier(before.close, after.high, after.low)) this.outliers++
    const move = Math.abs(after.close / before.close - 1)
    if (move > (this.largestMove?.size ?? -1)) this.largestMove = { time: after.time, size: move }
    if (this.barMs === undefined) return
    const missing = this.missingBetween(before.time, after.time, this.barMs)
    if (missing === 0) return
    this.gaps++
    this.missingRows += missing
    if (missing > (this.longestGap?.size ?? 0)) this.longestGap = { time: before.time + this.barMs, size: missing }
  }

  private missingBetween(before: TimeMs, after: TimeMs, barMs: number): number {
    if (after - before <= barMs) return 0
    return (this.calendar?.barsBetween(before, after, barMs) ?? Math.ceil((after - before) / barMs)) - 1
  }

  private volume(time: TimeMs, volume: number): void {
    if (volume < this.smallestVolume) this.smallestVolume = volume
    if (volume > this.largestVolume.size) this.largestVolume = { time, size: volume }
    if (volume === 0) this.zeroVolume++
    else this.volumes[octaveOf(volume)] = (this.volumes[octaveOf(volume)] as number) + 1
  }

  /** The power of two in the middle of all volumes above 0. */
  private medianVolume(): number {
    const half = (this.rows - this.zeroVolume) / 2
    let below = 0
    for (let octave = 0; octave < octaves; octave++) {
      below += this.volumes[octave] as number
      if (below >= half) return 2 ** (octave - octaves / 2)
    }
    return Number.NaN
  }
}

function octaveOf(volume: number): number {
  return Math.min(octaves - 1, Math.max(0, Math.round(Math.log2(volume)) + octaves / 2))
}
