/** What an order is executed for on paper: half the spread and the slippage against it, rounded to the tick, and the taker's fee. */

import { notionalE6, type QtyE8 } from '../core/index.js'
import type { Execution } from './event.js'
import { type InstrumentRules, tickAt } from './instrument-rules.js'
import type { Side } from './order.js'

/** What trading costs, as fractions of 1. */
export interface PaperCosts {
  /** Of the notional. */
  readonly feeRate: number
  /** Of the price, against every order. */
  readonly halfSpread: number
  readonly slippage: number
}

/** The price an order gets: worse by half the spread and the slippage, rounded outwards to the tick where either is charged. */
export function paperPrice(side: Side, marketUsd: number, rules: InstrumentRules, costs: PaperCosts): number {
  const cost = costs.halfSpread + costs.slippage
  if (cost === 0) return marketUsd
  const tickUsd = tickAt(rules, marketUsd)
  return side === 'buy'
    ? toTick(marketUsd * (1 + cost), tickUsd, Math.ceil)
    : Math.max(toTick(marketUsd * (1 - cost), tickUsd, Math.floor), Math.min(marketUsd, tickUsd))
}

function toTick(priceUsd: number, tickUsd: number, round: (x: number) => number): number {
  if (tickUsd === 0) return priceUsd
  // The nearest whole multiple wins where only representation separates the price from it.
  const ticks = priceUsd / tickUsd
  const near = Math.round(ticks)
  const whole = Math.abs(ticks - near) < 1e-6 ? near : round(ticks)
  return tickUsd < 1 ? whole / Math.round(1 / tickUsd) : whole * tickUsd
}

/** A quantity traded at a price, each amount rounded once. */
export function paperExecution(priceUsd: number, marketUsd: number, qtyE8: QtyE8, { feeRate }: PaperCosts): Execution {
  const notional = notionalE6(priceUsd, qtyE8)
  return {
    priceUsd,
    marketUsd,
    qtyE8,
    notionalE6: notional,
    feeE6: Math.round(notional * feeRate),
    slippageE6: Math.abs(notional - notionalE6(marketUsd, qtyE8)),
  }
}
