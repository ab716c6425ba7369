/** How traders of the crowd choose: each looks at a few of the living tokens, and at the one most bought of these. */

import type { Rng, TimeMs } from '../../core/index.js'
import { flowOf, type LaunchToken } from './token.js'

/** Of `among` tokens picked at random the one with the greatest inflow; undefined where none lives. */
export function mostBoughtOf(living: readonly LaunchToken[], among: number, time: TimeMs, rng: Rng): LaunchToken | undefined {
  if (living.length === 0) return undefined
  let best = rng.pick(living)
  for (let i = 1; i < among; i++) {
    const other = rng.pick(living)
    if (flowOf(other, time) > flowOf(best, time)) best = other
  }
  return best
}
