/** Every topic on which an agent outside discovery publishes. The names are the same in memory and on Redis. */

import { shapes, Topics, topic } from '../bus/index.js'
import type { TimeMs } from '../core/index.js'
import type { TradingRules } from '../exchange/index.js'
import { type Bar, type MarketTrade, type MoatSignal, type OutsideMoat, outsideMoats } from '../market/index.js'
import type { Decision } from './decision-table.js'
import { type Idea, ideaFact, ideaProblem, type Recall } from './idea.js'
import type { OrderEnd } from './order-table.js'
import type { PatternRow } from './pattern.js'
import {
  barFields,
  fillFields,
  haltFields,
  ideaFields,
  moatSignalFields,
  patternFields,
  recallFields,
  rulesFields,
  step,
  tickFields,
  time,
  tradeFields,
} from './topic-shapes.js'
import { type Fill, type Halt, haltFact, type PortfolioName, type Trade } from './trade.js'

const { boolean, known, listOf, nullable, number, oneOf, record, text } = shapes

/** The topics of the swarm, each registered once; those of discovery join them in `agents/topics.ts`. */
export const swarmTopics = new Topics()

/** Closed bars, a member a pair: `MarketData.at('SOLUSD')`. */
export const MarketData = swarmTopics.add<Bar>('market-data', { scope: { per: 'pair', of: 'pairs' }, shape: barFields })
/**
 * Closed bars as the source has corrected them since, a member a pair; live only. A revision repairs what is shown of the past (the table
 * `revisions`, a report's prices). Nothing is decided, ordered, filled, marked or observed by it: that was done once, on the bar as it stood.
 */
export const MarketRevisions = swarmTopics.add<Bar>('market-revisions', {
  scope: { per: 'pair', of: 'pairs' },
  shape: barFields,
})
/** Single trades of the market, a member a pair; live only. */
export const MarketTicks = swarmTopics.add<MarketTrade>('market-ticks', {
  scope: { per: 'pair', of: 'pairs' },
  shape: tickFields,
})
/** Single trades that their pair's guard does not believe yet, a member a pair; live only. A position that an operator closes may leave at one. */
export const DoubtedTicks = swarmTopics.add<MarketTrade>('doubted-ticks', {
  scope: { per: 'pair', of: 'pairs' },
  shape: tickFields,
})

/** What holds in a pair besides its market; the newest takes the place of the one before. */
export interface PairTerms {
  readonly pair: string
  /** What the exchange demands of orders; null: it has said nothing else than the table of instruments. */
  readonly rules: TradingRules | null
  /** Since when the clock by which the pair's bars end is more than a bar away from the exchange's; null: it is not. */
  readonly clockOffSince: TimeMs | null
}
/** The terms of each pair, once the exchange has said any, and again with every bar; live only. */
export const ExchangeTerms = swarmTopics.add<PairTerms>('exchange-terms', {
  scope: { per: 'pair', of: 'pairs' },
  shape: { pair: known('pair'), rules: nullable(record<TradingRules>(rulesFields)), clockOffSince: nullable(time) },
})

/** Bars of a pair from before its first live one. */
export interface PairHistory {
  readonly pair: string
  /** When it is observed. */
  readonly time: TimeMs
  /** The oldest first. */
  readonly bars: readonly Bar[]
}
/** Histories that could not be had at the start, each before the pair's first live bar; live only. Nobody decides on them. */
export const MarketHistories = swarmTopics.add<PairHistory>('market-histories', {
  scope: { per: 'pair', of: 'pairs' },
  shape: { pair: known('pair'), time: known('recent time'), bars: listOf(record<Bar>(barFields)) },
})

const moatTopic = (name: string, moat: OutsideMoat) =>
  swarmTopics.add<MoatSignal<OutsideMoat>>(name, { scope: { per: 'stream', of: moat }, shape: moatSignalFields(moat) })

/** A topic of signals for each moat. */
export const moatData = {
  code: moatTopic('repo-data', 'code'),
  logistics: moatTopic('logistics-data', 'logistics'),
  government: moatTopic('govt-data', 'government'),
  corporations: moatTopic('corp-data', 'corporations'),
  network: moatTopic('network-data', 'network'),
} as const satisfies Readonly<Record<OutsideMoat, unknown>>

/** Ideas of the swarm, after memory has been asked. */
export const MycelialIdeas = swarmTopics.add<Idea>('mycelial-trade-ideas', {
  scope: 'public',
  shape: ideaFields,
  fact: ideaFact,
  check: ideaProblem,
})
/** Ideas of the analysts; the baseline trades them. */
export const BaselineIdeas = swarmTopics.add<Idea>('baseline-trade-ideas', {
  scope: 'public',
  shape: ideaFields,
  fact: ideaFact,
  check: ideaProblem,
})

/** Locks that begin or end: of the operator, the risk manager (emergency shutdown), and the portfolios' gates. */
export const SystemControl = swarmTopics.add<Halt>('system-control', { scope: 'public', shape: haltFields, fact: haltFact })
/** Every closed trade of every portfolio. */
export const TradeConfirmations = swarmTopics.add<Trade>('trade-confirmations', {
  scope: 'public',
  shape: tradeFields,
  fact: true,
})
/** Closed trades of the portfolio that combines baseline and swarm, once more. */
export const SynthesizedTrades = swarmTopics.add<Trade>('synthesized-trade-log', {
  scope: 'public',
  shape: tradeFields,
  fact: true,
})
/** Every fill of every portfolio. */
export const Fills = swarmTopics.add<Fill>('fills', { scope: 'public', shape: fillFields, fact: true })
/** Status changes of patterns: the verdicts. */
export const PatternLog = swarmTopics.add<PatternRow>('pattern-verdicts', { scope: 'public', shape: patternFields, fact: true })

/** A moat's product: one standardised transform of one stream, published by a non-finance learner. */
export interface CrossMoatSignal {
  readonly moat: OutsideMoat
  /** `moat:stream`, as in a hypothesis's name. */
  readonly driver: string
  readonly transform: string
  readonly time: number
  /** Standardised with what was known before, clipped to ±4. */
  readonly z: number
  readonly placebo: boolean
}
/** The products of the learners of moats: what finance learners may draw on. */
export const CrossMoatSignals = swarmTopics.add<CrossMoatSignal>('cross-moat-signals', {
  scope: 'public',
  shape: { moat: oneOf(outsideMoats), driver: text, transform: text, time, z: number({ min: -4, max: 4 }), placebo: boolean },
})

/** A finance learner's leading policy, published when it changes; null: none. */
export interface PolicyChange {
  readonly learner: string
  /** `driver|target|sign`. */
  readonly policy: string | null
}
/** Changes of the leading policy of each finance learner. */
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

/** The explorers’ teams, from the shortest horizon to the longest. */
export const teams = ['HFT', 'DAY', 'SWING'] as const
/** The name of a team of explorers. */
export type Team = (typeof teams)[number]

/** What each explorer would trade now, best first. */
export const Recommendations = swarmTopics.add<Recommendation>('recommendations', {
  scope: 'public',
  shape: { explorer: known('agent'), team: oneOf(teams), pairs: listOf(known('pair')), coarse: boolean },
})

/** The portfolios' equity at the end of a step, for the risk manager. NaN where it cannot be computed. */
export interface PortfolioMarks {
  readonly time: number
  readonly step: number
  readonly equityE6: Readonly<Record<PortfolioName, number>>
}
const equity = number({ whole: true, any: true })
/** The value of every portfolio at the end of a step. */
export const Marks = swarmTopics.add<PortfolioMarks>('book-marks', {
  scope: 'inner',
  shape: {
    time,
    step,
    equityE6: record<PortfolioMarks['equityE6']>({ baseline: equity, mycelial: equity, synthesized: equity }),
  },
})

/** An idea on its way: memory is asked before it is published. */
export const IdeaDrafts = swarmTopics.add<Idea>('idea-drafts', { scope: 'inner', shape: ideaFields, check: ideaProblem })

/** What memory says of a draft: the idea itself and the factor its confidence takes. */
export interface Recollection extends Recall {
  readonly idea: Idea
}
export const Recollections = swarmTopics.add<Recollection>('recollections', {
  scope: 'inner',
  shape: { idea: record<Idea>(ideaFields), ...recallFields },
})

/** The patterns a mycelial idea was made of, the strongest first; recorded before the idea is published. */
export interface IdeaPatterns {
  readonly ideaId: string
  readonly patterns: readonly string[]
}
export const IdeaPatternLinks = topic<IdeaPatterns>('idea-patterns', { record: true })

/** Every decision of every portfolio, for the record. */
export const Decisions = topic<Decision>('decisions', { record: true })

/** How every order of every portfolio ended, for the record. */
export const OrderEnds = topic<OrderEnd>('order-ends', { record: true })
