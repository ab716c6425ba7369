/** The money of perpetual futures as plain data: accounts, their positions and margins, the fund, the rest of the market; and how a part is closed. */

import { assert, mulDivCeil, mulDivFloor, type QtyE8, type TimeMs, type UsdE6 } from '../../core/index.js'
import type { OrderEvent } from '../event.js'
import type { Order } from '../order.js'
import type { PerpEvent, PerpMarket } from './perp-venue.js'
import {
  checkLeverage,
  type PerpPosition,
  type PerpTerms,
  type PriceE8,
  positionEquityE6,
  type RateE8,
  type Way,
} from './terms.js'

/** One trader at the exchange. */
export interface PerpAccount {
  readonly name: string
  /** What is not margin of a position. */
  cashE6: UsdE6
  readonly leverage: number
  /** By pair, in order of entry. */
  readonly positions: Map<string, PerpPosition>
}

/** All money of one exchange, as plain data. */
export interface ClearingHouse {
  readonly terms: PerpTerms
  readonly accounts: Map<string, PerpAccount>
  /** The rest of the market: what it has paid for what it holds, and what it holds, by pair. */
  makerE6: UsdE6
  readonly makerQtyE8: Map<string, QtyE8>
  feesE6: UsdE6
  fundE6: UsdE6
  /** What was ever paid in, the fund's beginning included. */
  depositsE6: UsdE6
  /** Marks that were too old to liquidate by. */
  staleMarks: number
  liquidations: number
  deleveragings: number
}

/** A position has paid or received funding; what is paid is above 0. */
export interface Funded {
  readonly kind: 'funded'
  readonly account: string
  readonly pair: string
  readonly paidE6: UsdE6
  readonly rateE8: RateE8
  readonly time: TimeMs
}

/** A position was closed by the exchange, because its margin no longer sufficed. */
export interface Liquidated {
  readonly kind: 'liquidated'
  readonly account: string
  readonly pair: string
  readonly way: Way
  readonly qtyE8: QtyE8
  readonly markE8: PriceE8
  /** What the trader lost of the margin, fee included. */
  readonly lossE6: UsdE6
  /** What the insurance fund received, and what it paid. */
  readonly feeE6: UsdE6
  readonly fromFundE6: UsdE6
  /** What was closed against other traders at the price at which its margin was gone. */
  readonly deleveragedE8: QtyE8
  readonly time: TimeMs
}

/** A part of a winning position was closed, because the fund could not pay for a loser. */
export interface Deleveraged {
  readonly kind: 'deleveraged'
  readonly account: string
  readonly pair: string
  readonly qtyE8: QtyE8
  readonly notionalE6: UsdE6
  readonly gainE6: UsdE6
  readonly time: TimeMs
}

export type HouseEvent = Funded | Liquidated | Deleveraged

/** What stands behind the accounts: whether their owners may trade, and who hears of it. */
export interface PerpOwners {
  refuses(order: Order, time: TimeMs): string | null
  on(event: OrderEvent | PerpEvent | HouseEvent): void
}

/** A clearing house without accounts. */
export function newClearingHouse(terms: PerpTerms, fundE6: UsdE6): ClearingHouse {
  return {
    terms,
    accounts: new Map(),
    makerE6: 0,
    makerQtyE8: new Map(),
    feesE6: 0,
    fundE6,
    depositsE6: fundE6,
    staleMarks: 0,
    liquidations: 0,
    deleveragings: 0,
  }
}

/** Opens an account. Throws where the leverage is none that the exchange lends. */
export function openPerpAccount(house: ClearingHouse, name: string, cashE6: UsdE6, leverage: number): PerpAccount {
  checkLeverage(leverage, house.terms)
  assert(!house.accounts.has(name) && Number.isSafeInteger(cashE6) && cashE6 >= 0, 'an account is opened once, with whole money')
  const account: PerpAccount = { name, cashE6, leverage, positions: new Map() }
  house.accounts.set(name, account)
  house.depositsE6 += cashE6
  return account
}

/** Cash, margins and what positions would gain at the marks; NaN where a position has no mark. */
export function perpEquityE6({ cashE6, positions }: PerpAccount, { contracts }: Pick<PerpMarket, 'contracts'>): UsdE6 {
  let sum = cashE6
  for (const [pair, position] of positions) {
    const markE8 = contracts.get(pair)?.markE8 ?? 0
    sum += markE8 > 0 ? positionEquityE6(position, markE8) : Number.NaN
  }
  return sum
}

/**
 * What all traders, the fees and the fund have together: always what was paid in. Each position counts with what it was entered for, which
 * is its value at any price beside the others, because all quantities together are 0.
 */
export function totalE6(house: ClearingHouse): UsdE6 {
  let sum = house.makerE6 + house.feesE6 + house.fundE6
  for (const { cashE6, positions } of house.accounts.values()) {
    sum += cashE6
    for (const { way, costE6, marginE6 } of positions.values()) sum += marginE6 - way * costE6
  }
  return sum
}

/** A quantity and what is paid for it. */
export interface Paid {
  readonly qtyE8: QtyE8
  readonly notionalE6: UsdE6
}

/** Closes a part of a position, and says what it has gained; its margin and the gain become cash. */
export function closePart(account: PerpAccount, pair: string, held: PerpPosition, { qtyE8, notionalE6 }: Paid): UsdE6 {
  const part = partOf(held, qtyE8)
  const gain = held.way * (notionalE6 - part.costE6)
  account.cashE6 += part.marginE6 + gain
  held.qtyE8 -= qtyE8
  held.costE6 -= part.costE6
  held.marginE6 -= part.marginE6
  if (held.qtyE8 === 0) account.positions.delete(pair)
  return gain
}

/** Cost and margin of a part of a position; of all of it, all. */
export function partOf({ qtyE8: all, costE6, marginE6 }: PerpPosition, qtyE8: QtyE8): Pick<PerpPosition, 'costE6' | 'marginE6'> {
  if (qtyE8 === all) return { costE6, marginE6 }
  const margin = marginE6 >= 0 ? mulDivFloor(marginE6, qtyE8, all) : -mulDivCeil(-marginE6, qtyE8, all)
  return { costE6: mulDivFloor(costE6, qtyE8, all), marginE6: margin }
}

/** The rest of the market takes the other side of what an account trades. */
export function makerTakes(house: ClearingHouse, pair: string, way: Way, { qtyE8, notionalE6 }: Paid): void {
  house.makerE6 += way * notionalE6
  house.makerQtyE8.set(pair, (house.makerQtyE8.get(pair) ?? 0) - way * qtyE8)
}
