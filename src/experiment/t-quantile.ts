/** The quantiles of Student's t, from its law in closed form (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4). */

import { math } from '../core/index.js'

/** The t that |T| exceeds with probability `tails`, at a whole number of degrees of freedom. */
export function tQuantile(tails: number, freedom: number): number {
  let [low, high] = [0, 1]
  while (within(high, freedom) < 1 - tails) high *= 2
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (within(middle, freedom) < 1 - tails) low = middle
    else high = middle
  }
  return high
}

/** P(|T| ≤ t). */
function within(t: number, freedom: number): number {
  const angle = math.atan(t / Math.sqrt(freedom))
  const [sin, cos] = [math.sin(angle), math.cos(angle)]
  const isOdd = freedom % 2 === 1
  let term = isOdd ? cos : 1
  let sum = freedom === 1 ? 0 : term
  for (let k = isOdd ? 3 : 2; k <= freedom - 2; k += 2) {
    term *= ((k - 1) / k) * cos * cos
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum
}
