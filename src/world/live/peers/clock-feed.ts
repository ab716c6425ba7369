/** The feed of a shard without miners: it gives the time alone, because the shard's bars are messages of another shard. */

import type { LiveFeed, LiveStart, PairStatus, WallClock } from '../../../feed/index.js'
import type { MarketInput } from '../../../market/index.js'

/** What this machine's clock is compared with. */
export interface TimeSource {
  /** Begins to ask; waits for no answer. */
  start(): Promise<void>
  /** How far this machine is ahead, ms; null: not known. */
  readonly offsetMs: number | null
  counters(): Readonly<Record<string, number>>
  stop(): void
}

export class ClockFeed implements LiveFeed {
  constructor(
    readonly barMs: number,
    private readonly clock: WallClock,
    /** Undefined: nobody knows better. */
    private readonly source?: TimeSource,
  ) {}

  async start(): Promise<LiveStart> {
    await this.source?.start()
    return { pairs: [], missing: [], history: [] }
  }

  take(): MarketInput[] {
    return []
  }

  waiting(): number {
    return 0
  }

  now(): number {
    return this.clock.now()
  }

  clockOffsetMs(): number | null {
    return this.source?.offsetMs ?? null
  }

  barFinal(): boolean {
    return true
  }

  closeBars(): void {}

  status(): readonly PairStatus[] {
    return []
  }

  counters(): Readonly<Record<string, number>> {
    return this.source?.counters() ?? {}
  }

  async stop(): Promise<void> {
    this.source?.stop()
  }
}
