/** Two variants, on the same seeds or on different ones: their difference, its interval, its p, and how large it is. */

import { studentP, studentQuantile } from './distributions.js'
import { type Estimate, estimate, interval } from './estimates.js'
import { checkedLevel, checkedPairs, checkedSample, type Interval, type Sample } from './samples.js'

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

/** A comparison of two samples that have nothing to do with each other: mean of `left` − mean of `right`. */
export interface WelchComparison extends Omit<Comparison, 'n'> {
  /** Values on the left and on the right. */
  readonly n: readonly [left: number, right: number]
  /** Of freedom (Satterthwaite 1946): the fewer, the less is known of the two spreads. */
  readonly degrees: number
}

/**
 * Compares two samples of whatever sizes and spreads (Welch 1947): variants run with seeds of their own, or a model against data. `effect`
 * is the difference in standard deviations, the root of the mean of both variances; `superiority` is the share of all pairs of a value from the
 * left and one from the right in which the left is greater, ties counting half.
 */
export function compareIndependent(left: Sample, right: Sample, level = 0.95): WelchComparison {
  checkedSample('the left sample', left, 2)
  checkedSample('the right sample', right, 2)
  const [a, b] = [estimate(left), estimate(right)]
  const [partA, partB] = [a.error ** 2, b.error ** 2]
  const error = Math.sqrt(partA + partB)
  const mean = a.mean - b.mean
  const degrees = error === 0 ? a.n + b.n - 2 : (partA + partB) ** 2 / (partA ** 2 / (a.n - 1) + partB ** 2 / (b.n - 1))
  const t = mean === 0 ? 0 : mean / error
  const half = error === 0 ? 0 : studentQuantile((1 + checkedLevel(level)) / 2, degrees) * error
  return {
    n: [a.n, b.n],
    mean,
    error,
    t,
    degrees,
    interval: [mean - half, mean + half],
    p: error === 0 ? (mean === 0 ? 1 : 0) : studentP(t, degrees),
    effect: mean === 0 ? 0 : mean / Math.sqrt((partA * a.n + partB * b.n) / 2),
    superiority: superiorityOf(left, right),
  }
}

/** By ranks: each value of the left is placed among the sorted right. */
function superiorityOf(left: Sample, right: Sample): number {
  const sorted = Float64Array.from(right).sort()
  const below = (x: number, orEqual: boolean) => {
    let [from, to] = [0, sorted.length]
    while (from < to) {
      const middle = (from + to) >> 1
      const value = sorted[middle] as number
      if (value < x || (orEqual && value === x)) from = middle + 1
      else to = middle
    }
    return from
  }
  const wins = Array.from(left).reduce((sum, x) => sum + (below(x, false) + below(x, true)) / 2, 0)
  return wins / (left.length * right.length)
}
