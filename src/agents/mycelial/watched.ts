/** Whether a print came from a time in which this process did not watch the market. */

import { MINUTE_MS, type TimeMs } from '../../core/index.js'
import type { MarketTrade } from '../../market/index.js'

/** What a model knows of its own watching. */
export interface Watching {
  readonly now: TimeMs
  /** Since when it watches again; undefined: it always has. */
  readonly watchedSince: TimeMs | undefined
}

/** How long prints of before may still arrive. Later it is the clock that is wrong, and exits must not wait for it. */
const lateMs = MINUTE_MS

/** True for what was traded before the process watched again: nobody could have traded there. */
export function isFromBefore({ now, watchedSince = 0 }: Watching, { time }: MarketTrade): boolean {
  return time < watchedSince && now - watchedSince < lateMs
}
