/** Redis publish/subscribe as a wire: one connection that publishes and one that listens, however many agents there are. */

import type { Redis } from 'ioredis'
import type { Rng } from '../../core/index.js'
import type { TransportClock } from '../clock.js'
import { transportLimits as limits } from '../limits.js'
import type { Wire, WireListener, WireText } from '../wire.js'
import type { RedisAddress } from './address.js'
import { loadRedis, type RedisModule, type RedisSettings } from './client.js'
import { Connection, type ConnectionCounters, type ConnectionTimes, connectionTimes } from './connection.js'
import { type Frame, framesOf, unframe } from './frame.js'

export interface RedisWireOptions {
  readonly address: RedisAddress
  readonly clock: TransportClock
  /** Spreads the moments of reconnecting. */
  readonly rng: Rng
  /** `SPUBLISH` and `SSUBSCRIBE`, which a Redis Cluster keeps within one shard; all channels share one `{tag}`, so one slot. */
  readonly sharded?: boolean
  readonly times?: Partial<ConnectionTimes>
  /** @internal */
  readonly load?: () => Promise<RedisModule>
}

export class RedisWire implements Wire {
  private publisher: Connection | undefined
  private subscriber: Connection | undefined
  private listener: WireListener | undefined
  private channels: readonly string[] = []
  private isPublishing = false
  private isSubscribed = false
  private inFlight = 0
  private readonly atConnect = new Set<() => void>()
  private readonly counts = { unheard: 0, unanswered: 0, overflowed: 0, resubscribed: 0, subscribeFailed: 0 }

  constructor(private readonly options: RedisWireOptions) {}

  get address(): string {
    return this.options.address.shown
  }

  get isUp(): boolean {
    return this.isPublishing && this.isSubscribed
  }

  get refusal(): string | undefined {
    const problem = this.publisher?.passwordProblem ?? this.subscriber?.passwordProblem
    if (problem === undefined) return undefined
    const { shown } = this.options.address
    const form = `REDIS_URL=redis://:PASSWORD@${shown.slice(shown.lastIndexOf(' ') + 1)}`
    if (problem === 'missing') return `${shown} wants a password: give it with ${form} (or redis://USER:PASSWORD@…).`
    return `${shown} refused the password: correct ${form} (or redis://USER:PASSWORD@…).`
  }

  /** The publishing connection, for leases; undefined while it is down. */
  get commands(): Redis | undefined {
    return this.isPublishing ? this.publisher?.redis : undefined
  }

  /** Calls whenever the publishing connection is there again, before anything is sent on it; ends when what it returns is called. */
  onConnected(act: () => void): () => void {
    this.atConnect.add(act)
    return () => void this.atConnect.delete(act)
  }

  async open(channels: readonly string[], listener: WireListener): Promise<void> {
    const ioredis = await loadRedis(this.options.load)
    this.channels = channels
    this.listener = listener
    this.publisher = this.connect(ioredis, {
      ready: () => this.became(() => this.canPublish()),
      lost: reason => this.lost(() => (this.isPublishing = false), reason),
    })
    this.subscriber = this.connect(ioredis, {
      ready: () => void this.subscribe(),
      lost: reason => this.lost(() => (this.isSubscribed = false), reason),
    })
    const { redis } = this.subscriber
    redis.on(this.options.sharded ? 'smessage' : 'message', (channel: string, frame: string) => unframe(channel, frame, listener))
  }

  send(texts: readonly WireText[]): number {
    if (!this.isPublishing || this.publisher === undefined) return 0
    const room = Math.min(texts.length, limits.inFlight - this.inFlight)
    this.counts.overflowed += texts.length - room
    if (room <= 0) return 0
    const frames = framesOf(room === texts.length ? texts : texts.slice(0, room))
    const pipeline = this.publisher.redis.pipeline()
    for (const { channel, text } of frames) {
      if (this.options.sharded) pipeline.spublish(channel, text)
      else pipeline.publish(channel, text)
    }
    this.inFlight += room
    pipeline.exec((_error, results) => this.answered(frames, results))
    return room
  }

  counters(): Readonly<Record<string, number>> {
    const sum = (name: keyof ConnectionCounters) => (this.publisher?.counts[name] ?? 0) + (this.subscriber?.counts[name] ?? 0)
    const names = ['connects', 'attempts', 'silences', 'errors', 'moves'] as const
    return { ...this.counts, inFlight: this.inFlight, ...Object.fromEntries(names.map(name => [name, sum(name)])) }
  }

  close(): Promise<void> {
    this.listener = undefined
    this.isPublishing = false
    this.isSubscribed = false
    this.publisher?.close()
    this.subscriber?.close()
    return Promise.resolve()
  }

  private connect({ Redis }: RedisModule, events: { ready(): void; lost(reason: string): void }): Connection {
    const { address, clock, rng, times } = this.options
    const create = (settings: RedisSettings) => new Redis(address.url, settings)
    return new Connection({ create, clock, rng, times: { ...connectionTimes, ...times }, events })
  }

  private canPublish(): void {
    this.isPublishing = true
    for (const act of [...this.atConnect]) act()
  }

  private async subscribe(): Promise<void> {
    const redis = this.subscriber?.redis
    if (redis === undefined) return
    try {
      await (this.options.sharded ? redis.ssubscribe(...this.channels) : redis.subscribe(...this.channels))
      this.counts.resubscribed++
      this.became(() => (this.isSubscribed = true))
    } catch (error) {
      this.counts.subscribeFailed++
      if (!this.follow(this.subscriber, error)) this.subscriber?.drop(`subscribing failed: ${messageOf(error)}`)
    }
  }

  /** In a cluster, `MOVED 1234 host:port` names the node that has our slot. */
  private follow(connection: Connection | undefined, error: unknown): boolean {
    const moved = /^MOVED \d+ (\S+):(\d+)$/.exec(messageOf(error))
    if (moved === null || connection === undefined) return false
    connection.follow(moved[1] || this.options.address.host, Number(moved[2]))
    return true
  }

  private became(change: () => void): void {
    const wasUp = this.isUp
    change()
    if (!wasUp && this.isUp) this.listener?.up()
  }

  private lost(change: () => void, reason: string): void {
    const wasUp = this.isUp
    change()
    if (wasUp) this.listener?.down(reason)
  }

  /** Redis says how many processes received each frame. After an error the receivers' seqs show whether any did. */
  private answered(frames: readonly Frame[], results: [Error | null, unknown][] | null | undefined): void {
    for (const [i, { texts }] of frames.entries()) {
      this.inFlight -= texts
      const [error, heardBy] = results?.[i] ?? [noAnswer, 0]
      if (error !== null) this.counts.unanswered += texts
      else if (heardBy === 0) this.counts.unheard += texts
    }
    const first = results?.[0]?.[0]
    if (first) this.follow(this.publisher, first)
  }
}

const noAnswer = new Error('no answer')

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
