/** A mean of trades with its standard error. */

import { momentsOf, sampleSd } from '../../trading/index.js'

export interface Mean {
  readonly n: number
  readonly mean: number
  /** Standard error, trades taken as independent; NaN below two. */
  readonly error: number
}

export function meanOf(values: readonly number[]): Mean {
  const moments = momentsOf(values)
  const { n, mean } = moments
  return { n, mean, error: sampleSd(moments) / Math.sqrt(n) }
}
