/** The live world's loop: at most one tick in ten milliseconds, a step when a bar is over, times that only grow. */

import { type LiveFeed, pause, type WallClock } from '../../../feed/index.js'
import type { TickInput } from '../../../model/index.js'
import { BarClock } from './bar-clock.js'
import type { Inputs } from './inputs.js'
import { liveLimits } from './limits.js'
import type { LivePart } from './part.js'

export interface LoopParts {
  readonly part: LivePart
  readonly feed: LiveFeed
  readonly inputs: Inputs
  readonly clock: WallClock
  /** True when every live pair's bar ending there is final. */
  readonly isFinal: (barEnd: number) => boolean
  /** Steps between checkpoints. */
  readonly checkpointEvery: number
  /** The number this bar's step should have, where parts of a run must agree. */
  readonly stepOf?: ((barEnd: number) => number | undefined) | undefined
  /** Called after every tick; with the bar's end where it was a step. */
  readonly onTick?: ((barEnd: number | undefined) => void) | undefined
}

export class LiveLoop {
  readonly bars: BarClock
  readonly counters = { ticks: 0, steps: 0, overruns: 0, inputs: 0, checkpoints: 0, longestTickMs: 0 }
  private sinceCheckpoint = 0

  constructor(private readonly parts: LoopParts) {
    const { part, feed } = parts
    const now = feed.now()
    // A fresh run waits for the end of the bar it begins in.
    this.bars = new BarClock(feed.barMs, part.closedUntil > 0 ? part.closedUntil : now - (now % feed.barMs))
  }

  /** Turns until aborted; the tick under way is finished. */
  async run(until: AbortSignal): Promise<void> {
    const { clock } = this.parts
    while (!until.aborted) {
      const started = clock.monotonic()
      this.turn()
      await pause(clock, Math.max(0, liveLimits.tickMs - (clock.monotonic() - started)), until)
    }
  }

  /** One look at what waits: one tick where something does, else none. */
  turn(): boolean {
    const { part, feed, inputs } = this.parts
    const now = Math.floor(feed.now())
    const barEnd = this.bars.due(now, this.parts.isFinal)
    if (barEnd !== undefined) feed.closeBars(barEnd)
    const taken = inputs.take(now)
    const step = barEnd !== undefined && !inputs.isBehind
    if (taken.length === 0 && !step && !this.eventDue(now)) return false
    const time = Math.max(part.time + 1, now)
    this.tick(time, taken, step ? barEnd : undefined)
    return true
  }

  private tick(time: number, taken: TickInput[], barEnd: number | undefined): void {
    const { part, inputs, onTick, clock } = this.parts
    const { counters, bars } = this
    const step = barEnd !== undefined
    const given = step ? [...taken, ...this.aligned(barEnd)] : taken
    const started = clock.monotonic()
    part.run({ time, step, inputs: given }, barEnd)
    const took = clock.monotonic() - started
    inputs.committed(step)
    counters.ticks++
    counters.inputs += given.length
    counters.longestTickMs = Math.max(counters.longestTickMs, took)
    if (took > bars.barMs) counters.overruns++
    if (step) {
      counters.steps++
      bars.stepped(barEnd)
      this.mayCheckpoint()
    }
    onTick?.(barEnd)
  }

  private mayCheckpoint(): void {
    if (++this.sinceCheckpoint < this.parts.checkpointEvery) return
    this.checkpoint()
  }

  checkpoint(): void {
    this.sinceCheckpoint = 0
    this.counters.checkpoints++
    this.parts.part.checkpoint()
  }

  private eventDue(now: number): boolean {
    return this.parts.part.parts.sim.nextEventTime <= now
  }

  private aligned(barEnd: number): TickInput[] {
    const { part, stepOf } = this.parts
    const step = stepOf?.(barEnd)
    return step === undefined || step <= part.model.steps + 1 ? [] : [{ kind: 'align', step } as TickInput]
  }
}
