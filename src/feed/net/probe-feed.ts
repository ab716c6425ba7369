/** The routes that this machine traces itself, as inputs of a run: hosts that are named, at a cadence, and none besides. */

import type { TimeMs } from '../../core/index.js'
import { Counters } from '../counters.js'
import type { FeedInput, FeedState, InputFeed } from '../input-feed.js'
import { feedLimits } from '../limits.js'
import type { ProbeOptions } from './probe.js'
import { scanHosts } from './scan-hosts.js'
import { checkEvery, checkHosts } from './targets.js'

/** What a probe feed traces, and how. */
export interface ProbeFeedOptions extends Omit<ProbeOptions, 'signal'> {
  readonly hosts: readonly string[]
  /** Seconds between two scans of a host. */
  readonly every: number
  /** A host could not be probed. */
  readonly onFailure: (host: string, error: unknown) => void
}

export class ProbeFeed implements InputFeed {
  private readonly waiting: FeedInput[] = []
  private readonly counted = new Counters()
  private readonly stopped = new AbortController()
  private scanning: Promise<unknown> = Promise.resolve()
  private lastDataAt: TimeMs | null = null
  private rejected: Readonly<Record<string, number>> = {}

  /** Throws an `OperatorError` where a host or the cadence may not be. */
  constructor(private readonly options: ProbeFeedOptions) {
    checkHosts(options.hosts)
    checkEvery(options.every)
  }

  start(): void {
    this.scanning = scanHosts({
      ...this.options,
      signal: this.stopped.signal,
      onScan: scan => {
        this.lastDataAt = scan.time
        this.counted.add('scans')
        if (this.waiting.length >= feedLimits.waitingPosts) this.counted.add('dropped')
        else this.waiting.push({ kind: 'scan', scan })
      },
      onFailure: (host, error) => {
        this.counted.add('failed')
        this.options.onFailure(host, error)
      },
      onRejected: rejected => {
        this.rejected = rejected
      },
    })
  }

  take(max: number): FeedInput[] {
    return this.waiting.splice(0, max)
  }

  state(): FeedState {
    const { lastDataAt, options } = this
    if (lastDataAt === null) return { state: 'starting', lastDataAt }
    const isStale = options.clock.now() - lastDataAt > 3_000 * options.every
    return { state: isStale ? 'stale' : 'live', lastDataAt }
  }

  counters(): Readonly<Record<string, number>> {
    const rejected = Object.entries(this.rejected).map(([reason, n]) => [`rejected.${reason}`, n])
    return { ...this.counted.all(), ...Object.fromEntries(rejected) }
  }

  async stop(): Promise<void> {
    this.stopped.abort()
    await this.scanning
  }
}
