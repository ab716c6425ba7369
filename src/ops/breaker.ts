/** A circuit breaker: after some failures in a row it lets nothing through for a while, then one trial, which decides. */

import type { Clock } from './clock.js'

export type BreakerState = 'closed' | 'open' | 'trial'

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number
  /** How long it stays open, ms. */
  readonly openMs: number
}

export class Breaker {
  private failed = 0
  private openedAt = 0
  private isTrying = false

  constructor(
    private readonly options: BreakerOptions,
    private readonly clock: Pick<Clock, 'monotonic'>,
  ) {}

  get state(): BreakerState {
    if (this.failed < this.options.failures) return 'closed'
    return this.clock.monotonic() - this.openedAt < this.options.openMs ? 'open' : 'trial'
  }

  /** Whether a call may be made now. Each that may is followed by {@link succeeded} or {@link failedOnce}. */
  allows(): boolean {
    if (this.state === 'closed') return true
    if (this.state === 'open' || this.isTrying) return false
    this.isTrying = true
    return true
  }

  succeeded(): void {
    this.failed = 0
    this.isTrying = false
  }

  failedOnce(): void {
    this.failed++
    this.isTrying = false
    this.openedAt = this.clock.monotonic()
  }
}
