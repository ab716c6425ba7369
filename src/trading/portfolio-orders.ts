/** Orders of one pair in one portfolio: submitting entries and exits, cancelling what waits. */

import { assert, type QtyE8, type TimeMs, type UsdE6 } from '../core/index.js'
import { barsAfter, type Order, type OrderRequest, paperBroker, type RejectCode } from '../exchange/index.js'
import type { InstrumentState, Portfolio, Position } from './portfolio.js'
import type { Signal } from './signal.js'

/**
 * Why an entry was cancelled, besides `jump` of the paper broker. ideaExpired: the idea or its horizon was over · extended: it
 * renewed a position instead · tradeSize: at the price of its fill beyond the gate's limits of a trade · fillBound: at that
 * price it costs more than the gate's rules allowed at the order · operator: a person said so.
 */
export const cancelReasons = [
  'opposite',
  'halted',
  'ideaExpired',
  'extended',
  'grossLimit',
  'tradeSize',
  'fillBound',
  'closed',
  'operator',
] as const
export type CancelReason = (typeof cancelReasons)[number]

/** What an entry is submitted with. */
export interface EntryRequest {
  readonly tradeId: string
  readonly qtyE8: QtyE8
  readonly time: TimeMs
  /** Room it keeps under the gross limit while it waits. */
  readonly reservedE6: UsdE6
  /** What its fill may cost at most; undefined: any room there is. */
  readonly boundE6: UsdE6 | undefined
}

/** Submits an entry that follows a signal. Null where it waits; else why the broker rejected it. */
export function submitEntry(
  portfolio: Portfolio,
  instrument: InstrumentState,
  signal: Signal,
  { tradeId, qtyE8, time, reservedE6, boundE6 }: EntryRequest,
): RejectCode | null {
  const order = submitOrder(portfolio, {
    account: portfolio.name,
    clientId: tradeId,
    pair: instrument.pair,
    side: signal.direction === 1 ? 'buy' : 'sell',
    qtyE8,
    limitUsd: null,
    referenceUsd: instrument.priceUsd,
    reduces: false,
    submittedAt: time,
    expiresAt: lastFill(portfolio, instrument, signal.barMs, time),
  })
  if (typeof order === 'string') return order
  instrument.entry = { order, signal, reservedE6, ...(boundE6 !== undefined && { boundE6 }) }
  portfolio.entries.set(order.id, instrument.entry)
  return null
}

/** The last instant at which an entry may fill: two bars after the decision (plus latency on ticks). */
function lastFill(portfolio: Portfolio, instrument: InstrumentState, barMs: number, time: TimeMs): TimeMs {
  const latency = portfolio.settings.fillOn === 'ticks' ? portfolio.settings.latencyMs : 0
  return barsAfter(instrument.rules, time + latency, 2, instrument.barMs || barMs)
}

/** Submits the exit of a position, if none waits. */
export function submitExit(portfolio: Portfolio, instrument: InstrumentState, position: Position, time: TimeMs): Order {
  if (instrument.exit !== null) return instrument.exit
  const order = submitOrder(portfolio, {
    account: portfolio.name,
    clientId: position.tradeId,
    pair: instrument.pair,
    side: position.signal.direction === 1 ? 'sell' : 'buy',
    qtyE8: position.qtyE8,
    limitUsd: null,
    // An exit takes any price, and waits for the next existing bar, however long that takes.
    referenceUsd: Number.NaN,
    reduces: true,
    submittedAt: time,
    expiresAt: Number.POSITIVE_INFINITY,
  })
  assert(typeof order !== 'string', 'an exit is never rejected')
  instrument.exit = order
  return order
}

function submitOrder({ broker }: Portfolio, request: OrderRequest): Order | RejectCode {
  const event = paperBroker.submit(broker, request)
  if (event.kind === 'rejected') return event.code
  const order = broker.orders.live.get(event.orderId)
  assert(order !== undefined, 'an order that was accepted lives')
  return order
}

export function cancelEntry(portfolio: Portfolio, instrument: InstrumentState, reason: CancelReason, time: TimeMs): void {
  if (instrument.entry === null) return
  paperBroker.cancel(portfolio.broker, { id: instrument.entry.order.id, account: portfolio.name, reason, time })
  forgetEntry(portfolio, instrument)
}

/** An entry no longer waits: it has ended at the broker. */
export function forgetEntry(portfolio: Portfolio, instrument: InstrumentState): void {
  if (instrument.entry !== null) portfolio.entries.delete(instrument.entry.order.id)
  instrument.entry = null
}

export function cancelExit(portfolio: Portfolio, instrument: InstrumentState, reason: CancelReason, time: TimeMs): void {
  if (instrument.exit === null) return
  paperBroker.cancel(portfolio.broker, { id: instrument.exit.id, account: portfolio.name, reason, time })
  instrument.exit = null
}
