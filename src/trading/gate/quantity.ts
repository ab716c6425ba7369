/** Amounts of money as quantities: what most rules of the gate come down to. */

import { notionalE6, type QtyE8, toUsdE6, UNIT, USD, type UsdE6 } from '../../core/index.js'
import { lotAt } from '../../exchange/index.js'
import type { Intent } from './rule.js'

/** All that is wanted. */
export const all = Number.POSITIVE_INFINITY
/** Nothing. */
export const none = 0

/** The largest quantity that costs at most `limitE6` at the intent's price; NaN where either is unknown. */
export function quantityWithin(limitE6: number, { priceUsd }: Intent): QtyE8 {
  if (limitE6 === Number.POSITIVE_INFINITY) return all
  // A share of equity may have a fraction, to which a cost, a whole number, must not be rounded up.
  const amountE6 = Math.floor(Math.max(0, limitE6))
  const qty = Math.floor((amountE6 / priceUsd) * (UNIT / USD))
  // Division may round up to one unit that the amount does not quite buy.
  return qty > 0 && Number.isSafeInteger(qty) && notionalE6(priceUsd, qty) > amountE6 ? qty - 1 : qty
}

/** What the intent would cost at its price, rounded once; NaN where that is unknown. */
export function costE6({ priceUsd, qtyE8 }: Intent): UsdE6 {
  return Math.round((priceUsd * qtyE8) / (UNIT / USD))
}

/** What it adds to all positions together: less than its cost where another position leaves at the same price. */
export function addedE6(intent: Intent): UsdE6 {
  return intent.renews ? 0 : Math.max(0, costE6(intent) - intent.freesE6)
}

/** The quantity for which all positions together stay within `limitE6`; all where the intent adds nothing. */
export function quantityUnder(limitE6: UsdE6, presentE6: UsdE6, intent: Intent): QtyE8 {
  if (intent.renews) return all
  const added = addedE6(intent)
  if (added === 0 || presentE6 + added <= limitE6) return all
  return quantityWithin(limitE6 - presentE6 + intent.freesE6, intent)
}

/** How far a price may move between an order and its fill, as a share, before the order is too small or no longer whole. */
export const MOST_MOVE = 0.02

/** Below this a trade's return would be known too coarsely, in steps of 1e-6 USD. */
const LEAST_USD = 1

/** The smallest quantity, in whole lots, that the exchange accepts and that costs at least `leastUsd`, or 1 USD; NaN without a price. */
export function smallestQuantity(leastUsd: number, { priceUsd, instrument }: Pick<Intent, 'priceUsd' | 'instrument'>): QtyE8 {
  if (!(priceUsd > 0)) return Number.NaN
  const lot = lotAt(instrument, priceUsd)
  const leastE6 = Math.max(instrument.minCostE6, toUsdE6(Math.max(leastUsd, LEAST_USD)))
  return Math.ceil(Math.max(instrument.minQtyE8, (leastE6 / priceUsd) * (UNIT / USD)) / lot) * lot
}
