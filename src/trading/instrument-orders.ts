/** Orders of one pair in one portfolio: placing exits, cancelling what waits. */

import type { TimeMs } from '../core/index.js'
import { type CancelReason, cancelOrder, placeOrder } from './order.js'
import type { InstrumentState, Portfolio, Position } from './portfolio.js'
import { barsAfter } from './rules.js'

/** The last instant at which an entry may fill: two bars after the decision (plus latency on ticks). */
export function lastFill(portfolio: Portfolio, instrument: InstrumentState, barMs: number, time: TimeMs): TimeMs {
  const latency = portfolio.settings.fillOn === 'ticks' ? portfolio.settings.latencyMs : 0
  return barsAfter(instrument.rules, time + latency, 2, instrument.barMs || barMs)
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
