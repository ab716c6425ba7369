/** The feeds of a shard: Kraken's market and the moat services, or the feeds that a caller puts in their place. */

import * as z from 'zod'
import type { LiveModel } from '../../../agents/index.js'
import { OperatorError } from '../../../core/index.js'
import {
  checkLiveBarMs,
  feedLimits,
  KrakenFeed,
  type KrakenFeedOptions,
  KrakenTime,
  krakenEndpoints,
  type LiveFeed,
  MoatFeed,
  type MoatFeedOptions,
  MoatRecorder,
  type WallClock,
} from '../../../feed/index.js'
import type { Scenario } from '../../../model/index.js'
import type { RejectedLog } from '../../../storage/index.js'
import { rateLimitsIn } from '../../rate-limits.js'
import { type AgentsChoice, ClockFeed } from '../peers/index.js'
import { FeedList, type NamedFeed } from './feed-list.js'
import type { FeedMaker, LiveOverrides } from './request.js'

/** Which feeds a run has, with everything the environment says of them. */
export interface FeedPlan {
  readonly list: ListedFeeds
  /** Makes a market feed in the place of Kraken's. */
  readonly makeMarket: LiveOverrides['feed']
  readonly kraken: Pick<KrakenFeedOptions, 'endpoints' | 'warmupBars' | 'restIntervalMs'>
  readonly moats: { readonly replacement: MoatFeed | undefined } | { readonly services: MoatFeedOptions }
}

/** The feeds of a run by name, in the order of the scenario's list; those of the caller's own that it does not list come last. */
export interface ListedFeeds {
  readonly market: string
  readonly hasMoats: boolean
  readonly own: readonly { readonly name: string; readonly make: FeedMaker }[]
  /** All names, in order. */
  readonly names: readonly string[]
}

const marketFeed = 'kraken'
const moatFeed = 'moats'
const mostFeeds = 20

const liveWorldSchema = z.looseObject({ feeds: z.array(z.string()).max(mostFeeds).optional() })

/** Reads which feeds a scenario lists. Throws an `OperatorError` where one of them is not known. */
export function listFeeds(
  { name, worlds }: Pick<Scenario, 'name' | 'worlds'>,
  own: Readonly<Record<string, FeedMaker>> = {},
): ListedFeeds {
  const parsed = liveWorldSchema.safeParse(worlds?.live ?? {})
  if (!parsed.success) throw wrongList(name, parsed.error.issues[0]?.message)
  const listed = parsed.data.feeds ?? [marketFeed, moatFeed]
  const names = [...new Set([...listed, ...Object.keys(own)])]
  for (const each of names) {
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(each)) throw wrongList(name, `a name of small letters, digits and hyphens, not "${each}"`)
    if (each !== marketFeed && each !== moatFeed && !Object.hasOwn(own, each)) throw unknownFeed(each, Object.keys(own))
  }
  if (names.length > mostFeeds) throw wrongList(name, `at most ${mostFeeds}`)
  if (!names.includes(marketFeed)) throw wrongList(name, `${marketFeed}, the market, among them`)
  const makers = names.flatMap(each => (own[each] === undefined ? [] : [{ name: each, make: own[each] }]))
  return { market: marketFeed, hasMoats: names.includes(moatFeed), own: makers, names }
}

function wrongList(scenario: string, expected = 'a list of names'): OperatorError {
  return new OperatorError({ what: `the feeds of scenario ${scenario}`, expected, next: 'Mend `worlds.live.feeds`, or `feeds`.' })
}

function unknownFeed(name: string, own: readonly string[]): OperatorError {
  return new OperatorError({
    what: `the feed "${name}"`,
    expected: `one of ${[marketFeed, moatFeed, ...own].join(', ')}`,
    got: name,
    next: `Give it in \`feeds\` of the request: { feeds: { '${name}': … } }.`,
  })
}

export interface FeedSettings {
  readonly plan: FeedPlan
  readonly agents: AgentsChoice
  readonly clock: WallClock
  /** Frames that were refused. */
  readonly rejected: RejectedLog
  /** What the feed says of itself. */
  readonly onNote?: ((sentence: string) => void) | undefined
  /** Folder in which the moats' values are recorded. */
  readonly recordings: string
}

type Environment = Readonly<Record<string, string | undefined>>

const moatMiners = ['RepoScrape', 'LogisticsMiner', 'GovtDataMiner', 'CorpDataMiner']

/** Reads what request and environment say of the feeds. Throws an `OperatorError` where that makes no sense. */
export function planFeeds(
  environment: Environment,
  overrides: LiveOverrides,
  warmupBars: number | undefined,
): Omit<FeedPlan, 'list'> {
  const limits = rateLimitsIn(environment)
  if (warmupBars !== undefined) checkWarmup(warmupBars)
  return {
    makeMarket: overrides.feed,
    kraken: { endpoints: krakenEndpoints(environment), ...limits.kraken, ...(warmupBars === undefined ? {} : { warmupBars }) },
    moats: 'moats' in overrides ? { replacement: overrides.moats } : { services: { env: environment, ...limits.moats } },
  }
}

/** Throws an `OperatorError` where Kraken is the market and cannot serve bars of this size. */
export function checkBarSize({ makeMarket }: Pick<FeedPlan, 'makeMarket'>, barMs: number): void {
  if (makeMarket === undefined) checkLiveBarMs(barMs)
}

/** The market feed for the pairs that this process watches. */
export function makeMarketFeed(model: LiveModel, { plan, clock, rejected, onNote }: FeedSettings): LiveFeed {
  const { barMs } = model
  const pairs = model.pairs.filter((_, i) => model.watches(i))
  if (plan.makeMarket !== undefined) return plan.makeMarket({ pairs, barMs, clock })
  if (pairs.length === 0) {
    const { endpoints = {} } = plan.kraken
    return new ClockFeed(barMs, clock, new KrakenTime({ endpoints, clock, onNote: onNote ?? (() => undefined) }))
  }
  return new KrakenFeed({
    ...plan.kraken,
    pairs,
    barMs,
    clock,
    ...(onNote === undefined ? {} : { onNote }),
    onRejected: ({ reason, raw }) => rejected.add({ reason, source: 'kraken', raw }),
  })
}

/** Undefined where none of the moats' miners works in this process. */
export function makeMoatFeed({ plan, agents, clock, recordings }: FeedSettings): MoatFeed | undefined {
  if (!plan.list.hasMoats) return undefined
  if ('replacement' in plan.moats) return plan.moats.replacement
  if (!moatMiners.some(type => agents.isLocal({ type, ordinal: 0 }))) return undefined
  return new MoatFeed({ ...plan.moats.services, clock, recorder: new MoatRecorder(recordings) })
}

/** Every feed of the run by name: the market's, which is there already, and the others in the order of the list. */
export function makeFeedList(
  { pairs, barMs, params: parameters }: Pick<LiveModel, 'pairs' | 'barMs' | 'params'>,
  { plan, clock }: FeedSettings,
  { market, moats }: { readonly market: LiveFeed; readonly moats: MoatFeed | undefined },
  onFailed: (sentence: string) => void,
): FeedList {
  const { list } = plan
  const feeds = list.names.flatMap((name): NamedFeed[] => {
    if (name === moatFeed) return moats === undefined ? [] : [{ name, feed: moats }]
    return list.own
      .filter(own => own.name === name)
      .map(({ make }) => ({ name, feed: make({ pairs, barMs, clock, parameters }) }))
  })
  return new FeedList({ name: list.market, feed: market }, feeds, onFailed)
}

function checkWarmup(bars: number): void {
  if (Number.isSafeInteger(bars) && bars >= 0 && bars <= feedLimits.backfillBars) return
  throw new OperatorError({ what: '`warmupBars`', expected: `a whole number from 0 to ${feedLimits.backfillBars}`, got: bars })
}
