/** Fetches what a pair missed over REST: Kraken's own candles where it has that size, else its trades. */

import { MINUTE_MS, type TimeMs } from '../../core/index.js'
import type { Candle } from '../../market/index.js'
import type { Counters } from '../counters.js'
import { feedLimits } from '../limits.js'
import type { RateLimiter } from '../rate-limiter.js'
import { retried } from '../retry.js'
import type { KrakenClient } from './client.js'
import type { ExchangeTrade } from './frame.js'
import { barStart, krakenInterval, krakenPart } from './intervals.js'
import type { PairFeed } from './pair.js'
import { gatherCandles, readCandleRows, readTradeRows } from './rows.js'

/** Trades one request brings. */
const tradesPerPage = 1000

export interface BackfillOptions {
  readonly warmupBars: number
  readonly attempts: number
}

export interface TradePages {
  readonly id: string
  readonly from: TimeMs
  readonly maxPages: number
  readonly until: AbortSignal | undefined
  /** Called with the trades of each page; false ends the reading. */
  readonly onPage: (trades: readonly ExchangeTrade[]) => boolean | Promise<boolean>
}

export class Backfill {
  constructor(
    private readonly client: Pick<KrakenClient, 'get' | 'isTransient'>,
    private readonly limiter: RateLimiter,
    private readonly counters: Counters,
    private readonly options: BackfillOptions,
  ) {}

  /** Completes the pair's candles up to `now`; what Kraken no longer has becomes a gap. Rejects where Kraken does not answer. */
  async fill(pair: PairFeed, now: () => TimeMs, until: AbortSignal): Promise<void> {
    const part = krakenPart(pair.barMs)
    if (part !== undefined) await this.fromCandles(pair, part, until)
    if (krakenInterval(pair.barMs) === undefined) await this.fromTrades(pair, now, until)
    if (!until.aborted) pair.candles.openAt(now())
  }

  private async fromCandles(pair: PairFeed, part: number, until: AbortSignal): Promise<void> {
    const { candles, barMs, names } = pair
    const since = candles.closedUntil
    const rows = await this.candles(names.id, part, since, until)
    const gathered = gatherCandles(rows, barMs)
    const current = gathered.at(-1)
    if (current === undefined || until.aborted) return
    // The oldest bar may be put together from fewer parts than it has.
    const whole = gathered.slice(part * MINUTE_MS === barMs ? 0 : 1, -1)
    const wanted = since === undefined ? whole.slice(-this.options.warmupBars || whole.length) : whole
    if (since === undefined && this.options.warmupBars === 0) candles.openAt(current.time)
    else for (const candle of wanted) candles.settle(candle)
    if (part * MINUTE_MS === barMs) candles.inProgress(current)
    candles.restore(current.time)
  }

  /** Kraken's candles of `interval` minutes, the last one in progress; at most 720, whatever `since`. */
  async candles(id: string, interval: number, since: TimeMs | undefined, until?: AbortSignal): Promise<readonly Candle[]> {
    const from = since === undefined ? {} : { since: Math.floor(since / 1000) - interval * 60 }
    const answer = await this.ask('OHLC', { pair: id, interval, ...from }, until)
    const { rows, rejected } = readCandleRows(answer, id)
    for (const reason of rejected) this.counters.add(`rest.${reason}`)
    return rows
  }

  private async fromTrades(pair: PairFeed, now: () => TimeMs, until: AbortSignal): Promise<void> {
    const { candles, barMs, names } = pair
    const from = candles.closedUntil ?? barStart(now(), barMs) - this.options.warmupBars * barMs
    let last: TimeMs | undefined
    const complete = await this.trades({
      id: names.id,
      from,
      maxPages: feedLimits.backfillPages,
      until,
      onPage: trades => {
        for (const trade of trades) pair.backfill(trade)
        last = trades.at(-1)?.time ?? last
        return true
      },
    })
    if (until.aborted || complete) return
    if (last !== undefined) candles.closeUntil(last)
    candles.gapTo(barStart(pair.heldSince ?? now(), barMs))
  }

  /** Reads all trades since `from`, page by page. Returns false where `maxPages` did not reach the present. */
  async trades({ id, from, maxPages, until, onPage }: TradePages): Promise<boolean> {
    let since = `${Math.max(0, from - 1)}000000`
    for (let page = 0; page < maxPages && !until?.aborted; page++) {
      const answer = await this.ask('Trades', { pair: id, since }, until)
      const { rows, last, rejected } = readTradeRows(answer, id)
      for (const reason of rejected) this.counters.add(`rest.${reason}`)
      if (!(await onPage(rows))) return true
      if (rows.length + rejected.length < tradesPerPage || last === undefined || last === since) return true
      since = last
    }
    return until?.aborted ?? false
  }

  /** One request, repeated while its failure may be transient. */
  retried<T>(request: () => Promise<T>, until?: AbortSignal, attempts = this.options.attempts): Promise<T> {
    const { limiter, counters, client } = this
    return retried({ limiter, counters, attempts, isTransient: error => client.isTransient(error) }, request, until)
  }

  private ask(
    method: 'OHLC' | 'Trades',
    params: Readonly<Record<string, string | number>>,
    until?: AbortSignal,
  ): Promise<unknown> {
    return this.retried(() => this.client.get(method, params), until)
  }
}
