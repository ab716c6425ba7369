/** Asks a public service within its rate limits, for JSON where nothing else is said: with a User-Agent, an interval, ETags, and the pauses it requests. */

import { type TimeMs, TransientError } from '../../core/index.js'
import type { WallClock } from '../clock.js'
import type { Counters } from '../counters.js'
import { feedLimits } from '../limits.js'
import { RateLimiter } from '../rate-limiter.js'
import { withinTime } from '../within-time.js'

export interface RateLimitedClientOptions {
  /** Sent as User-Agent; the SEC and the weather service want a contact in it. */
  readonly userAgent: string
  /** Least time between two requests to this host. */
  readonly intervalMs: number
  readonly timeoutMs: number
}

export interface GetOptions {
  readonly until?: AbortSignal
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** False for a body without what was asked for, such as `{}` or an empty list. It is neither kept nor given out. */
  readonly holds?: (body: unknown) => boolean
  /** Sent as JSON by POST; such an answer is not kept. */
  readonly post?: unknown
  /** Makes a body of the text; default: JSON. */
  readonly parse?: (text: string) => unknown
}

interface Cached {
  readonly etag: string
  readonly body: unknown
}

/** Pauses after 403 and 429 where the host names none; doubled each time. */
const firstPauseMs = 60_000
const longestPauseMs = 3_600_000

export class RateLimitedClient {
  private readonly limiter: RateLimiter
  private readonly cache = new Map<string, Cached>()
  private refusals = 0
  private pausedUntil = Number.NEGATIVE_INFINITY

  constructor(
    readonly name: string,
    private readonly options: RateLimitedClientOptions,
    private readonly clock: WallClock,
    private readonly counters: Counters,
  ) {
    this.limiter = new RateLimiter(clock, options.intervalMs)
  }

  /**
   * The parsed body; from the cache where the host says it has not changed. Throws a TransientError where the host gives none, or
   * one that `holds` finds empty.
   */
  async get(
    url: string,
    { until, headers = {}, holds = () => true, post, parse = JSON.parse }: GetOptions = {},
  ): Promise<unknown> {
    if (this.clock.monotonic() < this.pausedUntil) throw new TransientError(`${this.name} requested a pause`)
    await this.limiter.acquire(until)
    const known = post === undefined ? this.cache.get(url) : undefined
    const conditional: Record<string, string> = known === undefined ? {} : { 'if-none-match': known.etag }
    this.counters.add(`${this.name}.requests`)
    const named = { 'user-agent': this.options.userAgent, accept: 'application/json', ...headers, ...conditional }
    return withinTime(this.options.timeoutMs, until, async signal =>
      this.answerOf(url, await this.send(url, named, signal, post), known, { holds, parse, isKept: post === undefined }),
    )
  }

  private async answerOf(
    url: string,
    response: Response,
    known: Cached | undefined,
    { holds, parse, isKept }: Required<Pick<GetOptions, 'holds' | 'parse'>> & { isKept: boolean },
  ): Promise<unknown> {
    if (response.status === 304 && known !== undefined) {
      this.counters.add(`${this.name}.unchanged`)
      return known.body
    }
    if (!response.ok) throw this.refused(response)
    const body = await this.read(response, parse)
    if (!holds(body)) throw this.failed('empty', undefined)
    this.refusals = 0
    if (isKept) this.keep(url, response.headers.get('etag'), body)
    return body
  }

  private async send(url: string, headers: Record<string, string>, signal: AbortSignal, post: unknown): Promise<Response> {
    try {
      if (post === undefined) return await fetch(url, { headers, signal })
      const sent = { ...headers, 'content-type': 'application/json' }
      return await fetch(url, { method: 'POST', headers: sent, body: JSON.stringify(post), signal })
    } catch (cause) {
      throw this.failed('unreachable', cause)
    }
  }

  /** 403 and 429 pause all requests for as long as the host says; where it says nothing, for longer each time. */
  private refused(response: Response): TransientError {
    void response.body?.cancel()
    if (response.status === 403 || response.status === 429) {
      const pauseMs = waitOf(response.headers, this.clock.now()) ?? Math.min(longestPauseMs, firstPauseMs * 2 ** this.refusals)
      this.refusals = Math.min(this.refusals + 1, 10)
      this.pausedUntil = this.clock.monotonic() + Math.min(pauseMs, longestPauseMs)
    }
    return this.failed(`http ${response.status}`, undefined)
  }

  private async read(response: Response, parse: (text: string) => unknown): Promise<unknown> {
    try {
      const text = await response.text()
      if (text.length > feedLimits.answerBytes) throw new Error('longer than any answer should be')
      return parse(text)
    } catch (cause) {
      throw this.failed('unreadable', cause)
    }
  }

  private keep(url: string, etag: string | null, body: unknown): void {
    this.cache.delete(url)
    if (etag === null) return
    this.cache.set(url, { etag, body })
    if (this.cache.size > feedLimits.cachedAnswers) this.cache.delete(this.cache.keys().next().value ?? url)
  }

  private failed(reason: string, cause: unknown): TransientError {
    this.counters.add(`${this.name}.${reason}`)
    return new TransientError(`${this.name}: ${reason}`, { cause })
  }
}

/** `Retry-After` in seconds, or GitHub's `X-RateLimit-Reset` in seconds since 1970, as a wait in ms. */
function waitOf(headers: Headers, now: TimeMs): number | undefined {
  const after = Number(headers.get('retry-after') ?? Number.NaN)
  if (after >= 0) return after * 1000
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN)
  return headers.get('x-ratelimit-remaining') === '0' && reset > 0 ? Math.max(0, reset * 1000 - now) : undefined
}
