/** The stationary bootstrap: intervals for statistics of a time series whose neighbours are alike (Politis and Romano 1994). */

import { math, OperatorError, type Rng } from '../../core/index.js'
import {
  type BootstrapEstimate,
  type BootstrapOptions,
  checkedOptions,
  fromTs,
  resamplingStream,
  type Statistic,
  spreadOf,
  standardResamples,
} from './bootstrap.js'
import { normalQuantile, studentQuantile } from './distributions.js'
import { checkedSample, meanOf, quantileOfSorted, type Sample } from './samples.js'

/** As of a bootstrap, and the mean length of a block. */
export interface SeriesBootstrapOptions extends BootstrapOptions {
  /** Default: chosen by `blockLength`. */
  readonly meanBlock?: number
}

/** What is resampled of a series, with the length of block that was used. */
export interface SeriesEstimate extends BootstrapEstimate {
  readonly meanBlock: number
}

/**
 * The mean of a series that is stationary and whose dependence dies out, with a studentised interval (Götze and Künsch 1996). Blocks of
 * random length are drawn from the series, so that neighbours stay together, and each resample is measured in the standard error that its
 * own blocks give; the series itself by its long-run variance.
 */
export function seriesMean(values: Sample, options: SeriesBootstrapOptions = {}): SeriesEstimate {
  const { level = 0.95, resamples = standardResamples, seed = 1, meanBlock = blockLength(values) } = checkedOptions(options)
  checkedSample('the series of a bootstrap', values, 10)
  checkedBlock(meanBlock, values)
  const value = meanOf(values)
  const cosines = Math.max(4, Math.floor(0.4 * math.pow(values.length, 2 / 3)))
  const error = Math.sqrt(longRunVariance(values, cosines) / values.length)
  // The error is an estimate with as many degrees of freedom as cosines, which resamples around the mean do not show.
  const share = (1 + level) / 2
  const widened = (error * studentQuantile(share, cosines)) / normalQuantile(share)
  const sums = runningSums(values, value)
  const rng = resamplingStream(seed, 'stationary bootstrap')
  const ts = Float64Array.from({ length: resamples }, () => blocksT(sums, values.length, meanBlock, rng))
  return { value, error, interval: fromTs(value, widened, ts.sort(), level), meanBlock }
}

/**
 * The basic interval (Davison and Hinkley 1997, §5.2) of any other statistic of such a series. It is a little narrow where dependence is
 * strong: nothing is known of the statistic by which a resample could be measured.
 */
export function seriesInterval(values: Sample, statistic: Statistic, options: SeriesBootstrapOptions = {}): SeriesEstimate {
  const { level = 0.95, resamples = standardResamples, seed = 1, meanBlock = blockLength(values) } = checkedOptions(options)
  checkedSample('the series of a bootstrap', values, 10)
  checkedBlock(meanBlock, values)
  const series = Float64Array.from(values)
  const value = statistic(series.slice())
  const rng = resamplingStream(seed, 'stationary bootstrap')
  const drawn = new Float64Array(series.length)
  const sorted = new Float64Array(resamples)
  for (let b = 0; b < resamples; b++) {
    eachBlock(series.length, meanBlock, rng, (from, at, length) => {
      for (let i = 0; i < length; i++) drawn[at + i] = series[(from + i) % series.length] as number
    })
    sorted[b] = statistic(drawn)
  }
  sorted.sort()
  const error = spreadOf(sorted)
  const [low, high] = [(1 + level) / 2, (1 - level) / 2].map(p => 2 * value - quantileOfSorted(sorted, p))
  return { value, error, interval: [low as number, high as number], meanBlock }
}

function checkedBlock(meanBlock: number, { length }: Sample): void {
  if (meanBlock >= 1 && meanBlock <= length) return
  throw new OperatorError({ what: '`meanBlock`', expected: `from 1 to ${length}, the length of the series`, got: meanBlock })
}

/** Blocks from random places of a circle of `n` values, their lengths geometric, until `n` values are drawn. */
function eachBlock(n: number, meanBlock: number, rng: Rng, draw: (from: number, at: number, length: number) => void): void {
  const stay = meanBlock > 1 ? math.log(1 - 1 / meanBlock) : Number.NEGATIVE_INFINITY
  for (let at = 0; at < n; ) {
    const length = Math.min(n - at, 1 + Math.floor(math.log(1 - rng.float()) / stay))
    draw(rng.int(n), at, length)
    at += length
  }
}

/** Of a resample: its mean around the series' in its own standard errors, those of a ratio of sums over independent blocks. */
function blocksT(sums: Float64Array, n: number, meanBlock: number, rng: Rng): number {
  let sum = 0
  let squares = 0
  let cross = 0
  let lengths = 0
  eachBlock(n, meanBlock, rng, (from, _, length) => {
    const block = (sums[from + length] as number) - (sums[from] as number)
    sum += block
    squares += block * block
    cross += block * length
    lengths += length * length
  })
  const mean = sum / n
  const variance = squares - 2 * mean * cross + mean * mean * lengths
  return variance > 0 ? sum / Math.sqrt(variance) : 0
}

/** Sums of the first k deviations from the mean, twice round the circle. */
function runningSums(values: Sample, mean: number): Float64Array {
  const n = values.length
  const sums = new Float64Array(2 * n + 1)
  for (let i = 0; i < 2 * n; i++) sums[i + 1] = (sums[i] as number) + ((values[i % n] as number) - mean)
  return sums
}

/** The equal-weighted cosine estimate of Σ covariances (Lazarus, Lewis, Stock and Watson 2018, who take 0.4 n^⅔ cosines). */
function longRunVariance(values: Sample, cosines: number): number {
  const n = values.length
  const weights = new Float64Array(cosines + 1)
  for (let t = 0; t < n; t++) {
    const value = values[t] as number
    const twice = 2 * math.cos((Math.PI * (t + 0.5)) / n)
    // cos jθ = 2 cos θ cos (j − 1)θ − cos (j − 2)θ
    for (let j = 1, before = 1, cosine = twice / 2; j <= cosines; j++) {
      weights[j] = (weights[j] as number) + value * cosine
      const next = twice * cosine - before
      before = cosine
      cosine = next
    }
  }
  return meanOf(weights.subarray(1).map(weight => (2 / n) * weight * weight))
}

/**
 * The mean block length at which the stationary bootstrap estimates the variance of a mean best (Politis and White 2004, as corrected
 * by Patton, Politis and White 2009): 1 for values that do not depend on each other.
 */
export function blockLength(values: Sample): number {
  checkedSample('the series of a bootstrap', values, 10)
  const n = values.length
  const run = Math.max(5, Math.ceil(Math.sqrt(log10(n))))
  const most = Math.min(n - 1, Math.ceil(Math.sqrt(n)) + run)
  const covariance = autocovariances(values, most)
  const variance = covariance[0] as number
  if (variance === 0) return 1
  const lags = Math.min(most, 2 * Math.max(1, lastSignificant(covariance, run, 2 * Math.sqrt(log10(n) / n))))
  let slope = 0
  let spectrum = variance
  for (let k = 1; k <= lags; k++) {
    const weighted = 2 * flatTop(k / lags) * (covariance[k] as number)
    slope += k * weighted
    spectrum += weighted
  }
  const best = math.pow((slope / spectrum) ** 2 * n, 1 / 3)
  return Math.max(1, Math.min(best, Math.ceil(Math.min(3 * Math.sqrt(n), n / 3))))
}

/** The lag after which `run` correlations in a row are insignificant; else the last significant one. */
function lastSignificant(covariance: Float64Array, run: number, bound: number): number {
  const isSmall = (k: number) => Math.abs((covariance[k] as number) / (covariance[0] as number)) < bound
  let small = 0
  let last = 0
  for (let k = 1; k < covariance.length; k++) {
    small = isSmall(k) ? small + 1 : 0
    if (small === 0) last = k
    if (small === run) return k - run
  }
  return last
}

/** The flat-top lag window (Politis and Romano 1995): 1 up to ½, then a straight line down to 0 at 1. */
function flatTop(x: number): number {
  return Math.max(0, Math.min(1, 2 * (1 - x)))
}

/** Sample autocovariances at the lags 0 … most, divided by n. */
function autocovariances(values: Sample, most: number): Float64Array {
  const mean = meanOf(values)
  const off = Float64Array.from(values, value => value - mean)
  return Float64Array.from({ length: most + 1 }, (_, k) => {
    let sum = 0
    for (let i = k; i < off.length; i++) sum += (off[i] as number) * (off[i - k] as number)
    return sum / off.length
  })
}

function log10(x: number): number {
  return math.log(x) / Math.LN10
}
