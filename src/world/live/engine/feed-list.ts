/**
 * The feeds of a live run: the market's first, then the others in the order in which the scenario lists them. Each is asked at every tick,
 * what it gives is checked and journalled, and a feed that fails is left out, counted and named.
 */

import type { FeedInput, InputFeed, LiveFeed } from '../../../feed/index.js'
import type { TickInput } from '../../../model/index.js'
import { liveLimits } from '../limits.js'
import type { FeedStatus } from '../operations/index.js'
import { encodeInputs } from './journal-entry.js'

export interface NamedFeed {
  readonly name: string
  readonly feed: InputFeed
}

interface Entry extends NamedFeed {
  taken: number
  refused: number
  failure: string | null
}

export class FeedList {
  private readonly entries: Entry[]

  constructor(
    private readonly market: { readonly name: string; readonly feed: Pick<LiveFeed, 'status' | 'counters'> },
    others: readonly NamedFeed[],
    private readonly onFailed: (sentence: string) => void = () => undefined,
  ) {
    this.entries = others.map(each => ({ ...each, taken: 0, refused: 0, failure: null }))
  }

  /** Starts all but the market's, which the run waits for. */
  start(): void {
    for (const entry of this.entries) {
      try {
        Promise.resolve(entry.feed.start()).catch(error => this.failed(entry, error))
      } catch (error) {
        this.failed(entry, error)
      }
    }
  }

  /** What waits in all feeds but the market's. */
  take(max: number): TickInput[] {
    return this.entries.flatMap(entry => this.takeOf(entry, max))
  }

  /** Every feed, the market's first. */
  reports(): FeedStatus[] {
    return [this.marketReport(), ...this.entries.map(entry => this.reportOf(entry))]
  }

  async stop(): Promise<void> {
    await Promise.all(this.entries.map(({ feed }) => feed.stop().catch(() => undefined)))
  }

  private takeOf(entry: Entry, max: number): TickInput[] {
    if (entry.failure !== null) return []
    try {
      const given = entry.feed.take(max)
      // What it gives beyond all measure is no queue any more.
      const some = given.slice(0, liveLimits.inputsPerFeed)
      entry.refused += given.length - some.length
      return some.flatMap(input => this.checked(entry, input))
    } catch (error) {
      this.failed(entry, error)
      return []
    }
  }

  /** Only what a journal can hold becomes an input: plain data, and not endless. */
  private checked(entry: Entry, input: FeedInput): TickInput[] {
    const made = inputOf(entry.name, input)
    if (made === undefined || !isJournalled(made)) {
      entry.refused++
      return []
    }
    entry.taken++
    return [made]
  }

  private failed(entry: Entry, error: unknown): void {
    if (entry.failure !== null) return
    entry.failure = (error instanceof Error ? error.message : String(error)).slice(0, 500)
    this.onFailed(`The feed ${entry.name} has failed and is asked no more: ${entry.failure}`)
  }

  private marketReport(): FeedStatus {
    const { name, feed } = this.market
    const pairs = feed.status()
    const times = pairs.flatMap(({ lastDataAt }) => (lastDataAt === null ? [] : [lastDataAt]))
    const state = pairs.some(pair => pair.state === 'live') || pairs.length === 0 ? 'live' : 'stale'
    const lastDataAt = times.length === 0 ? null : Math.max(...times)
    return { name, state, lastDataAt, taken: 0, refused: 0, failure: null, counters: feed.counters() }
  }

  private reportOf({ name, feed, taken, refused, failure }: Entry): FeedStatus {
    try {
      const { state, lastDataAt } = feed.state()
      return { name, state: failure === null ? state : 'failed', lastDataAt, taken, refused, failure, counters: feed.counters() }
    } catch {
      return { name, state: 'failed', lastDataAt: null, taken, refused, failure, counters: {} }
    }
  }
}

/** Kinds that are inputs as they are; a model that has no use for one leaves it out. */
const asTheyAre: ReadonlySet<unknown> = new Set(['signal', 'scan', 'net-signal', 'incident', 'route-update', 'ticker'])

/** A message gets the name of its feed. Undefined: it is of no kind that a feed may give. */
function inputOf(feed: string, input: FeedInput): TickInput | undefined {
  if (input?.kind === 'message') return { kind: 'feed', feed, message: input.message } as TickInput
  return asTheyAre.has(input?.kind) ? input : undefined
}

function isJournalled(input: TickInput): boolean {
  try {
    return encodeInputs([input]).length <= liveLimits.inputBytes
  } catch {
    return false
  }
}
