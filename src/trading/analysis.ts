/** The technical picture of one pair: indicator states bundled, an idea's features, and the vote the baseline trades on. */

import { type Candle, trendBars } from '../market/index.js'
import type { Direction, Features } from './idea.js'
import {
  type AtrState,
  type AverageState,
  atrNext,
  atrState,
  averageNext,
  averageState,
  type BollingerState,
  bollingerNext,
  bollingerState,
  type MacdState,
  macdNext,
  macdState,
  type RsiState,
  rsiNext,
  rsiState,
} from './indicators.js'

/** Weight of the newest bar in the running means of volume (≈ 100 bars) and of ATR (≈ 500 bars). */
const VOLUME_WEIGHT = 2 / 101
const ATR_WEIGHT = 2 / 501

/** Calm below, stormy above: ATR against its own running mean. */
const CALM = 0.75
const STORMY = 1.5

/** Everything known about one pair after its latest closed bar; NaN where not yet defined. */
export interface AnalysisState {
  readonly rsi: RsiState
  readonly macd: MacdState
  readonly bollinger: BollingerState
  readonly atr: AtrState
  readonly trendFast: AverageState
  readonly trendSlow: AverageState
  bars: number
  close: number
  rsiNow: number
  bollingerNow: number
  /** ATR ÷ close. */
  atrShare: number
  /** Running mean of `atrShare`. */
  atrMean: number
  /** Volume ÷ its running mean before this bar. */
  volumeRatio: number
  volumeMean: number
}

/** Indicators that have seen no bar yet. */
export function analysisState(): AnalysisState {
  return {
    rsi: rsiState(),
    macd: macdState(),
    bollinger: bollingerState(),
    atr: atrState(),
    trendFast: averageState(trendBars.fast),
    trendSlow: averageState(trendBars.slow),
    bars: 0,
    close: Number.NaN,
    rsiNow: Number.NaN,
    bollingerNow: Number.NaN,
    atrShare: Number.NaN,
    atrMean: Number.NaN,
    volumeRatio: Number.NaN,
    volumeMean: Number.NaN,
  }
}

/** Takes in one closed, existing bar (filled gaps are not bars). Allocates nothing. */
export function analysisNext(state: AnalysisState, bar: Candle): void {
  state.bars++
  state.close = bar.close
  state.rsiNow = rsiNext(state.rsi, bar.close) ?? Number.NaN
  state.bollingerNow = bollingerNext(state.bollinger, bar.close) ?? Number.NaN
  macdNext(state.macd, bar.close)
  averageNext(state.trendFast, bar.close)
  averageNext(state.trendSlow, bar.close)
  const atr = atrNext(state.atr, bar.high, bar.low, bar.close)
  state.atrShare = atr === null ? Number.NaN : atr / bar.close
  state.atrMean = runningMean(state.atrMean, state.atrShare, ATR_WEIGHT)
  state.volumeRatio = state.volumeMean > 0 ? bar.volume / state.volumeMean : Number.NaN
  state.volumeMean = runningMean(state.volumeMean, bar.volume, VOLUME_WEIGHT)
}

function runningMean(mean: number, x: number, weight: number): number {
  if (Number.isNaN(x)) return mean
  return Number.isNaN(mean) ? x : mean + weight * (x - mean)
}

/** 0 calm, 1 normal, 2 stormy; normal while unknown. */
export function regimeOf(state: AnalysisState): number {
  const ratio = state.atrShare / state.atrMean
  if (ratio < CALM) return 0
  return ratio > STORMY ? 2 : 1
}

/** The features an idea carries: RSI in points, MACD line and ATR as shares of price, position in the band, relative volume, trend in ATRs. */
export function featuresOf(state: AnalysisState): Features {
  return {
    rsi: known(state.rsiNow),
    macd: known(state.macd.macd / state.close),
    bollinger: known(state.bollingerNow),
    atr: known(state.atrShare),
    volume: known(state.volumeRatio),
    regime: regimeOf(state),
    trend: known((state.trendFast.value - state.trendSlow.value) / (state.atrShare * state.close)),
  }
}

function known(x: number): number | null {
  return Number.isFinite(x) ? x : null
}

/** A direction (0: neutral) and how sure the vote is. */
export interface Vote {
  readonly direction: Direction | 0
  /** In [0, 1]; 0 where neutral. */
  readonly confidence: number
  /** Expected gross move in that direction over the horizon, as a share of price, ≥ 0; left out where none is claimed. */
  readonly expectedMove?: number
  /** Bars the view is good for; left out: the parameter `baselineHorizonBars`. */
  readonly horizonBars?: number
}

const NEUTRAL: Vote = { direction: 0, confidence: 0 }

/**
 * Three voters, one vote each. RSI: up at ≤ 30, down at ≥ 70. Bollinger: up below the band, down above it. MACD: the
 * histogram's sign once it exceeds a tenth of an ATR. Their sum s gives the direction and the confidence ½ + |s| / 6: a lone
 * vote ⅔, two agreeing ⅚, all three 1; a tie is neutral, and so is any bar before every indicator is defined.
 */
export function technicalVote(state: AnalysisState): Vote {
  const { rsiNow, bollingerNow, macd, atrShare, close } = state
  const trend = macd.histogram / (atrShare * close)
  // A band without width is a price that stands still.
  if (Number.isNaN(rsiNow) || Number.isNaN(trend) || Number.isNaN(bollingerNow)) return NEUTRAL
  const sum = outside(rsiNow, 30, 70) + outside(bollingerNow, 0, 1) - outside(trend, -0.1, 0.1)
  if (sum === 0) return NEUTRAL
  return { direction: sum > 0 ? 1 : -1, confidence: 0.5 + Math.abs(sum) / 6 }
}

/** +1 at or below `low`, −1 at or above `high`, 0 between (and for NaN). */
function outside(x: number, low: number, high: number): number {
  if (x <= low) return 1
  return x >= high ? -1 : 0
}
