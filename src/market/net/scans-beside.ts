/** A market with scans beside it that were recorded elsewhere: each comes at the first tick that is not before it, ahead of the prices. */

import type { MarketSource, MarketTick } from '../source.js'
import type { NetScan } from './scan.js'

/** The scans in order of time. */
export class ScansBeside implements MarketSource {
  /** The scans that were handed out, or are from before the first bar. */
  private at = 0
  private begun = false

  constructor(
    private readonly market: MarketSource,
    private readonly scans: readonly NetScan[],
  ) {}

  get barMs(): number {
    return this.market.barMs
  }

  get pairs(): readonly string[] {
    return this.market.pairs
  }

  next(): MarketTick | undefined {
    const tick = this.market.next()
    if (tick === undefined) return undefined
    if (!this.begun) this.passOver(tick.time - this.barMs)
    const first = this.at
    while (this.at < this.scans.length && (this.scans[this.at]?.time ?? 0) <= tick.time) this.at++
    const own = this.scans.slice(first, this.at).map(scan => ({ kind: 'scan', scan }) as const)
    return own.length === 0 ? tick : { ...tick, inputs: [...own, ...tick.inputs] }
  }

  save(): unknown {
    return { market: this.market.save(), at: this.at, begun: this.begun }
  }

  restore(state: unknown): void {
    const { market, at, begun } = state as { market: unknown; at: number; begun: boolean }
    this.market.restore(market)
    this.at = at
    this.begun = begun
  }

  describe(): Record<string, unknown> {
    const { scans, market } = this
    return { ...market.describe(), scans: { recorded: scans.length, from: scans[0]?.time, to: scans.at(-1)?.time } }
  }

  private passOver(time: number): void {
    this.begun = true
    while (this.at < this.scans.length && (this.scans[this.at]?.time ?? 0) <= time) this.at++
  }
}
