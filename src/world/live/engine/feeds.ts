/** The feeds of a shard: Kraken's market and the moat services, or the feeds that a caller puts in their place. */

import type { Swarm } from '../../../agents/index.js'
import { OperatorError } from '../../../core/index.js'
import {
  checkLiveBarMs,
  feedLimits,
  KrakenFeed,
  type KrakenFeedOptions,
  krakenEndpoints,
  type LiveFeed,
  MoatFeed,
  type MoatFeedOptions,
  MoatRecorder,
  type WallClock,
} from '../../../feed/index.js'
import type { RejectedLog } from '../../../storage/index.js'
import { rateLimitsIn } from '../../rate-limits.js'
import { type AgentsChoice, ClockFeed } from '../peers/index.js'
import type { LiveOverrides } from './request.js'

/** Which feeds a run has, with everything the environment says of them. */
export interface FeedPlan {
  /** Makes a market feed in the place of Kraken's. */
  readonly makeMarket: LiveOverrides['feed']
  readonly kraken: Pick<KrakenFeedOptions, 'endpoints' | 'warmupBars' | 'restIntervalMs'>
  readonly moats: { readonly replacement: MoatFeed | undefined } | { readonly services: MoatFeedOptions }
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
export function planFeeds(environment: Environment, overrides: LiveOverrides, warmupBars: number | undefined): FeedPlan {
  const limits = rateLimitsIn(environment)
  if (warmupBars !== undefined) checkWarmup(warmupBars)
  return {
    makeMarket: overrides.feed,
    kraken: { endpoints: krakenEndpoints(environment), ...limits.kraken, ...(warmupBars === undefined ? {} : { warmupBars }) },
    moats: 'moats' in overrides ? { replacement: overrides.moats } : { services: { env: environment, ...limits.moats } },
  }
}

/** Throws an `OperatorError` where Kraken is the market and cannot serve bars of this size. */
export function checkBarSize({ makeMarket }: FeedPlan, barMs: number): void {
  if (makeMarket === undefined) checkLiveBarMs(barMs)
}

/** The market feed for the pairs whose miners work in this process. */
export function makeMarketFeed({ pairs: all, miners, barMs }: Swarm, { plan, clock, rejected, onNote }: FeedSettings): LiveFeed {
  const pairs = all.filter((_, i) => miners.at(i)?.idle === false)
  if (plan.makeMarket !== undefined) return plan.makeMarket({ pairs, barMs, clock })
  if (pairs.length === 0) return new ClockFeed(barMs, clock)
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
  if ('replacement' in plan.moats) return plan.moats.replacement
  if (!moatMiners.some(type => agents.isLocal({ type, ordinal: 0 }))) return undefined
  return new MoatFeed({ ...plan.moats.services, clock, recorder: new MoatRecorder(recordings) })
}

function checkWarmup(bars: number): void {
  if (Number.isSafeInteger(bars) && bars >= 0 && bars <= feedLimits.backfillBars) return
  throw new OperatorError({ what: '`warmupBars`', expected: `a whole number from 0 to ${feedLimits.backfillBars}`, got: bars })
}
