/** What was seen of a token, as the decision graph reads it, and the features that the model learns from. */

import type { TimeMs } from '../../../core/index.js'
import { type RiskFeatures, riskFeatureNames, riskFeatures, riskScore } from '../../../trading/index.js'
import type { DecisionInputs, TokenData } from '../../decision/user-graph.js'
import { gainOf, type Learning, riskIn } from '../learning.js'
import { viewFrom } from '../token-views.js'
import type { CatalogEntry, DeskInputs, SeenToken, SeenUser } from './seen.js'

/** What is taken where nothing is known: a creator of no repute either way, and the largest holders have all. */
const UNKNOWN = { reputation: 0.5, topTen: 1 } as const

export interface DeskView {
  readonly features: readonly number[]
  readonly riskScore: number
}

export function viewOfSeen(token: SeenToken, entry: CatalogEntry | undefined, time: TimeMs): DeskView {
  const { launchedAt, volumes, closes, topTen, progress, flow, buyers, creatorShare, news } = token
  const risk: RiskFeatures = riskFeatures({
    ageMs: Math.max(0, time - launchedAt),
    volumes,
    closes,
    moods: news === null ? [] : [news.mood],
    topTen: topTen ?? UNKNOWN.topTen,
    reputation: reputationOf(token, entry),
    creatorBought: creatorShare ?? 0,
    // What a creator sold, and who bought in the slot of the launch, no public source tells.
    creatorSold: 0,
    launchBuyers: 0,
  })
  return {
    features: viewFrom(
      riskFeatureNames.map(name => risk[name]),
      { creatorBought: creatorShare ?? 0, launchBuyers: 0, progress, flow, buyers, closes },
    ),
    riskScore: riskScore(risk),
  }
}

function reputationOf({ reputation }: SeenToken, entry: CatalogEntry | undefined): number {
  return entry?.reputation ?? reputation ?? UNKNOWN.reputation
}

/** The fields of the graph. */
export function dataOfSeen(token: SeenToken, entry: CatalogEntry | undefined, learning: Learning, time: TimeMs): TokenData {
  const { mint, fetchedAt, form, launchedAt, phase, progress, buyers, creatorShare, news, social, multiLaunch, dormant } = token
  const { features, riskScore: score } = viewOfSeen(token, entry, time)
  return {
    pair: mint,
    fetchedAt,
    form,
    ageMs: Math.max(0, time - launchedAt),
    phase,
    progress,
    buyers,
    reputation: reputationOf(token, entry),
    creatorShare,
    multiLaunch,
    dormant,
    stopped: null,
    approved: false,
    risk: Math.max(entry?.risk ?? 0, riskIn(learning, score)),
    gain: gainOf(learning, features),
    news,
    social,
  }
}

export function userDataOfSeen(seen: SeenUser, has: { cash: number; holds: boolean }, token: SeenToken, time: TimeMs) {
  const agreed = seen.consents.some(
    ({ category, from, until }) =>
      (category === 'all' || category === token.phase || category === token.mint) && time >= from && time < until,
  )
  const { user, profile, baseSize, snapshot } = seen
  return {
    user,
    profile,
    cash: has.cash,
    baseSize,
    holdsToken: has.holds || seen.holds.includes(token.mint),
    consents: agreed,
    snapshot,
  } satisfies DecisionInputs['userData']
}

/** Why the catalogue keeps a user out of a token; null: it does not. */
export function catalogRefuses(
  entry: CatalogEntry | undefined,
  hasWhite: boolean,
  { profile }: SeenUser,
  { phase }: SeenToken,
): string | null {
  if (entry?.list === 'black') return 'blacklisted'
  if (hasWhite && entry?.list !== 'white') return 'notWhitelisted'
  if (entry === undefined) return null
  if (entry.strategy !== 'any' && entry.strategy !== profile) return 'strategy'
  return entry.stage === 'any' || entry.stage === phase ? null : 'stage'
}

/** Prices of the tokens that were seen. */
export function pricesIn({ tokens }: DeskInputs): [string, { price: number; time: TimeMs }][] {
  return tokens.map(({ mint, price, fetchedAt }) => [mint, { price, time: fetchedAt }])
}
