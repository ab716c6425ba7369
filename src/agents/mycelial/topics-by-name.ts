/** Every topic the swarm speaks on, by its name: how a message of another process finds its way. */

import type { Topic } from '../../bus/index.js'
import {
  BaselineIdeas,
  CrossMoatSignals,
  Fills,
  IdeaDrafts,
  LeadingPolicies,
  MarketData,
  MarketTicks,
  Marks,
  MycelialIdeas,
  moatData,
  PatternLog,
  Recollections,
  Recommendations,
  SynthesizedTrades,
  SystemControl,
  TradeConfirmations,
} from '../../trading/index.js'
import {
  ApprovalVerdicts,
  Candidates,
  ConfirmationVerdicts,
  Duties,
  FoldReports,
  Herds,
  Retirements,
  ShareReports,
} from './topics.js'

export type { Topic }

/** One topic a pair: `market-data:SOLUSD`. */
const pairFamilies = [MarketData, MarketTicks] as unknown as readonly Topic<unknown>[]
const moatFamilies = Object.values(moatData) as unknown as readonly Topic<unknown>[]

/** What the outside may want to hear. */
const publicTopics = [
  MycelialIdeas,
  BaselineIdeas,
  SystemControl,
  TradeConfirmations,
  SynthesizedTrades,
  Fills,
  PatternLog,
  Recommendations,
  CrossMoatSignals,
] as unknown as readonly Topic<unknown>[]

/** What only the swarm's own parts say to each other. */
const innerTopics = [
  Candidates,
  Duties,
  FoldReports,
  ConfirmationVerdicts,
  ShareReports,
  ApprovalVerdicts,
  Retirements,
  Herds,
  LeadingPolicies,
  IdeaDrafts,
  Recollections,
  Marks,
] as unknown as readonly Topic<unknown>[]

const families = new Map([...pairFamilies, ...moatFamilies].map(topic => [topic.name, topic]))
const singles = new Map([...publicTopics, ...innerTopics].map(topic => [topic.name, topic]))

/** The topic of that name, or undefined where the swarm has none. */
export function topicsByName(name: string): Topic<unknown> | undefined {
  const colon = name.indexOf(':')
  return colon < 0 ? singles.get(name) : families.get(name.slice(0, colon))?.at(name.slice(colon + 1))
}

/** Names of all topics of a swarm with these pairs and streams; `inner`: with what its parts say to each other. */
export function topicNames(
  { pairs, streams }: { pairs: readonly string[]; streams: Readonly<Record<string, readonly string[]>> },
  { inner }: { inner: boolean },
): string[] {
  const perPair = pairFamilies.flatMap(family => pairs.map(pair => `${family.name}:${pair}`))
  const perStream = Object.entries(moatData).flatMap(([moat, family]) => (streams[moat] ?? []).map(s => `${family.name}:${s}`))
  const others = inner ? [...publicTopics, ...innerTopics] : publicTopics
  return [...perPair, ...perStream, ...others.map(topic => topic.name)]
}
