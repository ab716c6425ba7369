/** The loop of a live run: at most one tick in ten milliseconds, a step when a bar is over, and times that only grow. */

import type { LiveModel } from '../../../agents/index.js'
import { type LiveFeed, pause, type WallClock } from '../../../feed/index.js'
import type { TickInput } from '../../../model/index.js'
import { liveLimits } from '../limits.js'
import { BarClock } from './bar-clock.js'
import type { Inputs } from './inputs.js'
import type { Shard } from './shard.js'

export interface LoopOptions {
  readonly shard: Shard<LiveModel>
  readonly feed: LiveFeed
  readonly inputs: Inputs
  readonly clock: WallClock
  /** True when every live pair's bar ending there is final. */
  readonly isFinal: (barEnd: number) => boolean
  /** Steps between checkpoints. */
  readonly checkpointEvery: number
  /** The number that this bar's step should have, where shards of a run must agree. */
  readonly stepOf?: ((barEnd: number) => number | undefined) | undefined
  /** When the market was last looked at; default: at the shard's last tick. */
  readonly watchedAt?: number | undefined
  /** Called after every tick; with the bar's end where it was a step. */
  readonly onTick?: ((barEnd: number | undefined) => void) | undefined
}

export class LiveLoop {
  readonly bars: BarClock
  readonly counters = { ticks: 0, steps: 0, overruns: 0, inputs: 0, checkpoints: 0, longestTickMs: 0 }
  private sinceCheckpoint = 0
  /** When the market was last looked at; in a run that is continued, by the process before this one. */
  private watchedAt: number

  constructor(private readonly options: LoopOptions) {
    const { shard, feed, watchedAt = shard.time } = options
    const now = feed.now()
    this.watchedAt = watchedAt > 0 ? watchedAt : now
    // A fresh run waits for the end of the bar it begins in.
    this.bars = new BarClock(feed.barMs, shard.closedUntil > 0 ? shard.closedUntil : now - (now % feed.barMs))
  }

  /** Runs until aborted; a tick that has begun is finished. */
  async run(until: AbortSignal): Promise<void> {
    const { clock } = this.options
    while (!until.aborted) {
      const started = clock.monotonic()
      this.poll()
      await pause(clock, Math.max(0, liveLimits.tickMs - (clock.monotonic() - started)), until)
    }
  }

  /** Runs one tick where inputs, a step or an event are due. Returns whether it did. */
  poll(): boolean {
    const { shard, feed, inputs } = this.options
    const now = Math.floor(feed.now())
    const barEnd = this.bars.due(now, this.options.isFinal)
    if (barEnd !== undefined) feed.closeBars(barEnd)
    const taken = [...this.unwatched(now), ...inputs.take(now)]
    const step = barEnd !== undefined && !inputs.isBehind
    if (taken.length === 0 && !step && !this.eventDue(now)) return false
    // A live bar is known after its end, never at that very instant; so an idea's id has the bar's end in it, whatever its step.
    const time = Math.max(shard.time + 1, now % feed.barMs === 0 ? now + 1 : now)
    this.tick(time, taken, step ? barEnd : undefined)
    return true
  }

  /** After a restart or a sleep the model is told that nobody watched the market. */
  private unwatched(now: number): TickInput[] {
    const since = this.watchedAt
    this.watchedAt = now
    return now - since > liveLimits.unwatchedMs ? [{ kind: 'unwatched', since } as TickInput] : []
  }

  private tick(time: number, taken: TickInput[], barEnd: number | undefined): void {
    const { shard, inputs, onTick, clock } = this.options
    const { counters, bars } = this
    const step = barEnd !== undefined
    const all = step ? [...taken, ...this.aligned(barEnd)] : taken
    const started = clock.monotonic()
    shard.run({ time, step, inputs: all }, barEnd)
    const took = clock.monotonic() - started
    inputs.committed(step)
    counters.ticks++
    counters.inputs += all.length
    counters.longestTickMs = Math.max(counters.longestTickMs, took)
    if (took > bars.barMs) counters.overruns++
    if (step) {
      counters.steps++
      bars.stepped(barEnd)
      this.checkpointIfDue()
    }
    onTick?.(barEnd)
  }

  private checkpointIfDue(): void {
    if (++this.sinceCheckpoint < this.options.checkpointEvery) return
    this.checkpoint()
  }

  checkpoint(): void {
    this.sinceCheckpoint = 0
    this.counters.checkpoints++
    this.options.shard.checkpoint()
  }

  private eventDue(now: number): boolean {
    return this.options.shard.components.sim.nextEventTime <= now
  }

  /** The step takes the number that other shards give to this bar, where that is ahead of ours. */
  private aligned(barEnd: number): TickInput[] {
    const { shard, stepOf } = this.options
    const step = stepOf?.(barEnd)
    return step === undefined || step <= shard.model.steps + 1 ? [] : [{ kind: 'align', step } as TickInput]
  }
}
