/**
 * Approximate Bayesian computation: which parameters could have made the data, where no likelihood is known. Rejection, or population Monte
 * Carlo, then a local-linear regression that corrects for the distance that was accepted (Beaumont, Zhang and Balding 2002).
 */

import { Matrix, solve } from 'ml-matrix'
import { checkedCount, math, OperatorError, rootOf, Stream } from '../../core/index.js'
import { type Interval, median } from '../statistics/index.js'
import { checkedLevel } from '../statistics/samples.js'
import { aroundPopulation } from './population-proposals.js'
import { anywhere, checkedRanges, type FitRange, type Place, valuesAt } from './range.js'

/** What is inferred, from how many simulations. */
export interface AbcOptions {
  /** The prior: uniform over these ranges, in their scales. */
  readonly ranges: readonly FitRange[]
  /** The summaries of the data. */
  readonly observed: readonly number[]
  /** Simulations, each at a place of the prior. */
  readonly budget: number
  /** The share of them that is accepted; default 0.1. */
  readonly accept?: number
  /**
   * 1: rejection, every simulation at a place of the prior. More: population Monte Carlo, in which each further round looks around what was
   * accepted so far (Lenormand, Jabot and Deffuant 2013), so that the same budget accepts what is nearer to the data. Default 1.
   */
  readonly rounds?: number
  /** Of the posterior intervals; default 0.95. */
  readonly level?: number
  /** Default 1. */
  readonly seed?: number | string
}

/** What is known of a parameter once the data are. */
export interface Posterior {
  readonly name: string
  readonly mean: number
  readonly sd: number
  readonly median: number
  readonly interval: Interval
}

/** The accepted points, corrected by regression; each counts by its weight. */
export interface AbcSample {
  readonly point: readonly number[]
  readonly weight: number
}

/** A posterior with the sample it was read from, and how much was simulated for it. */
export interface AbcResult {
  readonly posterior: readonly Posterior[]
  readonly sample: readonly AbcSample[]
  /** Simulations made, those that gave summaries, and those accepted. */
  readonly simulated: number
  readonly usable: number
  readonly accepted: number
  /** The greatest distance that was accepted, each summary in units of its spread under the prior. */
  readonly tolerance: number
}

/** A simulation that gave summaries; its weight is the prior's density at its place in that of its proposal. */
interface Particle {
  readonly place: Place
  readonly off: readonly number[]
  readonly distance: number
  readonly weight: number
}

/** A simulation that was accepted: its parameters on the unbounded scale, its summaries less the data's, its weight. */
interface Accepted {
  readonly free: readonly number[]
  readonly off: readonly number[]
  readonly weight: number
}

/**
 * The posterior of the parameters. `simulate` gives the summaries at several points, which may be made side by side. Each summary counts in
 * units of its own spread.
 */
export async function abcPosterior(
  simulate: (points: readonly (readonly number[])[]) => Promise<readonly (readonly number[])[]> | readonly (readonly number[])[],
  { ranges, observed, budget, accept = 0.1, rounds = 1, level = 0.95, seed = 1 }: AbcOptions,
): Promise<AbcResult> {
  checkedRanges(ranges)
  checkedLevel(level)
  checkedCount('`budget`', budget)
  checkedCount('`rounds`', rounds, budget)
  if (!(accept > 0 && accept <= 1))
    throw new OperatorError({ what: '`accept`', expected: 'a share above 0, at most 1', got: accept })
  const rng = new Stream(rootOf(seed), 'ABC')
  const least = ranges.length + observed.length + 5
  const each = Math.floor(budget / rounds)
  const prior = Array.from({ length: budget - each * (rounds - 1) }, () => ({ place: anywhere(ranges.length, rng), weight: 1 }))
  const first = usable(prior, await simulate(prior.map(({ place }) => valuesAt(ranges, place))), observed.length)
  const scales = observed.map((_, k) => spreadAround(first.map(({ found }) => found[k] as number)))
  const count = Math.max(least, Math.ceil(accept * (rounds === 1 ? first.length : budget)))
  if (first.length < count) throw tooFew(first.length, prior.length, count, rounds)
  let made = first.length
  let population = sorted(first.map(one => particleOf(one, observed, scales)))
  for (let round = 1; round < rounds; round++) {
    const proposals = aroundPopulation(population.slice(0, count), each, rng)
    const found = usable(proposals, await simulate(proposals.map(({ place }) => valuesAt(ranges, place))), observed.length)
    made += found.length
    population = sorted([...population.slice(0, count), ...found.map(one => particleOf(one, observed, scales))])
  }
  const accepted = nearest(population, count)
  const sample = corrected(accepted).map(({ free, weight }) => ({ point: valuesAt(ranges, free.map(bounded)), weight }))
  return {
    posterior: ranges.map(({ name }, i) => posteriorOf(name, sample, i, level)),
    sample,
    simulated: budget,
    usable: made,
    accepted: sample.length,
    tolerance: population[count - 1]?.distance ?? 0,
  }
}

interface Found {
  readonly place: Place
  readonly weight: number
  readonly found: readonly number[]
}

function usable(
  proposals: readonly Pick<Found, 'place' | 'weight'>[],
  summaries: readonly (readonly number[])[],
  length: number,
): Found[] {
  return proposals.flatMap((proposal, i) => {
    const found = summaries[i] ?? []
    return found.length === length && found.every(Number.isFinite) ? [{ ...proposal, found }] : []
  })
}

function particleOf({ place, weight, found }: Found, observed: readonly number[], scales: readonly number[]): Particle {
  const off = found.map((value, k) => (value - (observed[k] as number)) / (scales[k] as number))
  return { place, weight, off, distance: Math.sqrt(off.reduce((sum, x) => sum + x * x, 0)) }
}

function sorted(particles: readonly Particle[]): Particle[] {
  return [...particles].sort((a, b) => a.distance - b.distance)
}

/** Those whose summaries are nearest to the data; the farther, the less they count (Epanechnikov's kernel). */
function nearest(all: readonly Particle[], count: number): Accepted[] {
  const edge = all[count]?.distance ?? (all.at(-1)?.distance ?? 0) * (1 + 1e-9)
  return all.slice(0, count).map(({ place, off, distance, weight }) => ({
    free: place.map(unbounded),
    off,
    weight: weight * (edge > 0 ? Math.max(1e-6, 1 - (distance / edge) ** 2) : 1),
  }))
}

/** The median absolute deviation, or 1 where nothing differs. */
function spreadAround(values: readonly number[]): number {
  const center = median(values)
  return median(values.map(value => Math.abs(value - center))) || 1
}

/** Takes from each parameter what the weighted regression on the summaries says that their distance from the data adds. */
function corrected(accepted: readonly Accepted[]): Accepted[] {
  const roots = accepted.map(({ weight }) => Math.sqrt(weight))
  const x = new Matrix(accepted.map(({ off }, i) => [1, ...off].map(value => value * (roots[i] as number))))
  const y = new Matrix(accepted.map(({ free }, i) => free.map(value => value * (roots[i] as number))))
  const slopes = solve(x, y, true)
  return accepted.map(({ free, off, weight }) => ({
    free: free.map((value, p) => value - off.reduce((sum, d, k) => sum + d * slopes.get(k + 1, p), 0)),
    off,
    weight,
  }))
}

/** Logit, so that a corrected place stays within the prior. */
function unbounded(u: number): number {
  const inside = Math.min(1 - 1e-12, Math.max(1e-12, u))
  return math.log(inside / (1 - inside))
}

function bounded(x: number): number {
  return 1 / (1 + math.exp(-x))
}

function posteriorOf(name: string, sample: readonly AbcSample[], i: number, level: number): Posterior {
  const sorted = sample.map(({ point, weight }) => ({ value: point[i] as number, weight })).sort((a, b) => a.value - b.value)
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0)
  const mean = sorted.reduce((sum, { value, weight }) => sum + value * weight, 0) / total
  const variance = sorted.reduce((sum, { value, weight }) => sum + weight * (value - mean) ** 2, 0) / total
  const quantile = (p: number) => {
    let below = 0
    const at = sorted.findIndex(({ weight }) => {
      below += weight
      return below >= p * total
    })
    return (sorted.at(at) as { value: number }).value
  }
  return {
    name,
    mean,
    sd: Math.sqrt(variance),
    median: quantile(0.5),
    interval: [quantile((1 - level) / 2), quantile((1 + level) / 2)],
  }
}

function tooFew(usable: number, of: number, least: number, rounds: number): OperatorError {
  return new OperatorError({
    what: '`budget`',
    expected: `at least ${least} simulations with a result${rounds === 1 ? '' : ' in the first round'}`,
    got: `${usable} of ${of}`,
    next: `Make more of them, ${rounds === 1 ? '' : 'in fewer `rounds`, '}or fit fewer parameters to fewer columns.`,
  })
}
