/** Running moments of past trades' features, and from them how much each feature counts when trades are compared. */

import {
  MAX_NEIGHBOURS,
  type Neighbour,
  type PastTrade,
  type PastTradeQuery,
  pastTradeFeatureNames,
  type TradeVector,
} from './past-trade.js'

const SIZE = pastTradeFeatureNames.length

/** Plain state, over every past trade ever observed; a feature that was not known does not enter. */
export interface FeatureMoments {
  /** Per feature: count, mean, sum of squared differences. */
  readonly count: Float64Array
  readonly mean: Float64Array
  readonly squares: Float64Array
  /** Per feature: the share of trades won, and Σ (feature − its mean)(won − share). */
  readonly won: Float64Array
  readonly products: Float64Array
}

export function newFeatureMoments(): FeatureMoments {
  const zeros = () => new Float64Array(SIZE)
  return { count: zeros(), mean: zeros(), squares: zeros(), won: zeros(), products: zeros() }
}

/** Welford's update of each feature's moments, and of its product with the outcome. */
export function observeFeatures(moments: FeatureMoments, vector: TradeVector, win: boolean): void {
  for (let d = 0; d < SIZE; d++) observeFeature(moments, d, vector[d] as number, win ? 1 : 0)
}

function observeFeature(moments: FeatureMoments, d: number, x: number, win: 0 | 1): void {
  if (!Number.isFinite(x)) return
  const n = (moments.count[d] as number) + 1
  const off = x - (moments.mean[d] as number)
  const mean = (moments.mean[d] as number) + off / n
  moments.count[d] = n
  moments.mean[d] = mean
  moments.squares[d] = (moments.squares[d] as number) + off * (x - mean)
  moments.won[d] = (moments.won[d] as number) + (win - (moments.won[d] as number)) / n
  moments.products[d] = (moments.products[d] as number) + off * (win - (moments.won[d] as number))
}

/**
 * Weight of one unit of squared difference in each feature: relevance / variance, the relevances being 1 on average; 0 where a feature has
 * not varied. Nearness in what never told wins from losses says little about the next one.
 */
export function featureWeights(moments: FeatureMoments): Float64Array {
  const weights = new Float64Array(SIZE)
  let sum = 0
  for (let d = 0; d < SIZE; d++) sum += relevance(moments, d)
  for (let d = 0; d < SIZE; d++) {
    const variance = (moments.squares[d] as number) / Math.max(1, (moments.count[d] as number) - 1)
    // Rounding alone gives a constant feature a variance of about (1e-16 × mean)².
    weights[d] = variance > 1e-24 * (moments.mean[d] as number) ** 2 ? (SIZE * relevance(moments, d)) / (sum * variance) : 0
  }
  return weights
}

/** 1 + n r², where r is the correlation of a feature with the outcome: about 2 for one that says nothing, and growing with evidence. */
function relevance(moments: FeatureMoments, d: number): number {
  const won = moments.won[d] as number
  const spread = (moments.squares[d] as number) * won * (1 - won)
  return spread > 0 ? 1 + (moments.products[d] as number) ** 2 / spread : 1
}

/** What each feature adds to the distance between two trades; 0 where one of them does not know it. Their sum is the distance. */
export function distanceByFeature(weights: Float64Array, a: TradeVector, b: TradeVector): Float64Array {
  return Float64Array.from(weights, (weight, d) => {
    const part = (((a[d] as number) - (b[d] as number)) ** 2 * weight) / SIZE
    return part > 0 ? part : 0
  })
}

/** The nearest of some past trades by these weights, at most 20, the nearest first; of two as near the one that came first. */
export function nearestOf(
  trades: readonly PastTrade[],
  { vector, k = MAX_NEIGHBOURS }: RankQuery,
  weights: Float64Array,
): Neighbour[] {
  return trades
    .map(({ id, win, moat, vector: its }) => ({ id, win, moat, distance: sumOf(distanceByFeature(weights, its, vector)) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, Math.min(k, MAX_NEIGHBOURS))
}

type RankQuery = Pick<PastTradeQuery, 'vector' | 'k'>

function sumOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
