/** The scores of every hypothesis summed over the present half block: made once a bar for all learners. */

import { registerSaveable, type Saveable } from '../core/index.js'
import { halfOf } from './blocks.js'
import type { HypothesisSpace } from './hypothesis-space.js'
import { protocol } from './limits.js'

/** What of the rolling window a score is read from. */
interface Bars {
  readonly step: number
  /** Driver values and their sums, a row a bar. */
  readonly z: Float64Array
  /** This bar's return of every pair over its volatility. */
  readonly scaled: Float64Array
  rowAt(back: number): number
}

/**
 * A score of a hypothesis at bar s is x = r(s)/σ(s−1) · Σ z over the h driver values s−1−ℓ … s−h−ℓ. Summed over bars this is
 * z(t−ℓ) · r(t, t+h), term by term in another order: each return lies whole in one bar, so that no block, fold or stage
 * shares a return with another, and under the null scores are martingale differences at every horizon.
 */
export class ScoreSums implements Saveable {
  static readonly savedAs = 'ScoreSums'

  /** The half block that is summed; −1 before the first bar. */
  half = -1
  /** By hypothesis: Σ x, and how many bars had a score. */
  sums: Float64Array
  counts: Uint8Array
  /** By column: Σ z². */
  squares: Float64Array
  pairs: number
  /** By signal: its first column, and whether each pair has its own. */
  private firstColumns: Int32Array
  private own: Uint8Array
  /** By timing: its lag, and where the sums of z over its horizon stand in a row of the window. */
  private lags: Int32Array
  private segments: Int32Array

  constructor(space: HypothesisSpace, segmentOf: (horizon: number) => number) {
    this.sums = new Float64Array(space.size)
    this.counts = new Uint8Array(space.size)
    this.squares = new Float64Array(space.columns)
    this.pairs = space.pairs.length
    this.firstColumns = space.firstColumn
    this.own = Uint8Array.from(space.signals, s => (s.own ? 1 : 0))
    this.lags = Int32Array.from(space.timings, t => t.lag)
    this.segments = Int32Array.from(space.timings, t => segmentOf(t.horizon))
  }

  /** The bar before the half block: the earliest time one of its returns may start. */
  get start(): number {
    return this.half * protocol.halfBars - 1
  }

  saveState(): unknown {
    return { ...this }
  }

  loadState(state: unknown): void {
    Object.assign(this, state)
  }

  /** Adds the scores of the bar the window has just closed. The hot loop of the swarm. */
  add(window: Bars): void {
    this.begin(halfOf(window.step))
    for (let timing = 0; timing < this.lags.length; timing++) {
      const row = window.rowAt(1 + (this.lags[timing] as number)) + (this.segments[timing] as number)
      for (let signal = 0; signal < this.own.length; signal++) {
        const at = (signal * this.lags.length + timing) * this.pairs
        const column = row + (this.firstColumns[signal] as number)
        if (this.own[signal] === 1) this.addOwn(window, column, at)
        else this.addShared(window, column, at)
      }
    }
    const last = window.rowAt(1)
    for (let column = 0; column < this.squares.length; column++) {
      const z = window.z[last + column] as number
      if (!Number.isNaN(z)) this.squares[column] = (this.squares[column] as number) + z * z
    }
  }

  private begin(half: number): void {
    if (half === this.half) return
    this.half = half
    this.sums.fill(0)
    this.counts.fill(0)
    this.squares.fill(0)
  }

  private addShared({ z, scaled }: Bars, column: number, at: number): void {
    const driver = z[column] as number
    if (Number.isNaN(driver)) return
    const { sums, counts, pairs } = this
    for (let p = 0; p < pairs; p++) {
      const x = driver * (scaled[p] as number)
      if (Number.isNaN(x)) continue
      sums[at + p] = (sums[at + p] as number) + x
      counts[at + p] = (counts[at + p] as number) + 1
    }
  }

  private addOwn({ z, scaled }: Bars, column: number, at: number): void {
    const { sums, counts, pairs } = this
    for (let p = 0; p < pairs; p++) {
      const x = (z[column + p] as number) * (scaled[p] as number)
      if (Number.isNaN(x)) continue
      sums[at + p] = (sums[at + p] as number) + x
      counts[at + p] = (counts[at + p] as number) + 1
    }
  }
}

registerSaveable(ScoreSums)
