/** What an operator may do with the orders and positions of a portfolio: close them, and cancel what waits. */

import type { TimeMs } from '../core/index.js'
import type { InstrumentState, Portfolio } from './portfolio.js'
import { cancelEntry, cancelExit, submitExit } from './portfolio-orders.js'
import { orderId } from './trade.js'

/** Which orders an operator means: of one pair, one by its id or its trade's, or all. */
export type OrderChoice = { readonly pair: string } | { readonly id: string } | 'all'

/**
 * Orders the exit of the position in a pair, and cancels the entry that waits there. The exit fills as every other does: at the next
 * price of the market that is late enough. Returns the trade it will end; undefined where nothing is held.
 */
export function leavePosition(portfolio: Portfolio, instrument: InstrumentState, time: TimeMs): string | undefined {
  cancelEntry(portfolio, instrument, 'operator', time)
  const { position } = instrument
  if (position === null) return undefined
  if (position.leaving !== 'operator') cancelExit(portfolio, instrument, 'closed', time)
  position.leaving = 'operator'
  submitExit(portfolio, instrument, position, time)
  return position.tradeId
}

/** Cancels orders that wait, and returns their ids. A position whose exit is cancelled goes on as before. */
export function cancelChosen(portfolio: Portfolio, choice: OrderChoice, time: TimeMs): string[] {
  const cancelled: string[] = []
  const isMeant = (tradeId: string, opens: boolean, pair: string) => {
    if (choice === 'all') return true
    if ('pair' in choice) return choice.pair === pair
    return choice.id === tradeId || choice.id === orderId(tradeId, opens)
  }
  for (const instrument of portfolio.instruments.values()) {
    const { entry, exit, position, pair } = instrument
    if (entry !== null && isMeant(entry.order.clientId, true, pair)) {
      cancelEntry(portfolio, instrument, 'operator', time)
      cancelled.push(orderId(entry.order.clientId, true))
    }
    if (position !== null && (exit !== null || position.leaving !== null) && isMeant(position.tradeId, false, pair)) {
      cancelExit(portfolio, instrument, 'operator', time)
      position.leaving = null
      cancelled.push(orderId(position.tradeId, false))
    }
  }
  return cancelled
}
