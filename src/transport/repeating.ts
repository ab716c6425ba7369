/** A repeating timer without bursts: each call is scheduled after the previous one has ended, and receives its lateness. */

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
