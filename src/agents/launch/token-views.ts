/** What the trade-agent fetches of each token: a snapshot for decisions, and the features that its model learns from. */

import type { TimeMs } from '../../core/index.js'
import { phaseOf, progressOf } from '../../exchange/index.js'
import { riskFeatureNames, riskScore } from '../../trading/index.js'
import type { TokenData } from '../decision/user-graph.js'
import { featuresOf } from './scoring.js'
import { creatorShare, flowOf, type LaunchToken } from './token.js'

/** A token as it was fetched. */
export interface TokenView {
  readonly pair: string
  readonly fetchedAt: TimeMs
  readonly launchedAt: TimeMs
  readonly seen: Pick<TokenData, 'phase' | 'progress' | 'buyers' | 'reputation' | 'creatorShare' | 'multiLaunch' | 'dormant'>
  /** What the model learns from. */
  readonly features: readonly number[]
  readonly riskScore: number
}

/** Lamports of inflow at which that feature is one half. */
const HALF_FLOW = 2e9

/** How many features a view has: those of the risk, and five more. */
export const viewFeatures = riskFeatureNames.length + 5

export function viewOf(token: LaunchToken, time: TimeMs): TokenView {
  const risk = featuresOf(token, time)
  const flow = flowOf(token, time)
  const { curve, reputation, buyers, creatorBought, launchBuyers, multiLaunch, dormant } = token
  const progress = progressOf(curve)
  return {
    pair: token.pair,
    fetchedAt: time,
    launchedAt: token.launchedAt,
    seen: { phase: phaseOf(curve), progress, buyers, reputation, creatorShare: creatorShare(token), multiLaunch, dormant },
    features: viewFrom(
      riskFeatureNames.map(name => risk[name]),
      { creatorBought: creatorBought / curve.terms.supplyTokens, launchBuyers, progress, flow, buyers },
    ),
    riskScore: riskScore(risk),
  }
}

/** What a view has beside the features of the risk. */
export interface CurveSignals {
  /** Share of all tokens. */
  readonly creatorBought: number
  readonly launchBuyers: number
  readonly progress: number
  readonly flow: number
  readonly buyers: number
}

/** The features that the model learns from, each from 0 to 1, the flow from −1. */
export function viewFrom(risk: readonly number[], signals: CurveSignals): number[] {
  const { creatorBought, launchBuyers, progress, flow, buyers } = signals
  const shares = [creatorBought, launchBuyers / (1 + launchBuyers), progress, flow / (Math.abs(flow) + HALF_FLOW)]
  return [...risk, ...shares, buyers / (buyers + 20)]
}

/** Minutes whose mood the made news report. */
const NEWS_MINUTES = 5

/** The news of a token: what was said of it in its last minutes, −1 to 1. */
export function moodOfNews({ minutes }: LaunchToken): number {
  const ended = minutes.slice(0, -1).slice(-NEWS_MINUTES)
  return ended.length === 0 ? 0 : ended.reduce((sum, { mood }) => sum + mood, 0) / ended.length
}

/** How often a token was named in its last minute that is over; null in its first one. */
export function mentionsOfLast({ minutes }: LaunchToken): number | null {
  return minutes.at(-2)?.mentions ?? null
}
