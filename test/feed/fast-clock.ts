/** A wall clock that runs faster than the wall, so that minutes pass in a test's second. */

import type { WallClock } from '../../src/feed/clock.js'

export function fastClock(factor: number): WallClock {
  const [wall, mono] = [Date.now(), performance.now()]
  const monotonic = () => mono + (performance.now() - mono) * factor
  return {
    now: () => Math.floor(wall + monotonic() - mono),
    monotonic,
    setTimer(delayMs, fire) {
      const timer = setTimeout(fire, delayMs / factor)
      return () => clearTimeout(timer)
    },
  }
}
