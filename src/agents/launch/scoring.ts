/** Scores of tokens at fixed ages, and what came of them: rows for whoever judges the score, and nothing that a trader sees. */

import type { TimeMs } from '../../core/index.js'
import { phaseOf, spotPrice } from '../../exchange/index.js'
import { type RiskFeatures, riskFeatures, riskScore } from '../../trading/index.js'
import { type LaunchToken, topTenShare } from './token.js'
import type { OpenScore, TokenScore } from './topics.js'

/** What anybody can see of a token now, as the features of its risk. */
export function featuresOf(token: LaunchToken, time: TimeMs): RiskFeatures {
  const { minutes, launchedAt, reputation, creatorBought, creatorSold, launchBuyers } = token
  // The running minute is not over; a token in its first one has no other.
  const ended = minutes.length > 1 ? minutes.slice(0, -1) : minutes
  return riskFeatures({
    ageMs: time - launchedAt,
    volumes: ended.map(minute => minute.volume),
    closes: ended.map(minute => minute.close),
    moods: ended.map(minute => minute.mood),
    topTen: topTenShare(token),
    reputation,
    creatorBought: creatorBought / token.curve.terms.supplyTokens,
    creatorSold: creatorSold / Math.max(1, creatorBought),
    launchBuyers,
  })
}

export function openScore(token: LaunchToken, time: TimeMs): OpenScore {
  const features = featuresOf(token, time)
  const price = spotPrice(token.curve)
  return {
    pair: token.pair,
    time,
    ageMs: time - token.launchedAt,
    phase: phaseOf(token.curve),
    features,
    score: riskScore(features),
    creatorBought: token.creatorBought / token.curve.terms.supplyTokens,
    launchBuyers: token.launchBuyers,
    price,
    lowestPrice: price,
    kind: token.kind,
  }
}

export function judged({ lowestPrice, ...score }: OpenScore, collapse: number): TokenScore {
  const lowest = lowestPrice / score.price
  return { ...score, lowest, collapsed: lowest <= 1 - collapse }
}
