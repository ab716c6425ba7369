/**
 * What happens to a position whose margin no longer suffices: it is closed at the mark, and what is left of the margin pays the fee. A loss
 * beyond the margin is paid by the insurance fund; what the fund cannot pay is closed at the price at which the margin was gone, against
 * the winners in order of profit and leverage.
 */

import { mulDivFloor, type QtyE8, type TimeMs, UNIT, USD, type UsdE6 } from '../../core/index.js'
import type { Execution } from '../event.js'
import { acceptOrder, type OrderRequest } from '../order.js'
import { fillPart, giveUp } from '../order-steps.js'
import { type ClearingHouse, closePart, makerTakes, type PerpAccount, type PerpOwners, partOf } from './accounts.js'
import { moveBy, type PerpMarket } from './perp-venue.js'
import { gainE6, type PerpPosition, type PriceE8, positionEquityE6, shareBp, valueE6 } from './terms.js'

/** A mark at which positions are closed, and where. */
export interface Liquidation {
  readonly market: PerpMarket
  readonly house: ClearingHouse
  readonly owners: PerpOwners
  readonly pair: string
  readonly markE8: PriceE8
  readonly time: TimeMs
}

/** Closes a position of which `isLiquidated` is true. */
export function liquidate(at: Liquidation, account: PerpAccount, position: PerpPosition): void {
  const { house, owners, pair, markE8, time } = at
  const { way, qtyE8, marginE6 } = position
  cancelWaiting(at, account)
  house.liquidations++
  const before = account.cashE6
  const equityE6 = positionEquityE6(position, markE8)
  const feeE6 = Math.max(0, Math.min(shareBp(valueE6(markE8, qtyE8), house.terms.liquidationBp), equityE6))
  const atMark = equityE6 >= 0 ? qtyE8 : coveredByFund(at, position)
  const fromFundE6 = atMark > 0 ? closeAtMark(at, account, position, { qtyE8: atMark, feeE6 }) : 0
  if (atMark < qtyE8) deleverage(at, account, position)
  const lossE6 = marginE6 - (account.cashE6 - before)
  const deleveragedE8 = qtyE8 - atMark
  owners.on({
    kind: 'liquidated',
    account: account.name,
    pair,
    way,
    qtyE8,
    markE8,
    lossE6,
    feeE6,
    fromFundE6,
    deleveragedE8,
    time,
  })
}

/** The part of a position whose loss beyond its margin the fund can pay; all of it where it can pay for all. */
function coveredByFund({ house, markE8 }: Liquidation, position: PerpPosition): QtyE8 {
  const deficitE6 = -positionEquityE6(position, markE8)
  if (house.fundE6 >= deficitE6) return position.qtyE8
  let qtyE8 = mulDivFloor(position.qtyE8, house.fundE6, deficitE6)
  // Costs and margins of a part are rounded, so that it may lack a millionth or two.
  const step = Math.ceil(UNIT ** 2 / USD / markE8)
  while (qtyE8 > 0 && leftAtMark(position, qtyE8, markE8) + house.fundE6 < 0) qtyE8 = Math.max(0, qtyE8 - step)
  return qtyE8
}

/** What a part leaves of its margin when it is closed at the mark; below 0: a loss beyond it. */
function leftAtMark(position: PerpPosition, qtyE8: QtyE8, markE8: PriceE8): UsdE6 {
  const { costE6, marginE6 } = partOf(position, qtyE8)
  return marginE6 + position.way * (valueE6(markE8, qtyE8) - costE6)
}

interface Closing {
  readonly qtyE8: QtyE8
  readonly feeE6: UsdE6
}

/** Closes at the mark, and says what the fund paid. */
function closeAtMark(at: Liquidation, account: PerpAccount, position: PerpPosition, { qtyE8, feeE6 }: Closing): UsdE6 {
  const { house, market, pair, markE8 } = at
  const { way } = position
  const notionalE6 = valueE6(markE8, qtyE8)
  const leftE6 = leftAtMark(position, qtyE8, markE8)
  closePart(account, pair, position, { qtyE8, notionalE6 })
  makerTakes(house, pair, way === 1 ? -1 : 1, { qtyE8, notionalE6 })
  // An isolated margin is all that a trader can lose.
  const fromFundE6 = Math.max(0, -leftE6)
  account.cashE6 += fromFundE6 - feeE6
  house.fundE6 += feeE6 - fromFundE6
  announce(at, account, -way * qtyE8, { notionalE6, feeE6 })
  const contract = market.contracts.get(pair)
  if (contract !== undefined && contract.lastE8 > 0) moveBy(market, contract, -way * qtyE8)
  return fromFundE6
}

/** Closes what is left at the price at which its margin is gone, against those who gain there, and then against the rest of the market. */
function deleverage(at: Liquidation, account: PerpAccount, position: PerpPosition): void {
  const { house, owners, pair, time } = at
  const { way, qtyE8: all, costE6, marginE6 } = position
  const worthE6 = costE6 - way * marginE6
  let [left, leftE6] = [all, worthE6]
  for (const { account: winner, held } of winners(at, account, way, worthE6, all)) {
    if (left === 0) break
    const qtyE8 = Math.min(left, held.qtyE8)
    const notionalE6 = qtyE8 === left ? leftE6 : mulDivFloor(worthE6, qtyE8, all)
    const gain = closePart(winner, pair, held, { qtyE8, notionalE6 })
    left -= qtyE8
    leftE6 -= notionalE6
    house.deleveragings++
    announce(at, winner, way * qtyE8, { notionalE6, feeE6: 0 })
    owners.on({ kind: 'deleveraged', account: winner.name, pair, qtyE8, notionalE6, gainE6: gain, time })
  }
  if (left > 0) makerTakes(house, pair, way === 1 ? -1 : 1, { qtyE8: left, notionalE6: leftE6 })
  closePart(account, pair, position, { qtyE8: all, notionalE6: worthE6 })
  announce(at, account, -way * all, { notionalE6: worthE6, feeE6: 0 })
}

interface Winner {
  readonly account: PerpAccount
  readonly held: PerpPosition
}

/** The other side's positions that gain at the price of the loser's ruin, by profit × leverage at the mark; equal ones in order of their accounts. */
function winners({ house, pair, markE8 }: Liquidation, loser: PerpAccount, way: 1 | -1, worthE6: UsdE6, allE8: QtyE8): Winner[] {
  const found: (Winner & { readonly priority: number })[] = []
  for (const account of house.accounts.values()) {
    const held = account.positions.get(pair)
    if (account === loser || held === undefined || held.way === way) continue
    const gains = held.way * (mulDivFloor(worthE6, held.qtyE8, allE8) - held.costE6) > 0
    if (gains) found.push({ account, held, priority: priorityOf(held, markE8) })
  }
  return found.sort((a, b) => b.priority - a.priority)
}

/** Gain over cost times leverage: who stands first in the queue of deleveraging. */
function priorityOf(position: PerpPosition, markE8: PriceE8): number {
  const equity = positionEquityE6(position, markE8)
  return (gainE6(position, markE8) / position.costE6) * (valueE6(markE8, position.qtyE8) / Math.max(1, equity))
}

/** An exchange takes away what a liquidated account has waiting in the pair. */
function cancelWaiting({ market, owners, pair, time }: Liquidation, { name }: PerpAccount): void {
  for (const order of [...(market.orders.waiting.get(pair)?.values() ?? [])])
    if (order.account === name) giveUp(market.orders, order, 'liquidated', time, clearingOf(owners))
}

/** An order of the exchange in the account's name, filled at once. */
function announce(
  { market, owners, pair, time, markE8 }: Liquidation,
  { name }: PerpAccount,
  signedE8: QtyE8,
  { notionalE6, feeE6 }: { readonly notionalE6: UsdE6; readonly feeE6: UsdE6 },
): void {
  const qtyE8 = Math.abs(signedE8)
  const request: OrderRequest = {
    account: name,
    clientId: `${liquidationPrefix}${pair}:${time}`,
    pair,
    side: signedE8 > 0 ? 'buy' : 'sell',
    qtyE8,
    limitUsd: null,
    referenceUsd: Number.NaN,
    reduces: true,
    submittedAt: time,
    expiresAt: time,
  }
  const execution: Execution = {
    priceUsd: (notionalE6 / qtyE8) * 100,
    marketUsd: markE8 / UNIT,
    qtyE8,
    notionalE6,
    feeE6,
    slippageE6: Math.abs(notionalE6 - valueE6(markE8, qtyE8)),
  }
  fillPart(market.orders, acceptOrder(market.orders, request), execution, time, clearingOf(owners))
}

/** What the client's id of an order begins with that the exchange itself made. */
export const liquidationPrefix = 'liquidation:'

/** The money of these orders is booked already: their events go to the owners alone. */
function clearingOf(owners: PerpOwners) {
  return { ...owners, affords: (_: unknown, { qtyE8 }: { readonly qtyE8: QtyE8 }) => ({ qtyE8, code: null }) }
}
