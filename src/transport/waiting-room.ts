/** Messages whose publisher is not known yet: a few, for a short time, in order of arrival. */

import type { Envelope } from './envelope.js'
import { transportLimits as limits } from './limits.js'

/** A readable envelope, and on which channel it came. */
export interface Arrival {
  readonly channel: string
  readonly envelope: Envelope
  /** Characters of its text. */
  readonly length: number
  /** Monotonic ms. */
  readonly since: number
}

export class WaitingRoom {
  private waiting: Arrival[] = []
  private lengthWaiting = 0

  get size(): number {
    return this.waiting.length
  }

  /** False where there is no room left. */
  add(arrival: Arrival): boolean {
    const length = this.lengthWaiting + arrival.length
    if (this.waiting.length >= limits.unknownWaiting || length > limits.unknownLength) return false
    this.waiting.push(arrival)
    this.lengthWaiting = length
    return true
  }

  /** Empties the room. */
  takeAll(): readonly Arrival[] {
    const { waiting } = this
    this.waiting = []
    this.lengthWaiting = 0
    return waiting
  }
}
