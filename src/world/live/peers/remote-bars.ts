/** The feed of a part that mines nothing itself: the wall clock alone; its bars are messages of another part. */

import type { LiveFeed, LiveStart, PairStatus, WallClock } from '../../../feed/index.js'
import type { MarketInput } from '../../../market/index.js'

export class RemoteBars implements LiveFeed {
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
