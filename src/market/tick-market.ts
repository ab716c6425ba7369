/** A market of ticks at hand: what another market handed out, as it was or changed. */

import type { MarketSource, MarketTick } from './source.js'

/** The ticks of a market, oldest first. */
export interface TickMarketOptions {
  readonly ticks: readonly MarketTick[]
  readonly pairs: readonly string[]
  readonly barMs: number
}

export class TickMarket implements MarketSource {
  readonly pairs: readonly string[]
  readonly barMs: number
  private index = 0

  constructor(private readonly options: TickMarketOptions) {
    this.pairs = options.pairs
    this.barMs = options.barMs
  }

  next(): MarketTick | undefined {
    return this.options.ticks[this.index++]
  }

  save(): unknown {
    return this.index
  }

  restore(state: unknown): void {
    this.index = state as number
  }

  describe(): Record<string, unknown> {
    return { kind: 'ticks', ticks: this.options.ticks.length, pairs: this.pairs, barMs: this.barMs }
  }
}
