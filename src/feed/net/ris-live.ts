/** Changes of routes between networks, as RIPE's collectors see them (RIS Live, over a WebSocket), for prefixes that are named. */

import type { WebSocket } from 'ws'
import * as z from 'zod'
import { OperatorError, SECOND_MS, type TimeMs } from '../../core/index.js'
import type { RouteUpdate } from '../../market/index.js'
import { Backoff } from '../backoff.js'
import { pause, type WallClock } from '../clock.js'
import { Counters } from '../counters.js'
import type { FeedInput, FeedState, InputFeed } from '../input-feed.js'
import { feedLimits } from '../limits.js'

const standardUrl = 'wss://ris-live.ripe.net/v1/ws/?client=mycelia'

/** What is listened for. */
export interface RisLiveOptions {
  /** Such as `104.16.0.0/12`. */
  readonly prefixes: readonly string[]
  readonly clock: WallClock
  readonly url?: string | undefined
}

/** A connection is asked for a sign of life so often; one that gives none until the next time is made again. */
const pingMs = 30 * SECOND_MS

const prefix = z.string().max(64)
const asn = z.union([z.number().int(), z.array(z.number().int())])
const messageSchema = z.object({
  type: z.literal('ris_message'),
  data: z.object({
    timestamp: z.number().positive(),
    peer_asn: z.union([z.string(), z.number()]).transform(String),
    path: z.array(asn).max(1_000).default([]),
    announcements: z
      .array(z.object({ prefixes: z.array(prefix).max(1_000) }))
      .max(100)
      .default([]),
    withdrawals: z.array(prefix).max(1_000).default([]),
  }),
})

/** Prefixes of networks, checked. */
export function checkPrefixes(prefixes: readonly string[]): readonly string[] {
  for (const text of prefixes)
    if (!/^[0-9a-fA-F:.]{2,45}\/\d{1,3}$/.test(text))
      throw new OperatorError({ what: 'a prefix', expected: 'an address and its length, as 104.16.0.0/12', got: text })
  if (prefixes.length <= feedLimits.prefixes) return prefixes
  throw new OperatorError({ what: 'the prefixes', expected: `at most ${feedLimits.prefixes}`, got: prefixes.length })
}

export class RisLive implements InputFeed {
  private readonly waiting: FeedInput[] = []
  private readonly counted = new Counters()
  private readonly stopped = new AbortController()
  private running: Promise<void> = Promise.resolve()
  private isOpen = false
  private lastDataAt: TimeMs | null = null

  constructor(private readonly options: RisLiveOptions) {
    checkPrefixes(options.prefixes)
  }

  start(): void {
    this.running = this.run()
  }

  take(max: number): FeedInput[] {
    return this.waiting.splice(0, max)
  }

  /** Routes may be quiet for hours: it is live while the connection is. */
  state(): FeedState {
    const { isOpen, lastDataAt } = this
    return { state: isOpen ? 'live' : this.counted.get('connections') > 0 ? 'stale' : 'starting', lastDataAt }
  }

  counters(): Readonly<Record<string, number>> {
    return this.counted.all()
  }

  async stop(): Promise<void> {
    this.stopped.abort()
    await this.running
  }

  private async run(): Promise<void> {
    const { clock } = this.options
    const { signal } = this.stopped
    const backoff = new Backoff(clock, { baseMs: SECOND_MS, maxMs: 60 * SECOND_MS, attemptsPerMinute: 6 }, () => 0.5)
    while (!signal.aborted) {
      await backoff.wait(signal)
      if (signal.aborted) return
      const heard = await this.connection()
      if (heard) backoff.succeeded()
      backoff.failed()
    }
  }

  /** One connection until it ends; whether it was ever open. */
  private async connection(): Promise<boolean> {
    const { WebSocket } = await import('ws')
    const { url = standardUrl, prefixes } = this.options
    const { signal } = this.stopped
    return new Promise(resolve => {
      const socket = new WebSocket(url, { maxPayload: feedLimits.frameLength, handshakeTimeout: 10 * SECOND_MS })
      const end = () => socket.terminate()
      signal.addEventListener('abort', end, { once: true })
      let wasOpen = false
      socket.on('open', () => {
        wasOpen = true
        this.isOpen = true
        this.counted.add('connections')
        for (const each of prefixes) socket.send(subscription(each))
        void this.keepAlive(socket)
      })
      socket.on('message', data => this.message(String(data)))
      socket.on('error', () => this.counted.add('errors'))
      socket.on('close', () => {
        this.isOpen = false
        signal.removeEventListener('abort', end)
        resolve(wasOpen)
      })
    })
  }

  private async keepAlive(socket: WebSocket): Promise<void> {
    let isAlive = true
    socket.on('pong', () => {
      isAlive = true
    })
    while (socket.readyState === socket.OPEN) {
      await pause(this.options.clock, pingMs, this.stopped.signal)
      if (socket.readyState !== socket.OPEN) return
      if (!isAlive) return socket.terminate()
      isAlive = false
      socket.ping()
    }
  }

  private message(text: string): void {
    const updates = updatesIn(text)
    if (updates === undefined) return this.counted.add('unread')
    this.lastDataAt = this.options.clock.now()
    for (const update of updates) {
      this.counted.add('updates')
      if (this.waiting.length >= feedLimits.waitingPosts) this.counted.add('dropped')
      else this.waiting.push({ kind: 'route-update', update })
    }
  }
}

function subscription(of: string): string {
  const data = { prefix: of, type: 'UPDATE', moreSpecific: true, lessSpecific: false }
  return JSON.stringify({ type: 'ris_subscribe', data })
}

/** Undefined: no message about routes. */
function updatesIn(text: string): RouteUpdate[] | undefined {
  const parsed = messageSchema.safeParse(jsonOf(text))
  if (!parsed.success) return undefined
  const { timestamp, peer_asn: peer, path, announcements, withdrawals } = parsed.data.data
  const time = Math.round(timestamp * SECOND_MS)
  return [
    ...announcements.flatMap(({ prefixes }) => prefixes.map(each => ({ prefix: each, time, path: path.flat(), peer }))),
    ...withdrawals.map(each => ({ prefix: each, time, path: null, peer })),
  ]
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
