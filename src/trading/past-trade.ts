/** Finished trades to learn from: their features as numbers, and how the outcomes of similar ones change a confidence. */

import { math, type TimeMs } from '../core/index.js'
import type { Direction, Features, Recall } from './idea.js'
import type { Trade } from './trade.js'

/** The collections of memory: wins, losses, and every past trade under the agent that made it. */
export const pastTradeCollections = ['trading_patterns', 'failed_patterns', 'agent_knowledge'] as const
export type PastTradeCollection = (typeof pastTradeCollections)[number]

/**
 * The features by which past trades are compared. NaN means unknown, and adds no difference. What has a sign counts in the direction
 * of the trade, because what helps a long is what would harm a short.
 */
export const pastTradeFeatureNames = [
  'rsi',
  'macd',
  'bollinger',
  'atr',
  'volume',
  'regime',
  'prediction',
  'crossMoat',
  'direction',
  'trend',
] as const
export type TradeVector = Float64Array

export interface PastTrade {
  /** The trade's id. A trade added twice is one past trade. */
  readonly id: string
  readonly agent: string
  readonly closedAt: TimeMs
  readonly win: boolean
  /** The moat of the strongest pattern behind it; null: no pattern was. */
  readonly moat: string | null
  readonly vector: TradeVector
}

/** The part of an idea or a trade that is compared. */
export interface TradeContext {
  readonly features: Features
  readonly direction: Direction
  readonly prediction: number | null
  readonly crossMoatScore: number
}

/**
 * The features as numbers: RSI, MACD, band position, prediction and trend in the direction of the trade, around their neutral
 * value; ATR and volume as logarithms, since they are ratios. The trend saturates at one ATR: with it, against it, or none.
 */
export function tradeVector({ features, direction, prediction, crossMoatScore }: TradeContext): TradeVector {
  return Float64Array.of(
    direction * ((features.rsi ?? Number.NaN) - 50),
    direction * (features.macd ?? Number.NaN),
    direction * ((features.bollinger ?? Number.NaN) - 0.5),
    math.log(features.atr ?? Number.NaN),
    math.log1p(features.volume ?? Number.NaN),
    features.regime,
    direction * (prediction ?? Number.NaN),
    crossMoatScore,
    direction,
    direction * Math.max(-1, Math.min(1, features.trend ?? Number.NaN)),
  )
}

/** An idea's confidence after memory was asked. */
export function recalledConfidence(confidence: number, factor: number): number {
  return Math.min(1, confidence * factor)
}

/** The past trade a finished trade becomes. It is a win if its P&L after all costs is positive. */
export function pastTradeOf(trade: FinishedTrade): PastTrade {
  const { tradeId: id, agent, exitTime: closedAt, pnlE6, pattern } = trade
  return { id, agent, closedAt, win: pnlE6 > 0, moat: moatOfPattern(pattern), vector: tradeVector(trade) }
}

/** What memory reads of a finished trade; a row of the ledger has all of it. */
export type FinishedTrade = TradeContext & Pick<Trade, 'tradeId' | 'agent' | 'exitTime' | 'pnlE6' | 'pattern'>

/** A finished trade as a store outside the process keeps it: what is compared, and what a person wants to see of it. */
export type RememberedTrade = FinishedTrade & Pick<Trade, 'pair' | 'entryNotionalE6'>

/** The moat whose stream drives a pattern: its name begins with `moat:`. */
export function moatOfPattern(pattern: string | null): string | null {
  return pattern === null ? null : pattern.slice(0, pattern.indexOf(':'))
}

/** A question to a store. It is plain data, because another process may answer it. */
export interface PastTradeQuery {
  readonly vector: TradeVector
  /** Most neighbours; default and at most 20. */
  readonly k?: number
  /** Only past trades closed before this instant. */
  readonly before: TimeMs
  /** Only this agent's own past trades. */
  readonly agent?: string
}

/** A past trade near a question. */
export interface Neighbour {
  readonly id: string
  readonly win: boolean
  readonly moat: string | null
  /** Mean squared difference over the features, each in its own scale; 0: the same. */
  readonly distance: number
}

/** A store of past trades: exact and in-process here, a vector database elsewhere. One conformance suite tests all. */
export interface PastTradeStore {
  /** Adds a past trade; false where its id is known already. */
  add(item: PastTrade): boolean
  /** The nearest past trades, the nearest first. */
  query(question: PastTradeQuery): Neighbour[]
  /** Past trades held, altogether or in one collection. */
  size(collection?: PastTradeCollection): number
  /** Plain state, and back. */
  save(): unknown
  restore(state: unknown): void
}

/** Strength of the prior: Beta(10, 10), ten wins and ten losses seen before the first past trade. */
export const WIN_RATE_PRIOR = 10

/** Neighbours asked for at most, and so the most weight that experience can have against the prior. */
export const MAX_NEIGHBOURS = 20

/** Neighbours that an answer names. */
export const neighboursNamed = 5

/** What the nearest past trades say of an idea whose strongest pattern is of this moat. A neighbour weighs 1 / (1 + its distance). */
export function recallOf(neighbours: readonly Neighbour[], moat: string | null): Recall {
  let [cases, won, sameMoatCases, sameMoatWon] = [0, 0, 0, 0]
  for (const { win, distance, moat: its } of neighbours) {
    const weight = 1 / (1 + distance)
    cases += weight
    if (win) won += weight
    if (its !== moat) continue
    sameMoatCases += weight
    if (win) sameMoatWon += weight
  }
  const nearest = neighbours.slice(0, neighboursNamed).map(({ id, win, distance }) => ({ id, win, distance }))
  return { factor: confidenceFactor(won, cases), cases, won, sameMoatCases, sameMoatWon, nearest }
}

/** What an idea that nothing is remembered for is told. */
export const nothingRecalled: Recall = recallOf([], null)

/**
 * The factor for a confidence: the posterior mean of Beta(10 + wins, 10 + losses) over the prior's ½. Within
 * [½, 1½] for 20 neighbours; exactly 1 where nothing is known.
 */
export function confidenceFactor(won: number, cases: number): number {
  return (2 * (WIN_RATE_PRIOR + won)) / (2 * WIN_RATE_PRIOR + cases)
}
