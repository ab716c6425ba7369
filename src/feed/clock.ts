/** The wall clock of the feeds: all time and timers come from here, so that a test can stop, set or accelerate them. */

import { setMaxListeners } from 'node:events'
import type { TimeMs } from '../core/index.js'

/** Time outside the model: the system’s, or a replacement. */
export interface WallClock {
  /** Milliseconds since 1970 UTC; may jump either way. */
  now(): TimeMs
  /** Milliseconds of an arbitrary origin; never goes back. Durations are measured with this one. */
  monotonic(): number
  /** Calls `fire` once after `delayMs`; the returned function cancels it. */
  setTimer(delayMs: number, fire: () => void): () => void
}

/** Node clamps longer delays to 1 ms, so they are waited for in pieces. */
const longestTimerMs = 2 ** 31 - 1

/** The machine's own clock. */
export function systemClock(): WallClock {
  return { now: () => Date.now(), monotonic: () => performance.now(), setTimer: setLongTimer }
}

function setLongTimer(delayMs: number, fire: () => void): () => void {
  let left = Math.max(0, delayMs)
  let handle: NodeJS.Timeout
  const wait = () => {
    const piece = Math.min(left, longestTimerMs)
    left -= piece
    handle = setTimeout(left > 0 ? wait : fire, piece)
  }
  wait()
  return () => clearTimeout(handle)
}

/** Resolves after `delayMs`, or at once when `until` is aborted. */
export function pause(clock: WallClock, delayMs: number, until?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (until?.aborted) return resolve()
    const done = () => {
      cancel()
      until?.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.setTimer(delayMs, done)
    // All pairs of a connection may wait for its end at once, which Node would report as a leak.
    if (until !== undefined) setMaxListeners(0, until)
    until?.addEventListener('abort', done, { once: true })
  })
}
