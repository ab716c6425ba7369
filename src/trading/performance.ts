/** Running record of an equity curve and of finished trades: everything the metrics need, in constant memory. */

import { DAY_MS, fromUsdE6, MINUTE_MS, type TimeMs, type UsdE6 } from '../core/index.js'
import { type Session, sessionCalendar } from '../market/index.js'
import type { Trade } from './trade.js'

/** Mean and spread of a stream of numbers (Welford 1962). */
export interface RunningMoments {
  n: number
  mean: number
  /** Sum of squared differences from the mean. */
  squares: number
}

export function newMoments(): RunningMoments {
  return { n: 0, mean: 0.0, squares: 0.0 }
}

export function addMoment(moments: RunningMoments, x: number): void {
  moments.n++
  const off = x - moments.mean
  moments.mean += off / moments.n
  moments.squares += off * (x - moments.mean)
}

/** The moments of values at hand. */
export function momentsOf(values: readonly number[]): RunningMoments {
  const moments = newMoments()
  for (const x of values) addMoment(moments, x)
  return moments
}

/** Sample standard deviation; NaN below two values. */
export function sampleSd({ n, squares }: RunningMoments): number {
  return n < 2 ? Number.NaN : Math.sqrt(squares / (n - 1))
}

export interface Performance {
  readonly startE6: UsdE6
  /** The hours of the market, where it closes: its days are local ones, and only they count. */
  readonly session?: Session
  startTime: TimeMs
  lastTime: TimeMs
  lastE6: UsdE6
  bars: number
  barsHalted: number
  /** Bars at which equity could not be computed; they enter no figure. */
  barsUnknown: number
  /** Bars at which a held pair was marked at an old close. */
  barsStale: number

  peakE6: UsdE6
  peakBar: number
  peakTime: TimeMs
  maxDrawdown: number
  under: boolean
  /** Longest way from a peak until it is regained, or until now. */
  underBars: number
  underMs: number

  /** The day (UTC, or of the session) of the latest sample, and the equity at the end of the day before (NaN: that day was not whole). */
  day: number
  dayOpen: number
  readonly daily: RunningMoments
  /** Σ min(daily return, 0)². */
  downside: number

  grossShareSum: number
  equitySumUsd: number
  /** Σ of both sides' notional, USD. */
  tradedUsd: number

  readonly returns: RunningMoments
  /** P&L of finished trades, USD. */
  readonly pnls: RunningMoments
  wins: number
  pnlSumE6: UsdE6
  wonE6: UsdE6
  lostE6: UsdE6
}

/** A record before its first sample. */
export function newPerformance(startE6: UsdE6, session?: Session): Performance {
  return {
    startE6,
    ...(session === undefined ? {} : { session }),
    startTime: Number.NaN,
    lastTime: Number.NaN,
    lastE6: startE6,
    bars: 0,
    barsHalted: 0,
    barsUnknown: 0,
    barsStale: 0,
    peakE6: startE6,
    peakBar: 0,
    peakTime: Number.NaN,
    maxDrawdown: 0.0,
    under: false,
    underBars: 0,
    underMs: 0,
    day: 0,
    dayOpen: Number.NaN,
    daily: newMoments(),
    downside: 0.0,
    grossShareSum: 0.0,
    equitySumUsd: 0.0,
    tradedUsd: 0.0,
    returns: newMoments(),
    pnls: newMoments(),
    wins: 0,
    pnlSumE6: 0,
    wonE6: 0,
    lostE6: 0,
  }
}

/** A portfolio at the end of one bar; amounts are NaN where they cannot be computed. */
export interface EquitySample {
  readonly time: TimeMs
  readonly equityE6: UsdE6
  /** Σ |position value|. */
  readonly grossE6: UsdE6
  /** True where the portfolio makes no entries. */
  readonly halted: boolean
  /** True where a held pair is marked at an old close. */
  readonly stale?: boolean
}

/** Adds the end of one bar to the record. */
export function sampleEquity(p: Performance, sample: EquitySample): void {
  const { time, equityE6: equity, grossE6: gross, halted } = sample
  if (p.bars === 0 && p.barsUnknown === 0) begin(p, time)
  if (halted) p.barsHalted++
  if (sample.stale === true) p.barsStale++
  if (Number.isNaN(equity)) {
    p.barsUnknown++
    return
  }
  p.bars++
  p.grossShareSum += equity > 0 ? gross / equity : 0
  p.equitySumUsd += fromUsdE6(equity)
  sampleDay(p, time)
  sampleDrawdown(p, time, equity)
  p.lastTime = time
  p.lastE6 = equity
}

/** Starts the record at the first sample, as capital is in cash until then. A day is whole only if it begins at 00:00. */
function begin(p: Performance, time: TimeMs): void {
  p.startTime = time
  p.lastTime = time
  p.peakTime = time
  p.day = dayOf(p, time)
}

/** The day whose end a sample at `time` belongs to: 00:00 closes the day before. */
function dayOf({ session }: Performance, time: TimeMs): number {
  return session === undefined ? Math.ceil(time / DAY_MS) - 1 : sessionCalendar(session).dayOf(time - 1)
}

function sampleDay(p: Performance, time: TimeMs): void {
  const day = dayOf(p, time)
  if (day === p.day) return
  closeDay(p, p.daily)
  p.downside += downsideOf(p)
  // Days without a sample (a gap in the data) leave equity as it was. A market that closes has no such days.
  for (let d = p.day + 1; d < day && p.session === undefined; d++) addMoment(p.daily, 0)
  p.day = day
  p.dayOpen = p.lastE6
}

/** NaN, and with it every figure of days, once equity is not positive. */
function dayReturn(p: Performance): number {
  return p.lastE6 > 0 && p.dayOpen > 0 ? p.lastE6 / p.dayOpen - 1 : Number.NaN
}

function closeDay(p: Performance, daily: RunningMoments): void {
  if (!Number.isNaN(p.dayOpen)) addMoment(daily, dayReturn(p))
}

function downsideOf(p: Performance): number {
  return Number.isNaN(p.dayOpen) ? 0 : Math.min(dayReturn(p), 0) ** 2
}

/** Daily returns including the day that ends exactly at the latest sample, and their downside sum. */
export function wholeDays(p: Performance): { daily: RunningMoments; downside: number } {
  if (!isDayOver(p)) return { daily: p.daily, downside: p.downside }
  const daily = { ...p.daily }
  closeDay(p, daily)
  return { daily, downside: p.downside + downsideOf(p) }
}

/** True where the latest sample ends its day: no bar of it can follow. */
function isDayOver({ session, lastTime, day }: Performance): boolean {
  if (session === undefined) return lastTime % DAY_MS === 0
  const calendar = sessionCalendar(session)
  return calendar.dayOf(calendar.after(lastTime, 0, MINUTE_MS)) !== day
}

function sampleDrawdown(p: Performance, time: TimeMs, equity: UsdE6): void {
  const atPeak = equity >= p.peakE6
  if (!atPeak || p.under) {
    p.underBars = Math.max(p.underBars, p.bars - p.peakBar)
    p.underMs = Math.max(p.underMs, time - p.peakTime)
  }
  p.under = !atPeak
  if (!atPeak) {
    p.maxDrawdown = Math.max(p.maxDrawdown, (p.peakE6 - equity) / p.peakE6)
    return
  }
  p.peakE6 = equity
  p.peakBar = p.bars
  p.peakTime = time
}

/** Replaces the latest sample once the last positions are closed, their costs included. */
export function finishEquity(p: Performance, equity: UsdE6): void {
  p.lastE6 = equity
  if (p.bars > 0) sampleDrawdown(p, p.lastTime, equity)
}

/** Takes one finished trade. */
export function sampleTrade(p: Performance, trade: Trade): void {
  addMoment(p.returns, trade.pnlE6 / trade.entryNotionalE6)
  addMoment(p.pnls, fromUsdE6(trade.pnlE6))
  p.pnlSumE6 += trade.pnlE6
  if (trade.pnlE6 > 0) {
    p.wins++
    p.wonE6 += trade.pnlE6
  } else p.lostE6 -= trade.pnlE6
}
