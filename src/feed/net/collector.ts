/** The collector: scans and signals that other places send, checked, counted by reason, and handed to the run as inputs of a later tick. */

import type { TimeMs } from '../../core/index.js'
import {
  type PostedSignalProblem,
  postedSignalProblem,
  postedSignalProblems,
  type ScanProblem,
  scanProblem,
  scanProblems,
} from '../../market/index.js'
import type { WallClock } from '../clock.js'
import { Counters } from '../counters.js'
import type { FeedInput, FeedState, InputFeed } from '../input-feed.js'
import { feedLimits } from '../limits.js'
import { scanOfBody, signalOfBody } from './post-bodies.js'

/** What a collector takes. */
export interface CollectorOptions {
  /** Hosts that are listened to, and the pairs that trade there. */
  readonly hosts: Readonly<Record<string, readonly string[]>>
  /** Vantage points whose scans are taken. */
  readonly vantages: readonly string[]
  readonly clock: WallClock
  /** False where the run learns from scans alone; default: true. */
  readonly takesSignals?: boolean | undefined
}

/** Why a post is refused, and the HTTP status that says so. */
export interface RefusedPost {
  readonly status: 400 | 409 | 422 | 429
  readonly reason: string
  readonly says: string
}

/** A signal whose id is remembered no longer than this may come no more: its time would not be believed. */
const rememberedMs = 600_000

export class Collector implements InputFeed {
  private readonly waiting: FeedInput[] = []
  private readonly counted = new Counters()
  private readonly last = new Map<string, TimeMs>()
  /** When each signal came, by its source and id, oldest first. */
  private readonly known = new Map<string, TimeMs>()
  private lastDataAt: TimeMs | null = null

  constructor(private readonly options: CollectorOptions) {}

  /** Takes a scan, or says why not. */
  scan(body: unknown): RefusedPost | undefined {
    const { hosts, vantages, clock } = this.options
    const scan = scanOfBody(body, clock.now())
    if (scan === undefined) return this.malformed('a scan: { host, vantage, time, hops: [{ ttl, address, rtt_ms }], total_rtt }')
    if (!vantages.includes(scan.vantage)) return this.refused('unknownVantage', 'the vantage point is not listed')
    const key = `${scan.vantage} ${scan.host}`
    const listed = { has: (host: string) => Object.hasOwn(hosts, host) }
    const problem: ScanProblem | undefined = scanProblem(scan, { hosts: listed, now: clock.now(), last: this.last.get(key) })
    if (problem !== undefined) return this.refused(problem, scanProblems[problem])
    const full = this.add({ kind: 'scan', scan })
    if (full === undefined) this.last.set(key, scan.time)
    return full
  }

  /** Takes a signal, or says why not. One that has come before is taken once. */
  signal(body: unknown): RefusedPost | undefined {
    const { hosts, clock, takesSignals = true } = this.options
    if (!takesSignals) return this.refused('unwanted', 'this run learns from scans alone; send those')
    const now = clock.now()
    const signal = signalOfBody(body, now)
    if (signal === undefined)
      return this.malformed('a signal: { signal_id, source, type, host, pair, direction, strength, time }')
    const problem: PostedSignalProblem | undefined = postedSignalProblem(signal, { hosts, now })
    if (problem !== undefined) return this.refused(problem, postedSignalProblems[problem])
    this.forget(now)
    const key = `${signal.source} ${signal.id}`
    if (this.known.has(key)) return this.refused('repeated', 'a signal of this id has come before', 409)
    const full = this.add({ kind: 'net-signal', signal })
    if (full === undefined) this.known.set(key, now)
    return full
  }

  start(): void {}

  take(max: number): FeedInput[] {
    return this.waiting.splice(0, max)
  }

  state(): FeedState {
    return { state: this.lastDataAt === null ? 'starting' : 'live', lastDataAt: this.lastDataAt }
  }

  counters(): Readonly<Record<string, number>> {
    return this.counted.all()
  }

  async stop(): Promise<void> {}

  private add(input: FeedInput): RefusedPost | undefined {
    if (this.waiting.length >= feedLimits.waitingPosts)
      return this.refused('full', 'too many wait for the run; send it again later', 429)
    this.waiting.push(input)
    this.lastDataAt = this.options.clock.now()
    this.counted.add(input.kind === 'scan' ? 'scans' : 'signals')
    return undefined
  }

  private malformed(expected: string): RefusedPost {
    return this.refused('malformed', `expected ${expected}`, 400)
  }

  private refused(reason: string, says: string, status: RefusedPost['status'] = 422): RefusedPost {
    this.counted.add(`rejected.${reason}`)
    return { status, reason, says }
  }

  private forget(now: TimeMs): void {
    for (const [key, time] of this.known) {
      if (now - time <= rememberedMs && this.known.size < feedLimits.knownPosts) return
      this.known.delete(key)
    }
  }
}
