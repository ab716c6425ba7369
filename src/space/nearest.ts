/** The nearest of those a search found. */

import { OperatorError } from '../core/index.js'
import type { Placeable, Space } from './placeable.js'

/** Throws unless k is how many there may be of something. */
export function assertCountOfNearest(k: number, { noun }: Space): void {
  if (k >= 0 && (k % 1 === 0 || k === Number.POSITIVE_INFINITY)) return
  throw new OperatorError({
    what: `nearest(agent, k) of the ${noun}`,
    expected: 'a whole number k ≥ 0',
    got: k,
    next: 'For all within a distance ask neighbors(agent, distance).',
  })
}

/**
 * Brings the k nearest of the first n of a list to its front, in order, the older first at equal distance; `distances` goes with
 * the list. By insertion where k is small; for many, the whole list is sorted.
 */
export function nearestFirst<A extends Placeable>(list: A[], distances: Float64Array, n: number, k: number): void {
  if (k > MOST_INSERTED) return sortAll(list, distances, n)
  for (let i = 0; i < n; i++) {
    const agent = list[i] as A
    const d = distances[i] as number
    let j = Math.min(i, k)
    if (j === k && !before(d, agent, distances[k - 1] as number, list[k - 1] as A)) continue
    for (; j > 0 && before(d, agent, distances[j - 1] as number, list[j - 1] as A); j--) {
      distances[j] = distances[j - 1] as number
      list[j] = list[j - 1] as A
    }
    distances[j] = d
    list[j] = agent
  }
}

/** Nearest that insertion is quick for. */
const MOST_INSERTED = 64

function sortAll<A extends Placeable>(list: A[], distances: Float64Array, n: number): void {
  const found = list.slice(0, n).map((agent, i) => ({ agent, distance: distances[i] as number }))
  found.sort((a, b) => a.distance - b.distance || a.agent.id - b.agent.id)
  found.forEach(({ agent, distance }, i) => {
    list[i] = agent
    distances[i] = distance
  })
}

function before(d: number, agent: Placeable, other: number, otherAgent: Placeable): boolean {
  return d < other || (d === other && agent.id < otherAgent.id)
}
