/** A timer that repeats without bursts: the next is set after the last was done, and one that comes late says how late. */

import type { TransportClock } from './clock.js'

export class Repeating {
  private cancel: (() => void) | undefined

  constructor(
    private readonly clock: TransportClock,
    private readonly everyMs: number,
    /** `lateMs`: how long after its time it came; above 0 where the process was busy or asleep. */
    private readonly act: (lateMs: number) => void,
  ) {}

  start(): void {
    this.stop()
    const due = this.clock.monotonic() + this.everyMs
    this.cancel = this.clock.setTimer(this.everyMs, () => {
      this.start()
      this.act(Math.max(0, this.clock.monotonic() - due))
    })
  }

  stop(): void {
    this.cancel?.()
    this.cancel = undefined
  }
}
