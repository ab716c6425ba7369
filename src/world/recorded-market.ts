/** A market that keeps its last bars, so that every run can compute its realism table. */

import { type MarketSource, type MarketTick, RealismRecorder, type RealismRow } from '../market/index.js'

/** Bars remembered: a checkpoint holds them all, at 16 bytes a bar and pair. */
const rememberedBars = 10_000

export class RecordedMarket implements MarketSource {
  private readonly recorder: RealismRecorder
  constructor(private readonly market: MarketSource) {
    this.recorder = new RealismRecorder(market.pairs, market.barMs, rememberedBars)
  }

  get barMs(): number {
    return this.market.barMs
  }

  get pairs(): readonly string[] {
    return this.market.pairs
  }

  next(): MarketTick | undefined {
    const tick = this.market.next()
    if (tick !== undefined) this.recorder.observe(tick)
    return tick
  }

  save(): unknown {
    return { market: this.market.save(), realism: this.recorder.saveState() }
  }

  restore(state: unknown): void {
    const { market, realism } = state as { market: unknown; realism: unknown }
    this.market.restore(market)
    this.recorder.loadState(realism)
  }

  describe(): Record<string, unknown> {
    return this.market.describe()
  }

  /** The realism table, and the bars it was measured on. */
  realism(): { realism: RealismRow[]; realismBars: { measured: number; of: number; barMs: number } } {
    const { kept, rows } = this.recorder
    return { realism: this.recorder.table(), realismBars: { measured: kept, of: rows, barMs: this.barMs } }
  }
}
