/** Where population Monte Carlo looks next: around the places that were accepted so far (Beaumont, Cornuet, Marin and Robert 2009). */

import { math, type Rng } from '../../core/index.js'
import type { Place } from './range.js'

/** A place with a weight. */
export interface Weighted {
  readonly place: Place
  readonly weight: number
}

/** The least width of a kernel, in parts of a range: where all agree, there is still something to look at. */
const leastWidth = 1e-6

/**
 * Draws places near those of a population, by normal kernels of twice its variance in each direction; a draw outside of the prior is drawn again.
 * Each comes with its weight, the prior's density in that of its proposal, so that the weighted places are a sample of the prior still.
 */
export function aroundPopulation(population: readonly Weighted[], n: number, rng: Rng): Weighted[] {
  const total = population.reduce((sum, { weight }) => sum + weight, 0)
  const widths = (population[0]?.place ?? []).map((_, d) => Math.sqrt(2 * varianceOf(population, d, total)) || leastWidth)
  const places: Place[] = []
  let drawn = 0
  while (places.length < n) {
    drawn++
    const { place } = chosen(population, total, rng)
    const near = place.map((u, d) => rng.normal(u, widths[d]))
    if (near.every(u => u >= 0 && u < 1)) places.push(near)
  }
  const inside = n / drawn
  return places.map(place => ({ place, weight: inside / density(place, population, total, widths) }))
}

function chosen(population: readonly Weighted[], total: number, rng: Rng): Weighted {
  let left = rng.float() * total
  const found = population.find(({ weight }) => {
    left -= weight
    return left < 0
  })
  return found ?? (population.at(-1) as Weighted)
}

function varianceOf(population: readonly Weighted[], d: number, total: number): number {
  const at = ({ place }: Weighted) => place[d] as number
  const mean = population.reduce((sum, one) => sum + one.weight * at(one), 0) / total
  return population.reduce((sum, one) => sum + one.weight * (at(one) - mean) ** 2, 0) / total
}

/** Of the mixture of kernels, before draws outside are drawn again. */
function density(place: Place, population: readonly Weighted[], total: number, widths: readonly number[]): number {
  const norm = widths.reduce((product, width) => product * width * Math.sqrt(2 * Math.PI), total)
  const of = (other: Place) =>
    math.exp(-place.reduce((sum, u, d) => sum + ((u - (other[d] as number)) / (widths[d] as number)) ** 2, 0) / 2)
  return population.reduce((sum, { place: other, weight }) => sum + weight * of(other), 0) / norm
}
