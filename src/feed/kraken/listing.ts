/** Which of the requested pairs Kraken lists, and by what rules: fetched at the start, hourly, and again for what is missing. */

import { HOUR_MS } from '../../core/index.js'
import type { WallClock } from '../clock.js'
import type { ListedRules } from '../live.js'
import type { KrakenClient, KrakenMarket } from './client.js'
import { rulesIn } from './listed-rules.js'
import { namesOf, type Resolution, type ResolvedPair, resolvePairs } from './pairs.js'

/** Pause between two rounds of questions after missing pairs: short enough that one is live within a minute of its return. */
const lookAgainMs = 30_000

interface Entry {
  readonly altname?: unknown
  readonly status?: unknown
}

export interface ListingOptions {
  readonly pairs: readonly string[]
  readonly clock: WallClock
  readonly client: Pick<KrakenClient, 'markets' | 'assetPair'>
  /** Waits until a request may be sent. */
  readonly acquire: () => Promise<void>
}

export class Listing {
  resolution: Resolution = { served: [], missing: [] }
  private readonly served = new Map<string, ResolvedPair>()
  private readonly rules = new Map<string, ListedRules>()
  private changed = new Map<string, ListedRules>()
  private wholeAt = Number.NEGATIVE_INFINITY
  private round = 0

  constructor(private readonly options: ListingOptions) {}

  /** Fetches the whole list. Returns the pairs that were not listed before. */
  async fetch(): Promise<ResolvedPair[]> {
    const { client, clock, pairs } = this.options
    const markets = await client.markets()
    this.wholeAt = clock.monotonic()
    const { served, missing } = resolvePairs(pairs, markets)
    const fresh = served.filter(({ pair }) => !this.served.has(pair))
    for (const names of fresh) this.served.set(names.pair, names)
    for (const { pair, id } of served)
      this.learn(
        pair,
        markets.find(market => market.id === id),
      )
    // A pair that is served is dialled until it answers, whatever a later list leaves out.
    this.resolution = { served: [...this.served.values()], missing: missing.filter(({ pair }) => !this.served.has(pair)) }
    return fresh
  }

  /** Looks for what is missing, and hourly at everything. Returns the pairs that have come. */
  async look(): Promise<ResolvedPair[]> {
    const isDue = this.options.clock.monotonic() - this.wholeAt >= HOUR_MS
    if (!isDue && !(await this.anyReturned())) return []
    await this.options.acquire()
    return this.fetch()
  }

  /** When to look again, ms. */
  get againMs(): number {
    const { missing } = this.resolution
    return missing.length > 0 ? lookAgainMs : Math.max(0, this.wholeAt + HOUR_MS - this.options.clock.monotonic())
  }

  /** Rules that are new or have changed since the last call. */
  takeRules(): ListedRules[] {
    if (this.changed.size === 0) return []
    const rules = [...this.changed.values()]
    this.changed = new Map()
    return rules
  }

  /** One question a missing pair, by another of its names each round: the whole list is too much to fetch every time. */
  private async anyReturned(): Promise<boolean> {
    this.round++
    for (const { pair } of this.resolution.missing) {
      const names = namesOf(pair).filter(name => !name.includes('/'))
      await this.options.acquire()
      if (await this.isOnline(names[this.round % names.length] ?? pair)) return true
    }
    return false
  }

  private async isOnline(name: string): Promise<boolean> {
    try {
      const entries = Object.entries(await this.options.client.assetPair(name)) as [string, Entry][]
      return entries.some(([id, { altname, status }]) => (id === name || altname === name) && status === 'online')
    } catch {
      // Kraken answers for a pair that it does not list with an error; where it does not answer at all, the next round asks again.
      return false
    }
  }

  private learn(pair: string, market: KrakenMarket | undefined): void {
    const rules = market?.info === undefined ? undefined : rulesIn(pair, market.info)
    if (rules === undefined || isSame(rules, this.rules.get(pair))) return
    this.rules.set(pair, rules)
    this.changed.set(pair, rules)
  }
}

function isSame(a: ListedRules, b: ListedRules | undefined): boolean {
  if (b === undefined) return false
  return a.tickSize === b.tickSize && a.lotDecimals === b.lotDecimals && a.orderMin === b.orderMin && a.costMin === b.costMin
}
