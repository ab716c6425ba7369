/** The live moat sources as inputs of a run: each is polled at its own interval, without blocking the loop, and recorded. */

import type { TimeMs } from '../../core/index.js'
import { type Moat, moatStreams } from '../../market/index.js'
import { pause, systemClock, type WallClock } from '../clock.js'
import { Counters } from '../counters.js'
import type { FeedInput, FeedState, InputFeed } from '../input-feed.js'
import { feedLimits } from '../limits.js'
import { InputQueue } from '../queue.js'
import { federalRegister } from './federal-register.js'
import { freight } from './freight.js'
import { github } from './github.js'
import { RateLimitedClient } from './rate-limited-client.js'
import type { MoatRecorder } from './recorder.js'
import { sec } from './sec.js'
import type { MoatQuestion, MoatSource } from './source.js'
import { weather } from './weather.js'

/** The sources of the four moats. */
export const moatSources: readonly MoatSource[] = [github, weather, freight, federalRegister, sec]

export interface MoatFeedOptions {
  readonly sources?: readonly MoatSource[]
  /** Names the variables that point sources elsewhere, and `MYCELIA_CONTACT`: an address the services may write to. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly clock?: WallClock
  /** Overrides every source's interval, as for a stand-in in accelerated time. */
  readonly pollMs?: number
  readonly intervalMs?: number
  readonly timeoutMs?: number
  readonly recorder?: MoatRecorder
}

export interface MoatStatus {
  readonly moat: Moat
  readonly stream: string
  /** Time of the last value, null before the first. */
  readonly lastValueAt: TimeMs | null
  /** True where no value came for three rounds. */
  readonly stale: boolean
}

/** A source that does not answer as it should, since when, and how it failed last. */
export interface FailedSource {
  readonly source: string
  readonly since: TimeMs
  readonly reason: string
}

interface Tracked {
  readonly moat: Moat
  readonly stream: string
  readonly staleMs: number
  lastAt: TimeMs | null
  lastMono: number
}

/** First pause after a round with a failure. */
const firstRetryMs = 60_000

export class MoatFeed implements InputFeed {
  private readonly clock: WallClock
  private readonly counted = new Counters()
  private readonly queue = new InputQueue(feedLimits.waitingSignals)
  private readonly stopped = new AbortController()
  private readonly tracked = new Map<string, Tracked>()
  /** By source: its requests that failed when they were last sent. */
  private readonly failing = new Map<string, { since: TimeMs; reason: string; readonly requests: Set<MoatQuestion> }>()
  private loops: Promise<void>[] = []

  constructor(private readonly options: MoatFeedOptions = {}) {
    this.clock = options.clock ?? systemClock()
  }

  /** Begins polling; returns at once. */
  start(): void {
    for (const source of this.options.sources ?? moatSources) {
      for (const stream of streamsOf(source)) this.track(source, stream)
      this.loops.push(this.poll(source))
    }
  }

  /** Waiting signals in order of arrival, at most `max` of each stream. */
  take(max: number): FeedInput[] {
    return this.queue.take(max) as FeedInput[]
  }

  /** Stale where every stream is. */
  state(): FeedState {
    const streams = this.status()
    const times = streams.flatMap(({ lastValueAt }) => (lastValueAt === null ? [] : [lastValueAt]))
    const isStale = streams.length > 0 && streams.every(({ stale }) => stale)
    const lastDataAt = times.length === 0 ? null : Math.max(...times)
    return { state: isStale ? 'stale' : lastDataAt === null ? 'starting' : 'live', lastDataAt }
  }

  status(): readonly MoatStatus[] {
    const mono = this.clock.monotonic()
    return [...this.tracked.values()].map(({ moat, stream, staleMs, lastAt, lastMono }) => ({
      moat,
      stream,
      lastValueAt: lastAt,
      stale: mono - lastMono > staleMs,
    }))
  }

  /** The sources of which some request failed when it was last sent. */
  failures(): readonly FailedSource[] {
    return [...this.failing].map(([source, { since, reason }]) => ({ source, since, reason }))
  }

  counters(): Readonly<Record<string, number>> {
    const unrecorded = this.options.recorder?.failures ?? 0
    return { ...this.counted.all(), signalsDropped: this.queue.dropped, unrecorded }
  }

  async stop(): Promise<void> {
    this.stopped.abort()
    await Promise.all(this.loops)
  }

  private track(source: MoatSource, stream: string): void {
    const staleMs = 3 * this.pollMs(source)
    this.tracked.set(`${source.moat}/${stream}`, {
      moat: source.moat,
      stream,
      staleMs,
      lastAt: null,
      lastMono: this.clock.monotonic(),
    })
  }

  private pollMs(source: MoatSource): number {
    return this.options.pollMs ?? source.pollMs
  }

  private async poll(source: MoatSource): Promise<void> {
    const env = this.options.env ?? process.env
    const base = (env[source.env] || source.url).replace(/\/+$/, '')
    const client = new RateLimitedClient(source.name, this.clientOptions(source, env), this.clock, this.counted)
    const signal = this.stopped.signal
    let failures = 0
    while (!signal.aborted) {
      const began = this.clock.monotonic()
      let failed = 0
      for (const question of source.questions) {
        if (!signal.aborted && !(await this.ask(source, client, base, question))) failed++
      }
      failures = failed === 0 ? 0 : failures + 1
      const everyMs = failed === 0 ? this.pollMs(source) : this.retryMs(source, failures)
      await pause(this.clock, Math.max(0, everyMs - (this.clock.monotonic() - began)), signal)
    }
  }

  /** A source that is asked once an hour is asked again sooner where it failed, for longer pauses each time. */
  private retryMs(source: MoatSource, failures: number): number {
    return Math.min(this.pollMs(source), firstRetryMs * 2 ** Math.min(failures - 1, 10))
  }

  private clientOptions(source: MoatSource, env: Readonly<Record<string, string | undefined>>) {
    const contact = env.MYCELIA_CONTACT
    return {
      userAgent: contact ? `mycelia (${contact})` : 'mycelia (market research; no contact given)',
      intervalMs: this.options.intervalMs ?? source.intervalMs,
      timeoutMs: this.options.timeoutMs ?? 15_000,
    }
  }

  /** Sends one request, and returns whether it was answered. A failure is counted; after several, the streams become stale. */
  private async ask(source: MoatSource, client: RateLimitedClient, base: string, question: MoatQuestion): Promise<boolean> {
    const holds = (body: unknown) => Object.values(question.read(body)).some(value => value !== undefined)
    const until = this.stopped.signal
    try {
      const answer = await client.get(base + question.path(this.clock.now()), { until, headers: source.headers, holds })
      const values = Object.entries(question.read(answer))
      for (const [stream, value] of values) this.receive(source, stream, value)
      if (values.some(([, value]) => value === undefined)) this.failed(source.name, question, 'an answer without its value')
      else this.succeeded(source.name, question)
      return true
    } catch (error) {
      if (until.aborted) return false
      this.counted.add(`${source.name}.failed`)
      this.failed(source.name, question, reasonOf(error, source))
      return false
    }
  }

  private failed(source: string, request: MoatQuestion, reason: string): void {
    const failing = this.failing.get(source) ?? { since: this.clock.now(), reason, requests: new Set() }
    failing.reason = reason
    failing.requests.add(request)
    this.failing.set(source, failing)
  }

  private succeeded(source: string, request: MoatQuestion): void {
    const failing = this.failing.get(source)
    failing?.requests.delete(request)
    if (failing?.requests.size === 0) this.failing.delete(source)
  }

  private receive(source: MoatSource, stream: string, value: number | undefined): void {
    const tracked = this.tracked.get(`${source.moat}/${stream}`)
    if (tracked === undefined || value === undefined) return this.counted.add(`${source.name}.noValue`)
    const signal = { moat: source.moat, stream, time: this.clock.now(), value, placebo: false }
    tracked.lastAt = signal.time
    tracked.lastMono = this.clock.monotonic()
    this.counted.add('signals')
    this.queue.push(`${source.moat}/${stream}`, { kind: 'signal', signal })
    this.options.recorder?.write(signal)
  }
}

/** How a request failed, without the name of its source. */
function reasonOf(error: unknown, { name }: MoatSource): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.startsWith(name) ? text.slice(name.length).replace(/^:? /, '') : text
}

/** Every stream of a source: reading an empty answer names them. */
function streamsOf(source: MoatSource): string[] {
  const named = source.questions.flatMap(q => Object.keys(q.read(undefined)))
  return named.filter(stream => moatStreams[source.moat].includes(stream))
}
