/** The start of the market's feed. An exchange that is away is waited for, and what operators say meanwhile is kept for the first tick. */

import type { LiveFeed, LiveStart, WallClock } from '../../../feed/index.js'
import { liveLimits } from '../limits.js'

export interface StartFeedOptions {
  readonly feed: LiveFeed
  readonly clock: WallClock
  /** How long the run lasts, ms; undefined: until stopped. */
  readonly forMs: number | undefined
  /** Stops the run, and with it the wait. */
  readonly stop: AbortController
  /** Called where the exchange has been away for so long that people should know. */
  readonly onAway: () => void
  /** Called every so often while it is waited for. */
  readonly onLook: () => void
}

/** Resolves once the exchange is back, the operator has stopped the run, or its duration is over. */
export async function startFeed({ feed, clock, forMs, stop, onAway, onLook }: StartFeedOptions): Promise<LiveStart> {
  const { signal } = stop
  const stopFeed = () => void feed.stop()
  // What is loaded first takes nothing from the run's duration.
  await feed.prepare?.()
  signal.addEventListener('abort', stopFeed, { once: true })
  const timers = [
    clock.setTimer(liveLimits.awayMs, onAway),
    repeated(clock, liveLimits.awayLookMs, onLook),
    ...(forMs === undefined ? [] : [clock.setTimer(forMs, () => stop.abort('time'))]),
  ]
  try {
    if (signal.aborted) stopFeed()
    return await feed.start()
  } finally {
    for (const cancel of timers) cancel()
    signal.removeEventListener('abort', stopFeed)
  }
}

function repeated(clock: WallClock, everyMs: number, act: () => void): () => void {
  let cancel = clock.setTimer(everyMs, again)
  function again(): void {
    cancel = clock.setTimer(everyMs, again)
    act()
  }
  return () => cancel()
}
