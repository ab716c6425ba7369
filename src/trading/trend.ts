/**
 * The technical trader's view: the trend of a pair at three speeds, and a walk-forward that chooses speed and horizon by the
 * record of twelve shadow portfolios, pooled over pairs. Plain data, O(1) a bar and pair, no allocation.
 */

import { trendBars } from '../market/index.js'
import type { AnalysisState, Vote } from './analysis.js'
import type { Direction } from './idea.js'

/** Periods, in bars, of the fast and the slow exponential average of each speed. */
export const trendSpeeds = [
  [12, 48],
  [trendBars.fast, trendBars.slow],
  [48, 192],
] as const
/** Holding times, in bars, that the walk-forward tries with each speed. */
export const trendHorizons = [30, 60, 120, 240] as const

const speeds = trendSpeeds.length
const horizons = trendHorizons.length
const settings = speeds * horizons
/** Speed and horizon of each setting. */
const speedOf = Uint8Array.from({ length: settings }, (_, setting) => Math.floor(setting / horizons))
const horizonOf = Float64Array.from({ length: settings }, (_, setting) => trendHorizons[setting % horizons] as number)
/** Averages 24 and 96, held for 120 bars: in force until the walk-forward has seen enough. */
const standardSetting = 1 * horizons + 2
/** The walk-forward chooses every `blockBars` from the last `keptBlocks` blocks. */
const blockBars = 500
const keptBlocks = 4
/** Shadow trades a record needs to count, and trades of no return by which it is shrunk. */
const leastTrades = 20
const shrinkageTrades = 50
/** A view begins where the trend is this many standard deviations of noise, and ends where it changes sign. */
const beginsAt = 1
/** Period of the mean square of returns by which an expected move is scaled. */
const volatilityBars = 1_000

/** What an expected move is made of, and what it must pay. */
export interface TrendSettings {
  /** Correlation of the trend's strength with the return over the horizon: the expected move is skill × strength × σ × √horizon. */
  readonly skill: number
  /** Expected move, as a share of price, from which a view is entered. */
  readonly leastMove: number
  /** What a shadow trade costs, entry and exit together, as a share of price. */
  readonly tradeCost: number
  /** Share of the horizon for which a position is kept against an opposite view. */
  readonly minHold: number
}

/** Views and shadow portfolios of all pairs; arrays run by pair, then by speed or setting. */
export interface TrendState {
  readonly settings: TrendSettings
  /** Last close of each pair; NaN before the first. */
  readonly close: Float64Array
  readonly bars: Uint32Array
  /** Mean square of a bar's return over `volatilityBars`. */
  readonly variance: Float64Array
  /** By speed: both averages of the close, mean square of returns over the slow period, strength, and view (1, −1, 0: none). */
  readonly fast: Float64Array
  readonly slow: Float64Array
  readonly noise: Float64Array
  readonly strength: Float64Array
  readonly view: Int8Array
  /** By setting, the shadow portfolios: position, bars held, and the view that was entered last. */
  readonly position: Int8Array
  readonly held: Uint32Array
  readonly entered: Int8Array
  /** By setting: gross return and entries in the current block, then in the last whole ones, newest first. */
  readonly gross: Float64Array
  readonly trades: Uint32Array
  blockStep: number
  wholeBlocks: number
  /** Number of the setting in force. */
  chosen: number
  /** How often the walk-forward chose another setting than the one in force. */
  changes: number
}

/** The trends of so many pairs before their first bar. */
export function trendState(pairs: number, trend: TrendSettings): TrendState {
  return {
    settings: trend,
    close: new Float64Array(pairs).fill(Number.NaN),
    bars: new Uint32Array(pairs),
    variance: new Float64Array(pairs).fill(Number.NaN),
    fast: new Float64Array(pairs * speeds),
    slow: new Float64Array(pairs * speeds),
    noise: new Float64Array(pairs * speeds).fill(Number.NaN),
    strength: new Float64Array(pairs * speeds).fill(Number.NaN),
    view: new Int8Array(pairs * speeds),
    position: new Int8Array(pairs * settings),
    held: new Uint32Array(pairs * settings),
    entered: new Int8Array(pairs * settings),
    gross: new Float64Array(settings * (keptBlocks + 1)),
    trades: new Uint32Array(settings * (keptBlocks + 1)),
    blockStep: 0,
    wholeBlocks: 0,
    chosen: standardSetting,
    changes: 0,
  }
}

/** The setting in force: both periods and the horizon, in bars. */
export function trendSetting({ chosen }: Pick<TrendState, 'chosen'>): { fast: number; slow: number; horizonBars: number } {
  const [fast, slow] = trendSpeeds[speedOf[chosen] as number] as (typeof trendSpeeds)[number]
  return { fast, slow, horizonBars: horizonOf[chosen] as number }
}

/** Takes in the close of one existing bar of a pair. */
export function trendNext(state: TrendState, pair: number, close: number): void {
  const last = state.close[pair] as number
  state.close[pair] = close
  state.bars[pair] = (state.bars[pair] as number) + 1
  const change = Number.isNaN(last) ? 0 : close / last - 1
  const square = Number.isNaN(last) ? Number.NaN : change * change
  state.variance[pair] = meanNext(state.variance[pair] as number, square, 2 / (volatilityBars + 1))
  for (let speed = 0; speed < speeds; speed++) viewNext(state, pair, speed, square)
  for (let setting = 0; setting < settings; setting++) shadowNext(state, pair, setting, change)
}

/** Begins again with other prices: no average, return or shadow position spans the change; setting and records go on. */
export function trendRestart(state: TrendState): void {
  for (const values of [state.close, state.variance, state.noise, state.strength]) values.fill(Number.NaN)
  for (const values of [state.bars, state.view, state.position, state.held, state.entered]) values.fill(0)
}

/** Ends a step: after each block of bars the setting with the best record of the last blocks is in force. */
export function trendOnStep(state: TrendState): void {
  if (++state.blockStep < blockBars) return
  state.blockStep = 0
  nextBlock(state.gross)
  nextBlock(state.trades)
  if (++state.wholeBlocks >= keptBlocks) choose(state)
}

function nextBlock(values: Float64Array | Uint32Array): void {
  values.copyWithin(settings, 0)
  values.fill(0, 0, settings)
}

/**
 * What a setting's shadow trades of the last whole blocks earned: net return a trade, shrunk towards 0 as if `shrinkageTrades` more had
 * earned and cost nothing. −∞ with too few trades to judge.
 */
export function trendRecord({ gross, trades, settings: { tradeCost } }: TrendState, setting: number): number {
  let sum = 0
  let count = 0
  for (let block = 1; block <= keptBlocks; block++) {
    sum += gross[block * settings + setting] as number
    count += trades[block * settings + setting] as number
  }
  return count < leastTrades ? Number.NEGATIVE_INFINITY : (sum - count * tradeCost) / (count + shrinkageTrades)
}

/** The standard setting stands wherever the one in force has too few trades to be judged, and no other has enough. */
function choose(state: TrendState): void {
  let best = trendRecord(state, state.chosen) === Number.NEGATIVE_INFINITY ? standardSetting : state.chosen
  for (let setting = 0; setting < settings; setting++) if (trendRecord(state, setting) > trendRecord(state, best)) best = setting
  if (best !== state.chosen) state.changes++
  state.chosen = best
}

/** A running mean that starts at its first value; NaN changes nothing. */
function meanNext(mean: number, x: number, weight: number): number {
  if (Number.isNaN(x)) return mean
  return Number.isNaN(mean) ? x : mean + weight * (x - mean)
}

/** Standard deviation of the difference of both averages of a random walk, in bar sigmas: weights aᵏ − bᵏ on the k-th last return. */
function spreadOf([fast, slow]: readonly [number, number]): number {
  const a = 1 - 2 / (slow + 1)
  const b = 1 - 2 / (fast + 1)
  return Math.sqrt((a * a) / (1 - a * a) - (2 * a * b) / (1 - a * b) + (b * b) / (1 - b * b))
}
const spreads = trendSpeeds.map(spreadOf)

function viewNext(state: TrendState, pair: number, speed: number, square: number): void {
  const at = pair * speeds + speed
  const [fast, slow] = trendSpeeds[speed] as (typeof trendSpeeds)[number]
  const close = state.close[pair] as number
  const first = state.bars[pair] === 1
  state.fast[at] = first ? close : meanNext(state.fast[at] as number, close, 2 / (fast + 1))
  state.slow[at] = first ? close : meanNext(state.slow[at] as number, close, 2 / (slow + 1))
  state.noise[at] = meanNext(state.noise[at] as number, square, 2 / (slow + 1))
  const sigma = Math.sqrt(state.noise[at] as number) * (spreads[speed] as number)
  const known = (state.bars[pair] as number) > slow && sigma > 0
  const strength = known ? ((state.fast[at] as number) - (state.slow[at] as number)) / (close * sigma) : Number.NaN
  state.strength[at] = strength
  state.view[at] = viewOf(state.view[at] as number, strength)
}

function viewOf(view: number, strength: number): number {
  if (Math.abs(strength) >= beginsAt) return Math.sign(strength)
  return view * strength > 0 ? view : 0
}

/** Expected move over the horizon, ≥ 0: skill × score × volatility (Grinold 1994), the volatility being that of the whole horizon. */
function expectedMove(state: TrendState, pair: number, setting: number): number {
  const strength = state.strength[pair * speeds + (speedOf[setting] as number)] as number
  const horizon = horizonOf[setting] as number
  return state.settings.skill * Math.abs(strength) * Math.sqrt((state.variance[pair] as number) * horizon)
}

/**
 * Moves a shadow portfolio of one pair past a bar, by the baseline's own rule: a view is entered once, if it pays; it is kept for its
 * horizon, and longer while the view stands; an opposite view ends it after the shortest holding time.
 */
function shadowNext(state: TrendState, pair: number, setting: number, change: number): void {
  const at = pair * settings + setting
  const { gross, trades, position, held, entered } = state
  const view = state.view[pair * speeds + (speedOf[setting] as number)] as number
  const { leastMove, minHold } = state.settings
  if (entered[at] !== view) entered[at] = 0
  if (position[at] !== 0) {
    gross[setting] = (gross[setting] as number) + (position[at] as number) * change
    held[at] = (held[at] as number) + 1
    if (ends(position[at] as number, view, held[at] as number, horizonOf[setting] as number, minHold)) position[at] = 0
  } else if (view !== 0 && entered[at] === 0 && expectedMove(state, pair, setting) >= leastMove) {
    position[at] = view
    entered[at] = view
    held[at] = 0
    trades[setting] = (trades[setting] as number) + 1
  }
}

function ends(position: number, view: number, held: number, horizon: number, minHold: number): boolean {
  if (view === -position && held >= horizon * minHold) return true
  return view !== position && held % horizon === 0
}

const neutral: Vote = { direction: 0, confidence: 0 }

/**
 * The standing view of a pair under the setting in force. Confidence is ½ + ⅒ for each standard deviation of strength, two at most;
 * of that excess a quarter is gone where the RSI is stretched in the trend's direction (70, 30), and a quarter where the close is outside
 * its Bollinger band.
 */
export function trendVote(state: TrendState, pair: number, analysis: AnalysisState): Vote {
  const at = pair * speeds + (speedOf[state.chosen] as number)
  const view = state.view[at] as Direction | 0
  const move = expectedMove(state, pair, state.chosen)
  if (view === 0 || !Number.isFinite(move)) return neutral
  const { rsiNow, bollingerNow } = analysis
  const stretched = view === 1 ? rsiNow >= 70 : rsiNow <= 30
  const outside = view === 1 ? bollingerNow >= 1 : bollingerNow <= 0
  const calm = 1 - (stretched ? 0.25 : 0) - (outside ? 0.25 : 0)
  return {
    direction: view,
    confidence: 0.5 + 0.1 * Math.min(2, Math.abs(state.strength[at] as number)) * calm,
    expectedMove: move,
    horizonBars: horizonOf[state.chosen] as number,
  }
}
