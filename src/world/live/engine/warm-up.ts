/**
 * Bars from before the run goes live: the swarm learns from each in a step, and trades on none. All are journalled. Connection,
 * lease and feed are served meanwhile: a warm-up may take longer than any of them waits.
 */

import type { LiveModel, SwarmInput } from '../../../agents/index.js'
import type { LiveFeed, WallClock } from '../../../feed/index.js'
import type { Bar, MarketInput } from '../../../market/index.js'
import type { TickInput } from '../../../model/index.js'
import { letOthersRun } from '../../wall-clock.js'
import { barGraceMs, liveLimits } from '../limits.js'
import type { Shard } from './shard.js'

export interface WarmUpOptions {
  readonly shard: Shard<LiveModel>
  /** Closed bars from before the start. */
  readonly history: readonly Bar[]
  /** What arrives meanwhile is taken from here. */
  readonly feed: Pick<LiveFeed, 'barMs' | 'now' | 'closeBars' | 'take'>
  readonly clock: Pick<WallClock, 'monotonic'>
  readonly until: AbortSignal
  /** What operators have said before the run is live: it acts at the end of the warm-up, before anything is decided. */
  readonly commands?: WaitingCommands | undefined
  /** Called after every tick, once it is on disk. */
  readonly onTick?: ((isStep: boolean) => void) | undefined
}

/** Commands that no tick has taken yet. */
export interface WaitingCommands {
  take(): readonly TickInput[]
  /** Those that `take` returned are in the journal. */
  committed(): void
}

export interface WarmedUp {
  readonly steps: number
  /** Trades that came meanwhile: nobody watched them, so they fill nothing. */
  readonly passedOver: number
  /** Time of the last tick but for the one that ended the warm-up; 0: there was none. */
  readonly watchedAt: number
}

export async function warmUp(options: WarmUpOptions): Promise<WarmedUp> {
  return new WarmUp(options).run()
}

class WarmUp {
  private steps = 0
  private passedOver = 0
  private sliceEnd: number
  /** Bars of the interval in progress. */
  private early: Bar[] = []
  /** What is neither a bar of the past nor a trade: silence, gaps. */
  private readonly others: MarketInput[] = []

  constructor(private readonly options: WarmUpOptions) {
    this.sliceEnd = options.clock.monotonic() + liveLimits.warmUpSliceMs
  }

  async run(): Promise<WarmedUp> {
    const { shard, until, history } = this.options
    for (let bars: readonly Bar[] = history; bars.length > 0 && !until.aborted; bars = this.endedMeanwhile())
      await this.live(bars)
    // Also where the last process died in its warm-up, or this one ends in it: nothing trades while the model warms up.
    const watchedAt = shard.time
    if (shard.model.warming) this.end()
    return { steps: this.steps, passedOver: this.passedOver, watchedAt }
  }

  /** A step for each bar's end that is newer than the shard's last one. */
  private async live(bars: readonly Bar[]): Promise<void> {
    const { shard, until } = this.options
    for (const [end, inputs] of byEnd(bars, Math.max(shard.closedUntil, shard.time))) {
      if (until.aborted) return
      const begins: SwarmInput[] = shard.model.warming ? [] : [{ kind: 'warmup', on: true }]
      shard.run({ time: end, step: true, inputs: [...begins, ...shard.components.answers.take(end), ...inputs] }, end)
      this.options.onTick?.(true)
      this.steps++
      await this.breathe()
    }
  }

  /** Sockets, timers and signals get their turn after every slice. */
  private async breathe(): Promise<void> {
    const { clock } = this.options
    if (clock.monotonic() < this.sliceEnd) return
    await letOthersRun()
    this.sliceEnd = clock.monotonic() + liveLimits.warmUpSliceMs
  }

  /** The bars that have ended while others were lived through. */
  private endedMeanwhile(): readonly Bar[] {
    const { feed, shard } = this.options
    if (this.steps === 0) return []
    const due = feed.now() - barGraceMs(feed.barMs)
    const boundary = due - (due % feed.barMs)
    if (boundary <= shard.closedUntil) return []
    feed.closeBars(boundary)
    const bars = [...this.early, ...this.takeWaiting()]
    const hasEnded = ({ time, barMs }: Bar) => time + barMs <= boundary
    this.early = bars.filter(bar => !hasEnded(bar))
    return bars.filter(hasEnded)
  }

  private takeWaiting(): Bar[] {
    const bars: Bar[] = []
    for (const input of this.options.feed.take(Number.POSITIVE_INFINITY)) {
      if (input.kind === 'trade') this.passedOver++
      else if (input.kind === 'bar') bars.push(input.bar)
      else this.others.push(input)
    }
    return bars
  }

  /** The bar in progress is decided on like any other. */
  private end(): void {
    const { shard, until, commands, feed } = this.options
    const now = until.aborted || this.steps === 0 ? [] : this.takeWaiting()
    const bars = [...this.early, ...now].map((bar): SwarmInput => ({ kind: 'bar', bar }))
    const over: SwarmInput = { kind: 'warmup', on: false }
    const said = until.aborted ? [] : (commands?.take() ?? [])
    // A lock of four hours counts from now, not from the last bar.
    const time = Math.max(shard.time + 1, said.length === 0 ? 0 : Math.floor(feed.now()))
    shard.run({ time, step: false, inputs: [over, ...said, ...this.others, ...bars] })
    commands?.committed()
    this.options.onTick?.(false)
  }
}

function byEnd(bars: readonly Bar[], after: number): [number, SwarmInput[]][] {
  const ends = new Map<number, SwarmInput[]>()
  for (const bar of bars) {
    const end = bar.time + bar.barMs
    if (end <= after) continue
    const inputs = ends.get(end) ?? []
    ends.set(end, inputs)
    inputs.push({ kind: 'bar', bar })
  }
  return [...ends].sort(([a], [b]) => a - b)
}
