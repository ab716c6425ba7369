/** The topics of the launch world: launches, trades, graduations, and scores with what came of them. */

import { topic } from '../../bus/index.js'
import type { TimeMs } from '../../core/index.js'
import type { Lamports, Phase, TokenUnits } from '../../exchange/index.js'
import type { RiskFeatures } from '../../trading/index.js'
import type { TradeDecision } from '../decision/user-graph.js'
import type { Consent } from './consent.js'
import type { LaunchKind } from './kinds.js'
import type { ModelArtifact } from './model-artifact.js'
import type { Review } from './review.js'

export interface Launch {
  readonly pair: string
  readonly creator: string
  readonly time: TimeMs
  readonly multiLaunch: boolean
  readonly dormant: boolean
}
/** Every launch, at the slot in which it happens. */
export const Launches = topic<Launch>('launches', { fact: true })

export interface LaunchTrade {
  readonly time: TimeMs
  readonly pair: string
  readonly account: string
  readonly side: 'buy' | 'sell'
  readonly tokens: TokenUnits
  readonly lamports: Lamports
  readonly fee: Lamports
  /** Lamports for a base unit, after the trade. */
  readonly price: number
  readonly phase: Phase
}
/** Every trade, a member a trader: `LaunchTrades.at('Whale-3')`. */
export const LaunchTrades = topic<LaunchTrade>('launch-trades', { fact: true })

export interface Graduation {
  readonly time: TimeMs
  readonly pair: string
  readonly raised: Lamports
}
/** Curves that have sold their last token. */
export const Graduations = topic<Graduation>('graduations', { fact: true })

/** What could be seen of a token at one age, and what came of it. */
export interface TokenScore {
  readonly pair: string
  readonly time: TimeMs
  readonly ageMs: number
  readonly phase: Phase
  readonly features: RiskFeatures
  readonly score: number
  /** Share of all tokens that the creator bought at the launch and later. */
  readonly creatorBought: number
  /** Accounts that bought in the slot of the launch. */
  readonly launchBuyers: number
  readonly price: number
  /** Lowest price within the horizon, as a share of `price`. */
  readonly lowest: number
  readonly collapsed: boolean
  /** The truth, for whoever judges scores; no trader sees this row. */
  readonly kind: LaunchKind
}
/** A score whose horizon is not over. */
export interface OpenScore extends Omit<TokenScore, 'lowest' | 'collapsed'> {
  lowestPrice: number
}
/** Every score once its horizon is over, for the record. */
export const TokenScores = topic<TokenScore>('token-scores', { record: true })

/** A purchase or sale of a user. */
export interface UserTrade {
  readonly user: string
  readonly pair: string
  readonly action: 'buy' | 'sell'
  readonly tokens: TokenUnits
  /** Paid with the fee, or received without it. */
  readonly lamports: Lamports
  readonly time: TimeMs
  /** Of a sale: what it gained; of a purchase null. */
  readonly pnl: Lamports | null
  readonly slippage: Lamports
  readonly heldMs: number | null
  /** What was known at the entry. */
  readonly risk: number
  readonly confidence: number
  /** The decision of the entry, and why a position was left. */
  readonly decision: string
  readonly reason: string
}
/** Every trade of every user. */
export const UserTrades = topic<UserTrade>('user-trades', { fact: true })

/** One decision for one user and one token that reached the gate. */
export interface UserDecision {
  /** `cycle:user:pair`, unique in a run. */
  readonly id: string
  readonly time: TimeMs
  readonly user: string
  readonly pair: string
  /** SHA-256 of the inputs. */
  readonly inputsDigest: string
  readonly inputs: string
  /** How old what was fetched and what was written was, ms. */
  readonly sources: string
  /** What each node wrote, and its reasons. */
  readonly nodes: string
  readonly outcome: string
  readonly reasons: string
}
/** Every decision that reached the gate, for the record. */
export const UserDecisions = topic<UserDecision>('user-decisions', { record: true })

/** Something for a reviewer, when it begins to wait and when it ends. */
export interface Reviewed extends Review {
  readonly status: 'waiting' | 'approved' | 'refused' | 'expired'
}
/** The review queue, for the record. */
export const Reviewed = topic<Reviewed>('reviewed', { record: true })

/** A version of the model of gains, when it begins in the shadow and when that ends. */
export interface ModelVersion extends ModelArtifact {
  readonly time: TimeMs
  readonly status: 'shadow' | 'promoted' | 'rejected'
  /** Cycles that were compared, and what the challenger gained more in a cycle, in entries; null while it is in the shadow. */
  readonly cycles: number
  readonly meanDifference: number | null
}
/** Every version, for the record. */
export const ModelVersions = topic<ModelVersion>('model-versions', { record: true })

/** Something that an operator should know. */
export interface TradeAlert {
  readonly time: TimeMs
  readonly cycle: number
  /** `staleNews`, `breaker` or `paused`. */
  readonly code: string
  readonly about: string
}
/** Alerts of the trade-agent, for the record. */
export const TradeAlerts = topic<TradeAlert>('trade-alerts', { record: true })

/** What a user has agreed to. */
export interface ConsentGiven extends Consent {
  readonly user: string
}
/** Every consent, at the first fetch, for the record. */
export const Consents = topic<ConsentGiven>('consents', { record: true })

/** How many decisions of a cycle ended before the gate, for one reason. */
export interface SkipCount {
  readonly time: TimeMs
  readonly cycle: number
  readonly reason: string
  readonly count: number
}
/** What was decided against, counted by its first reason, for the record. */
export const Skips = topic<SkipCount>('skips', { record: true })

/** Of one user and one token, when it was decided. */
export interface JudgedFeatures {
  readonly user: string
  /** How the bot of the user is set. */
  readonly profile: string
  readonly baseSize: Lamports
  readonly minConfidence: number
  /** Share of what the user has that lies in tokens, and what was lost or gained so far, as a share of the stake. */
  readonly exposure: number
  readonly profit: number
  /** Change of the price over the last five minutes, and what flows in. */
  readonly momentum: number
  readonly flow: Lamports
  /** Of the curve. */
  readonly progress: number
  readonly phase: string
  readonly mentions: number | null
  readonly multiLaunch: boolean | null
  readonly dormant: boolean | null
  readonly risk: number
  /** What the graph decided, and its first reason. */
  readonly action: TradeDecision['action']
  readonly reason: string
}

/** A row of the table: the features, and what came. */
export interface MaturedDecision extends JudgedFeatures {
  readonly time: TimeMs
  readonly due: TimeMs
  readonly pair: string
  readonly modelVote: number
  readonly newsVote: number
  readonly score: number
  readonly confidence: number
  /** What a purchase would have brought after both fees, as a share of what it cost. */
  readonly gain: number
}

/** Decisions of which is known what came of them, for the record. */
export const MaturedDecisions = topic<MaturedDecision>('matured-decisions', { record: true })
