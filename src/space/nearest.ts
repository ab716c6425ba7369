/** The nearest of those a search found. */

import type { Placeable } from './placeable.js'

/**
 * Brings the k nearest of the first n of a list to its front, in order, the older first at equal distance; `distances` goes with
 * the list. By insertion, as n is a few times k.
 */
export function nearestFirst<A extends Placeable>(list: A[], distances: Float64Array, n: number, k: number): void {
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

function before(d: number, agent: Placeable, other: number, otherAgent: Placeable): boolean {
  return d < other || (d === other && agent.id < otherAgent.id)
}
