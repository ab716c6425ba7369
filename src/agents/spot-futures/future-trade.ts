/** A position in futures from its entry to its end, and the rows that are made of it. */

import type { QtyE8, TimeMs, UsdE6 } from '../../core/index.js'
import type { Filled } from '../../exchange/index.js'
import { type Direction, type Features, type Fill, styleOf, type Trade } from '../../trading/index.js'
import { futuresName } from './names.js'

/** A position that is open. */
export interface OpenFuture {
  readonly tradeId: string
  readonly pair: string
  readonly direction: Direction
  readonly entryTime: TimeMs
  /** It has no horizon. */
  readonly closesAt: TimeMs
  readonly qtyE8: QtyE8
  readonly entryE6: UsdE6
  readonly features: Features | null
  /** Distance of the stop from the best close since entry. */
  readonly stopUsd: number
  bestUsd: number
  /** Of all its fills so far; what its exits brought. */
  feesE6: UsdE6
  slippageE6: UsdE6
  exitE6: UsdE6
  /** What it has paid of funding, less what it has received. */
  fundingE6: UsdE6
}

const noFeatures: Features = { rsi: null, macd: null, bollinger: null, atr: null, volume: null, regime: 1, trend: null }

/** The position that a fill opens. */
export function openFuture(filled: Filled, stopUsd: number, features: Features | null): OpenFuture {
  const { clientId, pair, side, time, qtyE8, notionalE6, feeE6, slippageE6, priceUsd } = filled
  return {
    tradeId: clientId,
    pair,
    direction: side === 'buy' ? 1 : -1,
    entryTime: time,
    closesAt: Number.POSITIVE_INFINITY,
    qtyE8,
    entryE6: notionalE6,
    features,
    stopUsd,
    bestUsd: priceUsd,
    feesE6: feeE6,
    slippageE6,
    exitE6: 0,
    fundingE6: 0,
  }
}

/** The row of a fill. */
export function futureFill(filled: Filled, tradeId: string, opens: boolean): Fill {
  const { pair, side, time, priceUsd, qtyE8, notionalE6, feeE6, slippageE6 } = filled
  return { portfolio: futuresName, tradeId, pair, side, opens, time, priceUsd, qtyE8, notionalE6, feeE6, slippageE6 }
}

export interface FutureEnd {
  readonly time: TimeMs
  readonly reason: Trade['reason']
  /** Before fees and funding. */
  readonly gainE6: UsdE6
  readonly agent: string
  readonly barMs: number
}

/** The trade that a position has become. Funding stands where a short of the spot market pays for borrowing. */
export function futureTrade(held: OpenFuture, { time, reason, gainE6, agent, barMs }: FutureEnd): Trade {
  const { entryTime, qtyE8, entryE6, exitE6, feesE6, fundingE6 } = held
  return {
    tradeId: held.tradeId,
    portfolio: futuresName,
    pair: held.pair,
    direction: held.direction,
    style: styleOf(time - entryTime),
    agent,
    pattern: 'momentum',
    ideaIds: [held.tradeId],
    entryTime,
    exitTime: time,
    entryPriceUsd: (entryE6 / qtyE8) * 100,
    exitPriceUsd: (exitE6 / qtyE8) * 100,
    qtyE8,
    entryNotionalE6: entryE6,
    exitNotionalE6: exitE6,
    feesE6,
    slippageE6: held.slippageE6,
    borrowE6: fundingE6,
    pnlE6: gainE6 - feesE6 - fundingE6,
    reason,
    collision: false,
    confidence: 0.5,
    prediction: null,
    crossMoatScore: 1,
    barsHeld: Math.floor((time - entryTime) / barMs),
    features: held.features ?? noFeatures,
  }
}
