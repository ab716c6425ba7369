/** What a live run hears of the network: its own probes, a collector's posts, status pages, prices, and public data on routes. */

import { hostname } from 'node:os'
import { OperatorError } from '../core/index.js'
import type { Collector, RefusedPost } from '../feed/index.js'
import type { FeedMaker } from '../world/index.js'
import { messageOf } from './text.js'

/** Options of `mycelia live` that concern the network. */
export interface NetOptions {
  readonly probe?: readonly string[] | undefined
  readonly every?: number | undefined
  readonly mtr?: boolean | undefined
  readonly tcp?: boolean | undefined
  readonly vantage?: string | undefined
  readonly collect?: number | undefined
  readonly incidents?: readonly string[] | undefined
  readonly tickers?: boolean | undefined
  readonly atlas?: readonly string[] | undefined
  readonly bgp?: readonly string[] | undefined
}

/** The places of public services, for tests and mirrors. */
const places = { atlas: 'MYCELIA_ATLAS_URL', ris: 'MYCELIA_RIS_URL', tickers: 'MYCELIA_COINBASE_URL' } as const

export interface NetFeeds {
  readonly feeds: Readonly<Record<string, FeedMaker>>
  /** Where posts are taken; undefined: nowhere. */
  readonly collectorUrl: string | undefined
  close(): Promise<void>
}

/** The parameters of a run that listens to the network. */
interface NetParameters {
  readonly hosts: Readonly<Record<string, readonly string[]>>
  readonly vantages: readonly string[]
}

/** Makes the feeds that the options want. Throws an `OperatorError` where one of them makes no sense, or the collector cannot listen. */
export async function netFeeds(
  options: NetOptions,
  { listen, env, note }: { listen: string | undefined; env: NodeJS.ProcessEnv; note: (sentence: string) => void },
): Promise<NetFeeds> {
  const feeds: Record<string, FeedMaker> = {}
  if (options.probe !== undefined) feeds.probes = await probes(options, options.probe, note)
  else refuseWithoutProbe(options)
  const polled = await polledFeeds(options, env)
  Object.assign(feeds, polled)
  if (options.bgp !== undefined) feeds.routes = await routes(options.bgp, env)
  if (options.collect === undefined) return { feeds, collectorUrl: undefined, close: async () => undefined }
  const { feed, url, close } = await collector(options.collect, listen, env.NETTRACE_API_KEY || undefined, ownVantage(options))
  return { feeds: { ...feeds, collector: feed }, collectorUrl: url, close }
}

function ownVantage({ probe, vantage }: NetOptions): string | undefined {
  return probe === undefined ? undefined : (vantage ?? hostname())
}

async function probes(options: NetOptions, hosts: readonly string[], note: (sentence: string) => void): Promise<FeedMaker> {
  if (options.tcp === true && options.mtr === true)
    throw new OperatorError({ what: '--tcp', expected: 'no --mtr beside it', next: 'Leave one of them out.' })
  const { ProbeFeed, systemClock } = await import('../feed/index.js')
  const vantage = ownVantage(options) as string
  const program = options.mtr ? ('mtr' as const) : ('traceroute' as const)
  const onFailure = (host: string, error: unknown) => note(`${host}: ${messageOf(error)}`)
  // Time is the machine's own: a probe is a program outside, whatever clock the run has.
  const make = () =>
    new ProbeFeed({ hosts, every: options.every ?? 120, program, tcp: options.tcp, vantage, clock: systemClock(), onFailure })
  make()
  const check = (parameters: Readonly<Record<string, unknown>>) => {
    const { hosts: known, vantages } = netParameters(parameters)
    if (!vantages.includes(vantage)) throw notListed('--vantage', vantage, vantages, 'Name it in the parameter `vantages`.')
    for (const host of hosts)
      if (!Object.hasOwn(known, host)) throw notListed('--probe', host, Object.keys(known), 'Name it in the parameter `hosts`.')
  }
  return Object.assign(make, { check })
}

async function polledFeeds(
  { incidents, tickers, atlas }: NetOptions,
  env: NodeJS.ProcessEnv,
): Promise<Record<string, FeedMaker>> {
  const { PolledFeed, statusPage, coinbaseTickers, atlasMeasurement } = await import('../feed/index.js')
  const contact = env.MYCELIA_CONTACT
  const feeds: Record<string, FeedMaker> = {}
  const polled = (sources: ConstructorParameters<typeof PolledFeed>[0]['sources']): FeedMaker => {
    const make: FeedMaker = ({ clock }) => new PolledFeed({ sources, clock, contact })
    return Object.assign(make, { check: (parameters: Readonly<Record<string, unknown>>) => void latencyParameters(parameters) })
  }
  if (incidents !== undefined) feeds.incidents = polled(incidents.map(statusPage))
  if (atlas !== undefined) {
    const url = env[places.atlas] || undefined
    const sources = (parameters: Readonly<Record<string, unknown>>) => {
      const { vantages } = netParameters(parameters)
      return atlas.map(id => atlasMeasurement(id, { vantages, url }))
    }
    const make: FeedMaker = ({ clock, parameters }) => new PolledFeed({ sources: sources(parameters), clock, contact })
    feeds.atlas = Object.assign(make, { check: (parameters: Readonly<Record<string, unknown>>) => void sources(parameters) })
  }
  if (tickers === true) {
    const url = env[places.tickers] || undefined
    const make: FeedMaker = ({ clock, parameters }) => {
      const pairs = latencyParameters(parameters).hosts['api.coinbase.com'] ?? []
      return new PolledFeed({ sources: coinbaseTickers(pairs, url), clock, contact })
    }
    const check = (parameters: Readonly<Record<string, unknown>>) => {
      const { hosts } = latencyParameters(parameters)
      if (!Object.hasOwn(hosts, 'api.coinbase.com'))
        throw notListed('--tickers', 'api.coinbase.com', Object.keys(hosts), 'Name it in the parameter `hosts`.')
    }
    feeds.tickers = Object.assign(make, { check })
  }
  return feeds
}

async function routes(prefixes: readonly string[], env: NodeJS.ProcessEnv): Promise<FeedMaker> {
  const { checkPrefixes, RisLive } = await import('../feed/index.js')
  checkPrefixes(prefixes)
  const make: FeedMaker = ({ clock }) => new RisLive({ prefixes, clock, url: env[places.ris] || undefined })
  return Object.assign(make, { check: (parameters: Readonly<Record<string, unknown>>) => void latencyParameters(parameters) })
}

/** It listens before the run begins, so that a port that is taken is said at once; what is posted before then is to be sent again. */
async function collector(
  port: number,
  listen: string | undefined,
  token: string | undefined,
  own: string | undefined,
): Promise<{ feed: FeedMaker; url: string; close: () => Promise<void> }> {
  if (token === undefined)
    throw new OperatorError({
      what: '--collect',
      expected: 'a token in NETTRACE_API_KEY, which every post must carry',
      got: 'none',
      next: 'Set one, and give it to the senders.',
    })
  const { Collector: Taker } = await import('../feed/index.js')
  const { collectorPosts, serveHttp } = await import('../server/index.js')
  let taker: Collector | undefined
  const early = { status: 429, reason: 'early', says: 'the run has not begun yet; send it again later' } as const
  const take =
    (of: 'scan' | 'signal') =>
    (body: unknown): RefusedPost | undefined =>
      taker === undefined ? early : taker[of](body)
  const posts = collectorPosts({ scan: take('scan'), signal: take('signal') })
  const server = await serveHttp({ port, listen, token, tokenName: 'NETTRACE_API_KEY', option: 'collect', routes: {}, posts })
  const make: FeedMaker = ({ clock, parameters }) => {
    const { hosts, vantages } = netParameters(parameters)
    taker = new Taker({
      hosts,
      vantages: vantages.filter(name => name !== own),
      clock,
      takesSignals: parameters.network === undefined,
    })
    return taker
  }
  const feed = Object.assign(make, { check: (parameters: Readonly<Record<string, unknown>>) => void netParameters(parameters) })
  return { feed, url: server.url, close: () => server.close() }
}

/** What a run says of the network: a latency model by `hosts` and `vantages`, a swarm by `network`. */
function netParameters(parameters: Readonly<Record<string, unknown>>): NetParameters {
  return readNet(parameters.network ?? parameters, 'a scenario of latency signals, or a swarm with the parameter `network`')
}

/** Of a latency model alone: a swarm has no use for incidents, prices elsewhere, or routes between networks. */
function latencyParameters(parameters: Readonly<Record<string, unknown>>): NetParameters {
  return readNet(parameters, 'a scenario of latency signals')
}

function readNet(given: unknown, expected: string): NetParameters {
  const { hosts, vantages } = (given ?? {}) as Partial<Record<keyof NetParameters, unknown>>
  if (typeof hosts === 'object' && hosts !== null && Array.isArray(vantages))
    return { hosts: hosts as NetParameters['hosts'], vantages }
  throw new OperatorError({ what: 'feeds of the network', expected, next: 'Try: mycelia live nettrace.' })
}

function refuseWithoutProbe({ every, mtr, tcp, vantage }: NetOptions): void {
  for (const [name, value] of Object.entries({ every, mtr, tcp, vantage }))
    if (value !== undefined) throw new OperatorError({ what: `--${name}`, expected: 'hosts to trace, in --probe', got: 'none' })
}

function notListed(option: string, got: string, known: readonly string[], next: string): OperatorError {
  return new OperatorError({ what: option, expected: `one of ${known.join(', ')}`, got, next })
}
