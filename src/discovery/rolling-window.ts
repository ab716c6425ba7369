/** The rolling window: the last few bars of every pair and driver, from which any hypothesis's score is read in O(1). */

import { assert, powerOfTwoFrom, registerSaveable, type Saveable } from '../core/index.js'
import { foldAt } from './blocks.js'
import type { HypothesisSpace } from './hypothesis-space.js'
import { ScoreSums } from './score-sums.js'
import { gainOf } from './standardise.js'

/** Half-life of the volatility that scales returns, and the returns it needs first. */
const volatilityHalfLifeBars = 100
const volatilityWarmup = 20
const volatilityGain = gainOf(volatilityHalfLifeBars)

/**
 * A bounded ring of driver values. Callers put a bar's closes and z values in between two `advance` calls, in any
 * order; a value that was not put in is missing. Returns are simple, so that a martingale has mean zero, and scaled by the
 * volatility known before them, so that one storm does not outweigh a month (E[x] = 0 still holds under the null).
 */
export class RollingWindow implements Saveable {
  static readonly savedAs = 'DiscoveryTape'

  /** The bar last closed, −1 before the first. */
  step = -1
  /** The fold that may observe at this bar. */
  fold = 0
  pairs: number
  columns: number
  horizons: readonly number[]
  /** Rows in the ring less one: a power of two less one. */
  mask: number
  /** Cells of a row: the columns' z values, then their sums over each longer horizon. */
  stride: number
  /** The bar being put in. */
  nextClose: Float64Array
  nextZ: Float64Array
  /** By pair: the close of the last bar, NaN where there was none or history is broken off. */
  close: Float64Array
  /** The ring, a row a bar. */
  z: Float64Array
  /** Moments of one-bar returns, and the volatility known at this bar, NaN while too little is known. */
  variance: Float64Array
  seen: Int32Array
  volatility: Float64Array
  /** The return of this bar by pair: over the volatility known before it, and gross. NaN: missing. */
  scaled: Float64Array
  gross: Float64Array
  /** Scores of all hypotheses over the present half block. */
  scores: ScoreSums

  constructor(space: HypothesisSpace) {
    const longestLag = Math.max(...space.timings.map(t => t.lag))
    const rows = powerOfTwoFrom(Math.max(longestLag + 2, ...space.horizons))
    this.pairs = space.pairs.length
    this.columns = space.columns
    this.horizons = space.horizons
    this.mask = rows - 1
    this.stride = this.columns * (1 + space.horizons.filter(h => h > 1).length)
    this.nextClose = new Float64Array(this.pairs).fill(Number.NaN)
    this.nextZ = new Float64Array(this.columns).fill(Number.NaN)
    this.close = new Float64Array(this.pairs).fill(Number.NaN)
    this.z = new Float64Array(rows * this.stride).fill(Number.NaN)
    this.variance = new Float64Array(this.pairs)
    this.seen = new Int32Array(this.pairs)
    this.volatility = new Float64Array(this.pairs).fill(Number.NaN)
    this.scaled = new Float64Array(this.pairs).fill(Number.NaN)
    this.gross = new Float64Array(this.pairs).fill(Number.NaN)
    this.scores = new ScoreSums(space, horizon => this.segmentOf(horizon))
  }

  saveState(): unknown {
    return { ...this }
  }

  loadState(state: unknown): void {
    Object.assign(this, state)
  }

  /** Puts in the close of an existing bar; a filled or absent bar is left out. */
  putClose(pair: number, close: number): void {
    this.nextClose[pair] = close > 0 ? close : Number.NaN
  }

  /** Breaks a pair's history: no return spans this point. */
  breakOff(pair: number): void {
    this.close[pair] = Number.NaN
  }

  /** Puts in a standardised driver value of this bar. */
  putZ(column: number, z: number): void {
    this.nextZ[column] = z
  }

  /** Closes the bar of `step`, which follows the last one; a jump in steps counts as missing bars. */
  advance(step: number): void {
    assert(step > this.step, `the rolling window is at step ${this.step} and cannot go to ${step}`)
    if (step !== this.step + 1) this.forget()
    this.step = step
    this.fold = foldAt(step)
    for (let p = 0; p < this.pairs; p++) this.closeBar(p)
    this.closeDrivers()
    this.scores.add(this)
  }

  /** Where the row of the bar `back` bars ago stands in `z`. */
  rowAt(back: number): number {
    return ((this.step - back) & this.mask) * this.stride
  }

  /** Where the sums of z over a horizon stand in a row. */
  segmentOf(horizon: number): number {
    return horizon === 1 ? 0 : this.columns * (1 + this.horizons.filter(h => h > 1).indexOf(horizon))
  }

  /** z(step − back) of a column. */
  zAt(column: number, back: number): number {
    return this.z[this.rowAt(back) + column] as number
  }

  private closeBar(p: number): void {
    const close = this.nextClose[p] as number
    const r = close / (this.close[p] as number) - 1
    this.gross[p] = r
    this.scaled[p] = r / (this.volatility[p] as number)
    this.close[p] = close
    this.nextClose[p] = Number.NaN
    if (!Number.isNaN(r)) this.learnVolatility(p, r)
  }

  /** RiskMetrics-style exponentially weighted mean of squared returns; no scale while they were all zero. */
  private learnVolatility(p: number, r: number): void {
    const count = (this.seen[p] as number) + 1
    this.seen[p] = count
    const gain = Math.max(volatilityGain, 1 / count)
    const variance = (this.variance[p] as number) + gain * (r * r - (this.variance[p] as number))
    this.variance[p] = variance
    this.volatility[p] = count >= volatilityWarmup && variance > 0 ? Math.sqrt(variance) : Number.NaN
  }

  /** Writes this bar's z, and their sums over each longer horizon, which miss where any of the values does. */
  private closeDrivers(): void {
    const row = this.rowAt(0)
    this.z.set(this.nextZ, row)
    this.nextZ.fill(Number.NaN)
    let segment = row
    for (const h of this.horizons) {
      if (h === 1) continue
      segment += this.columns
      this.z.copyWithin(segment, row, row + this.columns)
      for (let back = 1; back < h; back++) this.addRow(segment, this.rowAt(back))
    }
  }

  private addRow(to: number, from: number): void {
    const { z, columns } = this
    for (let c = 0; c < columns; c++) z[to + c] = (z[to + c] as number) + (z[from + c] as number)
  }

  private forget(): void {
    this.close.fill(Number.NaN)
    this.z.fill(Number.NaN)
  }
}

registerSaveable(RollingWindow)
