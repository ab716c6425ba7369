/** Every topic of the swarm that an agent outside discovery speaks on; the same names in memory and on Redis. */

import { shapes, Topics, topic } from '../bus/index.js'
import { type Bar, type MarketTrade, type Moat, type MoatSignal, moats } from '../market/index.js'
import { type Idea, ideaFact, ideaProblem } from './idea.js'
import type { PatternRow } from './pattern.js'
import {
  barFields,
  fillFields,
  haltFields,
  ideaFields,
  moatSignalFields,
  patternFields,
  price,
  time,
  tradeFields,
} from './topic-shapes.js'
import type { BookName, Fill, Halt, Trade } from './trade.js'

const { boolean, known, listOf, nullable, number, oneOf, record, text } = shapes

/** The topics of the swarm, each registered once; those of discovery join them in `agents/topics.ts`. */
export const swarmTopics = new Topics()

export const MarketData = swarmTopics.add<Bar>('market-data', { scope: { per: 'pair', of: 'pairs' }, shape: barFields })
export const MarketTicks = swarmTopics.add<MarketTrade>('market-ticks', {
  scope: { per: 'pair', of: 'pairs' },
  shape: { pair: known('pair'), time, price, volume: number({ min: 0 }) },
})

const moatTopic = (name: string, moat: Moat) =>
  swarmTopics.add<MoatSignal>(name, { scope: { per: 'stream', of: moat }, shape: moatSignalFields })

export const moatData = {
  code: moatTopic('repo-data', 'code'),
  logistics: moatTopic('logistics-data', 'logistics'),
  government: moatTopic('govt-data', 'government'),
  corporations: moatTopic('corp-data', 'corporations'),
} as const satisfies Readonly<Record<Moat, unknown>>

export const MycelialIdeas = swarmTopics.add<Idea>('mycelial-trade-ideas', {
  scope: 'public',
  shape: ideaFields,
  fact: ideaFact,
  check: ideaProblem,
})
export const BaselineIdeas = swarmTopics.add<Idea>('baseline-trade-ideas', {
  scope: 'public',
  shape: ideaFields,
  fact: ideaFact,
  check: ideaProblem,
})

/** An operator's or the guardian's order to all: halts, resumptions, emergency shutdown. */
export const SystemControl = swarmTopics.add<Halt>('system-control', { scope: 'public', shape: haltFields, fact: true })
export const TradeConfirmations = swarmTopics.add<Trade>('trade-confirmations', {
  scope: 'public',
  shape: tradeFields,
  fact: true,
})
export const SynthesizedTrades = swarmTopics.add<Trade>('synthesized-trade-log', {
  scope: 'public',
  shape: tradeFields,
  fact: true,
})
export const Fills = swarmTopics.add<Fill>('fills', { scope: 'public', shape: fillFields, fact: true })
/** Status changes of patterns: the verdicts. */
export const PatternLog = swarmTopics.add<PatternRow>('pattern-verdicts', { scope: 'public', shape: patternFields, fact: true })

/** A moat's product: one standardised transform of one stream, published by a non-finance learner. */
export interface CrossMoatSignal {
  readonly moat: Moat
  /** `moat:stream`, as in a key's name. */
  readonly driver: string
  readonly transform: string
  readonly time: number
  /** Standardised with what was known before, clipped to ±4. */
  readonly z: number
  readonly placebo: boolean
}
export const CrossMoatSignals = swarmTopics.add<CrossMoatSignal>('cross-moat-signals', {
  scope: 'public',
  shape: { moat: oneOf(moats), driver: text, transform: text, time, z: number({ min: -4, max: 4 }), placebo: boolean },
})

/** A finance learner's leading policy, published when it changes; null: none. */
export interface PolicyChange {
  readonly learner: string
  /** `driver|target|sign`. */
  readonly policy: string | null
}
export const LeadingPolicies = swarmTopics.add<PolicyChange>('leading-policies', {
  scope: 'inner',
  shape: { learner: known('learner'), policy: nullable(text) },
})

/** What an explorer would trade now, best first. */
export interface Recommendation {
  readonly explorer: string
  readonly team: Team
  readonly pairs: readonly string[]
  /** The team's horizon is shorter than a bar: it trades at one bar. */
  readonly coarse: boolean
}

export const teams = ['HFT', 'DAY', 'SWING'] as const
export type Team = (typeof teams)[number]

export const Recommendations = swarmTopics.add<Recommendation>('recommendations', {
  scope: 'public',
  shape: { explorer: text, team: oneOf(teams), pairs: listOf(known('pair')), coarse: boolean },
})

/** The books' equity at the end of a step, for the guardian; NaN where it cannot be computed. */
export interface BookMarks {
  readonly time: number
  readonly step: number
  readonly equityE6: Readonly<Record<BookName, number>>
}
const equity = number({ whole: true, any: true })
export const Marks = swarmTopics.add<BookMarks>('book-marks', {
  scope: 'inner',
  shape: {
    time,
    step: number({ min: 0, whole: true }),
    equityE6: record<BookMarks['equityE6']>({ baseline: equity, mycelial: equity, synthesized: equity }),
  },
})

/** An idea on its way: memory is asked before it is published. */
export const IdeaDrafts = swarmTopics.add<Idea>('idea-drafts', { scope: 'inner', shape: ideaFields, check: ideaProblem })

/** What memory says of a draft: the idea itself and the factor its confidence takes. */
export interface Recollection {
  readonly idea: Idea
  /** Posterior win rate ÷ prior win rate; 1 where nothing is remembered. */
  readonly factor: number
  /** Weight of similar cases, at most 20. */
  readonly cases: number
}
export const Recollections = swarmTopics.add<Recollection>('recollections', {
  scope: 'inner',
  shape: { idea: record<Idea>(ideaFields), factor: number({ min: 0 }), cases: number({ min: 0 }) },
})

/** The patterns a mycelial idea was made of, the strongest first; recorded before the idea is published. */
export interface IdeaPatterns {
  readonly ideaId: string
  readonly patterns: readonly string[]
}
export const IdeaPatternLinks = topic<IdeaPatterns>('idea-patterns', { record: true })
