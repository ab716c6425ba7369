/** The Sharpe ratio with its error, and what is left of it after skewness, fat tails and the number of trials. Ratios are per period. */

import { OperatorError } from '../../core/index.js'
import { momentsOf, sampleSd, sharpeError } from '../../trading/index.js'
import { normalProbability, normalQuantile } from './distributions.js'
import { checkedLevel, checkedSample, type Interval, meanOf, type Sample } from './samples.js'

/** Euler's constant γ. */
const EULER = 0.5772156649015329

/** A Sharpe ratio per period of the returns, and the shape of their law. */
export interface Sharpe {
  /** Periods. */
  readonly n: number
  readonly ratio: number
  readonly skewness: number
  /** 3 for a normal law. */
  readonly kurtosis: number
  /** Standard error of the ratio of independent returns of this skewness and kurtosis (Mertens 2002; normal returns: Lo 2002). */
  readonly error: number
  readonly interval: Interval
}

/** The trials behind a result: how many there were, and the variance of their Sharpe ratios per period. */
export interface Trials {
  readonly count: number
  readonly variance: number
}

/** What remains of the best of many. */
export interface DeflatedSharpe {
  /** The greatest Sharpe ratio to be expected of so many trials without any skill. */
  readonly expected: number
  /** The probability that the true ratio is above 0, seen how many were tried: that the ratio beats `expected`. */
  readonly probability: number
}

/** The Sharpe ratio of returns, which are over a risk-free rate already. To annualise, multiply by √(periods a year). */
export function sharpe(returns: Sample, level = 0.95): Sharpe {
  checkedSample('the returns of a Sharpe ratio', returns, 4)
  const moments = momentsOf(Array.from(returns))
  const sd = sampleSd(moments)
  if (!(sd > 0))
    throw new OperatorError({ what: 'the returns of a Sharpe ratio', expected: 'some that differ', got: 'one value' })
  const { n, mean } = moments
  const ratio = mean / sd
  const skewness = standardised(returns, mean, 3)
  const kurtosis = standardised(returns, mean, 4)
  const error = sharpeError(ratio, n, skewness, kurtosis)
  const half = normalQuantile((1 + checkedLevel(level)) / 2) * error
  return { n, ratio, skewness, kurtosis, error, interval: [ratio - half, ratio + half] }
}

/** The probability that the true ratio is above `benchmark` (Bailey and López de Prado 2012). */
export function probabilisticSharpe({ ratio, n, skewness, kurtosis }: ShapedSharpe, benchmark = 0): number {
  return normalProbability((ratio - benchmark) / sharpeError(ratio, n - 1, skewness, kurtosis))
}

/** What the probability of a ratio needs to know. */
export type ShapedSharpe = Pick<Sharpe, 'n' | 'ratio' | 'skewness' | 'kurtosis'>

/**
 * The deflated Sharpe ratio (Bailey and López de Prado 2014) of the best of several trials. `trials`: their Sharpe ratios per period,
 * the best among them, or their number and variance. They count as independent: of variants of one idea, count fewer.
 */
export function deflatedSharpe(best: ShapedSharpe, trials: Sample | Trials): DeflatedSharpe {
  const { count, variance } = 'count' in trials ? trials : trialsOf(trials)
  if (!(count >= 2 && variance >= 0)) {
    throw new OperatorError({ what: '`trials`', expected: 'two or more, with a variance ≥ 0', got: `${count}, ${variance}` })
  }
  const expected =
    Math.sqrt(variance) * ((1 - EULER) * normalQuantile(1 - 1 / count) + EULER * normalQuantile(1 - 1 / (count * Math.E)))
  return { expected, probability: probabilisticSharpe(best, expected) }
}

function trialsOf(ratios: Sample): Trials {
  checkedSample('the Sharpe ratios of the trials', ratios, 2)
  return { count: ratios.length, variance: sampleSd(momentsOf(Array.from(ratios))) ** 2 }
}

/** The third or fourth standardised moment. */
function standardised(values: Sample, mean: number, power: 3 | 4): number {
  const off = Float64Array.from(values, value => value - mean)
  const variance = meanOf(off.map(x => x * x))
  return meanOf(off.map(x => (power === 3 ? x * x * x : x * x * x * x))) / Math.sqrt(variance) ** power
}
