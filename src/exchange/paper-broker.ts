/**
 * The paper broker: fills market orders at prices of the real market, as if they were too small to move it. An order decided at
 * the end of one bar fills at the open of its pair's next existing bar, or at the first trade after its latency.
 */

import { assert, type QtyE8, type TimeMs, UNIT, USD, type UsdE6 } from '../core/index.js'
import type { Bar, MarketTrade } from '../market/index.js'
import {
  type Accepted,
  accepted,
  type Cancelled,
  type CancelRequest,
  cancelled,
  expired,
  filled,
  type Refused,
  type Rejected,
  refused,
  rejected,
} from './event.js'
import { type InstrumentRules, tooSmall } from './instrument-rules.js'
import {
  acceptOrder,
  cancelOrder,
  expireOrder,
  faultOf,
  fillOrder,
  newOrders,
  type Order,
  type OrderRequest,
  type Orders,
  type RejectCode,
  refuse,
  unfilledE8,
} from './order.js'
import { type PaperCosts, paperExecution, paperPrice } from './paper-price.js'
import type { Clearing, Offer, Venue } from './venue.js'

/** What the paper broker charges, and how far a price may be from the decision. */
export interface PaperSettings extends PaperCosts {
  /** An order is cancelled as `jump` where the price has changed by more than this factor since it was decided. */
  readonly maxJump: number
}

/** The paper broker's state. */
export interface PaperBroker {
  readonly settings: PaperSettings
  /** The pairs that it trades. */
  readonly rules: ReadonlyMap<string, InstrumentRules>
  readonly orders: Orders
  /** The orders that wait, by pair and id, in order of acceptance. */
  readonly waiting: Map<string, Map<number, Order>>
}

/** A paper broker without orders. */
export function newPaperBroker(settings: PaperSettings, rules: ReadonlyMap<string, InstrumentRules>): PaperBroker {
  return { settings, rules, orders: newOrders(), waiting: new Map() }
}

/** A price of the market at which a pair's orders may fill. */
export interface Quote {
  readonly kind: 'quote'
  readonly pair: string
  readonly priceUsd: number
  readonly time: TimeMs
  /** The latest instant of a decision that reaches this price. */
  readonly reachedBy: TimeMs
}

/** Time has passed: what is over expires. */
export interface TimePassed {
  readonly kind: 'time'
  readonly time: TimeMs
}

/** The open of a bar: it reaches orders decided by then, as latency is taken to be less than a bar. */
export function openQuote({ pair, open, time }: Bar): Quote {
  return { kind: 'quote', pair, priceUsd: open, time, reachedBy: time }
}

/** A trade of the market: it reaches orders decided so many ms earlier. */
export function tradeQuote({ pair, price, time }: MarketTrade, latencyMs: number): Quote {
  return { kind: 'quote', pair, priceUsd: price, time, reachedBy: time - latencyMs }
}

/** The paper broker as a venue. */
export const paperBroker: Venue<PaperBroker, Quote | TimePassed> = { name: 'paper', submit, cancel, advance }

/**
 * Fills one order at a price of the caller's choosing, whenever it was decided: at a level met inside a bar, or at the last close
 * of a pair whose data has ended. No other venue can do that.
 */
export function fillOnPaper(broker: PaperBroker, id: number, quote: Quote, clearing: Clearing): void {
  const order = broker.orders.live.get(id)
  // Refused as what it is: after a fill, after a cancel …
  if (order === undefined) fillOrder(broker.orders, id, 0)
  else execute(broker, order, quote, clearing)
}

function submit(broker: PaperBroker, request: OrderRequest): Accepted | Rejected {
  const code = faultOf(broker.orders, request) ?? paperFault(broker, request)
  if (code !== null) {
    broker.orders.rejected[code]++
    return rejected(request, code)
  }
  const order = acceptOrder(broker.orders, request)
  const queue = broker.waiting.get(order.pair)
  if (queue === undefined) broker.waiting.set(order.pair, new Map([[order.id, order]]))
  else queue.set(order.id, order)
  return accepted(order)
}

function paperFault({ rules }: PaperBroker, { pair, limitUsd, reduces, ...request }: OrderRequest): RejectCode | null {
  const demanded = rules.get(pair)
  if (demanded === undefined) return 'unknownPair'
  if (limitUsd !== null) return 'unsupported'
  if (reduces) return null
  const { qtyE8, referenceUsd } = request
  if (demanded.lotE8 !== null && qtyE8 % demanded.lotE8 !== 0) return 'badQuantity'
  // Without a price its cost is not known, and the smallest cost cannot be demanded.
  const costE6 = Number.isNaN(referenceUsd) ? Number.POSITIVE_INFINITY : costAt(referenceUsd, qtyE8)
  return tooSmall(qtyE8, costE6, demanded) ? 'tooSmall' : null
}

function cancel({ orders, waiting }: PaperBroker, request: CancelRequest): Cancelled | Refused {
  const { id, account, reason, time } = request
  const order = orders.live.get(id)
  if (order !== undefined && order.account !== account) return refused(request, refuse(orders, 'foreignOrder'))
  const code = cancelOrder(orders, id, reason)
  if (order === undefined || code !== null) return refused(request, code ?? 'unknownOrder')
  waiting.get(order.pair)?.delete(id)
  return cancelled(order, reason, time)
}

function advance(broker: PaperBroker, market: Quote | TimePassed, clearing: Clearing): void {
  const { orders, waiting } = broker
  if (market.kind === 'time') return expireAll(broker, market.time, clearing)
  const queue = waiting.get(market.pair)
  if (queue === undefined || queue.size === 0) return
  const reached = [...queue.values()].filter(({ submittedAt }) => submittedAt <= market.reachedBy)
  // What leaves makes room for what enters.
  for (const reduces of [true, false])
    // An event of an earlier order may have cancelled this one.
    for (const order of reached)
      if (order.reduces === reduces && orders.live.has(order.id)) execute(broker, order, market, clearing)
}

function expireAll(broker: PaperBroker, time: TimeMs, clearing: Clearing): void {
  for (const order of [...broker.orders.live.values()])
    if (time > order.expiresAt && broker.orders.live.has(order.id)) expire(broker, order, time, clearing)
}

function execute(broker: PaperBroker, order: Order, quote: Quote, clearing: Clearing): void {
  const { time } = quote
  if (time > order.expiresAt) return expire(broker, order, time, clearing)
  const code = clearing.refuses(order, time) ?? (hasJumped(broker, order, quote) ? 'jump' : null)
  if (code !== null) return giveUp(broker, order, code, time, clearing)
  const offer = offerOf(broker, order, quote)
  const { qtyE8, code: shortfall } = clearing.affords(order, offer)
  const countable = Number.isSafeInteger(costAt(offer.priceUsd, qtyE8))
  if (qtyE8 > 0 && countable) fill(broker, order, { ...offer, qtyE8 }, clearing)
  if (!broker.orders.live.has(order.id)) return
  giveUp(broker, order, countable ? (shortfall ?? 'unaffordable') : 'tooLarge', time, clearing)
}

/** Not a safe integer where it cannot be counted exactly. */
function costAt(priceUsd: number, qtyE8: QtyE8): UsdE6 {
  return Math.round((priceUsd * qtyE8) / (UNIT / USD))
}

function hasJumped({ settings: { maxJump } }: PaperBroker, { referenceUsd }: Order, { priceUsd }: Quote): boolean {
  const jump = priceUsd / referenceUsd
  return jump > maxJump || jump * maxJump < 1
}

function offerOf({ settings, rules }: PaperBroker, order: Order, { priceUsd: marketUsd, time }: Quote): Offer {
  const demanded = rules.get(order.pair)
  assert(demanded !== undefined, 'only orders of known pairs are accepted')
  return { priceUsd: paperPrice(order.side, marketUsd, demanded, settings), marketUsd, qtyE8: unfilledE8(order), time }
}

function fill(broker: PaperBroker, order: Order, { priceUsd, marketUsd, qtyE8, time }: Offer, clearing: Clearing): void {
  const { orders, settings, waiting } = broker
  const execution = paperExecution(priceUsd, marketUsd, qtyE8, settings)
  const illegal = fillOrder(orders, order.id, qtyE8)
  assert(illegal === null, 'an account takes at most what it was offered')
  if (!orders.live.has(order.id)) waiting.get(order.pair)?.delete(order.id)
  clearing.on(filled(order, execution, time))
}

function giveUp({ orders, waiting }: PaperBroker, order: Order, reason: string, time: TimeMs, clearing: Clearing): void {
  cancelOrder(orders, order.id, reason)
  waiting.get(order.pair)?.delete(order.id)
  clearing.on(cancelled(order, reason, time))
}

function expire({ orders, waiting }: PaperBroker, order: Order, time: TimeMs, clearing: Clearing): void {
  expireOrder(orders, order.id, time)
  waiting.get(order.pair)?.delete(order.id)
  clearing.on(expired(order, time))
}
