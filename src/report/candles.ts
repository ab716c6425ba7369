/** Candles of a pair for a chart: neighbouring bars become one where there are many, with the lines that decisions look at. */

import { averageNext, averageState, bollingerNext, bollingerState } from '../trading/index.js'
import type { Bars } from './bars.js'
import type { Candles, Prices } from './data.js'
import { reportLimits } from './limits.js'
import type { Clock } from './model-lines.js'

/** `busiest`: pairs in the order in which they are wanted. */
export function pricesOf(bars: ReadonlyMap<string, Bars>, { x }: Clock, busiest: readonly string[]): Prices {
  const order = [...new Set([...busiest.filter(pair => bars.has(pair)), ...bars.keys()])].slice(0, reportLimits.pairs)
  const each = Math.max(reportLimits.leastCandles, Math.floor(reportLimits.candles / Math.max(1, order.length)))
  const barsPerCandle = Math.max(1, Math.ceil(x.length / each))
  const pairs = Object.fromEntries(order.map(pair => [pair, candlesOf(bars.get(pair) as Bars, x, barsPerCandle)]))
  return { pairs, barsPerCandle, total: bars.size }
}

function candlesOf(bars: Bars, x: Float64Array, every: number): Candles {
  const lines = indicatorLines(bars.close)
  const candles: Candles = { time: [], open: [], high: [], low: [], close: [], volume: [], lines: {} }
  for (const name of Object.keys(lines)) candles.lines[name] = []
  for (let from = 0; from < x.length; from += every) addCandle(candles, bars, x, lines, from, Math.min(from + every, x.length))
  return candles
}

function addCandle(
  to: Candles,
  bars: Bars,
  x: Float64Array,
  lines: Readonly<Record<string, Float64Array>>,
  from: number,
  until: number,
): void {
  let [first, last, high, low, volume] = [-1, -1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0]
  for (let i = from; i < until; i++) {
    if (Number.isNaN(bars.close[i])) continue
    if (first < 0) first = i
    last = i
    high = Math.max(high, bars.high[i] as number)
    low = Math.min(low, bars.low[i] as number)
    // One bar whose volume is not known does not hide that of the others.
    volume += Number.isNaN(bars.volume[i]) ? 0 : (bars.volume[i] as number)
  }
  if (last < 0) return
  to.time.push(Math.round((x[last] as number) * 1_000))
  to.open.push(bars.open[first] as number)
  to.high.push(high)
  to.low.push(low)
  to.close.push(bars.close[last] as number)
  to.volume.push(volume)
  for (const [name, values] of Object.entries(lines)) to.lines[name]?.push(values[last] as number)
}

/** The averages and the band whose places decisions record, bar by bar. */
function indicatorLines(close: Float32Array): Record<string, Float64Array> {
  const [fast, slow, band] = [averageState(24), averageState(96), bollingerState()]
  const lines = {
    'EMA 24': new Float64Array(close.length).fill(Number.NaN),
    'EMA 96': new Float64Array(close.length).fill(Number.NaN),
    'Bollinger upper': new Float64Array(close.length).fill(Number.NaN),
    'Bollinger lower': new Float64Array(close.length).fill(Number.NaN),
  }
  close.forEach((value, i) => {
    if (Number.isNaN(value)) return
    lines['EMA 24'][i] = averageNext(fast, value)
    lines['EMA 96'][i] = averageNext(slow, value)
    bollingerNext(band, value)
    lines['Bollinger upper'][i] = band.upper
    lines['Bollinger lower'][i] = band.lower
  })
  return lines
}
