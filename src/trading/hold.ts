/** Equal-weight buy-and-hold: what a book's result is compared with. */

import { fromUsdE6, type TimeMs, toUsdE6, type UsdE6 } from '../core/index.js'
import { type Bar, BarFlag } from '../market/index.js'
import { curveMetrics, type Metrics } from './metrics.js'
import { newPerformance, type Performance, sampleEquity } from './performance.js'
import type { BrokerSettings } from './settings.js'

/** Each pair gets an equal part of the capital, spent at the close of its first existing bar; until then it is cash. */
export interface Hold {
  readonly partUsd: number
  readonly costShare: { readonly fee: number; readonly slippage: number }
  readonly index: Map<string, number>
  /** Units held, 0 before the first bar. */
  readonly units: Float64Array
  readonly valueUsd: Float64Array
  feesUsd: number
  slippageUsd: number
  readonly performance: Performance
}

export function newHold(pairs: readonly string[], settings: BrokerSettings): Hold {
  const partUsd = settings.capitalUsd / pairs.length
  return {
    partUsd,
    costShare: { fee: settings.feeRate, slippage: settings.halfSpread + settings.slippage },
    index: new Map(pairs.map((pair, i) => [pair, i])),
    units: new Float64Array(pairs.length),
    valueUsd: new Float64Array(pairs.length).fill(partUsd),
    feesUsd: 0.0,
    slippageUsd: 0.0,
    performance: newPerformance(toUsdE6(settings.capitalUsd)),
  }
}

export function holdOnBar(hold: Hold, bar: Bar): void {
  const i = hold.index.get(bar.pair)
  if (i === undefined || (bar.flags & (BarFlag.filled | BarFlag.revised)) !== 0) return
  if (hold.units[i] === 0) buy(hold, i, bar.close)
  hold.valueUsd[i] = (hold.units[i] as number) * bar.close
}

function buy(hold: Hold, i: number, priceUsd: number): void {
  const { fee, slippage } = hold.costShare
  const spentUsd = hold.partUsd / (1 + fee)
  const units = spentUsd / (priceUsd * (1 + slippage))
  hold.units[i] = units
  hold.feesUsd += spentUsd * fee
  hold.slippageUsd += spentUsd - units * priceUsd
  hold.performance.tradedUsd += spentUsd
}

/** Records equity at the end of a bar. */
export function holdOnStep(hold: Hold, time: TimeMs): void {
  let usd = 0
  let invested = 0
  for (let i = 0; i < hold.valueUsd.length; i++) {
    usd += hold.valueUsd[i] as number
    if (hold.units[i] !== 0) invested += hold.valueUsd[i] as number
  }
  sampleEquity(hold.performance, time, toUsdE6(usd), toUsdE6(invested), false)
}

/** Equity at the last step. */
export function holdEquityE6(hold: Hold): UsdE6 {
  return hold.performance.lastE6
}

export function holdMetrics(hold: Hold): Metrics {
  return curveMetrics(hold.performance, { feesUsd: hold.feesUsd, slippageUsd: hold.slippageUsd })
}

/** Return of buy-and-hold so far, as a fraction of 1. */
export function holdReturn(hold: Hold): number {
  return fromUsdE6(hold.performance.lastE6) / fromUsdE6(hold.performance.startE6) - 1
}
