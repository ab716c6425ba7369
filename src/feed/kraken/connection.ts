/** One connection from its first subscription to its end: a loop a channel and pair, and a watch on the age of data. */

import { setMaxListeners } from 'node:events'
import { pause, type WallClock } from '../clock.js'
import type { Channel, KrakenClient } from './client.js'
import type { PairFeed } from './pair.js'
import { endReason } from './reasons.js'

export interface ConnectionHost {
  readonly clock: WallClock
  readonly pairs: readonly PairFeed[]
  /** Minutes of Kraken's own candles, where bars have that size. */
  readonly interval: number | undefined
  readonly firstFrameMs: number
  readonly silenceMs: number
  readonly staleMs: number
  /** First pause before a refused subscription is sent again; each further one doubles it. */
  readonly resubscribeMs: number
  /** Monotonic time of the last frame of any kind. */
  lastFrameMono(): number
  count(name: string): void
  /** The pair's trades arrive from now on, until `ended` is aborted. */
  subscribed(pair: PairFeed, ended: AbortSignal): void
}

/** From 10 s to about a minute. */
const mostDoublings = 2
/** A watch that is later than this says nothing of the connection: this process did nothing, and frames are unread. */
const stallMs = 1_000

export class Connection {
  private readonly ended = new AbortController()

  constructor(
    private readonly client: KrakenClient,
    private readonly host: ConnectionHost,
  ) {
    // Three loops a pair listen for the end.
    setMaxListeners(0, this.ended.signal)
  }

  /** Runs until it fails, falls silent, or is stopped; resolves with the reason. */
  async run(stopped: AbortSignal): Promise<string> {
    const stop = () => this.end('stopped')
    stopped.addEventListener('abort', stop, { once: true })
    const over = new Promise<void>(resolve => this.ended.signal.addEventListener('abort', () => resolve(), { once: true }))
    for (const pair of this.host.pairs) this.follow(pair)
    const cancelWatch = this.watchdog()
    await over
    cancelWatch()
    stopped.removeEventListener('abort', stop)
    return String(this.ended.signal.reason)
  }

  private end(reason: string): void {
    this.ended.abort(reason)
  }

  /** Subscribes to a pair's trades, its best prices and its candles. */
  follow(pair: PairFeed): void {
    pair.beginSync()
    void this.loop('trade', pair, () => this.host.subscribed(pair, this.ended.signal))
    void this.loop('ticker', pair)
    if (this.host.interval !== undefined) void this.loop('ohlc', pair)
  }

  private async loop(channel: Channel, pair: PairFeed, onFirst: () => void = () => {}): Promise<void> {
    const { symbol } = pair.names
    const next = () => this.client.watch(channel, symbol, this.host.interval)
    try {
      for (let tries = 0; (await this.within(this.host.firstFrameMs, next())) === 'late'; tries++) {
        if (this.ended.signal.aborted) return
        this.neverCame(channel, pair)
        await pause(this.host.clock, this.host.resubscribeMs * 2 ** Math.min(tries, mostDoublings), this.ended.signal)
        if (this.ended.signal.aborted) return
        this.client.forget(channel, symbol)
        if (channel === 'trade') pair.beginSync()
      }
      onFirst()
      while (!this.ended.signal.aborted) await next()
    } catch (error) {
      this.end(endReason(error))
    }
  }

  /** Kraken never answers a subscription that it refuses; the other pairs continue without it, and it is asked for again. */
  private neverCame(channel: Channel, pair: PairFeed): void {
    this.host.count(`subscriptions.${channel}.timeout`)
    if (channel === 'trade') pair.refuse()
  }

  /** 'late' where the promise takes longer than `ms`; a failure after that is ignored. */
  private async within(ms: number, promise: Promise<unknown>): Promise<unknown> {
    promise.catch(() => {})
    const over = new AbortController()
    const cancel = () => over.abort()
    this.ended.signal.addEventListener('abort', cancel, { once: true })
    const late = pause(this.host.clock, ms, over.signal).then(() => 'late')
    try {
      return await Promise.race([promise, late])
    } finally {
      over.abort()
      this.ended.signal.removeEventListener('abort', cancel)
    }
  }

  /** Watches the age of data of the connection and of every pair, on the monotonic clock. The socket's own state says too little. */
  private watchdog(): () => void {
    const { clock, silenceMs, staleMs, pairs } = this.host
    let cancel = () => {}
    const everyMs = Math.min(1_000, silenceMs / 4)
    let due = clock.monotonic()
    const look = () => {
      const mono = clock.monotonic()
      const isStalled = mono - due > stallMs
      if (!isStalled && mono - this.host.lastFrameMono() > silenceMs) return this.end('silence')
      for (const pair of pairs) if (!isStalled) pair.watch(mono, staleMs)
      due = mono + everyMs
      cancel = clock.setTimer(everyMs, look)
    }
    look()
    return () => cancel()
  }
}
