/** Where the future is changed: random places, one in each of equal parts. */

import { OperatorError, rootOf, Stream } from '../../core/index.js'

/** `points` places from 1 to `of`, ascending, each once. */
export function pointsWithin(of: number, points: number, seed: number | string): number[] {
  if (!(Number.isSafeInteger(points) && points >= 1)) {
    throw new OperatorError({ what: '`points`', expected: 'a whole number ≥ 1', got: points })
  }
  const rng = new Stream(rootOf(seed), 'look-ahead points')
  const count = Math.min(points, of)
  const start = (i: number) => Math.floor((i * of) / count)
  return Array.from({ length: count }, (_, i) => start(i) + 1 + rng.int(start(i + 1) - start(i)))
}
