/** Every topic of the swarm by name; the same in memory and on Redis. */

import { topic } from '../bus/index.js'
import type { Bar, MarketTrade, Moat, MoatSignal } from '../market/index.js'
import { type Idea, ideaFact, ideaProblem } from './idea.js'
import type { PatternRow } from './pattern.js'
import type { BookName, Fill, Halt, Trade } from './trade.js'

export const MarketData = topic<Bar>('market-data')
export const MarketTicks = topic<MarketTrade>('market-ticks')

export const moatData: Readonly<Record<Moat, ReturnType<typeof topic<MoatSignal>>>> = {
  code: topic<MoatSignal>('repo-data'),
  logistics: topic<MoatSignal>('logistics-data'),
  government: topic<MoatSignal>('govt-data'),
  corporations: topic<MoatSignal>('corp-data'),
}

export const MycelialIdeas = topic<Idea>('mycelial-trade-ideas', { fact: ideaFact, check: ideaProblem })
export const BaselineIdeas = topic<Idea>('baseline-trade-ideas', { fact: ideaFact, check: ideaProblem })

/** An operator's or the guardian's order to all: halts, resumptions, emergency shutdown. */
export const SystemControl = topic<Halt>('system-control', { fact: true })
export const TradeConfirmations = topic<Trade>('trade-confirmations', { fact: true })
export const SynthesizedTrades = topic<Trade>('synthesized-trade-log', { fact: true })
export const Fills = topic<Fill>('fills', { fact: true })
/** Status changes of patterns: the verdicts. */
export const PatternLog = topic<PatternRow>('pattern-verdicts', { fact: true })

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
export const CrossMoatSignals = topic<CrossMoatSignal>('cross-moat-signals')

/** A finance learner's leading policy, published when it changes; null: none. */
export interface PolicyChange {
  readonly learner: string
  /** `driver|target|sign`. */
  readonly policy: string | null
}
export const LeadingPolicies = topic<PolicyChange>('leading-policies')

/** What an explorer would trade now, best first. */
export interface Recommendation {
  readonly explorer: string
  readonly team: Team
  readonly pairs: readonly string[]
  /** The team's horizon is shorter than a bar: it trades at one bar. */
  readonly coarse: boolean
}
export const Recommendations = topic<Recommendation>('recommendations')

export const teams = ['HFT', 'DAY', 'SWING'] as const
export type Team = (typeof teams)[number]

/** The books' equity at the end of a step, for the guardian; NaN where it cannot be computed. */
export interface BookMarks {
  readonly time: number
  readonly step: number
  readonly equityE6: Readonly<Record<BookName, number>>
}
export const Marks = topic<BookMarks>('book-marks')

/** An idea on its way: memory is asked before it is published. */
export const IdeaDrafts = topic<Idea>('idea-drafts', { check: ideaProblem })

/** What memory says of a draft: the idea itself and the factor its confidence takes. */
export interface Recollection {
  readonly idea: Idea
  /** Posterior win rate ÷ prior win rate; 1 where nothing is remembered. */
  readonly factor: number
  /** Weight of similar cases, at most 20. */
  readonly cases: number
}
export const Recollections = topic<Recollection>('recollections')
