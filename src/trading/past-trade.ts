/** Finished trades to learn from: their features as numbers, and how the outcomes of similar ones change a confidence. */

import { math, type TimeMs } from '../core/index.js'
import type { Direction, Features } from './idea.js'
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
export function pastTradeOf(trade: Trade): PastTrade {
  return { id: trade.tradeId, agent: trade.agent, closedAt: trade.exitTime, win: trade.pnlE6 > 0, vector: tradeVector(trade) }
}

/** A query to the store. It is plain data, because another process may answer it later. */
export interface PastTradeQuery {
  readonly vector: TradeVector
  /** Most neighbours; default 20. */
  readonly k?: number
  /** Only past trades closed before this instant. */
  readonly before: TimeMs
  /** Only this agent's own past trades. */
  readonly agent?: string
}

/** The record of the nearest past trades: weights of wins and losses (a neighbour weighs at most 1). */
export interface NeighbourOutcomes {
  readonly wins: number
  readonly losses: number
  readonly neighbours: number
}

export const noNeighbours: NeighbourOutcomes = { wins: 0, losses: 0, neighbours: 0 }

/** A store of past trades: exact and in-process here, a vector database elsewhere. One conformance suite tests all. */
export interface PastTradeStore {
  /** Adds a past trade; false where its id is known already. */
  add(item: PastTrade): boolean
  query(question: PastTradeQuery): NeighbourOutcomes
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

/**
 * The factor for a confidence: the posterior mean of Beta(10 + wins, 10 + losses) over the prior's ½. Within
 * [½, 1½] for 20 neighbours; exactly 1 where nothing is known.
 */
export function confidenceFactor({ wins, losses }: NeighbourOutcomes): number {
  return (2 * (WIN_RATE_PRIOR + wins)) / (2 * WIN_RATE_PRIOR + wins + losses)
}
