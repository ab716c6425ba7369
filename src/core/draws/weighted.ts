/** A place chosen in proportion to weights. */

import { OperatorError } from '../errors.js'
import type { Chance } from './chance.js'

/** In one draw. `weightAt` gives a finite number ≥ 0 for each of `count` places and is called once for each; not all are 0. */
export function weightedPlace(rng: Chance, count: number, weightAt: (place: number) => number): number {
  const weights = new Float64Array(count)
  let total = 0
  for (let i = 0; i < count; i++) {
    const weight = weightAt(i)
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) throw wrongWeight(i, weight)
    weights[i] = weight
    total += weight
  }
  if (!(total > 0)) throw noWeight(count)
  let rest = rng.float() * total
  let last = -1
  for (let i = 0; i < count; i++) {
    const weight = weights[i] as number
    if (weight === 0) continue
    last = i
    if (rest < weight) return i
    rest -= weight
  }
  // What rounding left over belongs to the last one that has a weight.
  return last
}

function wrongWeight(place: number, got: number): OperatorError {
  return new OperatorError({
    what: `The weight of element ${place} in a weighted choice`,
    expected: 'a finite number ≥ 0',
    got,
    next: 'Look at what it was computed from; 0 means never.',
  })
}

function noWeight(count: number): OperatorError {
  return new OperatorError({
    what: 'The weights of a weighted choice',
    expected: 'at least one above 0',
    got: count === 0 ? 'no element' : `${count} of 0`,
    next: 'Check first that something can be chosen.',
  })
}
