/** Sobol indices: how much of the output's variance each factor causes, alone and with the others. */

import { checkedCount, type Rng } from '../../core/index.js'
import { type BootstrapOptions, resamplingStream, standardResamples } from './bootstrap.js'
import { checkedFactors, checkedOutputs, type Factor, inRange, type SensitivityDesign } from './factors.js'
import { checkedLevel, type Interval, meanOf, quantileOfSorted } from './samples.js'

/** What of the variance a factor causes. */
export interface SobolIndex {
  readonly name: string
  /** Alone: the share of the variance that would go if the factor were known. */
  readonly first: number
  readonly firstInterval: Interval
  /** With all its interactions: the share that would stay if all the others were known. About 0: the factor may be left alone. */
  readonly total: number
  readonly totalInterval: Interval
}

/**
 * A design of `samples` · (factors + 2) points (Saltelli et al. 2010): two samples of the space, and for each factor the first one with
 * that factor's values from the second. Compute the model at `points`, and hand the outputs to `sobolIndices`.
 */
export function sobolDesign(
  factors: readonly Factor[],
  { samples, seed = 1 }: { samples: number; seed?: number | string },
): SensitivityDesign {
  checkedFactors(factors)
  checkedCount('`samples`', samples)
  const places = latin(samples, 2 * factors.length, resamplingStream(seed, 'Sobol indices'))
  const points = places.flatMap(place => {
    const [a, b] = [place.slice(0, factors.length), place.slice(factors.length)]
    return [a, b, ...factors.map((_, i) => a.map((value, j) => (i === j ? (b[i] as number) : value)))]
  })
  return { factors, points: points.map(point => inRange(factors, point)) }
}

/**
 * First-order indices by the estimator of Saltelli et al. (2010), total ones by Jansen's (1999), each with a bootstrap interval over the
 * samples; from the outputs at the points of `sobolDesign`.
 */
export function sobolIndices(
  design: SensitivityDesign,
  outputs: ArrayLike<number>,
  { level = 0.95, resamples = standardResamples / 4, seed = 1 }: BootstrapOptions = {},
): SobolIndex[] {
  checkedOutputs(design, outputs)
  checkedLevel(level)
  const { factors } = design
  const samples = outputs.length / (factors.length + 2)
  // Around the mean, the product of two outputs says less of their size and more of what they share.
  const center = meanOf(outputs)
  const centered = Float64Array.from(outputs, output => output - center)
  const all = Uint32Array.from({ length: samples }, (_, i) => i)
  const rng = resamplingStream(seed, 'Sobol bootstrap')
  const draws = Array.from({ length: checkedCount('`resamples`', resamples) }, () => all.map(() => rng.int(samples)))
  return factors.map(({ name }, factor) => {
    const { first, total } = indicesOver(centered, factors.length, factor, all)
    const drawn = draws.map(draw => indicesOver(centered, factors.length, factor, draw))
    const between = (values: number[]): Interval => {
      const sorted = Float64Array.from(values).sort()
      return [quantileOfSorted(sorted, (1 - level) / 2), quantileOfSorted(sorted, (1 + level) / 2)]
    }
    return {
      name,
      first,
      firstInterval: between(drawn.map(index => index.first)),
      total,
      totalInterval: between(drawn.map(index => index.total)),
    }
  })
}

/** Both indices of a factor over some of the samples. */
function indicesOver(
  outputs: ArrayLike<number>,
  factors: number,
  factor: number,
  samples: Uint32Array,
): { first: number; total: number } {
  let sum = 0
  let squares = 0
  let cross = 0
  let jansen = 0
  for (const sample of samples) {
    const at = sample * (factors + 2)
    const a = outputs[at] as number
    const b = outputs[at + 1] as number
    const mixed = outputs[at + 2 + factor] as number
    sum += a + b
    squares += a * a + b * b
    cross += b * (mixed - a)
    jansen += (a - mixed) * (a - mixed)
  }
  const n = samples.length
  const variance = squares / (2 * n) - (sum / (2 * n)) ** 2

  if (variance <= 0) return { first: 0, total: 0 }
  return { first: cross / n / variance, total: jansen / (2 * n) / variance }
}

/** A Latin hypercube: in each dimension one value in each of n equal parts, in an order of its own (McKay, Beckman and Conover 1979). */
function latin(n: number, dimensions: number, rng: Rng): number[][] {
  const columns = Array.from({ length: dimensions }, () =>
    rng.shuffle(Array.from({ length: n }, (_, i) => i)).map(part => (part + rng.float()) / n),
  )
  return Array.from({ length: n }, (_, i) => columns.map(column => column[i] as number))
}
