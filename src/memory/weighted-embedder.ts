/**
 * Vectors among which a store of Euclidean distances finds the nearest by any weights of the features. The weights change with every
 * finished trade, and what is stored stays.
 *
 * Σ w (x − q)² = Σ w q² − (2wq · x − w · x²), so the nearest has the greatest inner product of [x, s x²] with [2wq, −w/s]. One more
 * number makes all stored vectors equally long, and then the greatest inner product is the least distance (Bachrach et al. 2014).
 */

import { pastTradeFeatureNames, type TradeVector, tradeVector } from '../trading/index.js'
import type { Embedder } from './embedder.js'
import { deviation, mostDeviations, readTradeScale, type TradeScale } from './trade-scale.js'

const features = pastTradeFeatureNames.length
/** s, so small that two trades lie apart about as their features do: a server's graph of neighbours needs that. */
const shrink = 1 / (2 * mostDeviations)
/** The squared length of the longest [x, x² · shrink]. */
const longest = features * (mostDeviations ** 2 + (mostDeviations ** 2 * shrink) ** 2)

export function weightedEmbedder(scale: TradeScale = readTradeScale()): Embedder {
  return {
    name: 'weighted-features-2',
    dimension: 2 * features + 1,
    embed: async subjects => subjects.map(subject => stored(scale, tradeVector(subject))),
    question: async (subject, weights) => question(scale, tradeVector(subject), weights),
    close: async () => undefined,
  }
}

function stored(scale: TradeScale, trade: TradeVector): Float32Array {
  const vector = new Float32Array(2 * features + 1)
  let length = 0
  for (let j = 0; j < features; j++) {
    const x = deviation(scale, trade, j) || 0
    vector[j] = x
    vector[features + j] = x * x * shrink
    length += x * x + (x * x * shrink) ** 2
  }
  vector[2 * features] = Math.sqrt(longest - length)
  return vector
}

/** `weights` are of one unit of a feature; here they are of one standard deviation. An unknown feature weighs nothing. */
function question(scale: TradeScale, subject: TradeVector, weights: Float64Array): Float32Array {
  const vector = new Float32Array(2 * features + 1)
  for (let j = 0; j < features; j++) {
    const q = deviation(scale, subject, j)
    if (Number.isNaN(q)) continue
    const weight = (weights[j] as number) * (scale.features[j]?.sd ?? 0) ** 2
    vector[j] = 2 * weight * q
    vector[features + j] = -weight / shrink
  }
  return atLength(vector, Math.sqrt(longest))
}

/**
 * As long as what is stored, which changes no ranking: all distances of a short question are nearly the same large number, and the
 * single precision of a server's index does not tell them apart.
 */
function atLength(vector: Float32Array, wanted: number): Float32Array {
  const length = Math.hypot(...vector)
  return length === 0 ? vector : vector.map(value => (value * wanted) / length)
}
