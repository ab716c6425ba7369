/** The feed of a shard without miners: it gives the time alone, because the shard's bars are messages of another shard. */

import type { LiveFeed, LiveStart, PairStatus, WallClock } from '../../../feed/index.js'
import type { MarketInput } from '../../../market/index.js'

export class ClockFeed implements LiveFeed {
  constructor(
    readonly barMs: number,
    private readonly clock: WallClock,
  ) {}

  async start(): Promise<LiveStart> {
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

  barFinal(): boolean {
    return true
  }

  closeBars(): void {}

  status(): readonly PairStatus[] {
    return []
  }

  counters(): Readonly<Record<string, number>> {
    return {}
  }

  async stop(): Promise<void> {}
}
