/** A clock that stands still until a test moves it. */

import type { TransportClock } from '../../src/transport/index.js'

interface Timer {
  readonly due: number
  readonly order: number
  readonly fire: () => void
}

export class FakeClock implements TransportClock {
  private time = 0
  private order = 0
  private timers: Timer[] = []
  /** Added to the wall time alone. */
  wallOffset = 1_700_000_000_000

  now(): number {
    return this.wallOffset + this.time
  }

  monotonic(): number {
    return this.time
  }

  setTimer(delayMs: number, fire: () => void): () => void {
    const timer = { due: this.time + delayMs, order: this.order++, fire }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter(t => t !== timer)
    }
  }

  get timersSet(): number {
    return this.timers.length
  }

  /** Moves on, firing what falls due in order. */
  advance(ms: number): void {
    const end = this.time + ms
    for (let next = this.next(end); next !== undefined; next = this.next(end)) {
      this.time = Math.max(this.time, next.due)
      this.fire(next)
    }
    this.time = end
  }

  /** The process did nothing for this long: what fell due fires late, all at the end. */
  stall(ms: number): void {
    this.time += ms
    for (let next = this.next(this.time); next !== undefined; next = this.next(this.time)) this.fire(next)
  }

  private fire(timer: Timer): void {
    this.timers = this.timers.filter(t => t !== timer)
    timer.fire()
  }

  private next(end: number): Timer | undefined {
    return this.timers.filter(t => t.due <= end).sort((a, b) => a.due - b.due || a.order - b.order)[0]
  }
}
