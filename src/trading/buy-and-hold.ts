/** Equal-weight buy-and-hold: the benchmark of every portfolio. */

import { fromUsdE6, type TimeMs, toUsdE6, USD, type UsdE6 } from '../core/index.js'
import { type Bar, BarFlag, type Session } from '../market/index.js'
import { interestOn } from './cash-interest.js'
import { curveMetrics, type Metrics } from './metrics.js'
import { newPerformance, type Performance, sampleEquity, sampleSd, wholeDays } from './performance.js'
import type { BrokerSettings } from './settings.js'

/** Each pair gets an equal part of the capital, spent at the close of its first existing bar; until then it is cash. */
export interface BuyAndHold {
  readonly partUsd: number
  readonly costShare: { readonly fee: number; readonly slippage: number }
  readonly index: Map<string, number>
  /** Units held, 0 before the first bar. */
  readonly units: Float64Array
  readonly valueUsd: Float64Array
  /** Interest earned on cash that waits for the first bar of a pair. */
  interestUsd: number
  readonly cashRatePerYear: number
  feesUsd: number
  slippageUsd: number
  readonly performance: Performance
}

/** `session`: the hours by which its days count, where all markets close. */
export function newBuyAndHold(pairs: readonly string[], settings: BrokerSettings, session?: Session): BuyAndHold {
  const partUsd = settings.capitalUsd / pairs.length
  return {
    partUsd,
    costShare: { fee: settings.feeRate, slippage: settings.halfSpread + settings.slippage },
    index: new Map(pairs.map((pair, i) => [pair, i])),
    units: new Float64Array(pairs.length),
    valueUsd: new Float64Array(pairs.length).fill(partUsd),
    interestUsd: 0.0,
    cashRatePerYear: settings.cashRatePerYear,
    feesUsd: 0.0,
    slippageUsd: 0.0,
    performance: newPerformance(toUsdE6(settings.capitalUsd), session),
  }
}

export function buyAndHoldOnBar(buyAndHold: BuyAndHold, bar: Bar): void {
  const i = buyAndHold.index.get(bar.pair)
  if (i === undefined || (bar.flags & BarFlag.filled) !== 0) return
  if (buyAndHold.units[i] === 0) buy(buyAndHold, i, bar.close)
  buyAndHold.valueUsd[i] = (buyAndHold.units[i] as number) * bar.close
}

function buy(buyAndHold: BuyAndHold, i: number, priceUsd: number): void {
  const { fee, slippage } = buyAndHold.costShare
  const spentUsd = buyAndHold.partUsd / (1 + fee)
  const units = spentUsd / (priceUsd * (1 + slippage))
  buyAndHold.units[i] = units
  buyAndHold.feesUsd += spentUsd * fee
  buyAndHold.slippageUsd += spentUsd - units * priceUsd
  buyAndHold.performance.tradedUsd += spentUsd
}

/** Records equity at the end of a bar. */
export function buyAndHoldOnStep(buyAndHold: BuyAndHold, time: TimeMs): void {
  let usd = 0
  let invested = 0
  for (let i = 0; i < buyAndHold.valueUsd.length; i++) {
    usd += buyAndHold.valueUsd[i] as number
    if (buyAndHold.units[i] !== 0) invested += buyAndHold.valueUsd[i] as number
  }
  const { performance, cashRatePerYear } = buyAndHold
  buyAndHold.interestUsd += interestOn(usd - invested + buyAndHold.interestUsd, cashRatePerYear, performance.lastTime, time)
  usd += buyAndHold.interestUsd
  sampleEquity(performance, { time, equityE6: inE6(usd), grossE6: inE6(invested), halted: false })
}

/** A benchmark keeps no books: beyond 9e9 USD, where millionths are not exact, it is as near as a float can be. */
function inE6(usd: number): UsdE6 {
  return Math.round(usd * USD)
}

/** Equity at the last step. */
export function buyAndHoldEquityE6(buyAndHold: BuyAndHold): UsdE6 {
  return buyAndHold.performance.lastE6
}

export function buyAndHoldMetrics(buyAndHold: BuyAndHold): Metrics {
  const { performance, feesUsd, slippageUsd, interestUsd } = buyAndHold
  return curveMetrics(performance, { feesUsd, slippageUsd, interestUsd })
}

/** Buy-and-hold with no more risk than a portfolio: that part of the capital is held, the rest is cash. */
export interface MatchedHold {
  /** Part of the capital: standard deviation of the portfolio's daily returns ÷ that of buy-and-hold's. */
  readonly share: number
  readonly return: number
}

/** Buy-and-hold matched to the daily risk of a portfolio, computed from both records; undefined without two whole days that differ. */
export function matchedHold(buyAndHold: BuyAndHold, portfolio: Performance): MatchedHold | undefined {
  const { startTime, lastTime } = buyAndHold.performance
  const share = sampleSd(wholeDays(portfolio).daily) / sampleSd(wholeDays(buyAndHold.performance).daily)
  if (!Number.isFinite(share)) return undefined
  const cash = interestOn(1, buyAndHold.cashRatePerYear, startTime, lastTime)
  return { share, return: share * buyAndHoldReturn(buyAndHold) + (1 - share) * cash }
}

/** Return of buy-and-hold so far, as a fraction of 1. */
export function buyAndHoldReturn(buyAndHold: BuyAndHold): number {
  return fromUsdE6(buyAndHold.performance.lastE6) / fromUsdE6(buyAndHold.performance.startE6) - 1
}
