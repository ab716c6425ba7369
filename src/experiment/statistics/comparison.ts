/** Two variants on the same seeds: the difference within each pair, its interval, its p, and how large it is. */

import { studentP } from './distributions.js'
import { type Estimate, estimate, interval } from './estimates.js'
import { checkedPairs, type Interval, type Sample } from './samples.js'

/** A paired comparison: `left` − `right`, pair by pair. */
export interface Comparison extends Estimate {
  readonly interval: Interval
  /** Two-sided p of Student's test that the mean difference is 0; 1 where no pair differs. */
  readonly p: number
  /** The mean difference in standard deviations of the differences (Cohen's d for pairs, 1988); 0 where no pair differs. */
  readonly effect: number
  /** The share of pairs in which the left is greater; ties count half. */
  readonly superiority: number
}

/**
 * Compares two samples whose values at one place belong together, such as two variants run with the same seed. Common random numbers
 * take out of the difference what both share.
 */
export function comparePaired(left: Sample, right: Sample, level = 0.95): Comparison {
  checkedPairs('a paired comparison', left, right, 2)
  const differences = Float64Array.from(left, (value, i) => value - (right[i] as number))
  const { n, mean, error, t } = estimate(differences)
  const greater = differences.reduce((sum, x) => sum + (x > 0 ? 1 : x === 0 ? 0.5 : 0), 0)
  return {
    n,
    mean,
    error,
    t,
    interval: interval({ n, mean, error, t }, level),
    p: error === 0 ? (mean === 0 ? 1 : 0) : studentP(t, n - 1),
    effect: mean === 0 ? 0 : mean / (error * Math.sqrt(n)),
    superiority: greater / n,
  }
}
