/** Says when a bar has ended: at most one step a bar, and one step for all bars that were missed. */

import { barGraceMs } from '../limits.js'

export class BarClock {
  /** Bars without a step of their own, because the clock had passed several. */
  skipped = 0
  /** Times the clock was set back by more than a bar. */
  setBack = 0
  private readonly graceMs: number

  /** @param closedUntil end of the last bar that was a step, as a multiple of `barMs`. */
  constructor(
    readonly barMs: number,
    public closedUntil: number,
  ) {
    this.graceMs = barGraceMs(barMs)
  }

  /** The end of the bar a step is due for, or undefined. `isFinal`: whether the bar that ends then is final for every live pair. */
  due(now: number, isFinal: (barEnd: number) => boolean): number | undefined {
    const boundary = now - (now % this.barMs)
    if (boundary < this.closedUntil - this.barMs) {
      // The clock was ahead before; positions must age by the corrected one.
      this.setBack++
      this.closedUntil = boundary
    }
    if (boundary <= this.closedUntil) return undefined
    return now >= boundary + this.graceMs || isFinal(boundary) ? boundary : undefined
  }

  /** Records the step of the bar that ends there. */
  stepped(barEnd: number): void {
    this.skipped += Math.max(0, Math.round((barEnd - this.closedUntil) / this.barMs) - 1)
    this.closedUntil = barEnd
  }
}
