/** Where the future is changed: random places, one in each of equal parts. */

import { checkedCount, rootOf, Stream } from '../../core/index.js'

/** `points` places from 1 to `of`, ascending, each once. */
export function pointsWithin(of: number, points: number, seed: number | string): number[] {
  checkedCount('`points`', points)
  const rng = new Stream(rootOf(seed), 'look-ahead points')
  const count = Math.min(points, of)
  const start = (i: number) => Math.floor((i * of) / count)
  return Array.from({ length: count }, (_, i) => start(i) + 1 + rng.int(start(i + 1) - start(i)))
}
