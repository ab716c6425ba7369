/** What makes a vector of a trade: near vectors are like trades. */

import type { TradeContext } from '../trading/index.js'

export interface Embedder {
  /** Vectors of two embedders are comparable only where their names are the same. */
  readonly name: string
  readonly dimension: number
  /** A vector for each, in their order. */
  embed(subjects: readonly TradeContext[]): Promise<Float32Array[]>
  close(): Promise<void>
}
