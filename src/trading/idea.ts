/** A trade idea: what the swarm or a technical analyst believes about one pair, and for how long. */

import { DAY_MS, MINUTE_MS, type TimeMs } from '../core/index.js'

/** 1: long, −1: short. */
export type Direction = 1 | -1
/** Where an idea comes from: the swarm or an analyst. */
export type IdeaSource = 'mycelial' | 'baseline'
/** How long a position lasts: the column `strategy_type`. `GENERIC`: an idea of no particular length. */
export type Style = 'HFT' | 'DAY' | 'SWING' | 'GENERIC'

/** The style of a position by how long it lasts: HFT below 5 minutes, day up to 24 hours, swing beyond. */
export function styleOf(holdMs: number): Style {
  if (holdMs < 5 * MINUTE_MS) return 'HFT'
  return holdMs <= DAY_MS ? 'DAY' : 'SWING'
}

/** The state of the market when an idea was made: what memory compares. Undefined indicators are null. */
export interface Features {
  readonly rsi: number | null
  readonly macd: number | null
  /** Position inside the Bollinger band: 0 lower, 1 upper. */
  readonly bollinger: number | null
  /** ATR as a share of price. */
  readonly atr: number | null
  /** Volume against its own running mean. */
  readonly volume: number | null
  /** 0 calm, 1 normal, 2 stormy. */
  readonly regime: number
  /** EMA(24) − EMA(96) of the closes, in ATRs: positive in a rising market. */
  readonly trend: number | null
}

/** What memory said of an idea before it was published. */
export interface Recall {
  /** What it multiplied the confidence by: posterior win rate ÷ prior win rate; 1 where nothing is remembered. */
  readonly factor: number
  /** Weight of similar past trades, at most 20. */
  readonly cases: number
  /** Of it, the weight of those that won. */
  readonly won: number
  /** Of both, the part of trades on patterns of the same moat; what is left is of other moats. */
  readonly sameMoatCases: number
  readonly sameMoatWon: number
  /** The most similar past trades, at most five, the nearest first. */
  readonly nearest: readonly RecalledTrade[]
}

/** A past trade that an idea is like. */
export interface RecalledTrade {
  /** The trade's id. */
  readonly id: string
  readonly win: boolean
  /** Mean squared difference over the features, each in its own scale; 0: the same. */
  readonly distance: number
}

/** A proposal to trade: pair, direction, confidence, how long it is good for, and what it rests on. */
export interface Idea {
  /** `agent:step:n`, an analyst’s `agent:step`, live with the end of its bar behind it. Unique within a run. */
  readonly id: string
  readonly source: IdeaSource
  /** The publisher's key, e.g. `PatternLearner-7`. */
  readonly agent: string
  readonly pair: string
  readonly direction: Direction
  /** In [0, 1]. */
  readonly confidence: number
  readonly decidedAt: TimeMs
  readonly expiresAt: TimeMs
  /** Bars from the decision to the end of the position, at most. */
  readonly horizonBars: number
  readonly barMs: number
  readonly style: Style
  /** The canonical name of the pattern behind it, if any. */
  readonly pattern: string | null
  /** Distinct moats behind it. */
  readonly moats: readonly string[]
  /** Expected gross return over the horizon, as the publisher sees it; null where it claims none. */
  readonly prediction: number | null
  readonly features: Features
  /** What memory said of it; undefined where it was not consulted. */
  readonly recall?: Recall | undefined
}

/** The reason why an idea may not be published, as its publisher must be broken; undefined for a sound idea. */
export function ideaProblem(idea: Idea): string | undefined {
  if (!(idea.confidence >= 0 && idea.confidence <= 1)) return `confidence ${idea.confidence}`
  if (idea.direction !== 1 && idea.direction !== -1) return `direction ${String(idea.direction)}`
  if (!(idea.expiresAt >= idea.decidedAt)) return `times ${idea.decidedAt} to ${idea.expiresAt}`
  if (!(idea.horizonBars >= 1)) return `horizon ${idea.horizonBars}`
  if (idea.prediction !== null && !Number.isFinite(idea.prediction)) return `prediction ${idea.prediction}`
  return undefined
}

/** What an idea decided, in order. Its features are left out, because they are a reading of the market. */
export function ideaFact(i: Idea): unknown {
  return [
    i.id,
    i.agent,
    i.pair,
    i.direction,
    i.confidence,
    i.decidedAt,
    i.expiresAt,
    i.horizonBars,
    i.style,
    i.pattern,
    i.moats,
    i.prediction,
  ]
}
