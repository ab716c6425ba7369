/**
 * RSI, MACD, Bollinger bands and ATR, one closed bar at a time on plain state objects: O(1), flat in memory, saveable.
 * Values equal those of the package `technicalindicators`, but for two: its RSI is rounded to two decimals, and of a price that
 * never moved it is 100 there and null here.
 */

/** Wilder's relative strength index. Averages are NaN until `period` changes have been seen. */
export interface RsiState {
  readonly period: number
  last: number
  changes: number
  gain: number
  loss: number
}

/** A relative strength index (Wilder) that has seen no close yet. */
export function rsiState(period = 14): RsiState {
  return { period, last: Number.NaN, changes: 0, gain: 0.0, loss: 0.0 }
}

/** RSI in [0, 100], or null before `period + 1` closes and while the price has never moved. Without any loss it is 100. (Wilder 1978) */
export function rsiNext(state: RsiState, close: number): number | null {
  const change = close - state.last
  state.last = close
  if (Number.isNaN(change)) return null
  const { period } = state
  const gain = change > 0 ? change : 0
  const loss = change < 0 ? -change : 0
  if (state.changes < period) {
    state.changes++
    state.gain += gain
    state.loss += loss
    if (state.changes < period) return null
    state.gain /= period
    state.loss /= period
  } else {
    state.gain = (state.gain * (period - 1) + gain) / period
    state.loss = (state.loss * (period - 1) + loss) / period
  }
  if (state.loss === 0) return state.gain === 0 ? null : 100
  return 100 - 100 / (1 + state.gain / state.loss)
}

/** An exponential average that starts from the plain mean of its first `period` values. */
export interface AverageState {
  readonly period: number
  readonly weight: number
  count: number
  sum: number
  /** NaN until `period` values have been seen. */
  value: number
}

/** Weight of the newest value: 2 / (period + 1) for an EMA, 1 / period for Wilder's. */
export function averageState(period: number, weight = 2 / (period + 1)): AverageState {
  return { period, weight, count: 0, sum: 0.0, value: Number.NaN }
}

/** The average after `x`, NaN before `period` values. */
export function averageNext(state: AverageState, x: number): number {
  if (state.count >= state.period) {
    state.value = (x - state.value) * state.weight + state.value
  } else {
    state.sum += x
    if (++state.count === state.period) state.value = state.sum / state.period
  }
  return state.value
}

/** Moving average convergence/divergence; `signal` and `histogram` are NaN until known. */
export interface MacdState {
  readonly fast: AverageState
  readonly slow: AverageState
  readonly smooth: AverageState
  macd: number
  signal: number
  histogram: number
}

/** A MACD that has seen no close yet. */
export function macdState(fast = 12, slow = 26, signal = 9): MacdState {
  return {
    fast: averageState(fast),
    slow: averageState(slow),
    smooth: averageState(signal),
    macd: Number.NaN,
    signal: Number.NaN,
    histogram: Number.NaN,
  }
}

/** The MACD line in USD (null before `slow` closes); its signal and histogram stand in the state. (Appel 1979) */
export function macdNext(state: MacdState, close: number): number | null {
  const fast = averageNext(state.fast, close)
  const slow = averageNext(state.slow, close)
  if (Number.isNaN(slow)) return null
  state.macd = fast - slow
  state.signal = averageNext(state.smooth, state.macd)
  state.histogram = state.macd - state.signal
  return state.macd
}

/** Bollinger bands over a window kept whole, so that no rounding error accumulates. */
export interface BollingerState {
  readonly window: Float64Array
  readonly widthSd: number
  count: number
  middle: number
  upper: number
  lower: number
}

/** Bollinger bands that have seen no close yet. */
export function bollingerState(period = 20, widthSd = 2): BollingerState {
  return {
    window: new Float64Array(period),
    widthSd,
    count: 0,
    middle: Number.NaN,
    upper: Number.NaN,
    lower: Number.NaN,
  }
}

/**
 * Where the close lies in its band (0 lower, 1 upper; population standard deviation), null before `period` closes and
 * where the band has no width; the bands in USD stand in the state. (Bollinger 1983)
 */
export function bollingerNext(state: BollingerState, close: number): number | null {
  const { window } = state
  const period = window.length
  window[state.count % period] = close
  state.count = state.count + 1 < 2 * period ? state.count + 1 : period
  if (state.count < period) return null
  let sum = 0
  for (let i = 0; i < period; i++) sum += window[i] as number
  const mean = sum / period
  let squares = 0
  for (let i = 0; i < period; i++) squares += ((window[i] as number) - mean) ** 2
  const reach = state.widthSd * Math.sqrt(squares / period)
  state.middle = mean
  state.upper = mean + reach
  state.lower = mean - reach
  const width = state.upper - state.lower
  return width > 0 ? (close - state.lower) / width : null
}

/** Wilder's average true range. */
export interface AtrState {
  readonly average: AverageState
  lastClose: number
}

/** An average true range (Wilder) that has seen no bar yet. */
export function atrState(period = 14): AtrState {
  return { average: averageState(period, 1 / period), lastClose: Number.NaN }
}

/** ATR in USD, null before `period + 1` bars. (Wilder 1978) */
export function atrNext(state: AtrState, high: number, low: number, close: number): number | null {
  const last = state.lastClose
  state.lastClose = close
  if (Number.isNaN(last)) return null
  const range = Math.max(high - low, Math.abs(high - last), Math.abs(low - last))
  const value = averageNext(state.average, range)
  return Number.isNaN(value) ? null : value
}
