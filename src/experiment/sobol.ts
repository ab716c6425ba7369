/** Sobol’s sequence: points that fill the space evenly, however many are taken (Sobol 1967; Antonov and Saleev 1979). */

import { checkedCount, OperatorError } from '../core/index.js'
import { checkDimensions, checkVaried, checkWhole, type Design, type Dimensions, valueAt } from './design.js'
import { experimentLimits } from './limits.js'

/**
 * Degree, coefficients and first direction numbers of the primitive polynomials of dimensions 2 to 21 (S. Joe and F. Y. Kuo 2008,
 * "Constructing Sobol sequences with better two-dimensional projections", table new-joe-kuo-6). Dimension 1 is van der Corput's sequence.
 */
const polynomials: readonly (readonly [degree: number, coefficients: number, numbers: readonly number[]])[] = [
  [1, 0, [1]],
  [2, 1, [1, 3]],
  [3, 1, [1, 3, 1]],
  [3, 2, [1, 1, 1]],
  [4, 1, [1, 1, 3, 3]],
  [4, 4, [1, 3, 5, 13]],
  [5, 2, [1, 1, 5, 5, 17]],
  [5, 4, [1, 1, 5, 5, 5]],
  [5, 7, [1, 1, 7, 11, 19]],
  [5, 11, [1, 1, 5, 1, 1]],
  [5, 13, [1, 1, 1, 3, 11]],
  [5, 14, [1, 3, 5, 5, 31]],
  [6, 1, [1, 3, 3, 9, 7, 49]],
  [6, 13, [1, 1, 1, 15, 21, 21]],
  [6, 16, [1, 3, 1, 13, 27, 49]],
  [6, 19, [1, 1, 1, 15, 7, 5]],
  [6, 22, [1, 3, 1, 15, 13, 25]],
  [6, 25, [1, 1, 5, 5, 19, 61]],
  [7, 1, [1, 3, 7, 11, 23, 15, 103]],
  [7, 4, [1, 3, 7, 13, 13, 15, 69]],
]

const bits = 32
const toUnit = 1 / 2 ** bits

/** `points` points of the sequence from its beginning, the lower corner; best a power of two. At most 21 parameters. */
export function sobol(dimensions: Dimensions, { points: n }: { points: number }): Design {
  checkDimensions(dimensions)
  checkVaried(dimensions)
  checkedCount('`points`', n, experimentLimits.points)
  const named = Object.entries(dimensions)
  if (named.length > polynomials.length + 1)
    throw new OperatorError({
      what: 'the parameters of a Sobol design',
      expected: `at most ${polynomials.length + 1}`,
      got: named.length,
      next: 'A Latin hypercube takes any number.',
    })
  return {
    name: 'sobol',
    parameters: named.map(([name]) => name),
    points(isWhole) {
      checkWhole(dimensions, isWhole)
      return sobolSequence(named.length, n).map(at =>
        Object.fromEntries(named.map(([name, dimension], i) => [name, valueAt(dimension, at[i] ?? 0, isWhole(name))])),
      )
    },
  }
}

/** The first `n` points of the sequence in so many dimensions, each from 0 to 1 exclusive, in the order of the Gray code. */
export function sobolSequence(dimensions: number, n: number): number[][] {
  const directions = Array.from({ length: dimensions }, (_, i) => directionsOf(i))
  const at = new Array<number>(dimensions).fill(0)
  const points: number[][] = []
  for (let k = 0; k < n; k++) {
    points.push(at.map(x => (x >>> 0) * toUnit))
    const lowestZero = 31 - Math.clz32(~k & (k + 1))
    for (let i = 0; i < dimensions; i++) at[i] = (at[i] as number) ^ (directions[i]?.[lowestZero] as number)
  }
  return points
}

/** The direction numbers of a dimension, scaled by 2³². */
function directionsOf(dimension: number): Int32Array {
  const v = new Int32Array(bits)
  const polynomial = polynomials[dimension - 1]
  const [degree, coefficients, numbers] = polynomial ?? [bits, 0, []]
  for (let i = 0; i < bits; i++) {
    if (i < degree) {
      v[i] = (numbers[i] ?? 1) << (bits - 1 - i)
      continue
    }
    const base = v[i - degree] as number
    let next = base ^ (base >>> degree)
    for (let k = 1; k < degree; k++) if ((coefficients >> (degree - 1 - k)) & 1) next ^= v[i - k] as number
    v[i] = next
  }
  return v
}
