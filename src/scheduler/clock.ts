/** Model time: set by whoever drives the model, read by everybody, never the wall clock. */

import { assert } from '../core/index.js'

export interface Clock {
  /** The instant of the current tick: integer milliseconds in trading worlds, steps in framework models. */
  readonly now: number
}

export class ModelClock implements Clock {
  now: number
  constructor(start = 0) {
    this.now = start
  }

  advance(to: number): void {
    assert(to >= this.now, `time went back from ${this.now} to ${to}`)
    this.now = to
  }
}
