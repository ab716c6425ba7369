/** The UTC day: what daily limits count by. */

import { DAY_MS, type TimeMs } from '../../core/index.js'

/** The number of the day an instant belongs to; 00:00 begins one. */
export function utcDay(time: TimeMs): number {
  return Math.floor(time / DAY_MS)
}
