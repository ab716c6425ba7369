/** Kraken's live market data as inputs of a live run: one connection that reconnects by itself, every frame checked. */

import { OperatorError, type TimeMs } from '../../core/index.js'
import type { Bar, MarketInput } from '../../market/index.js'
import { Backoff, type BackoffOptions } from '../backoff.js'
import { pause, systemClock, type WallClock } from '../clock.js'
import { Counters } from '../counters.js'
import { feedLimits } from '../limits.js'
import type { LiveFeed, LiveStart, PairStatus } from '../live.js'
import { InputQueue } from '../queue.js'
import { RateLimiter } from '../rate-limiter.js'
import { Backfill } from './backfill.js'
import { KrakenClient, type KrakenEndpoints, krakenEndpoints } from './client.js'
import { Connection, type ConnectionHost } from './connection.js'
import { type Frame, type FrameContext, type FrameRejectReason, readFrame } from './frame.js'
import { barStart, checkLiveBarMs, krakenInterval } from './intervals.js'
import { PairFeed } from './pair.js'
import { type Resolution, resolvePairs } from './pairs.js'
import { endReason } from './reasons.js'
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
  /** How long `start()` waits for all pairs; those not ready then follow on their own. */
  readonly startTimeoutMs?: number
  /** Trades further ahead of the clock than this are refused. */
  readonly futureMs?: number
  readonly backoff?: BackoffOptions
  /** Jitter of the back-off, uniform in [0, 1). */
  readonly jitter?: () => number
  /** Frames refused, at most 200 a minute of them. */
  readonly onRejected?: (rejected: RejectedFrame) => void
}

type Settings = Required<Omit<KrakenFeedOptions, 'onRejected'>> & Pick<KrakenFeedOptions, 'onRejected'>

const defaults = {
  warmupBars: feedLimits.backfillBars,
  staleMs: 60_000,
  silenceMs: 5_000,
  firstFrameMs: 10_000,
  restIntervalMs: 1_000,
  restTimeoutMs: 10_000,
  startTimeoutMs: 60_000,
  futureMs: 5_000,
  backoff: { baseMs: 1_000, maxMs: 60_000, attemptsPerMinute: 12 },
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
  private resolution: Resolution = { served: [], missing: [] }
  private history: Bar[] | undefined = []
  private running: Promise<void> = Promise.resolve()
  private lastFrameMono = 0
  private rejectedWindow = { since: 0, handed: 0 }
  private repairing = new Set<PairFeed>()
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
    this.context = {
      knows: symbol => this.bySymbol.has(symbol),
      isFuture: stamp => this.time.isFuture(stamp),
      interval: krakenInterval(this.barMs),
    }
  }

  async start(): Promise<LiveStart> {
    const { endpoints, restTimeoutMs, restIntervalMs, warmupBars } = this.settings
    this.client = await KrakenClient.open(endpoints, restTimeoutMs)
    this.client.onFrame = raw => this.frame(raw)
    const limiter = new RateLimiter(this.clock, restIntervalMs)
    this.backfill = new Backfill(this.client, limiter, this.counted, {
      warmupBars: Math.min(warmupBars, feedLimits.backfillBars),
      attempts: 4,
    })
    this.resolution = await this.resolve(this.client)
    this.makePairs()
    this.running = this.run(this.client)
    await this.allLive()
    const history = (this.history ?? []).sort((a, b) => a.time - b.time || this.rank(a) - this.rank(b))
    this.history = undefined
    return { pairs: this.resolution.served.map(s => s.pair), missing: this.resolution.missing, history }
  }

  take(maxPerPair: number): MarketInput[] {
    return this.queue.take(maxPerPair)
  }

  waiting(): number {
    return this.queue.length
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
    const missing = this.resolution.missing.map(
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

  private push(pair: string, input: MarketInput): void {
    if (this.history === undefined || input.kind === 'gap' || input.kind === 'stale') this.queue.push(pair, input)
    else if (input.kind === 'bar') this.history.push(input.bar)
    else if (input.kind === 'revision') this.correct(this.history, input.bar)
  }

  /** Nothing was decided on a bar of the past yet, so that its correction takes its place. */
  private correct(history: Bar[], bar: Bar): void {
    const at = history.findLastIndex(({ pair, time }) => pair === bar.pair && time === bar.time)
    if (at >= 0) history[at] = bar
  }

  private rank(bar: Bar): number {
    return this.settings.pairs.indexOf(bar.pair)
  }

  /** Retries until Kraken answers or the start takes too long. ccxt caches a failed load, so each try reloads. */
  private async resolve(client: KrakenClient): Promise<Resolution> {
    const until = this.clock.monotonic() + this.settings.startTimeoutMs
    for (;;) {
      try {
        return resolvePairs(this.settings.pairs, await client.markets())
      } catch (cause) {
        this.counted.add('restErrors')
        this.backoff.failed()
        if (this.clock.monotonic() + this.backoff.delay() >= until || this.stopped.signal.aborted) throw unreachable(cause)
      }
      await this.backoff.wait(this.stopped.signal)
    }
  }

  private makePairs(): void {
    const settled = krakenInterval(this.barMs) !== undefined
    const out = { push: (p: string, i: MarketInput) => this.push(p, i), repair: (p: PairFeed) => void this.repair(p) }
    for (const names of this.resolution.served) {
      const pair = new PairFeed({ names, barMs: this.barMs, settledByExchange: settled, counters: this.counted, output: out })
      this.pairs.set(names.pair, pair)
      this.bySymbol.set(names.symbol, pair)
    }
    this.backoff = new Backoff(this.clock, this.settings.backoff, this.settings.jitter)
  }

  /** Waits until every pair is live or refused, or the start has taken long enough. */
  private async allLive(): Promise<void> {
    const until = this.clock.monotonic() + this.settings.startTimeoutMs
    const ready = () => [...this.pairs.values()].every(p => p.state === 'live' || p.state === 'stale' || p.state === 'refused')
    while (!ready() && this.clock.monotonic() < until && !this.stopped.signal.aborted)
      await pause(this.clock, 20, this.stopped.signal)
    if (this.counted.get('frames') > 0 || this.pairs.size === 0) return
    await this.stop()
    throw unreachable(new Error('no frame arrived on the socket'))
  }

  /** One connection after another until stopped. */
  private async run(client: KrakenClient): Promise<void> {
    while (!this.stopped.signal.aborted) {
      await this.backoff.wait(this.stopped.signal)
      if (this.stopped.signal.aborted) break
      this.counted.add('connects')
      const reason = await new Connection(client, this.connectionHost()).run(this.stopped.signal)
      if (!this.stopped.signal.aborted) this.counted.add(`disconnects.${reason}`)
      this.backoff.failed()
      client.drop()
      for (const pair of this.pairs.values()) pair.offline()
    }
  }

  private connectionHost(): ConnectionHost {
    const { settings, clock, counted } = this
    this.lastFrameMono = clock.monotonic()
    return {
      ...settings,
      clock,
      pairs: [...this.pairs.values()],
      interval: this.context.interval,
      lastFrameMono: () => this.lastFrameMono,
      count: name => counted.add(name),
      subscribed: (pair, ended) => void this.sync(pair, ended),
    }
  }

  /** Back-fills what the pair missed, then marks it live. */
  private async sync(pair: PairFeed, ended: AbortSignal): Promise<void> {
    if (!pair.covered) await this.fill(pair, ended)
    if (ended.aborted || pair.state !== 'syncing') return
    pair.goLive(this.now())
    this.backoff.succeeded()
  }

  private async fill(pair: PairFeed, ended: AbortSignal): Promise<void> {
    try {
      await this.backfill?.fill(pair, () => this.now(), ended)
    } catch {
      if (ended.aborted) return
      this.counted.add('backfillsFailed')
      pair.candles.gapTo(barStart(this.now(), this.barMs))
      pair.candles.missedSome(this.now())
    }
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

function unreachable(cause: unknown): OperatorError {
  return new OperatorError(
    {
      what: `Kraken cannot be reached (${endReason(cause)})`,
      next: 'Check the network, or KRAKEN_REST_URL and KRAKEN_WS_URL where they are set; a live run can be tried again at any time.',
    },
    { cause },
  )
}
