/**
 * The clearing house of perpetual futures: what an account may enter, what its fills and funding cost, and when it is liquidated, in exact
 * integers. The other side of every fill is the rest of the market (`maker`), which counts as a trader: what all traders, the fees and the
 * fund have together is what was paid in, to the last millionth.
 */

import { assert, type QtyE8, UNIT, type UsdE6 } from '../../core/index.js'
import type { Filled } from '../event.js'
import type { Order } from '../order.js'
import type { Acceptance, Clearing, Offer } from '../venue.js'
import { type ClearingHouse, closePart, makerTakes, type Paid, type PerpAccount, type PerpOwners, partOf } from './accounts.js'
import { liquidate } from './liquidation.js'
import type { FundingDue, PerpEvent, PerpMarket } from './perp-venue.js'
import { isLiquidated, type PerpPosition, shareBp, tierOf, valueE6, type Way } from './terms.js'

/** The clearing that the venue asks, for the accounts of a house. */
export function perpClearing(market: PerpMarket, house: ClearingHouse, owners: PerpOwners): Clearing<PerpEvent> {
  return {
    refuses: (order, time) => (house.accounts.has(order.account) ? owners.refuses(order, time) : 'unknownAccount'),
    affords: (order, offer) => affords(house, order, offer),
    on(event) {
      if (event.kind === 'filled') settle(house, event)
      owners.on(event)
      if (event.kind === 'fundingDue') payFunding(house, event, owners)
      if (event.kind === 'marked' || event.kind === 'fundingDue') liquidateDue(market, house, event, owners)
    },
  }
}

/** The part of an offer that the margin of an account allows: what closes a position, and then what its free cash can enter. */
function affords(house: ClearingHouse, order: Order, offer: Offer): Acceptance {
  const account = house.accounts.get(order.account)
  if (account === undefined) return { qtyE8: 0, code: 'unknownAccount' }
  const way = wayOf(order.side)
  const held = account.positions.get(order.pair)
  const closes = held !== undefined && held.way !== way ? Math.min(held.qtyE8, offer.qtyE8) : 0
  if (closes > 0 && held !== undefined && !canClose(house, account, held, closes, offer))
    return { qtyE8: 0, code: 'beyondMargin' }
  if (closes === offer.qtyE8) return { qtyE8: closes, code: null }
  if (order.reduces) return { qtyE8: closes, code: 'nothingHeld' }
  // A fill that closes and enters at once would need the gain of its first part; the rest comes as an order of its own.
  if (closes > 0) return { qtyE8: closes, code: 'turnsPosition' }
  return entryWithin(house, account, held, offer)
}

/** Whether what is left of the margin, and the cash, pay the loss and the fee of closing a part. */
function canClose(house: ClearingHouse, account: PerpAccount, held: PerpPosition, qtyE8: QtyE8, { priceUsd }: Offer): boolean {
  const part = partOf(held, qtyE8)
  const notionalE6 = Math.round((priceUsd * qtyE8) / 100)
  const left = part.marginE6 + held.way * (notionalE6 - part.costE6)
  return left >= 0 && account.cashE6 + left >= shareBp(notionalE6, house.terms.takerBp)
}

function entryWithin(house: ClearingHouse, account: PerpAccount, held: PerpPosition | undefined, offer: Offer): Acceptance {
  const { terms } = house
  const heldE6 = held?.costE6 ?? 0
  // Where an order moves the price, a sale that is cut short is dearer than the whole would have been.
  const priceUsd = Math.max(offer.priceUsd, offer.marketUsd)
  const needed = (qtyE8: QtyE8) => {
    const notionalE6 = Math.round((priceUsd * qtyE8) / 100)
    return { notionalE6, cashE6: marginFor(notionalE6, account.leverage) + shareBp(notionalE6, terms.takerBp) }
  }
  const fits = (qtyE8: QtyE8) => {
    const { notionalE6, cashE6 } = needed(qtyE8)
    return cashE6 <= account.cashE6 && tierOf(terms, heldE6 + notionalE6) !== null
  }
  if (fits(offer.qtyE8)) return { qtyE8: offer.qtyE8, code: null }
  const perUnit = needed(UNIT).cashE6 / UNIT
  const largestE6 = (terms.tiers.at(-1)?.toUsd ?? 0) * 1e6 - heldE6
  const most = Math.floor(Math.min(account.cashE6 / perUnit, (largestE6 / priceUsd) * 100))
  let qtyE8 = Math.max(0, Math.min(offer.qtyE8, most))
  // Fees and margins are rounded up, so that the quotient may be a millionth of a dollar or two too large.
  const step = Math.ceil(100 / priceUsd)
  while (qtyE8 > 0 && !fits(qtyE8)) qtyE8 = Math.max(0, qtyE8 - step)
  return { qtyE8, code: tierOf(terms, heldE6 + needed(offer.qtyE8).notionalE6) === null ? 'tooLarge' : 'noMargin' }
}

/** What a notional needs at a leverage, rounded up. */
export function marginFor(notionalE6: UsdE6, leverage: number): UsdE6 {
  return Math.ceil(notionalE6 / leverage)
}

/** Books a fill: what closes pays out, what enters is paid for out of cash. */
function settle(house: ClearingHouse, { account: name, pair, side, qtyE8, notionalE6, feeE6 }: Filled): void {
  const account = house.accounts.get(name)
  assert(account !== undefined, 'only accounts of the house fill')
  const way = wayOf(side)
  const held = account.positions.get(pair)
  if (held !== undefined && held.way !== way) closePart(account, pair, held, { qtyE8, notionalE6 })
  else enter(account, pair, way, { qtyE8, notionalE6 })
  account.cashE6 -= feeE6
  house.feesE6 += feeE6
  makerTakes(house, pair, way, { qtyE8, notionalE6 })
}

function enter(account: PerpAccount, pair: string, way: Way, { qtyE8, notionalE6 }: Paid): void {
  const marginE6 = marginFor(notionalE6, account.leverage)
  account.cashE6 -= marginE6
  const held = account.positions.get(pair)
  if (held === undefined) {
    account.positions.set(pair, { way, qtyE8, costE6: notionalE6, marginE6 })
    return
  }
  held.qtyE8 += qtyE8
  held.costE6 += notionalE6
  held.marginE6 += marginE6
}

/** Longs pay shorts, or the other way round; the rest of the market pays or receives what is left, so that all is 0 together. */
function payFunding(house: ClearingHouse, { pair, rateE8, markE8, time }: FundingDue, owners: PerpOwners): void {
  for (const account of house.accounts.values()) {
    const position = account.positions.get(pair)
    if (position === undefined) continue
    const paidE6 = position.way * Math.round((valueE6(markE8, position.qtyE8) / UNIT) * rateE8)
    const fromCash = Math.min(paidE6, Math.max(0, account.cashE6))
    account.cashE6 -= fromCash
    position.marginE6 -= paidE6 - fromCash
    house.makerE6 += paidE6
    owners.on({ kind: 'funded', account: account.name, pair, paidE6, rateE8, time })
  }
}

/** Closes what the mark no longer carries; by an old mark nothing. */
function liquidateDue(
  market: PerpMarket,
  house: ClearingHouse,
  { pair, markE8, asOf, time }: Pick<FundingDue, 'pair' | 'markE8' | 'asOf' | 'time'>,
  owners: PerpOwners,
): void {
  if (!(time - asOf <= house.terms.maxMarkAgeMs)) {
    house.staleMarks++
    return
  }
  for (const account of house.accounts.values()) {
    const position = account.positions.get(pair)
    if (position !== undefined && isLiquidated(house.terms, position, markE8))
      liquidate({ market, house, owners, pair, markE8, time }, account, position)
  }
}

/** 1 of a buy, −1 of a sale. */
export function wayOf(side: 'buy' | 'sell'): Way {
  return side === 'buy' ? 1 : -1
}
