/** Public services that are asked at intervals, as inputs of a run: what an answer says that the one before did not. */

import type { TimeMs } from '../../core/index.js'
import { pause, type WallClock } from '../clock.js'
import { Counters } from '../counters.js'
import type { FeedInput, FeedState, InputFeed } from '../input-feed.js'
import { feedLimits } from '../limits.js'
import { RateLimitedClient } from '../moats/rate-limited-client.js'

/** A service, and what its answer says. */
export interface PolledSource {
  /** For counters and errors. */
  readonly name: string
  readonly url: string
  /** Time between two requests, ms. */
  readonly pollMs: number
  /** Inputs that the answer holds, each with a key and a version: it is given out where the version is new. Undefined: no such answer. */
  readonly read: (answer: unknown, now: TimeMs) => readonly PolledInput[] | undefined
}

export interface PolledInput {
  readonly key: string
  readonly version: string
  readonly input: FeedInput
}

/** What a polled feed needs. */
export interface PolledFeedOptions {
  readonly sources: readonly PolledSource[]
  readonly clock: WallClock
  /** An address the services may write to. */
  readonly contact?: string | undefined
  readonly timeoutMs?: number | undefined
}

export class PolledFeed implements InputFeed {
  private readonly waiting: FeedInput[] = []
  private readonly counted = new Counters()
  private readonly stopped = new AbortController()
  /** The version of each input that was given out, the oldest first. */
  private readonly versions = new Map<string, string>()
  private readonly failing = new Set<string>()
  private loops: Promise<void>[] = []
  private lastDataAt: TimeMs | null = null

  constructor(private readonly options: PolledFeedOptions) {}

  start(): void {
    this.loops = this.options.sources.map(source => this.poll(source))
  }

  take(max: number): FeedInput[] {
    return this.waiting.splice(0, max)
  }

  /** Stale where no source answered when it was last asked. */
  state(): FeedState {
    const { lastDataAt, failing, options } = this
    const isStale = failing.size > 0 && failing.size === options.sources.length
    return { state: isStale ? 'stale' : lastDataAt === null ? 'starting' : 'live', lastDataAt }
  }

  counters(): Readonly<Record<string, number>> {
    return this.counted.all()
  }

  async stop(): Promise<void> {
    this.stopped.abort()
    await Promise.all(this.loops)
  }

  private async poll(source: PolledSource): Promise<void> {
    const { clock, contact, timeoutMs = 15_000 } = this.options
    const { signal } = this.stopped
    const userAgent = contact ? `mycelia (${contact})` : 'mycelia (market research; no contact given)'
    const client = new RateLimitedClient(source.name, { userAgent, intervalMs: source.pollMs, timeoutMs }, clock, this.counted)
    while (!signal.aborted) {
      await this.ask(source, client)
      await pause(clock, source.pollMs, signal)
    }
  }

  private async ask(source: PolledSource, client: RateLimitedClient): Promise<void> {
    const { clock } = this.options
    const { signal } = this.stopped
    try {
      const answer = await client.get(source.url, { until: signal, holds: body => source.read(body, clock.now()) !== undefined })
      this.lastDataAt = clock.now()
      this.failing.delete(source.name)
      for (const each of source.read(answer, this.lastDataAt) ?? []) this.give(source, each)
    } catch {
      if (signal.aborted) return
      this.failing.add(source.name)
      this.counted.add(`${source.name}.failed`)
    }
  }

  private give({ name }: PolledSource, { key, version, input }: PolledInput): void {
    const known = `${name} ${key}`
    if (this.versions.get(known) === version) return
    // It is not known yet: the next answer that holds it gives it out.
    if (this.waiting.length >= feedLimits.waitingPosts) return this.counted.add(`${name}.dropped`)
    this.versions.delete(known)
    this.versions.set(known, version)
    if (this.versions.size > feedLimits.knownPosts) this.versions.delete(this.versions.keys().next().value ?? known)
    this.counted.add(`${name}.inputs`)
    this.waiting.push(input)
  }
}
