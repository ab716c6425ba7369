/** Means over independent observations, ratios of sums, shares: each with its standard error and interval. */

import { momentsOf, sampleSd } from '../../trading/index.js'
import { studentQuantile } from './distributions.js'
import { checkedLevel, checkedSample, type Interval, type Sample, sumOf } from './samples.js'

/** A mean over n independent observations, its standard error, and t = mean / error. */
export interface Estimate {
  readonly n: number
  readonly mean: number
  readonly error: number
  readonly t: number
}

/** One seed's part of a mean per trade: a sum and how many trades it is of. */
export interface Part {
  readonly sum: number
  readonly count: number
}

/** The mean of a sample with its standard error, sd / √n. */
export function estimate(values: Sample): Estimate {
  const moments = momentsOf(Array.from(values))
  return withT(moments.n, moments.mean, sampleSd(moments) / Math.sqrt(moments.n))
}

/** The interval of a mean by Student's law. It takes the values as independent, and their mean as nearly normal. */
export function meanInterval(values: Sample, level = 0.95): Interval {
  checkedSample('the sample of a mean', values, 2)
  return interval(estimate(values), level)
}

/**
 * Σ sums / Σ counts over seeds, with the error of a ratio estimator (Cochran 1977, §6.4): the unit of chance is a seed,
 * not a trade, and a run whose number of trades depends on its luck does not bend the mean, as it would a mean of means.
 */
export function ratioEstimate(parts: readonly Part[]): Estimate {
  return withT(parts.length, ratioOf(parts), Math.sqrt(squared(influences(parts))))
}

/** The difference of two means per trade, seed by seed paired: `left` − `right`. */
export function ratioDifference(left: readonly Part[], right: readonly Part[]): Estimate {
  const right_ = influences(right)
  const paired = influences(left).map((x, i) => x - (right_[i] as number))
  return withT(left.length, ratioOf(left) - ratioOf(right), Math.sqrt(squared(paired)))
}

/** The two-sided interval of an estimate by Student's law. */
export function interval({ n, mean, error }: Estimate, level = 0.95): Interval {
  const half = studentQuantile((1 + checkedLevel(level)) / 2, n - 1) * error
  return [mean - half, mean + half]
}

/** Student's quantile for a one-sided test at 5 %. */
export function oneSidedQuantile(degrees: number): number {
  return studentQuantile(0.95, degrees)
}

/** True where the mean is above 0 at one-sided 95 %; a difference without any spread decides by its sign. */
export function isPositive({ n, mean, error }: Estimate): boolean {
  return n > 1 && mean > 0 && mean > oneSidedQuantile(n - 1) * error
}

/** Slope and intercept of a least-squares line. */
export function line(xs: readonly number[], ys: readonly number[]): { slope: number; intercept: number } {
  const x = sumOf(xs) / xs.length
  const y = sumOf(ys) / ys.length
  const slope = sumOf(xs.map((v, i) => (v - x) * ((ys[i] as number) - y))) / sumOf(xs.map(v => (v - x) ** 2))
  return { slope, intercept: y - slope * x }
}

/** The 95 % interval of a share, k of n (Wilson 1927). */
export function wilson(k: number, n: number): Interval {
  const z = 1.96
  const p = k / n
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  return [Math.max(0, centre - half), Math.min(1, centre + half)]
}

function ratioOf(parts: readonly Part[]): number {
  return sumOf(parts.map(p => p.sum)) / sumOf(parts.map(p => p.count))
}

/** What each seed adds to the ratio's error: (sumᵢ − R·countᵢ) / Σcount. */
function influences(parts: readonly Part[]): number[] {
  const ratio = ratioOf(parts)
  const count = sumOf(parts.map(p => p.count))
  return parts.map(p => (p.sum - ratio * p.count) / count)
}

function squared(influence: readonly number[]): number {
  return (sumOf(influence.map(x => x * x)) * influence.length) / (influence.length - 1)
}

function withT(n: number, mean: number, error: number): Estimate {
  return { n, mean, error, t: mean === 0 ? 0 : mean / error }
}
