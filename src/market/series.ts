/** One pair's candles as typed columns: 64 bytes a bar, nothing per bar for the garbage collector to walk. */

import type { TimeMs } from '../core/index.js'
import type { Candle } from './candle.js'

const names = ['time', 'open', 'high', 'low', 'close', 'volume', 'trades'] as const

/** Growable columns in order of time. `trades` is NaN where unknown. Columns are longer than `length`. */
export class CandleSeries {
  length = 0
  /** True where intervals without trades were left out already, so that a volume of 0 is an unknown one. */
  onlyTraded = false
  time: Float64Array
  open: Float64Array
  high: Float64Array
  low: Float64Array
  close: Float64Array
  volume: Float64Array
  trades: Float64Array

  constructor(room = 1024) {
    this.time = new Float64Array(room)
    this.open = new Float64Array(room)
    this.high = new Float64Array(room)
    this.low = new Float64Array(room)
    this.close = new Float64Array(room)
    this.volume = new Float64Array(room)
    this.trades = new Float64Array(room)
  }

  static of(candles: readonly Candle[]): CandleSeries {
    const series = new CandleSeries(candles.length)
    for (const c of candles) series.push(c.time, c.open, c.high, c.low, c.close, c.volume, c.trades)
    return series
  }

  push(time: TimeMs, open: number, high: number, low: number, close: number, volume: number, trades = Number.NaN): void {
    const i = this.length++
    if (i >= this.time.length) this.resize(Math.max(1024, i * 2))
    this.time[i] = time
    this.open[i] = open
    this.high[i] = high
    this.low[i] = low
    this.close[i] = close
    this.volume[i] = volume
    this.trades[i] = trades
  }

  /** The candle at an index in [0, length). */
  at(i: number): Candle {
    const trades = this.trades[i] as number
    return {
      time: this.time[i] as number,
      open: this.open[i] as number,
      high: this.high[i] as number,
      low: this.low[i] as number,
      close: this.close[i] as number,
      volume: this.volume[i] as number,
      ...(Number.isNaN(trades) ? {} : { trades }),
    }
  }

  /** Start of the first and of the last candle; NaN of an empty series. */
  get from(): TimeMs {
    return this.length === 0 ? Number.NaN : (this.time[0] as number)
  }

  get to(): TimeMs {
    return this.length === 0 ? Number.NaN : (this.time[this.length - 1] as number)
  }

  /** Index of the first candle at or after a time; `length` if there is no such candle. */
  indexAt(time: TimeMs): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.time[middle] as number) < time) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The candles at the indices that pass, in a new series. */
  filter(keep: (i: number) => boolean): CandleSeries {
    const kept = new CandleSeries(this.length)
    for (let i = 0; i < this.length; i++) if (keep(i)) kept.pushFrom(this, i)
    return kept.trim()
  }

  /** Appends the candle at an index of another series. */
  pushFrom(from: CandleSeries, i: number): void {
    this.push(
      from.time[i] as number,
      from.open[i] as number,
      from.high[i] as number,
      from.low[i] as number,
      from.close[i] as number,
      from.volume[i] as number,
      from.trades[i],
    )
  }

  /** The rows of volume 0: intervals without trades, unless no row has a volume and volumes are unknown. */
  get silentRows(): number {
    const volumes = this.volume.subarray(0, this.length)
    let silent = 0
    for (const volume of volumes) if (volume === 0) silent++
    return silent === this.length ? 0 : silent
  }

  /** The bars in which somebody traded: a row of volume 0 is an interval without trades, as a missing row is. */
  traded(): CandleSeries {
    if (this.onlyTraded || this.silentRows === 0) return this
    return this.filter(i => this.volume[i] !== 0)
  }

  /** Turns the order of the candles round. */
  reverse(): this {
    for (const name of names) this[name].subarray(0, this.length).reverse()
    return this
  }

  /** Gives back the room beyond `length`. */
  trim(): this {
    if (this.time.length > this.length) this.resize(this.length)
    return this
  }

  private resize(room: number): void {
    for (const name of names) {
      const column = new Float64Array(room)
      column.set(this[name].subarray(0, Math.min(room, this.length)))
      this[name] = column
    }
  }
}
