/** What finished trades say of the edge of a strategy, and the share of equity it deserves. */

import { studentQuantile } from '../intervals.js'
import type { RunningMoments } from '../performance.js'

/** Quantile 0.8 of the normal law: the edge is taken at the quantile that it exceeds with 80 %. */
const EIGHTY = 0.8416212335729143
/** The prior counts as so many trades without any edge: before the first trade the ratio of edge to deviation is 0 ± 0.18. */
const PRIOR_TRADES = 30
/** The expansion of Student's quantile is good from here on. */
export const LEAST_TRADES = 5

/**
 * The whole Kelly stake μ₂₀ / σ² as a share of equity, of net returns on entry notional: 0 where μ₂₀ ≤ 0, NaN where the moments are
 * unknown or of fewer than five trades. μ₂₀ is the 20 % quantile of the edge under the conjugate prior μ | σ² ~ N(0, σ² / 30),
 * p(σ²) ∝ 1 / σ², whose posterior of μ is Student's with n degrees; σ² is its posterior mean. Few trades therefore shrink the edge
 * towards 0. Sources: Kelly 1956, Thorp 2006 (stake μ / σ²); Gelman et al., Bayesian Data Analysis, 3rd ed., §3.3 (posterior);
 * Baker and McHale 2013 (why an estimated edge must shrink).
 */
export function kellyStake({ n, mean, squares }: RunningMoments): number {
  if (!(n >= LEAST_TRADES)) return Number.NaN
  const weight = n + PRIOR_TRADES
  const sum = squares + (PRIOR_TRADES * n * mean * mean) / weight
  const edge = (n * mean) / weight - studentQuantile(n, EIGHTY) * Math.sqrt(sum / (n * weight))
  if (edge <= 0) return 0
  return edge / (sum / (n - 2))
}
