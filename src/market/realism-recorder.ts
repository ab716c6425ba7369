/** Remembers the last bars of a run, in bounded memory, so that any run can print its realism table at its end. */

import { assert, registerSaveable, type Saveable } from '../core/index.js'
import { BarFlag } from './candle.js'
import { type RealismGrid, type RealismRow, type RealismSeries, realismTable } from './realism.js'
import type { MarketTick } from './source.js'

/** What a recorder holds unless told otherwise: the latest rows. */
export const realismLimits = {
  /** Base bars, at 16 bytes a bar and pair and 8 a bar. */
  rows: 20_000,
} as const
const FIRST_ROOM = 1024

/** One row per base bar: its start, and close, volume and gap of all pairs; filled and absent bars are NaN. The oldest rows make room. */
export class RealismRecorder implements Saveable {
  static readonly savedAs = 'RealismRecorder'
  /** Rows seen so far; those beyond the limit are forgotten. */
  rows = 0
  private pairs: readonly string[]
  private limit: number
  private barMs: number
  private times: Float64Array
  private closes: Float64Array
  private volumes: Float32Array
  private gaps: Float32Array
  private readonly places = new Map<string, number>()

  constructor(pairs: readonly string[], barMs: number, limit: number = realismLimits.rows) {
    assert(pairs.length > 0 && limit > 0, 'a realism recorder needs pairs and room')
    this.pairs = [...pairs]
    this.limit = limit
    this.barMs = barMs
    const room = Math.min(limit, FIRST_ROOM)
    this.times = new Float64Array(room)
    this.closes = new Float64Array(room * pairs.length)
    this.volumes = new Float32Array(room * pairs.length)
    this.gaps = new Float32Array(room * pairs.length)
    this.index()
  }

  /** Rows it still has: the last ones. */
  get kept(): number {
    return Math.min(this.rows, this.limit)
  }

  /** Adds a row for a tick at which a base bar closed; other ticks leave no trace. */
  observe(tick: MarketTick): void {
    if (!tick.step) return
    const before = this.rowBefore(tick.time)
    const start = this.newRow(tick.time)
    for (const input of tick.inputs) {
      if (input.kind !== 'bar' || (input.bar.flags & BarFlag.filled) !== 0) continue
      const place = this.places.get(input.bar.pair)
      if (place === undefined) continue
      this.closes[start + place] = input.bar.close
      this.volumes[start + place] = input.bar.volume
      if (before >= 0) this.gaps[start + place] = Math.abs(input.bar.open / (this.closes[before + place] as number) - 1)
    }
  }

  /** The rows kept, oldest first, as columns. */
  series(): RealismSeries[] {
    return this.pairs.map((pair, i) => ({
      pair,
      closes: this.column(this.closes, i),
      volumes: this.column(this.volumes, i),
      gaps: this.column(this.gaps, i),
    }))
  }

  /** The grid of the rows kept. */
  grid(): RealismGrid {
    const { kept } = this
    const times = Float64Array.from({ length: kept }, (_, i) => this.times[(this.rows - kept + i) % this.limit] as number)
    return { barMs: this.barMs, times }
  }

  table(): RealismRow[] {
    return realismTable(this.series(), this.grid())
  }

  saveState(): unknown {
    const { rows, limit, barMs, pairs, kept } = this
    const used = kept * pairs.length
    return {
      rows,
      limit,
      barMs,
      pairs: [...pairs],
      times: this.times.slice(0, kept),
      closes: this.closes.slice(0, used),
      volumes: this.volumes.slice(0, used),
      gaps: this.gaps.slice(0, used),
    }
  }

  loadState(state: unknown): void {
    Object.assign(this, state, { places: new Map() })
    this.index()
  }

  private index(): void {
    this.pairs.forEach((pair, i) => {
      this.places.set(pair, i)
    })
  }

  /** Where the row of the bar that closed one bar before `close` begins; −1 where it is not the last one or will be overwritten. */
  private rowBefore(close: number): number {
    if (this.rows === 0 || this.limit === 1) return -1
    const last = (this.rows - 1) % this.limit
    return this.times[last] === close - 2 * this.barMs ? last * this.pairs.length : -1
  }

  private newRow(close: number): number {
    const width = this.pairs.length
    const row = this.rows % this.limit
    if (row >= this.times.length) this.grow()
    const start = row * width
    this.times[row] = close - this.barMs
    this.closes.fill(Number.NaN, start, start + width)
    this.volumes.fill(Number.NaN, start, start + width)
    this.gaps.fill(Number.NaN, start, start + width)
    this.rows++
    return start
  }

  private grow(): void {
    const room = Math.min(this.limit, Math.max(this.times.length * 2, FIRST_ROOM))
    const cells = room * this.pairs.length
    this.times = widened(this.times, new Float64Array(room))
    this.closes = widened(this.closes, new Float64Array(cells))
    this.volumes = widened(this.volumes, new Float32Array(cells))
    this.gaps = widened(this.gaps, new Float32Array(cells))
  }

  private column(cells: Float64Array | Float32Array, pair: number): Float64Array {
    const { rows, limit, kept } = this
    return Float64Array.from({ length: kept }, (_, i) => cells[((rows - kept + i) % limit) * this.pairs.length + pair] as number)
  }
}

/** Copies the cells into a wider array, which is given back. */
function widened<A extends Float64Array | Float32Array>(from: A, into: A): A {
  into.set(from)
  return into
}

registerSaveable(RealismRecorder)
