/** When a portfolio's orders are executed: what waits, at a price of the market, and exits at a price of their own. */

import type { TimeMs } from '../core/index.js'
import { fillOnPaper, paperBroker, type Quote } from '../exchange/index.js'
import type { InstrumentState, Position } from './portfolio.js'
import { PortfolioClearing } from './portfolio-clearing.js'
import { cancelExit, submitExit } from './portfolio-orders.js'
import type { ExecutionContext } from './settlement.js'
import type { ExitReason } from './trade.js'

/**
 * Fills what waits at one price: first the exit, ordered or due at the end of the horizon, then the entry. An entry of the
 * direction of a position that is due renews it instead. An exit that found no countable price before is submitted again.
 */
export function fillWaiting(context: ExecutionContext, quote: Quote): void {
  const { portfolio, instrument } = context
  const { position } = instrument
  if (position !== null && position.leaving !== null) submitExit(portfolio, instrument, position, quote.reachedBy)
  const due = position !== null && position.leaving === null && quote.reachedBy >= position.closesAt
  if (!due) return advance(context, quote)
  if (renews(context, position, quote)) advance(context, quote)
  if (quote.reachedBy < position.closesAt) return
  const freedE6 = position.markE6
  closePosition(context, position, 'horizon', quote)
  if (instrument.position === null) advance(context, quote, freedE6)
}

function renews({ instrument: { entry } }: ExecutionContext, { signal }: Position, { reachedBy }: Quote): boolean {
  return entry !== null && entry.order.submittedAt <= reachedBy && entry.signal.direction === signal.direction
}

/** `freedE6`: the room of a position that has just left at this price. */
function advance({ portfolio, instrument, events }: ExecutionContext, quote: Quote, freedE6 = 0): void {
  if (instrument.entry === null && instrument.exit === null) return
  paperBroker.advance(portfolio.broker, quote, new PortfolioClearing(portfolio, events, freedE6))
}

/** A price that a portfolio knows of: a level met inside a bar, or a last close. */
export function quoteAt({ pair }: InstrumentState, priceUsd: number, time: TimeMs): Quote {
  return { kind: 'quote', pair, priceUsd, time, reachedBy: time }
}

/**
 * Closes a position at a price, whatever the market's latest one is. Where its value at that price is beyond exact numbers the
 * position goes on leaving, and closes at the next price at which it is not.
 */
export function closePosition(context: ExecutionContext, position: Position, reason: ExitReason, quote: Quote): void {
  const { portfolio, instrument, events } = context
  // An exit that waits for the same reason fills now; one for another reason is replaced.
  if (instrument.exit !== null && position.leaving !== reason) cancelExit(portfolio, instrument, 'closed', quote.time)
  position.leaving = reason
  const order = submitExit(portfolio, instrument, position, quote.time)
  fillOnPaper(portfolio.broker, order.id, quote, new PortfolioClearing(portfolio, events))
}
