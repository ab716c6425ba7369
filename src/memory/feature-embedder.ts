/** The features themselves as the vector, standardised: what the shipped model gives, without its package and its buckets. */

import { pastTradeFeatureNames, type TradeContext, tradeVector } from '../trading/index.js'
import type { Embedder } from './embedder.js'
import { deviation, readTradeScale, type TradeScale } from './trade-scale.js'

/** An axis a feature, in standard deviations; 0 where it is unknown. */
export function featureEmbedder(scale: TradeScale = readTradeScale()): Embedder {
  return {
    name: 'features',
    dimension: pastTradeFeatureNames.length,
    embed: async subjects => subjects.map(subject => standardised(scale, subject)),
    close: async () => undefined,
  }
}

function standardised(scale: TradeScale, subject: TradeContext): Float32Array {
  const vector = tradeVector(subject)
  return Float32Array.from(vector, (_, j) => deviation(scale, vector, j) || 0)
}
