/** The full factorial design: every combination of the values. */

import { checkedCount } from '../core/index.js'
import {
  checkDimensions,
  checkWhole,
  type Design,
  type Dimension,
  type Dimensions,
  isInterval,
  type Point,
  wrong,
} from './design.js'
import { experimentLimits } from './limits.js'

/** Every combination of the values, the last parameter changing fastest. An interval needs `n`. Without dimensions: one point. */
export function grid(dimensions: Dimensions): Design {
  checkDimensions(dimensions)
  const named = Object.entries(dimensions)
  for (const [name, dimension] of named) checkNumber(name, dimension)
  checkedCount(
    'the points of a grid',
    named.reduce((product, [, dimension]) => product * sizeOf(dimension), 1),
    experimentLimits.points,
  )
  return {
    name: 'grid',
    parameters: named.map(([name]) => name),
    points(isWhole) {
      checkWhole(dimensions, isWhole)
      return named.reduce<Point[]>(
        (points, [name, dimension]) => {
          const values = valuesOf(dimension, isWhole(name))
          return points.flatMap(point => values.map(value => ({ ...point, [name]: value })))
        },
        [{}],
      )
    },
  }
}

function sizeOf(dimension: Dimension): number {
  return isInterval(dimension) ? (dimension.n ?? 1) : dimension.length
}

function checkNumber(name: string, dimension: Dimension): void {
  if (!isInterval(dimension)) return
  const { from, to, n } = dimension
  if (n === undefined) throw wrong(name, `the number of values, as in ${from}:${to}:5`, `${from}:${to}`)
  if (!(Number.isSafeInteger(n) && n >= 2)) throw wrong(name, 'a whole number ≥ 2 of values', n)
}

/** Whole parameters take the nearest whole numbers, each once. */
function valuesOf(dimension: Dimension, isWhole: boolean): readonly unknown[] {
  if (!isInterval(dimension)) return dimension
  const { from, to, n = 2 } = dimension
  const even = Array.from({ length: n }, (_, i) => (i === n - 1 ? to : from + (i * (to - from)) / (n - 1)))
  const inside = (value: number) => Math.min(Math.floor(to), Math.max(Math.ceil(from), Math.round(value)))
  return isWhole ? [...new Set(even.map(inside))] : even
}
