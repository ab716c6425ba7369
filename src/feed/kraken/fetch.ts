/** Downloads candles from Kraken for files: within its rate limits, with retries, and able to continue an earlier download. */

import { HOUR_MS, OperatorError, type TimeMs } from '../../core/index.js'
import type { Candle } from '../../market/index.js'
import { systemClock, type WallClock } from '../clock.js'
import { Counters } from '../counters.js'
import { RateLimiter } from '../rate-limiter.js'
import { Backfill } from './backfill.js'
import { KrakenClient, type KrakenEndpoints, krakenEndpoints } from './client.js'
import type { ExchangeTrade } from './frame.js'
import { barStart, checkLiveBarMs, krakenInterval } from './intervals.js'
import { type ResolvedPair, resolvePairs } from './pairs.js'
import { endReason } from './reasons.js'

/** How far the download of a pair has come. */
export interface FetchProgress {
  readonly pair: string
  /** End of the last candle fetched. */
  readonly upTo: TimeMs
  readonly candles: number
  /** Share of the time wanted that lies before it. */
  readonly share: number
}

/** What is missing before the candles that are stored of a pair. */
export interface OlderPart {
  readonly from: TimeMs
  /** Start of the first candle stored. */
  readonly to: TimeMs
  /** Takes them in order of time, a portion at a time. */
  readonly write: (candles: readonly Candle[]) => void | Promise<void>
  /** Called once all are there. */
  readonly done: () => void
}

export interface FetchOptions {
  readonly pairs: readonly string[]
  readonly barMs: number
  /** First instant wanted; default: what Kraken's candles reach back (720 of them). Older ones are built from trades, 1,000 a request. */
  readonly from?: TimeMs
  /** Closed candles in order of time, a portion at a time; called for one pair after another. */
  readonly write: (pair: string, candles: readonly Candle[]) => void | Promise<void>
  /** End of the last candle already stored; the download continues there. */
  readonly resumeAt?: (pair: string) => TimeMs | undefined
  /** The candles wanted before the first one stored; undefined where none are. They are fetched first. */
  readonly before?: (pair: string) => OlderPart | undefined
  readonly onProgress?: (progress: FetchProgress) => void
  readonly endpoints?: KrakenEndpoints
  readonly clock?: WallClock
  readonly restIntervalMs?: number
  readonly attempts?: number
  readonly until?: AbortSignal
}

/** How many candles of each pair were fetched, and which pairs could not be. */
export interface Fetched {
  readonly candles: Readonly<Record<string, number>>
  readonly missing: readonly { readonly pair: string; readonly reason: string }[]
  readonly counters: Readonly<Record<string, number>>
}

/** Throws an OperatorError where Kraken cannot be reached; candles written by then are kept, and a later call continues after them. */
export async function fetchCandles(options: FetchOptions): Promise<Fetched> {
  checkLiveBarMs(options.barMs)
  const clock = options.clock ?? systemClock()
  const counters = new Counters()
  const client = await KrakenClient.open(options.endpoints ?? krakenEndpoints(process.env), 20_000)
  const attempts = options.attempts ?? 5
  const backfill = new Backfill(client, new RateLimiter(clock, options.restIntervalMs ?? 1_200), counters, {
    warmupBars: 720,
    attempts,
  })
  try {
    // Without a network the error should come soon; once Kraken has answered, longer retries pay off.
    const markets = await backfill.retried(() => client.markets(), options.until, Math.min(3, attempts))
    const { served, missing } = resolvePairs(options.pairs, markets)
    const candles: Record<string, number> = {}
    for (const names of served) {
      if (options.until?.aborted) break
      const older = options.before?.(names.pair)
      const before = older === undefined ? 0 : await olderPart(options, backfill, names, clock, older)
      candles[names.pair] = before + (await new PairDownload(options, backfill, names, clock).run())
    }
    return { candles, missing, counters: counters.all() }
  } catch (cause) {
    if (!client.isTransient(cause)) throw cause
    throw new OperatorError(
      {
        what: `Kraken cannot be reached (${endReason(cause)})`,
        next: 'Check the network and run the same command again: it continues where it stopped.',
      },
      { cause },
    )
  }
}

async function olderPart(
  { resumeAt: _, ...options }: FetchOptions,
  backfill: Backfill,
  names: ResolvedPair,
  clock: WallClock,
  { from, to, write, done }: OlderPart,
): Promise<number> {
  const into = { ...options, from, write: (_pair: string, candles: readonly Candle[]) => write(candles) }
  const candles = await new PairDownload(into, backfill, names, clock, to).run()
  if (!options.until?.aborted) done()
  return candles
}

/** One pair: old candles from trades, the newest 720 from Kraken's own. */
class PairDownload {
  private written = 0
  private upTo: TimeMs
  private readonly start: TimeMs

  constructor(
    private readonly options: FetchOptions,
    private readonly backfill: Backfill,
    private readonly names: ResolvedPair,
    private readonly clock: WallClock,
    /** Candles from here on are not wanted. */
    private readonly to: TimeMs = Number.POSITIVE_INFINITY,
  ) {
    this.upTo = options.resumeAt?.(names.pair) ?? options.from ?? Number.NEGATIVE_INFINITY
    this.start = this.upTo
  }

  async run(): Promise<number> {
    const { barMs, until } = this.options
    const interval = krakenInterval(barMs)
    const own =
      interval === undefined ? [] : (await this.backfill.candles(this.names.id, interval, undefined, until)).slice(0, -1)
    const reach = Math.min(this.to, own[0]?.time ?? barStart(this.clock.now(), barMs))
    if (this.upTo < reach && (Number.isFinite(this.upTo) || own.length === 0)) await this.fromTrades(reach)
    await this.write(own)
    return this.written
  }

  /** Bars below a minute are built from trades; without a start, one hour of them is fetched. */
  private async fromTrades(to: TimeMs): Promise<void> {
    const { barMs, until } = this.options
    const from = Number.isFinite(this.upTo) ? this.upTo : to - HOUR_MS
    let forming: Candle | undefined
    const onPage = async (trades: readonly ExchangeTrade[]) => {
      const closed: Candle[] = []
      for (const trade of trades) {
        if (trade.time < from || trade.time >= to) continue
        const time = barStart(trade.time, barMs)
        if (forming !== undefined && time > forming.time) closed.push(forming)
        forming = forming?.time === time ? grown(forming, trade) : started(time, trade)
      }
      await this.write(closed)
      return (trades.at(-1)?.time ?? 0) < to
    }
    await this.backfill.trades({ id: this.names.id, from, maxPages: Number.POSITIVE_INFINITY, until, onPage })
    if (forming !== undefined && !until?.aborted) await this.write([forming])
  }

  private async write(candles: readonly Candle[]): Promise<void> {
    const fresh = candles.filter(c => c.time >= this.upTo && c.time < this.to && c.volume > 0)
    const last = fresh.at(-1)
    if (last === undefined) return
    await this.options.write(this.names.pair, fresh)
    this.upTo = last.time + this.options.barMs
    this.written += fresh.length
    this.options.onProgress?.({ pair: this.names.pair, upTo: this.upTo, candles: this.written, share: this.share() })
  }

  private share(): number {
    const end = Math.min(this.to, barStart(this.clock.now(), this.options.barMs))
    return Number.isFinite(this.start) && end > this.start ? Math.min(1, (this.upTo - this.start) / (end - this.start)) : 1
  }
}

function started(time: TimeMs, { price, volume }: ExchangeTrade): Candle {
  return { time, open: price, high: price, low: price, close: price, volume, trades: 1 }
}

function grown(c: Candle, { price, volume }: ExchangeTrade): Candle {
  const { time, open, high, low } = c
  return {
    time,
    open,
    high: Math.max(high, price),
    low: Math.min(low, price),
    close: price,
    volume: c.volume + volume,
    trades: (c.trades ?? 0) + 1,
  }
}
