/** The feed's time: wall time continued by the monotonic clock, so that a jump of the wall clock closes no bars. */

import type { TimeMs } from '../../core/index.js'
import type { WallClock } from '../clock.js'

/** Differences up to this are small corrections, followed at once; larger ones are jumps, which the exchange must confirm. */
const slewMs = 500

export class FeedTime {
  private offset: number
  private jumped = false
  /** Jumps of the wall clock noticed, either way. */
  jumps = 0

  constructor(
    private readonly clock: WallClock,
    private readonly toleranceMs: number,
  ) {
    this.offset = clock.now() - clock.monotonic()
  }

  now(): TimeMs {
    const wall = this.clock.now()
    const carried = this.clock.monotonic() + this.offset
    const drift = wall - carried
    if (Math.abs(drift) <= slewMs) {
      this.offset += drift
      this.jumped = false
      return wall
    }
    if (!this.jumped) this.jumps++
    this.jumped = true
    return Math.floor(carried)
  }

  /** A fresh stamp of the exchange decides which clock is right after a jump, or after a sleep, which stops the monotonic clock. */
  confirm(stamp: TimeMs): void {
    const wall = this.clock.now()
    const carried = this.now()
    if (Math.abs(stamp - wall) <= this.toleranceMs && Math.abs(stamp - carried) > this.toleranceMs) {
      this.offset = wall - this.clock.monotonic()
      this.jumped = false
    }
  }

  /** True for a stamp ahead of both clocks by more than the tolerance. */
  isFuture(stamp: TimeMs): boolean {
    return stamp > Math.max(this.now(), this.clock.now()) + this.toleranceMs
  }
}
