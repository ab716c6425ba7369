/** The Latin hypercube: points that fill the space by chance, one in each of n equal parts of every parameter (McKay, Beckman and Conover 1979). */

import { checkedCount, rootOf, Stream } from '../core/index.js'
import { checkDimensions, checkVaried, checkWhole, type Design, type Dimensions, valueAt } from './design.js'
import { experimentLimits } from './limits.js'

/** `points` points; the `seed` decides which. */
export function latinHypercube(
  dimensions: Dimensions,
  { points: n, seed = 1 }: { points: number; seed?: number | string },
): Design {
  checkDimensions(dimensions)
  checkVaried(dimensions)
  checkedCount('`points`', n, experimentLimits.points)
  const named = Object.entries(dimensions)
  return {
    name: 'lhs',
    parameters: named.map(([name]) => name),
    points(isWhole) {
      checkWhole(dimensions, isWhole)
      const columns = named.map(([name, dimension], i) => {
        const rng = new Stream(rootOf(seed), 'latin hypercube', i)
        const parts = rng.shuffle(Array.from({ length: n }, (_, part) => part))
        return parts.map(part => valueAt(dimension, (part + rng.float()) / n, isWhole(name)))
      })
      return Array.from({ length: n }, (_, k) => Object.fromEntries(named.map(([name], i) => [name, columns[i]?.[k]])))
    },
  }
}
