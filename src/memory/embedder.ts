/** What makes a vector of a trade: near vectors are like trades. */

import type { TradeContext } from '../trading/index.js'

export interface Embedder {
  /** Vectors of two embedders are comparable only where their names are the same. */
  readonly name: string
  readonly dimension: number
  /** A vector for each, in their order. */
  embed(subjects: readonly TradeContext[]): Promise<Float32Array[]>
  /** The vector to look for trades like a subject where each feature has a weight; absent: that of `embed`. */
  question?(subject: TradeContext, weights: Float64Array): Promise<Float32Array>
  close(): Promise<void>
}
