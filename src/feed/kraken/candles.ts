/** One pair's candles, built from trades, settled by Kraken's own candle, and never changed silently once published. */

import type { TimeMs } from '../../core/index.js'
import { type Bar, BarFlag, type Candle } from '../../market/index.js'
import { feedLimits } from '../limits.js'
import type { ExchangeTrade } from './frame.js'
import { barStart } from './intervals.js'
import { SeenIds } from './seen-ids.js'

/** What became of a trade. `late`: its interval was closed, and still open to revision. */
export type TradeOutcome = 'applied' | 'outOfOrder' | 'duplicate' | 'late' | 'tooLate'

/** What happened to candles, counted. */
export const candleEvents = ['bars', 'filled', 'revised', 'settled', 'snapshotWins', 'gaps'] as const
export type CandleEvent = (typeof candleEvents)[number]

export interface CandleOutput {
  bar(bar: Bar): void
  /** A published bar, corrected. */
  revision(bar: Bar): void
  gap(from: TimeMs, to: TimeMs): void
  count(event: CandleEvent): void
}

/** The interval being built. */
interface Forming {
  time: TimeMs
  open: number
  high: number
  low: number
  close: number
  volume: number
  trades: number
  firstAt: TimeMs
  lastAt: TimeMs
}

/**
 * The rules:
 * a trade seen before (by id) is dropped; one out of order but inside the forming interval changes high, low, volume and
 * count, and is no tick; one for a closed interval is left to Kraken's own candle, which corrects the bar when the next
 * interval begins, or, where Kraken has none (below a minute), corrects the last few bars itself; anything older is
 * dropped. A correction is published as a revision, beside the bar that stands. An interval that was not watched from its
 * beginning is published as Kraken's candle has it.
 */
export class PairCandles {
  /** Every interval before this is final; undefined before the first. */
  closedUntil: TimeMs | undefined
  /** True while the source has been silent for too long; bars say so. */
  stale = false
  private forming: Forming | undefined
  /** Trades of the interval beginning here may be missing. */
  private partialAt: TimeMs | undefined
  /** Kraken's candle of the interval in progress. */
  private theirs: Candle | undefined
  /** Kraken's final candles of intervals not closed here yet. */
  private readonly known = new Map<TimeMs, Candle>()
  /** Published bars still open to revision, oldest first, and the time of the last trade in each. */
  private readonly recent: { bar: Bar; lastAt: TimeMs }[] = []
  private readonly seen = new SeenIds()
  private lastClose: number | undefined

  constructor(
    readonly pair: string,
    readonly barMs: number,
    /** Whether Kraken's own candles of this size arrive. */
    private readonly settledByExchange: boolean,
    private readonly out: CandleOutput,
  ) {}

  trade(trade: ExchangeTrade): TradeOutcome {
    if (this.seen.has(trade.id)) return 'duplicate'
    this.seen.add(trade.id)
    const start = barStart(trade.time, this.barMs)
    if (this.closedUntil !== undefined && start < this.closedUntil) return this.lateTrade(trade, start)
    if (this.forming !== undefined && start < this.forming.time) return 'tooLate'
    if (this.forming === undefined || start > this.forming.time) this.begin(start, trade)
    return this.apply(this.forming as Forming, trade)
  }

  /** Makes every interval ending at or before `end` final. */
  closeUntil(end: TimeMs): void {
    const target = barStart(end, this.barMs)
    if (this.closedUntil === undefined) this.closedUntil = this.forming?.time ?? this.theirs?.time
    if (this.closedUntil === undefined) return
    const empty = (target - Math.max(this.closedUntil, (this.forming?.time ?? this.closedUntil) + this.barMs)) / this.barMs
    if (this.forming !== undefined && this.forming.time < target) this.closeTo(this.forming.time + this.barMs)
    if (empty > feedLimits.filledBars && this.closedUntil < target) return this.gapTo(target)
    this.closeTo(target)
  }

  /** A candle of Kraken's for the interval in progress, or again for one before it. */
  exchangeCandle(candle: Candle): void {
    const current = this.theirs
    if (current !== undefined && candle.time < current.time) return this.settle(candle)
    if (current !== undefined && candle.time > current.time) this.settle(current)
    this.theirs = candle
  }

  /** Kraken's candle of the interval in progress, from a back-fill; a newer one is kept. */
  inProgress(candle: Candle): void {
    if (this.theirs === undefined || this.theirs.time <= candle.time) this.exchangeCandle(candle)
  }

  /** A final candle from before: fills what is missing or settles what was published. */
  settle(candle: Candle): void {
    if (this.closedUntil === undefined || candle.time >= this.closedUntil) {
      this.known.set(candle.time, candle)
      if (this.known.size > feedLimits.backfillBars) this.known.delete(this.known.keys().next().value ?? candle.time)
      return
    }
    const index = this.recent.findIndex(r => r.bar.time === candle.time)
    const published = this.recent[index]
    if (published === undefined) return
    this.out.count('settled')
    if (!sameCandle(published.bar, candle)) this.revise(index, candle, published.lastAt)
  }

  /**
   * Closes everything before `end` from the final candles settled so far, as after an outage: intervals before the
   * first known one are a gap, later ones without a trade are filled.
   */
  restore(end: TimeMs): void {
    const first = [...this.known.keys()].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    const from = this.closedUntil ?? Math.min(first, end)
    this.closedUntil = from
    this.partialAt = end
    if (Math.min(first, end) > from) this.gapTo(Math.min(first, end))
    this.closeTo(end)
  }

  /** Marks the intervals up to `end` as missing. */
  gapTo(end: TimeMs): void {
    const from = this.closedUntil ?? end
    if (end <= from) return
    if (this.forming !== undefined && this.forming.time < end) this.forming = undefined
    this.closedUntil = end
    this.out.count('gaps')
    this.out.gap(from, end)
  }

  /** Begins at this interval where no earlier one is known. */
  openAt(time: TimeMs): void {
    this.closedUntil ??= barStart(time, this.barMs)
  }

  /** Trades of the interval in progress at `time` may have been missed. */
  missedSome(time: TimeMs): void {
    this.partialAt = barStart(time, this.barMs)
  }

  private begin(start: TimeMs, trade: ExchangeTrade): void {
    if (this.forming !== undefined || this.closedUntil !== undefined) this.closeUntil(start)
    else this.partialAt ??= start
    const { price, time } = trade
    this.forming = {
      time: start,
      open: price,
      high: price,
      low: price,
      close: price,
      volume: 0,
      trades: 0,
      firstAt: time,
      lastAt: time,
    }
  }

  private apply(f: Forming, { price, volume, time }: ExchangeTrade): TradeOutcome {
    const inOrder = time >= f.lastAt
    f.high = Math.max(f.high, price)
    f.low = Math.min(f.low, price)
    f.volume += volume
    f.trades++
    if (inOrder) {
      f.close = price
      f.lastAt = time
    } else if (time < f.firstAt) {
      f.open = price
      f.firstAt = time
    }
    return inOrder ? 'applied' : 'outOfOrder'
  }

  private lateTrade({ price, volume, time }: ExchangeTrade, start: TimeMs): TradeOutcome {
    const index = this.recent.findIndex(r => r.bar.time === start)
    const published = this.recent[index]
    if (published === undefined) return 'tooLate'
    if (this.settledByExchange) return 'late'
    const { bar, lastAt } = published
    const empty = bar.volume === 0
    const corrected = {
      time: start,
      open: empty ? price : bar.open,
      high: empty ? price : Math.max(bar.high, price),
      low: empty ? price : Math.min(bar.low, price),
      close: empty || time >= lastAt ? price : bar.close,
      volume: bar.volume + volume,
      trades: (bar.trades ?? 0) + 1,
    }
    this.revise(index, corrected, Math.max(lastAt, time))
    return 'late'
  }

  private closeTo(target: TimeMs): void {
    while (this.closedUntil !== undefined && this.closedUntil < target) {
      const time = this.closedUntil
      const candle = this.candleAt(time)
      const lastAt = this.forming?.time === time ? this.forming.lastAt : time
      if (this.forming?.time === time) this.forming = undefined
      this.known.delete(time)
      this.closedUntil = time + this.barMs
      if (candle !== undefined) this.publish(candle, lastAt)
    }
  }

  /** The bar of the closing interval: Kraken's candle where ours may lack trades, else ours, else the last close repeated. */
  private candleAt(time: TimeMs): Candle | undefined {
    const ours = this.forming?.time === time ? candleOf(this.forming) : undefined
    const inProgress = this.theirs?.time === time && (this.partialAt === time || ours === undefined) ? this.theirs : undefined
    const theirs = this.known.get(time) ?? inProgress
    if (theirs !== undefined && ours !== undefined) {
      this.out.count('settled')
      if (!sameCandle(ours, theirs)) this.out.count('snapshotWins')
    }
    return theirs ?? ours ?? this.flat(time)
  }

  private flat(time: TimeMs): Candle | undefined {
    const c = this.lastClose
    return c === undefined ? undefined : { time, open: c, high: c, low: c, close: c, volume: 0, trades: 0 }
  }

  private publish(candle: Candle, lastAt: TimeMs): void {
    const bar = this.barOf(candle)
    this.lastClose = bar.close
    this.recent.push({ bar, lastAt })
    if (this.recent.length > feedLimits.revisableBars) this.recent.shift()
    this.out.count('bars')
    if (bar.flags & BarFlag.filled) this.out.count('filled')
    this.out.bar(bar)
  }

  private revise(index: number, candle: Candle, lastAt: TimeMs): void {
    const bar = this.barOf(candle)
    this.recent[index] = { bar, lastAt }
    if (index === this.recent.length - 1) this.lastClose = bar.close
    this.out.count('revised')
    this.out.revision(bar)
  }

  private barOf(c: Candle): Bar {
    let flags = 0
    if (c.volume === 0) flags |= BarFlag.filled
    if (this.stale) flags |= BarFlag.stale
    return { ...c, pair: this.pair, barMs: this.barMs, flags }
  }
}

function candleOf({ time, open, high, low, close, volume, trades }: Forming): Candle {
  return { time, open, high, low, close, volume, trades }
}

/** Equal but for the last digits of sums. */
function sameCandle(a: Candle, b: Candle): boolean {
  const near = (x: number, y: number, relative: number) => Math.abs(x - y) <= relative * Math.max(Math.abs(x), Math.abs(y))
  return (
    near(a.open, b.open, 1e-12) &&
    near(a.high, b.high, 1e-12) &&
    near(a.low, b.low, 1e-12) &&
    near(a.close, b.close, 1e-12) &&
    (near(a.volume, b.volume, 1e-6) || Math.abs(a.volume - b.volume) < 1e-8)
  )
}
