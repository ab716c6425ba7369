/** Many tests at once: p values adjusted so that .05 still means what it says. */

import { checkedSample, type Sample } from './samples.js'

/**
 * Holm's (1979) adjusted p values, in the order given: with those at most α called significant, the chance of even one false call is at
 * most α.
 */
export function holm(ps: Sample): number[] {
  const order = byP(ps)
  const adjusted = new Array<number>(ps.length)
  let most = 0
  order.forEach((at, rank) => {
    most = Math.max(most, Math.min(1, (ps.length - rank) * (ps[at] as number)))
    adjusted[at] = most
  })
  return adjusted
}

/**
 * Benjamini and Hochberg's (1995) adjusted p values, in the order given: with those at most q called significant, a share of at most q
 * of the calls is false, on average, where the tests are independent.
 */
export function benjaminiHochberg(ps: Sample): number[] {
  const order = byP(ps)
  const adjusted = new Array<number>(ps.length)
  let least = 1
  for (let rank = order.length; rank >= 1; rank--) {
    const at = order[rank - 1] as number
    least = Math.min(least, ((ps[at] as number) * ps.length) / rank)
    adjusted[at] = least
  }
  return adjusted
}

/** Places of the p values, the smallest first. */
function byP(ps: Sample): number[] {
  checkedSample('the p values', ps, 1)
  return Array.from(ps, (_, i) => i).sort((a, b) => (ps[a] as number) - (ps[b] as number) || a - b)
}
