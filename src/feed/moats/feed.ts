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

interface Tracked {
  readonly moat: Moat
  readonly stream: string
  readonly staleMs: number
  lastAt: TimeMs | null
  lastMono: number
}

export class MoatFeed implements InputFeed {
  private readonly clock: WallClock
  private readonly counted = new Counters()
  private readonly queue = new InputQueue(feedLimits.waitingSignals)
  private readonly stopped = new AbortController()
  private readonly tracked = new Map<string, Tracked>()
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
    while (!signal.aborted) {
      const began = this.clock.monotonic()
      for (const question of source.questions) {
        if (!signal.aborted) await this.ask(source, client, base, question)
      }
      await pause(this.clock, Math.max(0, this.pollMs(source) - (this.clock.monotonic() - began)), signal)
    }
  }

  private clientOptions(source: MoatSource, env: Readonly<Record<string, string | undefined>>) {
    const contact = env.MYCELIA_CONTACT
    return {
      userAgent: contact ? `mycelia (${contact})` : 'mycelia (market research; no contact given)',
      intervalMs: this.options.intervalMs ?? source.intervalMs,
      timeoutMs: this.options.timeoutMs ?? 15_000,
    }
  }

  /** Sends one request. A failure is counted; after several, the streams become stale. */
  private async ask(source: MoatSource, client: RateLimitedClient, base: string, question: MoatQuestion): Promise<void> {
    try {
      const answer = await client.get(base + question.path(this.clock.now()), this.stopped.signal, source.headers)
      for (const [stream, value] of Object.entries(question.read(answer))) this.receive(source, stream, value)
    } catch {
      this.counted.add(`${source.name}.failed`)
    }
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

/** Every stream of a source: reading an empty answer names them. */
function streamsOf(source: MoatSource): string[] {
  const named = source.questions.flatMap(q => Object.keys(q.read(undefined)))
  return named.filter(stream => moatStreams[source.moat].includes(stream))
}
