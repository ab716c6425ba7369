/** Limits the rate of requests to one host: all callers share one limiter, and with it the interval between two requests. */

import { pause, type WallClock } from './clock.js'

export class RateLimiter {
  private nextAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly clock: WallClock,
    readonly intervalMs: number,
  ) {}

  /** Waits until this caller may send a request. */
  async acquire(until?: AbortSignal): Promise<void> {
    const now = this.clock.monotonic()
    const at = Math.max(now, this.nextAt)
    this.nextAt = at + this.intervalMs
    if (at > now) await pause(this.clock, at - now, until)
  }

  /** Lets no caller send for at least `ms`, as after a refusal of the host. */
  backOff(ms: number): void {
    this.nextAt = Math.max(this.nextAt, this.clock.monotonic() + ms)
  }
}
