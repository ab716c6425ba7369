/** What a creator's launches say of him: many at once, or the first after a long time. */

import { HOUR_MS, MINUTE_MS, type TimeMs } from '../../core/index.js'

/** Within this time after another launch a creator launches several at once; after this time without one he was dormant. */
const [MULTI_MS, DORMANT_MS] = [10 * MINUTE_MS, HOUR_MS] as const

export function isMultiLaunch(lastLaunch: TimeMs | null, now: TimeMs): boolean {
  return lastLaunch !== null && now - lastLaunch <= MULTI_MS
}

export function isDormant(lastLaunch: TimeMs | null, now: TimeMs): boolean {
  return lastLaunch !== null && now - lastLaunch > DORMANT_MS
}
