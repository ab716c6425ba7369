/** What was known of a decision and what came of it, as one row: what models of other makes are trained on. */

import type { TimeMs } from '../../core/index.js'
import { type Lamports, spotPrice } from '../../exchange/index.js'
import type { TradeDecision } from '../decision/user-graph.js'
import { flowOf, type LaunchToken } from './token.js'
import type { User } from './user.js'

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

/** Minutes over which the momentum is measured. */
const MOMENTUM_MINUTES = 5

export function userFeatures(user: User): Pick<JudgedFeatures, 'user' | 'profile' | 'baseSize' | 'exposure' | 'profit'> {
  let held = 0
  for (const { token } of user.positions.values()) held += spotPrice(token.curve) * user.holds(token)
  const { key, profile, baseSize, lamports, stake, profit } = user
  return { user: key, profile, baseSize, exposure: held / Math.max(1, held + lamports), profit: profit / Math.max(1, stake) }
}

export function momentumOf({ minutes, curve }: LaunchToken): number {
  const before = minutes.at(-1 - MOMENTUM_MINUTES)?.close ?? minutes[0]?.close
  return before === undefined ? 0 : spotPrice(curve) / before - 1
}

export function flowNow(token: LaunchToken, time: TimeMs): Lamports {
  return Math.round(flowOf(token, time))
}
