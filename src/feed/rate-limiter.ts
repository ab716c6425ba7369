/** Keeps requests to one host apart, whoever makes them, so that a feed is a polite guest. */

import { pause, type WallClock } from './clock.js'

export class RateLimiter {
  private nextAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly clock: WallClock,
    readonly intervalMs: number,
  ) {}

  /** Waits for this caller's turn. */
  async turn(until?: AbortSignal): Promise<void> {
    const now = this.clock.monotonic()
    const at = Math.max(now, this.nextAt)
    this.nextAt = at + this.intervalMs
    if (at > now) await pause(this.clock, at - now, until)
  }

  /** Holds everybody back for at least `ms`, as when the host said so. */
  hold(ms: number): void {
    this.nextAt = Math.max(this.nextAt, this.clock.monotonic() + ms)
  }
}
