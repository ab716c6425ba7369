/** What the draws of `rng` refuse, before they draw. Apart from the draws, which stay small. */

import { OperatorError } from '../errors.js'

/** Means and trials up to which acceptance is exact to 10⁻⁶ of itself. */
const most = 2 ** 31

export function assertMean(mean: number): void {
  if (mean >= 0 && mean <= most) return
  throw refusal('rng.poisson(mean)', 'a mean from 0 to 2³¹', mean, 'Beyond, round(normal(mean, √mean)) is as good.')
}

export function assertTrials(n: number, p: number): void {
  if (!(n >= 0 && n <= most && n % 1 === 0))
    throw refusal('rng.binomial(n, p)', 'a whole number of trials from 0 to 2³¹', n, 'The first is the number of trials.')
  if (!(p >= 0 && p <= 1))
    throw refusal('rng.binomial(n, p)', 'a probability from 0 to 1', p, 'The second is the probability of a success.')
}

export function assertShape(method: string, shape: number): void {
  if (shape > 0 && shape < Number.POSITIVE_INFINITY) return
  throw refusal(`rng.${method}`, 'a finite shape above 0', shape, 'Look at what it was computed from.')
}

export function assertScale(scale: number): void {
  if (scale > 0 && scale < Number.POSITIVE_INFINITY) return
  throw refusal('rng.gamma(shape, scale)', 'a finite scale above 0', scale, 'The mean is shape · scale; a rate is 1 / scale.')
}

export function assertLogs(mu: number, sigma: number): void {
  if (sigma >= 0 && sigma + Math.abs(mu) < Number.POSITIVE_INFINITY) return
  throw refusal(
    'rng.lognormal(mu, sigma)',
    'a finite mean and a standard deviation ≥ 0 of the logarithm',
    `${mu}, ${sigma}`,
    'Its median is e to the power of mu.',
  )
}

export function assertWeights(elements: number, weights: number): void {
  if (elements === weights) return
  throw refusal(
    'rng.pickWeighted(list, weights)',
    `${elements} weights, one an element`,
    weights,
    'Give a function of an element instead of a list, if that is easier.',
  )
}

export function assertLength(n: number): void {
  if (n >= 0 && n % 1 === 0 && n < 2 ** 32) return
  throw refusal('rng.permutation(n)', 'a whole number ≥ 0', n, 'It gives 0 … n − 1 in random order.')
}

function refusal(what: string, expected: string, got: unknown, next: string): OperatorError {
  return new OperatorError({ what, expected, got, next })
}
