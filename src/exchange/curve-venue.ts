/**
 * Bonding curves as a venue: a slot executes what has reached it by priority fee and then by sequence. Its unit of quantity is a
 * hundred tokens and its unit of money a thousandth of SOL, so the 1e-8 and 1e-6 of orders are base units and lamports.
 */

import { assert, type TimeMs, UNIT, USD } from '../core/index.js'
import {
  buyFrom,
  type Curve,
  type CurveTerms,
  circulating,
  costOf,
  isComplete,
  migrate,
  mostBought,
  newCurve,
  type Priced,
  returnOf,
  sellTo,
  spotPrice,
  type TokenUnits,
} from './curve.js'
import type { Execution } from './event.js'
import { newOrders, type Order, type Orders, unfilledE8 } from './order.js'
import { cancelFor, expireDue, giveUp, offerFill, receiveOrder, type Terms } from './order-steps.js'
import type { TimePassed } from './paper-broker.js'
import type { Clearing, Offer, Venue } from './venue.js'

/** The curves and their orders. */
export interface CurveMarket {
  readonly orders: Orders
  /** By pair. */
  readonly curves: Map<string, Curve>
  /** Pairs whose curve is complete, until they migrate in the next slot. */
  completed: string[]
}

export const curveLimits = {
  /** Curves of one market; more are not launched. */
  curves: 100_000,
} as const

/** A market without tokens. */
export function newCurveMarket(): CurveMarket {
  return { orders: newOrders(), curves: new Map(), completed: [] }
}

/** Launches a token of that pair; null where the market has as many as it may. */
export function launchCurve(market: CurveMarket, pair: string, terms: CurveTerms): Curve | null {
  if (market.curves.size >= curveLimits.curves) return null
  const curve = newCurve(terms)
  market.curves.set(pair, curve)
  return curve
}

/** A slot is made: orders that have reached it are executed. */
export interface Slot {
  readonly kind: 'slot'
  readonly time: TimeMs
}

/** Launches as a venue. */
export const curveVenue: Venue<CurveMarket, Slot | TimePassed> = {
  name: 'curve',
  submit: (market, request) =>
    receiveOrder(market.orders, request, ({ pair }) => (market.curves.has(pair) ? null : 'unknownPair')),
  cancel: ({ orders }, request) => cancelFor(orders, request),
  advance(market, { kind, time }, clearing) {
    const { orders } = market
    if (orders.live.size > 0) expireDue(orders, time, clearing)
    if (kind === 'time') return
    migrateAll(market)
    for (const order of bySlotOrder(orders, time)) if (orders.live.has(order.id)) execute(market, order, time, clearing)
  },
}

function migrateAll(market: CurveMarket): void {
  if (market.completed.length === 0) return
  for (const pair of market.completed) migrate(curveOf(market, pair))
  market.completed = []
}

/** By priority fee, the highest first; the sort keeps the sequence of equal ones. */
function bySlotOrder({ live }: Orders, time: TimeMs): Order[] {
  const reached: Order[] = []
  for (const order of live.values()) if ((order.reachesAt ?? order.submittedAt) <= time) reached.push(order)
  return reached.length < 2 ? reached : reached.sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0))
}

function execute(market: CurveMarket, order: Order, time: TimeMs, clearing: Clearing): void {
  const curve = curveOf(market, order.pair)
  offerFill(market.orders, order, time, clearing, termsOf(curve, order, time))
  if (!isComplete(curve) || market.completed.includes(order.pair)) return
  market.completed.push(order.pair)
  // What the curve no longer has is not bought from the pool.
  giveUp(market.orders, order, 'complete', time, clearing)
}

function curveOf({ curves }: CurveMarket, pair: string): Curve {
  const curve = curves.get(pair)
  assert(curve !== undefined, 'only orders of known pairs are accepted')
  return curve
}

/** Units of money for a unit of quantity, of lamports for a base unit. */
const PRICE_UNIT = UNIT / USD

function termsOf(curve: Curve, order: Order, time: TimeMs): Terms {
  const buys = order.side === 'buy'
  const priced = buys ? costOf : returnOf
  return {
    offer({ limitUsd }): Offer | string {
      if (isComplete(curve)) return 'complete'
      const qtyE8 = Math.min(unfilledE8(order), buys ? mostBought(curve) : circulating(curve))
      if (qtyE8 <= 0) return 'noLiquidity'
      const { lamports, fee } = priced(curve, qtyE8)
      const limit = limitUsd === null ? null : (limitUsd / PRICE_UNIT) * qtyE8
      if (limit !== null && (buys ? lamports + fee > limit : lamports - fee < limit)) return 'limit'
      return { priceUsd: (lamports / qtyE8) * PRICE_UNIT, marketUsd: spotPrice(curve) * PRICE_UNIT, qtyE8, time }
    },
    execute({ qtyE8, marketUsd }) {
      const undisturbed = Math.round(spotPrice(curve) * qtyE8)
      return executionOf(buys ? buyFrom(curve, qtyE8) : sellTo(curve, qtyE8), { qtyE8, marketUsd, undisturbed })
    },
  }
}

interface Undisturbed {
  readonly qtyE8: TokenUnits
  readonly marketUsd: number
  /** What it would cost at the price before. */
  readonly undisturbed: number
}

function executionOf({ lamports, fee }: Priced, { qtyE8, marketUsd, undisturbed }: Undisturbed): Execution {
  return {
    priceUsd: (lamports / qtyE8) * PRICE_UNIT,
    marketUsd,
    qtyE8,
    notionalE6: lamports,
    feeE6: fee,
    slippageE6: Math.abs(lamports - undisturbed),
  }
}
