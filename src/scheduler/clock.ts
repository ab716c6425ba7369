/** Model time: the simulation sets it, every part reads it. It is never the wall clock. */

import { BrokenInvariant } from '../core/index.js'

export interface Clock {
  /** The instant of the current tick: integer milliseconds in trading worlds, steps in framework models. */
  readonly now: number
  /** Steps begun so far. */
  readonly steps: number
}

export class ModelClock implements Clock {
  now: number
  steps = 0

  constructor(start = 0) {
    this.now = start
  }

  advance(to: number): void {
    // Not `assert`: its message, of numbers with many digits, would be made at every event.
    if (!(to >= this.now)) throw new BrokenInvariant(`time went back from ${this.now} to ${to}`)
    this.now = to
  }

  /** Makes `step` the number of the next step, where it is ahead of this clock's own count. */
  align(step: number): void {
    this.steps = Math.max(this.steps, step - 1)
  }

  /** Continues at another time, earlier ones included: the same state enters another market. */
  rebase(now: number): void {
    this.now = now
  }
}
