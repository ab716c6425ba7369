/** Remembers the last bars of a run, in bounded memory, so that any run can print its realism table at its end. */

import { assert, registerSaveable, type Saveable } from '../core/index.js'
import { BarFlag } from './candle.js'
import { type RealismRow, type RealismSeries, realismTable } from './realism.js'
import type { MarketTick } from './source.js'

/** What a recorder holds unless told otherwise: the latest rows. */
export const realismLimits = {
  /** Base bars, at 16 bytes a bar and pair. */
  rows: 20_000,
} as const
const FIRST_ROOM = 1024

/** One row per base bar, closes and volumes of all pairs; filled and absent bars are NaN. The oldest rows make room. */
export class RealismRecorder implements Saveable {
  static readonly savedAs = 'RealismRecorder'
  /** Rows seen so far; those beyond the limit are forgotten. */
  rows = 0
  private pairs: readonly string[]
  private limit: number
  private closes: Float64Array
  private volumes: Float64Array
  private readonly places = new Map<string, number>()

  constructor(pairs: readonly string[], limit: number = realismLimits.rows) {
    assert(pairs.length > 0 && limit > 0, 'a realism recorder needs pairs and room')
    this.pairs = [...pairs]
    this.limit = limit
    const room = pairs.length * Math.min(limit, FIRST_ROOM)
    this.closes = new Float64Array(room)
    this.volumes = new Float64Array(room)
    this.index()
  }

  /** Adds a row for a tick at which a base bar closed; other ticks leave no trace. */
  observe(tick: MarketTick): void {
    if (!tick.step) return
    const start = this.newRow()
    for (const input of tick.inputs) {
      if (input.kind !== 'bar' || (input.bar.flags & BarFlag.filled) !== 0) continue
      const place = this.places.get(input.bar.pair)
      if (place === undefined) continue
      this.closes[start + place] = input.bar.close
      this.volumes[start + place] = input.bar.volume
    }
  }

  /** The rows kept, oldest first, as columns. */
  series(): RealismSeries[] {
    return this.pairs.map((pair, i) => ({ pair, closes: this.column(this.closes, i), volumes: this.column(this.volumes, i) }))
  }

  table(): RealismRow[] {
    return realismTable(this.series())
  }

  saveState(): unknown {
    const used = Math.min(this.rows, this.limit) * this.pairs.length
    const { rows, limit } = this
    return { rows, limit, pairs: [...this.pairs], closes: this.closes.slice(0, used), volumes: this.volumes.slice(0, used) }
  }

  loadState(state: unknown): void {
    const saved = state as { rows: number; limit: number; pairs: string[]; closes: Float64Array; volumes: Float64Array }
    Object.assign(this, saved, { places: new Map() })
    this.index()
  }

  private index(): void {
    this.pairs.forEach((pair, i) => {
      this.places.set(pair, i)
    })
  }

  private newRow(): number {
    const width = this.pairs.length
    const start = (this.rows % this.limit) * width
    if (start + width > this.closes.length) this.grow()
    this.closes.fill(Number.NaN, start, start + width)
    this.volumes.fill(Number.NaN, start, start + width)
    this.rows++
    return start
  }

  private grow(): void {
    const room = Math.min(this.limit * this.pairs.length, Math.max(this.closes.length * 2, FIRST_ROOM * this.pairs.length))
    for (const key of ['closes', 'volumes'] as const) {
      const wider = new Float64Array(room)
      wider.set(this[key])
      this[key] = wider
    }
  }

  private column(cells: Float64Array, pair: number): Float64Array {
    const { rows, limit } = this
    const kept = Math.min(rows, limit)
    return Float64Array.from({ length: kept }, (_, i) => cells[((rows - kept + i) % limit) * this.pairs.length + pair] as number)
  }
}

registerSaveable(RealismRecorder)
