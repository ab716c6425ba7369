/** Orders of one pair in one portfolio: sizing in whole lots, placing exits, cancelling what waits. */

import { fromUsdE6, notionalE6, type QtyE8, type TimeMs, UNIT, type UsdE6 } from '../core/index.js'
import { type CancelReason, cancelOrder, placeOrder } from './order.js'
import type { InstrumentState, Portfolio, Position } from './portfolio.js'
import { barsAfter, type InstrumentRules, lotAt } from './rules.js'

/** The last instant at which an entry may fill: two bars after the decision (plus latency on ticks). */
export function lastFill(portfolio: Portfolio, instrument: InstrumentState, barMs: number, time: TimeMs): TimeMs {
  const latency = portfolio.settings.fillOn === 'ticks' ? portfolio.settings.latencyMs : 0
  return barsAfter(instrument.rules, time + latency, 2, instrument.barMs || barMs)
}

/** The most whole lots that `amountE6` buys at a price; not a safe integer where the price is too small to count them exactly. */
export function lotsWithin(amountE6: UsdE6, priceUsd: number, rules: InstrumentRules): QtyE8 {
  const lotE8 = lotAt(rules, priceUsd)
  const lots = Math.floor((fromUsdE6(amountE6) / priceUsd / lotE8) * UNIT)
  let qty = Math.max(lots, 0) * lotE8
  if (!Number.isSafeInteger(qty)) return qty
  // Division may round up to a whole lot that the amount does not quite buy.
  if (qty > 0 && notionalE6(priceUsd, qty) > amountE6) qty -= lotE8
  return qty
}

export function tooSmall(qtyE8: QtyE8, costE6: UsdE6, rules: InstrumentRules): boolean {
  return qtyE8 <= 0 || qtyE8 < rules.minQtyE8 || costE6 < rules.minCostE6
}

export function placeExit(portfolio: Portfolio, instrument: InstrumentState, position: Position, time: TimeMs): void {
  if (instrument.exit !== null) return
  instrument.exit = placeOrder(portfolio.orders, {
    tradeId: position.tradeId,
    pair: instrument.pair,
    side: position.signal.direction === 1 ? 'sell' : 'buy',
    qtyE8: position.qtyE8,
    decidedAt: time,
    // An exit waits for the next existing bar, however long that takes.
    fillBefore: Number.POSITIVE_INFINITY,
    decisionPriceUsd: instrument.priceUsd,
    reservedE6: 0,
    signal: null,
    exit: position.leaving,
  })
}

export function cancelEntry(portfolio: Portfolio, instrument: InstrumentState, reason: CancelReason): void {
  if (instrument.entry === null) return
  cancelOrder(portfolio.orders, instrument.entry.id, reason)
  instrument.entry = null
}

export function cancelExit(portfolio: Portfolio, instrument: InstrumentState, reason: CancelReason): void {
  if (instrument.exit === null) return
  cancelOrder(portfolio.orders, instrument.exit.id, reason)
  instrument.exit = null
}
