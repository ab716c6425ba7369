/** Interest on idle cash: what is not tied up in positions earns the rate, bar by bar. */

import { DAY_MS, type TimeMs } from '../core/index.js'
import { DAYS_A_YEAR } from '../market/index.js'

/** Interest of an idle amount from one instant to another, simple within a bar; 0 before the first instant, and of a debt. */
export function interestOn(idle: number, ratePerYear: number, from: TimeMs, to: TimeMs): number {
  if (!(idle > 0) || !(to > from)) return 0
  return (idle * ratePerYear * (to - from)) / (DAYS_A_YEAR * DAY_MS)
}
