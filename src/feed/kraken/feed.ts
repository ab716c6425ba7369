/** Kraken's live market data as inputs of a live run: one connection that reconnects by itself, every frame checked. */

import { HOUR_MS, MINUTE_MS, type TimeMs } from '../../core/index.js'
import type { MarketInput } from '../../market/index.js'
import { Backoff, type BackoffOptions } from '../backoff.js'
import { pause, systemClock, type WallClock } from '../clock.js'
import { Counters } from '../counters.js'
import { feedLimits } from '../limits.js'
import type { LateHistory, ListedRules, LiveFeed, LiveStart, PairStatus } from '../live.js'
import { InputQueue } from '../queue.js'
import { RateLimiter } from '../rate-limiter.js'
import { Attempts, answered, repeatedly } from './attempts.js'
import { Backfill } from './backfill.js'
import { KrakenClient, type KrakenEndpoints, krakenEndpoints } from './client.js'
import { Connection, type ConnectionHost } from './connection.js'
import { ExchangeClock } from './exchange-clock.js'
import { type Frame, type FrameContext, type FrameRejectReason, readFrame } from './frame.js'
import { Histories } from './histories.js'
import { barStart, checkLiveBarMs, krakenInterval } from './intervals.js'
import { lateHistory } from './late-history.js'
import { Listing } from './listing.js'
import { PairFeed } from './pair.js'
import type { ResolvedPair } from './pairs.js'
import { FeedTime } from './time.js'

export interface RejectedFrame {
  readonly time: TimeMs
  readonly reason: FrameRejectReason
  /** The beginning of the frame. */
  readonly raw: string
}

export interface KrakenFeedOptions {
  readonly pairs: readonly string[]
  readonly barMs: number
  readonly endpoints?: KrakenEndpoints
  readonly clock?: WallClock
  /** Bars of history before the start, at most 720. */
  readonly warmupBars?: number
  /** A pair without data for this long is stale. */
  readonly staleMs?: number
  /** A connection without any frame for this long is dead (Kraken sends a heartbeat a second). */
  readonly silenceMs?: number
  /** How long the first frame of a subscription may take. */
  readonly firstFrameMs?: number
  /** Least time between REST requests. */
  readonly restIntervalMs?: number
  readonly restTimeoutMs?: number
  /** How long `start()` waits for the other pairs once one is live; those not ready then follow on their own. */
  readonly startTimeoutMs?: number
  /** First pause before a refused subscription is sent again. */
  readonly resubscribeMs?: number
  /** Trades further ahead of the clock than this are refused. */
  readonly futureMs?: number
  readonly backoff?: BackoffOptions
  /** Jitter of the back-off, uniform in [0, 1). */
  readonly jitter?: () => number
  /** Frames refused, at most 200 a minute of them. */
  readonly onRejected?: (rejected: RejectedFrame) => void
  /** One sentence at a time: what is tried while Kraken is away, pairs that come, a clock that is wrong. */
  readonly onNote?: (sentence: string) => void
}

type Handlers = 'onRejected' | 'onNote'
type Settings = Required<Omit<KrakenFeedOptions, Handlers>> & Pick<KrakenFeedOptions, Handlers>

const defaults = {
  warmupBars: feedLimits.backfillBars,
  staleMs: 60_000,
  silenceMs: 5_000,
  firstFrameMs: 10_000,
  restIntervalMs: 1_000,
  restTimeoutMs: 10_000,
  startTimeoutMs: 30_000,
  resubscribeMs: 10_000,
  futureMs: 5_000,
  // Trading within a minute of Kraken's return: the longest pause, and 18 back-fills a second apart.
  backoff: { baseMs: 1_000, maxMs: 20_000, attemptsPerMinute: 12 },
}

export class KrakenFeed implements LiveFeed {
  readonly barMs: number
  private readonly settings: Settings
  private readonly clock: WallClock
  private readonly time: FeedTime
  private readonly queue = new InputQueue()
  private readonly counted = new Counters()
  private readonly pairs = new Map<string, PairFeed>()
  private readonly bySymbol = new Map<string, PairFeed>()
  private readonly context: FrameContext
  private readonly stopped = new AbortController()
  private readonly served: PairFeed[] = []
  private readonly histories = new Histories()
  private readonly exchangeClock: ExchangeClock
  private listing: Listing | undefined
  private connection: Connection | undefined
  private onFirstFrame: (() => void) | undefined
  private systemStatus = 'online'
  private running: Promise<void> = Promise.resolve()
  private lastFrameMono = 0
  private rejectedWindow = { since: 0, handed: 0 }
  private repairing = new Set<PairFeed>()
  /** Pairs that went live without their history, which is asked for again. */
  private readonly lacksHistory = new Set<PairFeed>()
  private client: KrakenClient | undefined
  private backfill: Backfill | undefined
  private backoff: Backoff

  constructor(options: KrakenFeedOptions) {
    checkLiveBarMs(options.barMs)
    const clock = options.clock ?? systemClock()
    this.settings = { ...defaults, endpoints: krakenEndpoints(process.env), clock, jitter: jitterOf(clock), ...options }
    this.barMs = options.barMs
    this.clock = clock
    this.time = new FeedTime(clock, this.settings.futureMs)
    this.backoff = new Backoff(clock, this.settings.backoff, this.settings.jitter)
    this.exchangeClock = new ExchangeClock(clock, sentence => this.note(sentence))
    this.context = {
      knows: symbol => this.bySymbol.has(symbol),
      isFuture: stamp => this.time.isFuture(stamp),
      interval: krakenInterval(this.barMs),
    }
  }

  async prepare(): Promise<void> {
    const { endpoints, restTimeoutMs } = this.settings
    this.client ??= await KrakenClient.open(endpoints, restTimeoutMs)
  }

  async start(): Promise<LiveStart> {
    const { restIntervalMs, warmupBars, pairs } = this.settings
    await this.prepare()
    const client = this.client as KrakenClient
    client.onFrame = raw => this.frame(raw)
    const limiter = new RateLimiter(this.clock, restIntervalMs)
    this.backfill = new Backfill(client, limiter, this.counted, {
      warmupBars: Math.min(warmupBars, feedLimits.backfillBars),
      attempts: 4,
    })
    const acquire = () => limiter.acquire(this.stopped.signal)
    const listing = new Listing({ pairs, clock: this.clock, client, acquire })
    this.listing = listing
    this.serve((await this.firstList(listing, client)) ?? [])
    this.running = this.run(client)
    this.keepAsking(listing, client, acquire)
    await this.allLive()
    const { served, missing } = listing.resolution
    const history = this.histories.started().sort((a, b) => a.time - b.time || this.rank(a) - this.rank(b))
    return { pairs: served.map(s => s.pair), missing, history }
  }

  take(maxPerPair: number): MarketInput[] {
    return this.queue.take(maxPerPair)
  }

  waiting(): number {
    return this.queue.length + this.histories.waiting
  }

  takeHistory(): LateHistory | undefined {
    return this.histories.take()
  }

  takeRules(): readonly ListedRules[] {
    return this.listing?.takeRules() ?? []
  }

  clockOffsetMs(): number | null {
    return this.exchangeClock.offsetMs
  }

  now(): TimeMs {
    return this.time.now()
  }

  barFinal(pair: string, barEnd: TimeMs): boolean {
    return this.pairs.get(pair)?.isFinal(barEnd) ?? true
  }

  closeBars(barEnd: TimeMs): void {
    // Bars that have not begun cannot end, whatever the wall clock said.
    const end = Math.min(barEnd, barStart(this.now(), this.barMs))
    for (const pair of this.pairs.values()) pair.closeUntil(end)
  }

  status(): readonly PairStatus[] {
    const missing = (this.listing?.resolution.missing ?? []).map(
      ({ pair }): PairStatus => ({ pair, state: 'missing', lastDataAt: null, staleSince: null, closedUntil: null }),
    )
    return [...[...this.pairs.values()].map(p => p.status()), ...missing]
  }

  counters(): Readonly<Record<string, number>> {
    return { ...this.counted.all(), clockJumps: this.time.jumps, queueDropped: this.queue.dropped }
  }

  async stop(): Promise<void> {
    this.stopped.abort()
    this.client?.drop()
    await this.running
  }

  /** Reads one frame, and queues its trades and candles. Returns false where ccxt must not see it. */
  private frame(raw: string): boolean {
    this.lastFrameMono = this.clock.monotonic()
    this.counted.add('frames')
    this.onFirstFrame?.()
    this.onFirstFrame = undefined
    const reading = readFrame(raw, this.context)
    if ('reject' in reading) {
      this.reject(reading.reject, raw)
      return false
    }
    this.counted.add(`frames.${reading.frame.kind}`)
    this.accept(reading.frame)
    return true
  }

  private accept(frame: Frame): void {
    if (frame.kind === 'control') return this.confirm(frame.time)
    if (frame.kind === 'refused') return this.refused(frame.symbol)
    const pair = this.bySymbol.get(frame.symbol)
    if (pair === undefined) return
    const now = this.now()
    pair.touch(now, this.lastFrameMono)
    if (frame.kind === 'ticker') return this.confirm(frame.time)
    if (frame.kind === 'candles') {
      for (const candle of frame.candles) pair.candle(candle)
      return
    }
    if (!frame.snapshot) this.confirm(frame.trades.at(-1)?.time)
    pair.trades(frame.trades, frame.snapshot, now)
  }

  private confirm(stamp: TimeMs | undefined): void {
    if (stamp !== undefined) this.time.confirm(stamp)
  }

  private refused(symbol: string | undefined): void {
    if (symbol !== undefined) this.bySymbol.get(symbol)?.refuse()
  }

  private reject(reason: FrameRejectReason, raw: string): void {
    this.counted.add('frames.rejected')
    this.counted.add(`rejected.${reason}`)
    const window = this.rejectedWindow
    if (this.lastFrameMono - window.since >= 60_000) this.rejectedWindow = { since: this.lastFrameMono, handed: 0 }
    if (this.rejectedWindow.handed++ >= feedLimits.rejectedPerMinute) return
    this.settings.onRejected?.({ time: this.now(), reason, raw: raw.slice(0, feedLimits.rejectedLength) })
  }

  /** A pair's bars begin with its history: until Kraken has given it, only trades come. */
  private push(pair: string, input: MarketInput): void {
    const isHistory = this.histories.wants(pair)
    if (isHistory && input.kind === 'bar') this.histories.add(input.bar)
    else if (isHistory && input.kind === 'revision') this.histories.correct(input.bar)
    else this.queue.push(pair, input)
  }

  private note(sentence: string): void {
    this.settings.onNote?.(sentence)
  }

  private rank({ pair }: { readonly pair: string }): number {
    return this.settings.pairs.indexOf(pair)
  }

  /** Asks for the list of pairs until Kraken gives it; undefined where the feed was stopped before. */
  private async firstList(listing: Listing, client: KrakenClient): Promise<ResolvedPair[] | undefined> {
    const { clock, counted, settings } = this
    const ask = async () => {
      counted.add('restRequests')
      return listing.fetch().catch(error => {
        counted.add('restErrors')
        throw error
      })
    }
    const attempts = new Attempts(clock, `The list of pairs at ${client.restAddress}`, sentence => this.note(sentence))
    const backoff = new Backoff(clock, settings.backoff, settings.jitter)
    return answered({ attempts, backoff, until: this.stopped.signal, ask })
  }

  /** Begins with pairs that Kraken lists now: each is subscribed to, back-filled, then live. */
  private serve(fresh: readonly ResolvedPair[]): void {
    const settledByExchange = krakenInterval(this.barMs) !== undefined
    const output = { push: (p: string, i: MarketInput) => this.push(p, i), repair: (p: PairFeed) => void this.repair(p) }
    for (const names of fresh) {
      const pair = new PairFeed({ names, barMs: this.barMs, settledByExchange, counters: this.counted, output })
      this.pairs.set(names.pair, pair)
      this.bySymbol.set(names.symbol, pair)
      this.histories.want(names.pair)
      this.served.push(pair)
      this.connection?.follow(pair)
    }
  }

  /** What was missing is asked for again, for ever, and rules, clock and state of the exchange are looked at again. */
  private keepAsking(listing: Listing, client: KrakenClient, acquire: () => Promise<void>): void {
    const context = { clock: this.clock, until: this.stopped.signal, onFailed: () => this.counted.add('restErrors') }
    const ask = (question: () => Promise<number | null>) =>
      void repeatedly(context, async () => {
        await acquire()
        if (this.stopped.signal.aborted) return null
        this.counted.add('restRequests')
        return question()
      })
    ask(() => this.exchangeClock.compare(client))
    ask(() => this.lookAtStatus(client))
    void repeatedly(context, async () => {
      await pause(this.clock, listing.againMs, this.stopped.signal)
      if (this.stopped.signal.aborted) return null
      const come = await listing.look()
      for (const { pair } of come) this.note(`${pair}: Kraken lists it now.`)
      this.serve(come)
      return 0
    })
  }

  /** Returns when to look again. */
  private async lookAtStatus(client: KrakenClient): Promise<number> {
    const status = await client.systemStatus()
    if (status !== this.systemStatus) this.note(`Kraken says of itself: ${status.slice(0, 40)}.`)
    this.systemStatus = status
    return status === 'online' ? HOUR_MS : MINUTE_MS
  }

  /** Waits for a first live pair as long as that takes, then for the others, but not for ever. */
  private async allLive(): Promise<void> {
    const { startTimeoutMs } = this.settings
    const isLive = (p: PairFeed) => p.state === 'live' || p.state === 'stale'
    let since: number | undefined
    while (this.served.length > 0 && !this.stopped.signal.aborted) {
      const now = this.clock.monotonic()
      if (this.served.some(isLive)) since ??= now
      const isReady = this.served.every(p => isLive(p) || p.state === 'refused')
      if (since !== undefined && (isReady || now - since >= startTimeoutMs)) return
      await pause(this.clock, 20, this.stopped.signal)
    }
  }

  /** One connection after another until stopped. */
  private async run(client: KrakenClient): Promise<void> {
    const attempts = new Attempts(this.clock, `Kraken's socket at ${client.socketAddress}`, sentence => this.note(sentence))
    let delayMs = this.backoff.delay()
    while (!this.stopped.signal.aborted) {
      await this.backoff.wait(this.stopped.signal, delayMs)
      if (this.stopped.signal.aborted) break
      this.counted.add('connects')
      const over = attempts.begin()
      this.onFirstFrame = () => {
        over()
        attempts.succeeded()
      }
      this.connection = new Connection(client, this.connectionHost())
      const reason = await this.connection.run(this.stopped.signal)
      this.connection = undefined
      this.onFirstFrame = undefined
      over()
      this.backoff.failed()
      delayMs = this.backoff.delay()
      if (!this.stopped.signal.aborted) {
        this.counted.add(`disconnects.${reason}`)
        attempts.failed(reason, delayMs)
      }
      client.drop()
      for (const pair of this.served) pair.offline()
    }
  }

  private connectionHost(): ConnectionHost {
    const { settings, clock, counted } = this
    this.lastFrameMono = clock.monotonic()
    return {
      ...settings,
      clock,
      pairs: this.served,
      interval: this.context.interval,
      lastFrameMono: () => this.lastFrameMono,
      count: name => counted.add(name),
      subscribed: (pair, ended) => void this.sync(pair, ended),
    }
  }

  /** Back-fills what the pair missed, then marks it live. A price counts for more than a history: that may follow. */
  private async sync(pair: PairFeed, ended: AbortSignal): Promise<void> {
    const isComplete = pair.covered || (await this.fill(pair, ended))
    if (ended.aborted || pair.state !== 'syncing') return
    if (!isComplete) this.askForHistory(pair)
    else if (!this.lacksHistory.has(pair)) this.histories.complete(pair.names.pair)
    pair.goLive(this.now())
    this.backoff.succeeded()
  }

  /** Returns whether Kraken gave what was missing; what it did not give is a gap. */
  private async fill(pair: PairFeed, ended: AbortSignal): Promise<boolean> {
    try {
      await this.backfill?.fill(pair, () => this.now(), ended)
      return !ended.aborted
    } catch {
      this.histories.discard(pair.names.pair)
      if (ended.aborted) return false
      this.counted.add('backfillsFailed')
      pair.candles.gapTo(barStart(this.now(), this.barMs))
      pair.candles.missedSome(this.now())
      return false
    }
  }

  private askForHistory(pair: PairFeed): void {
    const { backfill, histories, lacksHistory } = this
    const { signal } = this.stopped
    const name = pair.names.pair
    if (backfill === undefined || !histories.wants(name) || lacksHistory.has(pair)) return
    lacksHistory.add(pair)
    const context = { clock: this.clock, until: signal, onFailed: () => this.counted.add('backfillsFailed') }
    void repeatedly(context, async () => {
      const bars = await lateHistory(pair, backfill, () => this.now(), signal)
      if (signal.aborted) return null
      histories.complete(name, bars)
      lacksHistory.delete(pair)
      return null
    })
  }

  /** Fetches trades that were missed within a connection; at most one such repair runs for each pair. */
  private async repair(pair: PairFeed): Promise<void> {
    if (this.repairing.has(pair)) return
    this.repairing.add(pair)
    this.counted.add('repairs')
    await this.fill(pair, this.stopped.signal)
    this.repairing.delete(pair)
  }
}

/** Jitter needs no seed: it decides when a socket is dialled, never what a model sees. */
function jitterOf(clock: WallClock): () => number {
  return () => (clock.monotonic() * 997) % 1
}
