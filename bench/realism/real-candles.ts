/** The real hourly candles that realism is judged by: freqtrade's JSON of 16 pairs on Binance, on one grid of hours. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { HOUR_MS } from '../../src/core/index.js'
import type { RealismGrid, RealismSeries } from '../../src/market/realism.js'

/** All pairs of a folder between two times; an hour without a candle or without a trade is NaN. */
export function realCandles(folder: string, from: number, to: number): { series: RealismSeries[]; grid: RealismGrid } {
  const rows = Math.round((to - from) / HOUR_MS)
  const times = Float64Array.from({ length: rows }, (_, i) => from + i * HOUR_MS)
  const series = readdirSync(folder)
    .filter(file => file.endsWith('-1h.json.gz'))
    .map(file => oneSeries(file.slice(0, -'-1h.json.gz'.length), join(folder, file), from, rows))
  return { series, grid: { barMs: HOUR_MS, times } }
}

function oneSeries(pair: string, path: string, from: number, rows: number): RealismSeries {
  const closes = new Float64Array(rows).fill(Number.NaN)
  const volumes = closes.slice()
  const gaps = closes.slice()
  const candles: number[][] = JSON.parse(gunzipSync(readFileSync(path)).toString())
  for (const [time = 0, open = 0, , , close = 0, volume = 0] of candles) {
    const row = (time - from) / HOUR_MS
    if (row < 0 || row >= rows || volume === 0) continue
    closes[row] = close
    volumes[row] = volume
    if (row > 0) gaps[row] = Math.abs(open / (closes[row - 1] as number) - 1)
  }
  return { pair, closes, volumes, gaps }
}

/** Rows [from, until) of a market. */
export function windowOf(series: readonly RealismSeries[], grid: RealismGrid, from: number, until: number) {
  const cut = series.map(s => ({
    pair: s.pair,
    closes: s.closes.slice(from, until),
    volumes: s.volumes.slice(from, until),
    gaps: s.gaps.slice(from, until),
  }))
  return { series: cut, grid: { ...grid, times: grid.times.slice(from, until) } }
}
