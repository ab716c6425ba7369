/** Builders of ideas, bars and portfolios for the trading tests, and a reader of the shared real candles. */

import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type Bar, BarFlag, type Candle } from '../../src/market/index.js'
import {
  type BrokerSettings,
  brokerSchema,
  type Features,
  type Fill,
  gateKeeper,
  type Halt,
  houseRules,
  type Idea,
  type InstrumentRules,
  ideaSignal,
  markInstrument,
  newPortfolio,
  type Portfolio,
  type PortfolioEvents,
  type Signal,
  type StepTime,
  submitSignal,
  type Trade,
} from '../../src/trading/index.js'

export const HOUR = 3_600_000
export const T0 = Date.UTC(2024, 0, 1)

export const noFeatures: Features = { rsi: null, macd: null, bollinger: null, atr: null, volume: null, regime: 1, trend: null }
export const anyRules: InstrumentRules = { lotE8: 1, minQtyE8: 1, minCostE6: 0, tickUsd: 0 }
/** No costs, no stops, everything allowed that leverage does not forbid: hand-checkable numbers. */
export const bare = { feeRate: 0, halfSpread: 0, slippage: 0, borrowRatePerDay: 0, stopAtr: 0, targetAtr: 0 } as const

export function settings(over: Partial<BrokerSettings> = {}): BrokerSettings {
  return brokerSchema.parse({ ...bare, ...over })
}

export function portfolio(
  over: Partial<BrokerSettings> = {},
  pairs: readonly string[] = ['A'],
  rules = anyRules,
  name: Portfolio['name'] = 'mycelial',
): Portfolio {
  return newPortfolio(
    name,
    settings(over),
    pairs.map(p => [p, rules] as const),
  )
}

export function idea(over: Partial<Idea> = {}): Idea {
  return {
    id: 'PatternLearner-0:1:0',
    source: 'mycelial',
    agent: 'PatternLearner-0',
    pair: 'A',
    direction: 1,
    confidence: 1,
    decidedAt: T0,
    expiresAt: T0 + 1000 * HOUR,
    horizonBars: 3,
    barMs: HOUR,
    style: 'DAY',
    pattern: null,
    moats: [],
    prediction: null,
    features: noFeatures,
    ...over,
  }
}

export function signal(over: Partial<Idea> = {}): Signal {
  return ideaSignal(idea(over))
}

/** A signal that is decided at the instant it is submitted. */
export function submitNow(portfolio: Portfolio, given: Signal, now: StepTime): string {
  const decided = { ...given, decidedAt: now.time, closesAt: now.time + given.horizonBars * given.barMs }
  return submit(portfolio, decided, now)
}

/** Submits a signal where the model has no doubts of the market; says what the portfolio did, or why it did nothing. */
export function submit(portfolio: Portfolio, given: Signal, now: StepTime): string {
  return submitSignal(portfolio, given, now, gateKeeper(portfolio, houseRules, { doubt: () => null, announce: () => undefined }))
    .outcome
}

/** A lock of the operator on every portfolio. */
export function lock(over: Partial<Halt> = {}): Halt {
  const { portfolio = 'all', kind = 'operator', pair = null } = over
  const id = `${portfolio}:${kind}:${pair ?? 'all'}`
  return { id, portfolio, pair, kind, on: true, time: T0, until: null, reason: 'a test', ends: 'a test', ...over }
}

/** The bar that opens `hour` hours after T0; a flat one where only the open is given. */
export function bar(hour: number, open: number, over: Partial<Bar> = {}): Bar {
  const close = over.close ?? open
  return {
    pair: 'A',
    time: T0 + hour * HOUR,
    barMs: HOUR,
    flags: 0,
    open,
    high: Math.max(open, close),
    low: Math.min(open, close),
    close,
    volume: 1,
    ...over,
  }
}

export const filled = { flags: BarFlag.filled, volume: 0 } as const

export interface Recorder extends PortfolioEvents {
  readonly fills: Fill[]
  readonly trades: Trade[]
}

export function recorder(): Recorder {
  const fills: Fill[] = []
  const trades: Trade[] = []
  return { fills, trades, fill: f => fills.push(f), trade: t => trades.push(t) }
}

/** Hourly candles of a freqtrade file under the shared data, or undefined where they are absent. */
export function realCandles(file: string): Candle[] | undefined {
  const path = resolve(process.env.MYCELIA_SHARED ?? '../shared', 'data/binance-usdt-1h', file)
  if (!existsSync(path)) return undefined
  const rows = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as [number, number, number, number, number, number][]
  return rows.map(([time, open, high, low, close, volume]) => ({ time, open, high, low, close, volume }))
}

/** A pair's price is no longer known: no entries, and no equity while it is held, until its next existing bar. */
export function losePrice(portfolio: Portfolio, pair: string): void {
  const instrument = portfolio.instruments.get(pair)
  if (instrument !== undefined) markInstrument(instrument, Number.NaN)
}

/**
 * What is missing from cash, in 1e-6 USD: 0 in every state a portfolio can reach. Cash + Σ positions + fees + borrow =
 * start + P&L, with the positions at their marks on both sides.
 */
export function auditPortfolio(portfolio: Portfolio): number {
  let paidForPositions = 0
  for (const { position } of portfolio.held)
    paidForPositions += position === null ? 0 : position.signal.direction * position.entryNotionalE6
  return portfolio.cashE6 + paidForPositions + portfolio.feesE6 + portfolio.borrowE6 - portfolio.startE6 - portfolio.grossPnlE6
}
