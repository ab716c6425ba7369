/** The bootstrap of any statistic of independent values: no law is assumed of them (Efron and Tibshirani 1993). */

import { checkedCount, math, type Rng, rootOf, Stream } from '../../core/index.js'
import { momentsOf, sampleSd } from '../../trading/index.js'
import { normalProbability, normalQuantile } from './distributions.js'
import { checkedLevel, checkedSample, type Interval, meanOf, quantileOfSorted, type Sample } from './samples.js'

/** A number made of a sample, such as a mean or a median. */
export type Statistic = (values: Float64Array) => number

/** How much is resampled, and from which seed. */
export interface BootstrapOptions {
  /** Share of the intervals that hold the true value; default 0.95. */
  readonly level?: number
  /** Default 2,000. */
  readonly resamples?: number
  /** Of the stream that draws; default 1. */
  readonly seed?: number | string
}

/** A statistic with what resampling says of it. */
export interface BootstrapEstimate {
  readonly value: number
  /** The standard deviation over the resamples. */
  readonly error: number
  readonly interval: Interval
}

export const standardResamples = 2_000

/** The stream that a procedure of this name draws from. */
export function resamplingStream(seed: number | string, name: string): Rng {
  return new Stream(rootOf(seed), name)
}

/**
 * The mean of independent values with its bootstrap-t interval (Efron 1982; Efron and Tibshirani 1993, §12.5): each resample is measured in
 * its own standard errors. It follows the skewness of the values, which an interval by Student's law does not.
 */
export function bootstrapMean(values: Sample, options: BootstrapOptions = {}): BootstrapEstimate {
  const { level = 0.95, resamples = standardResamples, seed = 1 } = checkedOptions(options)
  checkedSample('the sample of a bootstrap', values, 3)
  const sample = Float64Array.from(values)
  const { length } = sample
  const value = meanOf(sample)
  const error = spreadOf(sample) / Math.sqrt(length)
  const rng = resamplingStream(seed, 'bootstrap')
  const ts = new Float64Array(resamples)
  for (let b = 0; b < resamples; b++) {
    let sum = 0
    let squares = 0
    for (let i = 0; i < length; i++) {
      const off = (sample[rng.int(length)] as number) - value
      sum += off
      squares += off * off
    }
    ts[b] = studentised(sum, squares, length)
  }
  return { value, error, interval: fromTs(value, error, ts.sort(), level) }
}

/** Half-widths of studentised resamples around the value; ends swap sides, because they are read from what resamples miss. */
export function fromTs(value: number, error: number, sorted: Float64Array, level: number): Interval {
  const [low, high] = [(1 + level) / 2, (1 - level) / 2].map(p => value - quantileOfSorted(sorted, p) * error)
  return [low as number, high as number]
}

/** t of a resample around the sample's mean; 0 where it drew one value alone. */
function studentised(sum: number, squares: number, n: number): number {
  const variance = (squares - (sum * sum) / n) / (n - 1)
  return variance > 0 ? sum / Math.sqrt(n * variance) : 0
}

/** The BCa interval (bias-corrected and accelerated: Efron 1987) of any statistic of independent values. Default: 2,000 resamples. */
export function bootstrapInterval(values: Sample, statistic: Statistic, options: BootstrapOptions = {}): BootstrapEstimate {
  const { level = 0.95, resamples = standardResamples, seed = 1 } = checkedOptions(options)
  checkedSample('the sample of a bootstrap', values, 3)
  const sample = Float64Array.from(values)
  const value = statistic(sample)
  const rng = resamplingStream(seed, 'bootstrap')
  const drawn = new Float64Array(sample.length)
  const sorted = new Float64Array(resamples)
  for (let b = 0; b < resamples; b++) {
    for (let i = 0; i < drawn.length; i++) drawn[i] = sample[rng.int(sample.length)] as number
    sorted[b] = statistic(drawn)
  }
  sorted.sort()
  const corrected = correction(bias(sorted, value), acceleration(sample, statistic))
  const [low, high] = [(1 - level) / 2, (1 + level) / 2].map(p => quantileOfSorted(sorted, corrected(p)))
  return { value, error: spreadOf(sorted), interval: [low as number, high as number] }
}

/** Refuses a level or a number of resamples that is none. */
export function checkedOptions<O extends BootstrapOptions>(options: O): O {
  if (options.level !== undefined) checkedLevel(options.level)
  if (options.resamples !== undefined) checkedCount('`resamples`', options.resamples)
  return options
}

/** The standard deviation of a sample. */
export function spreadOf(values: Sample): number {
  return sampleSd(momentsOf(Array.from(values)))
}

/** z₀: how far the median of the resamples lies from the statistic, in normal deviates. Ties count half. */
function bias(sorted: Float64Array, value: number): number {
  let below = 0
  for (const drawn of sorted) below += drawn < value ? 1 : drawn === value ? 0.5 : 0
  const share = below / sorted.length
  const least = 0.5 / sorted.length
  return normalQuantile(Math.min(1 - least, Math.max(least, share)))
}

/** a: how fast the statistic's error changes with its value, from the jackknife. */
function acceleration(sample: Float64Array, statistic: Statistic): number {
  const { length } = sample
  const left = sample.slice(1)
  const without = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    without[i] = statistic(left)
    if (i < length - 1) left[i] = sample[i] as number
  }
  const mean = meanOf(without)
  let squares = 0
  let cubes = 0
  for (const value of without) {
    squares += (mean - value) ** 2
    cubes += (mean - value) ** 3
  }
  return squares === 0 ? 0 : cubes / (6 * math.pow(squares, 1.5))
}

/** The share of the resamples at which a quantile of the interval is read. */
function correction(z0: number, a: number): (p: number) => number {
  return p => {
    const z = z0 + normalQuantile(p)
    return normalProbability(z0 + z / (1 - a * z))
  }
}
