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
  readonly seen: Pick<TokenData, 'phase' | 'progress' | 'buyers' | 'reputation' | 'creatorShare'>
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
  const { curve, reputation, buyers, creatorBought, launchBuyers } = token
  const progress = progressOf(curve)
  const more = [
    creatorBought / curve.terms.supplyTokens,
    launchBuyers / (1 + launchBuyers),
    progress,
    flow / (Math.abs(flow) + HALF_FLOW),
    buyers / (buyers + 20),
    trendOf(token),
    risingOf(token),
  ]
  return {
    pair: token.pair,
    fetchedAt: time,
    launchedAt: token.launchedAt,
    seen: { phase: phaseOf(curve), progress, buyers, reputation, creatorShare: creatorShare(token) },
    features: [...riskFeatureNames.map(name => risk[name]), ...more],
    riskScore: riskScore(risk),
  }
}

/** Closes of the last minutes that are over, the first one a minute earlier. */
function lastCloses({ minutes }: LaunchToken): number[] {
  return minutes
    .slice(0, -1)
    .slice(-TREND_MINUTES - 1)
    .map(({ close }) => close)
}

/** The return of the last minutes, −1 to 1. */
function trendOf(token: LaunchToken): number {
  const closes = lastCloses(token)
  const [first, last] = [closes[0], closes.at(-1)]
  const moved = first === undefined || last === undefined ? 0 : math.log(last / first)
  return moved / (Math.abs(moved) + HALF_TREND)
}

/** The share of the last minutes in which the price rose. */
function risingOf(token: LaunchToken): number {
  const closes = lastCloses(token)
  const rose = closes.filter((close, i) => i > 0 && close > (closes[i - 1] as number)).length
  return rose / TREND_MINUTES
}

/** Minutes whose mood the made news report. */
const NEWS_MINUTES = 5

/** The news of a token: what was said of it in its last minutes, −1 to 1. */
export function moodOfNews({ minutes }: LaunchToken): number {
  const ended = minutes.slice(0, -1).slice(-NEWS_MINUTES)
  return ended.length === 0 ? 0 : ended.reduce((sum, { mood }) => sum + mood, 0) / ended.length
}
