/** What the trade-agent fetches of each token: a snapshot for decisions, and the features that its model learns from. */

import { math, type TimeMs } from '../../core/index.js'
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

/** Minutes over which a trend is measured, and the return in them that counts one half. */
const [TREND_MINUTES, HALF_TREND] = [10, 0.15] as const

/** The names of the features of a view, in their order: those of the risk, and more. */
export const viewFeatureNames: readonly string[] = [
  ...riskFeatureNames,
  'creatorBought',
  'launchBuyers',
  'progress',
  'flow',
  'buyers',
  'trend',
  'rising',
]

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
      { creatorBought: creatorBought / curve.terms.supplyTokens, launchBuyers, progress, flow, buyers, closes: closesOf(token) },
    ),
    riskScore: riskScore(risk),
  }
}

/** Closes of the minutes that are over. */
function closesOf({ minutes }: LaunchToken): number[] {
  return minutes.slice(0, -1).map(({ close }) => close)
}

/** What a view has beside the features of the risk. */
export interface CurveSignals {
  /** Share of all tokens. */
  readonly creatorBought: number
  readonly launchBuyers: number
  readonly progress: number
  readonly flow: number
  readonly buyers: number
  /** Closes of the last minutes that are over, oldest first. */
  readonly closes: readonly number[]
}

/** The features that the model learns from, each from 0 to 1, the flow from −1. */
export function viewFrom(risk: readonly number[], signals: CurveSignals): number[] {
  const { creatorBought, launchBuyers, progress, flow, buyers, closes } = signals
  const shares = [creatorBought, launchBuyers / (1 + launchBuyers), progress, flow / (Math.abs(flow) + HALF_FLOW)]
  const last = closes.slice(-TREND_MINUTES - 1)
  return [...risk, ...shares, buyers / (buyers + 20), trendOf(last), risingOf(last)]
}

/** The return over closes, −1 to 1. */
function trendOf(closes: readonly number[]): number {
  const [first, last] = [closes[0], closes.at(-1)]
  const moved = first === undefined || last === undefined ? 0 : math.log(last / first)
  return moved / (Math.abs(moved) + HALF_TREND)
}

/** The share of the last minutes in which the price rose. */
function risingOf(closes: readonly number[]): number {
  return closes.filter((close, i) => i > 0 && close > (closes[i - 1] as number)).length / TREND_MINUTES
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
