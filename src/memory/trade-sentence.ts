/**
 * A trade as a sentence of one word a feature, e.g. `rsi_137 macd_040 … trend_none`: the number of the bucket its value is in, of 256
 * between ±4 standard deviations.
 */

import { pastTradeFeatureNames, type TradeContext, tradeVector } from '../trading/index.js'
import { deviation, mostDeviations, type TradeScale } from './trade-scale.js'

/** Sixteen would find .71 of the nearest ten, sixty-four .92. */
export const buckets = 256

/** The words of a trade's features, in their order. */
export function tradeSentence(scale: TradeScale, subject: TradeContext): string {
  const vector = tradeVector(subject)
  return pastTradeFeatureNames.map((name, j) => word(name, bucketOf(deviation(scale, vector, j)))).join(' ')
}

/** `rsi_007`, and `rsi_none` for an unknown value. */
export function word(feature: string, bucket: number | undefined): string {
  return `${feature}_${bucket === undefined ? 'none' : String(bucket).padStart(3, '0')}`
}

/** The deviation in the middle of a bucket. */
export function centreOf(bucket: number): number {
  return ((bucket + 0.5) / buckets) * 2 * mostDeviations - mostDeviations
}

function bucketOf(z: number): number | undefined {
  if (Number.isNaN(z)) return undefined
  return Math.min(buckets - 1, Math.floor(((z + mostDeviations) / (2 * mostDeviations)) * buckets))
}
