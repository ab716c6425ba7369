/** The rolling window: the last few bars of every pair and driver, from which any hypothesis's score is read in O(1). */

import { assert, powerOfTwoFrom, registerSaveable, type Saveable } from '../core/index.js'
import { foldAt, isDue } from './blocks.js'
import type { HypothesisSpace } from './hypothesis-space.js'
import { gainOf } from './standardise.js'

/** Half-life of the volatility that scales returns, and the returns it needs first. */
const volatilityHalfLifeBars = 100
const volatilityWarmup = 20
const volatilityGain = gainOf(volatilityHalfLifeBars)

/**
 * Bounded rings of closes and driver values. Callers put a bar's closes and z values in between two `advance` calls, in any
 * order; a value that was not put in is missing. A score is x = z(t−ℓ) · r(t, t+h) / (σ(t)√h): simple returns, so that a
 * martingale has mean zero, over the volatility known at t, so that one storm does not outweigh a month (σ is known
 * before the return, so E[x] = 0 still holds under the null).
 */
export class RollingWindow implements Saveable {
  static readonly savedAs = 'DiscoveryTape'

  /** The bar last closed, −1 before the first. */
  step = -1
  /** The fold that may observe at this bar, and which horizons are due at it (1 or 0). */
  fold = 0
  due: Uint8Array
  pairs: number
  stride: number
  horizons: readonly number[]
  /** Rows in the rings less one, and cells in the ring of z less one: powers of two less one. */
  mask: number
  zMask: number
  /** The bar being put in. */
  nextClose: Float64Array
  nextZ: Float64Array
  /** Rings, a row a bar. */
  close: Float64Array
  volatility: Float64Array
  z: Float64Array
  /** Consecutive existing bars of each pair, this one included. */
  run: Int32Array
  /** Moments of one-bar returns. */
  variance: Float64Array
  seen: Int32Array
  /** Returns that end at this bar, [horizon × pair], where the horizon is due: scaled by volatility, and gross. NaN: missing. */
  scaled: Float64Array
  gross: Float64Array

  constructor(space: HypothesisSpace) {
    const longest = Math.max(...space.lags) + Math.max(...space.horizons) + 1
    const rows = powerOfTwoFrom(longest)
    this.due = new Uint8Array(space.horizons.length)
    this.pairs = space.pairs.length
    this.stride = space.stride
    this.horizons = space.horizons
    this.mask = rows - 1
    this.zMask = rows * this.stride - 1
    this.nextClose = new Float64Array(this.pairs).fill(Number.NaN)
    this.nextZ = new Float64Array(this.stride).fill(Number.NaN)
    this.close = new Float64Array(rows * this.pairs).fill(Number.NaN)
    this.volatility = new Float64Array(rows * this.pairs).fill(Number.NaN)
    this.z = new Float64Array(rows * this.stride).fill(Number.NaN)
    this.run = new Int32Array(this.pairs)
    this.variance = new Float64Array(this.pairs)
    this.seen = new Int32Array(this.pairs)
    this.scaled = new Float64Array(this.horizons.length * this.pairs).fill(Number.NaN)
    this.gross = new Float64Array(this.horizons.length * this.pairs).fill(Number.NaN)
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
    this.run[pair] = 0
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
    const row = step & this.mask
    this.z.set(this.nextZ, row * this.stride)
    this.nextZ.fill(Number.NaN)
    for (let p = 0; p < this.pairs; p++) this.closeBar(p, row)
    this.nextClose.fill(Number.NaN)
    this.fold = foldAt(step)
    for (let i = 0; i < this.horizons.length; i++) {
      const h = this.horizons[i] as number
      this.due[i] = isDue(step, h) ? 1 : 0
      if (this.due[i] === 1) this.measure(i, h)
    }
  }

  /** z(step − back) of a column. */
  zAt(column: number, back: number): number {
    return this.z[((this.step - back) * this.stride + column) & this.zMask] as number
  }

  private closeBar(p: number, row: number): void {
    const close = this.nextClose[p] as number
    const at = row * this.pairs + p
    this.close[at] = close
    if (Number.isNaN(close)) {
      this.run[p] = 0
      this.volatility[at] = Number.NaN
      return
    }
    this.run[p] = (this.run[p] as number) + 1
    if ((this.run[p] as number) > 1) this.learnVolatility(p, close)
    const known = (this.seen[p] as number) >= volatilityWarmup
    this.volatility[at] = known ? Math.sqrt(this.variance[p] as number) : Number.NaN
  }

  /** RiskMetrics-style exponentially weighted mean of squared returns. */
  private learnVolatility(p: number, close: number): void {
    const last = this.close[((this.step - 1) & this.mask) * this.pairs + p] as number
    const r = close / last - 1
    const count = (this.seen[p] as number) + 1
    this.seen[p] = count
    const gain = Math.max(volatilityGain, 1 / count)
    this.variance[p] = (this.variance[p] as number) + gain * (r * r - (this.variance[p] as number))
  }

  private measure(i: number, h: number): void {
    const now = (this.step & this.mask) * this.pairs
    const then = ((this.step - h) & this.mask) * this.pairs
    const root = Math.sqrt(h)
    for (let p = 0; p < this.pairs; p++) {
      const at = i * this.pairs + p
      const whole = (this.run[p] as number) > h
      const r = whole ? (this.close[now + p] as number) / (this.close[then + p] as number) - 1 : Number.NaN
      const sigma = this.volatility[then + p] as number
      this.gross[at] = r
      this.scaled[at] = sigma > 0 ? r / (sigma * root) : Number.NaN
    }
  }

  private forget(): void {
    this.run.fill(0)
    this.z.fill(Number.NaN)
    this.close.fill(Number.NaN)
    this.volatility.fill(Number.NaN)
  }
}

registerSaveable(RollingWindow)
