/** Time and timers of this room, which is given them, so that a test can lead them by hand. */

import { setMaxListeners } from 'node:events'
import type { TimeMs } from '../core/index.js'

export interface Clock {
  /** Milliseconds since 1970 UTC; may jump either way. */
  now(): TimeMs
  /** Milliseconds of an arbitrary origin; never goes back. */
  monotonic(): number
  /** Calls `fire` once after `delayMs`; the returned function cancels it. */
  setTimer(delayMs: number, fire: () => void): () => void
}

/** Resolves after `ms`, or as soon as `until` is aborted. */
export function wait(clock: Clock, ms: number, until: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (until.aborted) return resolve()
    // Many may wait for one end, which Node would report as a leak.
    setMaxListeners(0, until)
    const done = () => {
      cancel()
      until.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.setTimer(ms, done)
    until.addEventListener('abort', done, { once: true })
  })
}
