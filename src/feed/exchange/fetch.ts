/** Downloads the public candles of an exchange that ccxt knows: page by page, polite, and able to continue an earlier download. */

import { OperatorError, type TimeMs } from '../../core/index.js'
import {
  type Candle,
  checkCandleNumbers,
  checkNumber,
  formatTimeframe,
  type InstrumentTable,
  standardInstruments,
} from '../../market/index.js'
import { systemClock, type WallClock } from '../clock.js'
import { Counters } from '../counters.js'
import type { Fetched, FetchOptions, OlderPart } from '../kraken/fetch.js'
import { endReason } from '../kraken/reasons.js'
import { RateLimiter } from '../rate-limiter.js'
import { type RetryContext, retried } from '../retry.js'
import { ExchangeClient } from './client.js'
import { type ListedPair, listedPairs } from './markets.js'

/** What is fetched, and from where. */
export interface ExchangeFetchOptions
  extends Pick<FetchOptions, 'barMs' | 'from' | 'write' | 'resumeAt' | 'before' | 'onProgress' | 'clock' | 'attempts' | 'until'> {
  /** ccxt's name of the exchange: `binance`. */
  readonly exchange: string
  /** In any spelling; default: the model's 18, in USD, USDT or USDC, whichever is listed first. */
  readonly pairs?: readonly string[] | undefined
  readonly instruments?: InstrumentTable | undefined
  /** The pause after a first failure, ms (default 1,000); each further one doubles it, and a rate limit makes it five times as long. */
  readonly retryMs?: number | undefined
  /** Replaces the exchange's own addresses. */
  readonly restUrl?: string | undefined
}

/** Bars fetched where no start is given: as many as Kraken's candles reach back. */
const defaultBars = 720

/** As `fetchCandles` does for Kraken; pairs are labelled by what the exchange lists, e.g. `BTCUSDT`. */
export async function fetchExchangeCandles(options: ExchangeFetchOptions): Promise<Fetched> {
  const { exchange, pairs, barMs, until, instruments = standardInstruments, restUrl, attempts = 5, retryMs = 1_000 } = options
  const clock = options.clock ?? systemClock()
  const counters = new Counters()
  const client = await ExchangeClient.open(exchange, restUrl)
  client.checkTimeframe(formatTimeframe(barMs))
  const limiter = new RateLimiter(clock, 0)
  const host: RetryContext = {
    limiter,
    counters,
    attempts,
    retryMs,
    isTransient: error => client.isTransient(error),
    isRateLimit: error => client.isRateLimit(error),
  }
  try {
    const markets = await retried({ ...host, attempts: Math.min(3, attempts) }, () => client.markets(), until)
    const { served, missing } = listedPairs(client.name, pairs, markets, instruments)
    const candles: Record<string, number> = {}
    for (const pair of served) {
      if (until?.aborted) break
      candles[pair.label] = await new PairPages(options, { client, host, clock }, pair).run()
    }
    return { candles, missing, counters: counters.all() }
  } catch (cause) {
    if (client.isTransient(cause)) {
      const what = `${client.name} cannot be reached (${endReason(cause)})`
      const next = 'Check the network and run the same command again: it continues where it stopped.'
      throw new OperatorError({ what, next }, { cause })
    }
    const refusal = client.refusal(cause)
    throw refusal === undefined ? cause : new OperatorError(refusal, { cause })
  }
}

interface Source {
  readonly client: ExchangeClient
  readonly host: RetryContext
  readonly clock: WallClock
}

/** The pages of one pair, from its start to the present. */
class PairPages {
  private written = 0

  constructor(
    private readonly options: ExchangeFetchOptions,
    private readonly source: Source,
    private readonly pair: ListedPair,
  ) {}

  async run(): Promise<number> {
    const { barMs, from, resumeAt, before, until, write } = this.options
    const { label } = this.pair
    const now = this.source.clock.now()
    const end = now - (now % barMs)
    const older = before?.(label)
    if (older !== undefined) {
      await this.span(older.from, older.to, older.write)
      if (!until?.aborted) older.done()
    }
    const start = resumeAt?.(label) ?? from ?? end - defaultBars * barMs
    await this.span(start, end, candles => write(label, candles))
    return this.written
  }

  /** The candles that begin at `start` or later and end by `end`. */
  private async span(start: TimeMs, end: TimeMs, write: OlderPart['write']): Promise<void> {
    const { barMs, until } = this.options
    const limit = this.source.client.pageOf(this.pair.symbol)
    let since = start
    while (since + barMs <= end && !until?.aborted) {
      const candles = await this.page(since, limit)
      const closed = candles.filter(candle => candle.time + barMs <= end)
      // Before its listing a pair has no candles: exchanges answer with its first ones, or the search goes on one page later.
      const none = candles.length > 0 ? end : since + limit * barMs
      const upTo = closed.length === 0 ? none : (closed.at(-1) as Candle).time + barMs
      const traded = closed.filter(candle => candle.volume > 0)
      if (traded.length > 0) await write(traded)
      this.written += traded.length
      since = upTo
      const share = Math.min(1, (since - start) / (end - start))
      this.options.onProgress?.({ pair: this.pair.label, upTo: Math.min(since, end), candles: this.written, share })
    }
  }

  /** Candles from `since` on, oldest first, each once. */
  private async page(since: TimeMs, limit: number): Promise<Candle[]> {
    const { client, host } = this.source
    const timeframe = formatTimeframe(this.options.barMs)
    const request = () => client.candles(this.pair.symbol, timeframe, since, limit)
    const rows = await retried(host, request, this.options.until)
    const candles = new Map<TimeMs, Candle>()
    for (const row of rows) {
      const candle = candleOf(row)
      if (typeof candle === 'string') host.counters.add(`rest.${candle}`)
      else if (candle.time >= since) candles.set(candle.time, candle)
    }
    return [...candles.values()].sort((a, b) => a.time - b.time)
  }
}

/** A row of ccxt's as a candle, or why it is none. */
function candleOf(row: readonly unknown[]): Candle | string {
  const problem = row
    .slice(0, 6)
    .map(checkNumber)
    .find(found => found !== undefined)
  if (problem !== undefined || row.length < 6) return problem ?? 'bad-shape'
  const [time, open, high, low, close, volume] = row as [number, number, number, number, number, number]
  return checkCandleNumbers(time, open, high, low, close, volume, Number.NaN) ?? { time, open, high, low, close, volume }
}
