/** When to try again: exponential delays with full jitter, and never more than so many attempts a minute. */

import { MINUTE_MS } from '../core/index.js'
import { pause, type WallClock } from './clock.js'

export interface BackoffOptions {
  readonly baseMs: number
  readonly maxMs: number
  readonly attemptsPerMinute: number
}

export class Backoff {
  private failures = 0
  private readonly attempts: number[] = []

  /** `jitter` is uniform in [0, 1). */
  constructor(
    private readonly clock: WallClock,
    private readonly options: BackoffOptions,
    private readonly jitter: () => number,
  ) {}

  /** The delay before the next attempt, in ms; the first after a success is almost at once. */
  delay(): number {
    const now = this.clock.monotonic()
    while (this.attempts.length > 0 && now - (this.attempts[0] ?? 0) >= MINUTE_MS) this.attempts.shift()
    const oldest = this.attempts[0]
    const capped = this.attempts.length >= this.options.attemptsPerMinute && oldest !== undefined
    const room = capped ? MINUTE_MS - (now - oldest) : 0
    if (this.failures === 0) return room
    const ceiling = Math.min(this.options.maxMs, this.options.baseMs * 2 ** Math.min(this.failures - 1, 20))
    return Math.max(room, ceiling * (0.5 + 0.5 * this.jitter()))
  }

  /** `delayMs`: the delay as it was told before. */
  async wait(until?: AbortSignal, delayMs = this.delay()): Promise<void> {
    await pause(this.clock, delayMs, until)
    this.attempts.push(this.clock.monotonic())
  }

  failed(): void {
    this.failures++
  }

  succeeded(): void {
    this.failures = 0
  }
}
