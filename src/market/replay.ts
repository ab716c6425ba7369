/** The replayed market: candles from files as a `MarketSource`, aligned on one clock, gaps filled and flagged. */

import { OperatorError, type TimeMs } from '../core/index.js'
import { type Bar, BarFlag, type Candle, filledBar } from './candle.js'
import { isOutlier } from './candle-check.js'
import type { MoatSeries } from './moats-csv.js'
import { formatTime } from './parse-time.js'
import { type ReplayClock, type ReplayRange, replayClock } from './replay-clock.js'
import { type MoatStreams, ReplayMoats } from './replay-moats.js'
import { CandleSeries } from './series.js'
import type { SessionCalendar } from './session.js'
import type { MarketInput, MarketSource, MarketTick } from './source.js'

/** Candles and moat signals to replay, and the range of it. */
export interface ReplayOptions extends ReplayRange {
  /** Per pair, in the order in which bars of one instant are delivered; times strictly increasing. */
  readonly series: ReadonlyMap<string, CandleSeries | readonly Candle[]>
  readonly barMs: number
  /** The calendars of pairs whose markets close: outside their sessions no interval is missing. */
  readonly calendars?: ReadonlyMap<string, SessionCalendar> | undefined
  /** For the placebo streams. */
  readonly seed: number | string
  /** Recorded moat streams; each of `streams` without a record is placebo noise, marked so. */
  readonly moats?: readonly MoatSeries[] | undefined
  readonly streams?: MoatStreams | undefined
  /** What `describe` says besides: the chosen files and their digests. */
  readonly facts?: Readonly<Record<string, unknown>> | undefined
}

/** Bars of one pair on the way through. */
interface Track {
  readonly pair: string
  readonly series: CandleSeries
  readonly calendar: SessionCalendar | undefined
  /** Index of the first candle not handed out. */
  cursor: number
}

/** Ticks of candles: bar [T, T+barMs) arrives at T+barMs, after the moat signals known by then. */
class ReplayMarket implements MarketSource {
  readonly barMs: number
  readonly pairs: readonly string[]
  /** Ticks handed out. */
  private index = 0

  constructor(
    private readonly clock: ReplayClock,
    private readonly tracks: readonly Track[],
    private readonly moats: ReplayMoats,
    private readonly skippedSignals: number,
    private readonly options: ReplayOptions,
  ) {
    this.barMs = options.barMs
    this.pairs = tracks.map(t => t.pair)
  }

  next(): MarketTick | undefined {
    const start = this.clock[this.index]
    if (start === undefined) return undefined
    this.index++
    const time = start + this.barMs
    const inputs: MarketInput[] = []
    this.moats.append(time, inputs)
    for (const track of this.tracks) {
      const bar = barAt(track, start, this.barMs)
      if (bar !== undefined) inputs.push({ kind: 'bar', bar })
    }
    return { time, step: true, inputs }
  }

  save(): unknown {
    return { index: this.index, moats: this.moats.save() }
  }

  restore(state: unknown): void {
    const { index, moats } = state as { index: number; moats: unknown }
    this.index = index
    this.moats.restore(moats)
    const start = this.clock[index] ?? Number.POSITIVE_INFINITY
    for (const track of this.tracks) track.cursor = track.series.indexAt(start)
  }

  describe(): Record<string, unknown> {
    const { clock, tracks, moats, options } = this
    const from = clock[0] as TimeMs
    const to = clock[clock.length - 1] as TimeMs
    return {
      kind: 'replay',
      barMs: this.barMs,
      from: formatTime(from),
      to: formatTime(to),
      ticks: clock.length,
      pairs: Object.fromEntries(tracks.map(t => [t.pair, coverage(t, clock, this.barMs)])),
      moats: (options.moats ?? []).map(m => ({ moat: m.moat, stream: m.stream, values: m.time.length })),
      placebo: moats.placeboNames(),
      skippedSignals: this.skippedSignals,
      ...options.facts,
    }
  }
}

/** The pair's bar beginning at `start`: its candle, a filled and flagged one inside its range and sessions, or none outside. */
function barAt(track: Track, start: TimeMs, barMs: number): Bar | undefined {
  const { pair, series } = track
  const i = track.cursor
  if (i === series.length) return undefined
  const before = i > 0 ? (series.close[i - 1] as number) : Number.NaN
  if (series.time[i] !== start)
    return i === 0 || isClosed(track, start, barMs) ? undefined : filledBar(pair, start, before, barMs)
  track.cursor = i + 1
  const high = series.high[i] as number
  const low = series.low[i] as number
  const bar = {
    pair,
    time: start,
    barMs,
    open: series.open[i] as number,
    high,
    low,
    close: series.close[i] as number,
    volume: series.volume[i] as number,
    flags: i > 0 && isOutlier(before, high, low) ? BarFlag.outlier : 0,
  }
  const trades = series.trades[i] as number
  return Number.isNaN(trades) ? bar : { ...bar, trades }
}

/** True where the pair's market begins no bar at `start`. */
function isClosed({ calendar }: Track, start: TimeMs, barMs: number): boolean {
  return calendar !== undefined && calendar.barStart(start, barMs) !== start
}

/** Bars and filled gaps a pair has on this clock. */
function coverage(track: Track, clock: ReplayClock, barMs: number): { bars: number; filled: number } {
  const { series } = track
  const from = clock[0] as TimeMs
  const to = clock[clock.length - 1] as TimeMs
  const bars = series.indexAt(to + 1) - series.indexAt(from)
  let listed = 0
  for (const t of clock) if (t >= series.from && t <= series.to && !isClosed(track, t, barMs)) listed++
  return { bars, filled: listed - bars }
}

/**
 * A market made of recorded candles. The clock is the union of bars from `from` (default: the first instant with at
 * least ⅔ of the pairs) to `to` (default: the last such), both starts of bars and inclusive. Throws an `OperatorError`
 * where there is no pair, no bar in the range, or times that do not increase. A candle of volume 0 is an interval
 * without trades, unless all of its series are: then volumes are unknown. `loadCandles` decides it for each file.
 */
export function replayMarket(options: ReplayOptions): MarketSource {
  const tracks = [...options.series].map(([pair, s]) => ({
    pair,
    series: (s instanceof CandleSeries ? s : CandleSeries.of(s)).traded(),
    calendar: options.calendars?.get(pair),
    cursor: 0,
  }))
  for (const { pair, series } of tracks) checkOrder(pair, series)
  if (tracks.length === 0) throw new OperatorError({ what: 'market', expected: 'at least one pair with candles', got: 'none' })
  const clock = replayClock(
    tracks.map(t => t.series),
    options,
  )
  checkOneGrid(tracks, clock, options.barMs)
  const start = clock[0] as TimeMs
  for (const track of tracks) track.cursor = track.series.indexAt(start)
  const moats = new ReplayMoats(options.moats ?? [], options.seed, options.streams)
  return new ReplayMarket(clock, tracks, moats, moats.skipTo(start), options)
}

/** A step holds the bars of one instant, so bars that begin between those of other pairs would make two steps of one bar. */
function checkOneGrid(tracks: readonly Track[], clock: ReplayClock, barMs: number): void {
  const at = clock.findIndex((t, i) => i > 0 && t - (clock[i - 1] as TimeMs) < barMs)
  if (at < 0) return
  const [before, after] = [clock[at - 1] as TimeMs, clock[at] as TimeMs]
  const pairAt = (time: TimeMs) => tracks.find(({ series }) => series.time[series.indexAt(time)] === time)?.pair ?? '?'
  throw new OperatorError({
    what: 'market',
    expected: 'bars of all pairs at the same instants',
    got: `${pairAt(before)} at ${formatTime(before)} and ${pairAt(after)} at ${formatTime(after)}`,
    next: 'Choose a shorter `timeframe`, such as 30m, or run these pairs apart.',
  })
}

function checkOrder(pair: string, { time, length }: CandleSeries): void {
  for (let i = 0; i < length; i++) {
    if (i === 0 || (time[i] as number) > (time[i - 1] as number)) continue
    throw new OperatorError({
      what: `candles of ${pair}`,
      expected: 'times that increase',
      got: `${formatTime(time[i] as number)} after ${formatTime(time[i - 1] as number)}`,
    })
  }
  if (length === 0) throw new OperatorError({ what: `candles of ${pair}`, expected: 'at least one', got: 0 })
}
