/** A perpetual exchange for tests: one future A, accounts with cash, prices by hand, and every event kept. */

import { UNIT, USD } from '../../src/core/index.js'
import {
  type HouseEvent,
  newClearingHouse,
  newPerpMarket,
  type OrderEvent,
  openPerpAccount,
  type PerpAccount,
  type PerpEvent,
  type PerpInput,
  type PerpPosition,
  perpClearing,
  perpVenue,
  usualPerp,
} from '../../src/exchange/index.js'
import { request, T0 } from './support.js'

export type AnyEvent = OrderEvent | PerpEvent | HouseEvent
type OfKind<K extends AnyEvent['kind']> = Extract<AnyEvent, { kind: K }>

/** Begins an exchange without fees and with marks at the index, so that hand tables stay readable. */
export function exchangeOf({ fundUsd = 0, takerBp = 0, premiumCapE8 = 0 } = {}) {
  const terms = { ...usualPerp, takerBp, premiumCapE8 }
  const market = newPerpMarket(['A'], terms, 0)
  const house = newClearingHouse(terms, fundUsd * USD)
  const events: AnyEvent[] = []
  const clearing = perpClearing(market, house, { refuses: () => null, on: event => events.push(event) })
  let now = T0
  const put = (input: PerpInput) => perpVenue.advance(market, input, clearing)
  return {
    market,
    house,
    events,
    put,
    of: <K extends AnyEvent['kind']>(kind: K) => events.filter((e): e is OfKind<K> => e.kind === kind),
    open: (name: string, cashUsd: number, leverage: number): PerpAccount =>
      openPerpAccount(house, name, Math.round(cashUsd * USD), leverage),
    /** The index, and with it the mark; `ageMs`: how old it is when it comes. */
    index(priceUsd: number, ageMs = 0) {
      now += 1
      put({ kind: 'index', pair: 'A', priceUsd, asOf: now - ageMs, time: now })
    },
    pass(ms: number) {
      now += ms
      put({ kind: 'time', time: now })
    },
    wait(ms: number) {
      now += ms
    },
    /** A market order, filled at a price. */
    trade(account: string, side: 'buy' | 'sell', qty: number, priceUsd: number, reduces = false) {
      now += 1
      const order = request({ account, side, qtyE8: Math.round(qty * UNIT), reduces, submittedAt: now })
      perpVenue.submit(market, order)
      put({ kind: 'quote', pair: 'A', priceUsd, time: now, reachedBy: now })
    },
    held: (account: string): PerpPosition | undefined => house.accounts.get(account)?.positions.get('A'),
    cashUsd: (account: string): number => (house.accounts.get(account)?.cashE6 ?? Number.NaN) / USD,
  }
}
