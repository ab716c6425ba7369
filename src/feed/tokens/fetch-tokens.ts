/** One fetch of tokens from all public sources. What a source does not say stays unknown; what no source says of is left out, and counted. */

import { MINUTE_MS, type TimeMs } from '../../core/index.js'
import type { CurveAccount } from './curve-account.js'
import { type ListedToken, listedTokens } from './dexscreener.js'
import { type PoolMinute, poolMinutes } from './geckoterminal.js'
import type { ScorerPort, SocialPort } from './ports.js'
import { type Headline, headlineOf, headlinesIn } from './rss.js'
import { curveOf } from './solana.js'
import { type Asking, clientOf, sourceClient } from './sources.js'

/** A token as it was fetched. */
export interface FetchedToken {
  readonly listed: ListedToken
  readonly fetchedAt: TimeMs
  readonly minutes: readonly PoolMinute[]
  readonly curve: CurveAccount | null
  readonly news: (Headline & { readonly mood: number }) | null
  readonly social: { readonly mentions: number; readonly time: TimeMs } | null
}

export interface TokenFetch extends Asking {
  readonly mints: readonly string[]
  /** Addresses of RSS or Atom feeds. */
  readonly rss: readonly string[]
  /** Without one every headline is neutral. */
  readonly scorer?: ScorerPort | undefined
  readonly social?: SocialPort | undefined
}

export class TokenFetcher {
  private readonly dexscreener
  private readonly geckoterminal
  private readonly solana
  private readonly feeds
  /** Moods of the headlines of the last fetch, so that none is paid for twice. */
  private moods = new Map<string, number>()

  constructor(private readonly of: TokenFetch) {
    this.dexscreener = sourceClient('dexscreener', of)
    this.geckoterminal = sourceClient('geckoterminal', of)
    this.solana = sourceClient('solana', of)
    this.feeds = of.rss.map((url, i) => ({ url, client: clientOf(`rss${i}`, MINUTE_MS, of) }))
  }

  async fetch(): Promise<FetchedToken[]> {
    const { mints, until, clock, counters } = this.of
    const listed = await this.orNothing('tokens', () => listedTokens(this.dexscreener, mints, until), [])
    counters.add('tokens.unlisted', mints.length - listed.length)
    const headlines = (await Promise.all(this.feeds.map(feed => this.headlines(feed)))).flat()
    const moods = new Map<string, number>()
    const tokens: FetchedToken[] = []
    for (const token of listed) {
      const { mint, pool } = token
      const minutes = await this.orNothing('minutes', () => poolMinutes(this.geckoterminal, pool, until), [])
      const curve = await this.orNothing('curve', () => curveOf(this.solana, mint, until), null)
      const social = await this.orNothing('social', async () => (await this.of.social?.mentions(mint, until)) ?? null, null)
      const headline = headlineOf(headlines, token)
      const news = headline === null ? null : { ...headline, mood: await this.moodOf(headline.title, moods) }
      tokens.push({ listed: token, fetchedAt: clock.now(), minutes, curve, news, social })
    }
    this.moods = moods
    return tokens
  }

  private headlines({ url, client }: (typeof this.feeds)[number]): Promise<Headline[]> {
    const { until } = this.of
    const headers = { accept: 'application/rss+xml, application/atom+xml, text/xml' }
    const get = async () => (await client.get(url, { ...(until && { until }), headers, parse: headlinesIn })) as Headline[]
    return this.orNothing('rss', get, [])
  }

  private async moodOf(title: string, moods: Map<string, number>): Promise<number> {
    const { scorer, until } = this.of
    const known = moods.get(title) ?? this.moods.get(title)
    const mood = known ?? (scorer === undefined ? 0 : await this.orNothing('scorer', () => scorer.mood(title, until), 0))
    moods.set(title, mood)
    return mood
  }

  /** What a source that fails would have said is not known; that it failed is counted. */
  private async orNothing<T>(name: string, ask: () => Promise<T>, nothing: T): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      if (this.of.until?.aborted) throw error
      this.of.counters.add(`${name}.failed`)
      return nothing
    }
  }
}
