/**
 * Perpetual futures as a venue: orders fill at the price of the future's own trades, or where it has a depth, at the price that they
 * move. Marks and funding are events; what they do to accounts is the business of their clearing house (`clearing-house.ts`).
 */

import { assert, math, type TimeMs, UNIT } from '../../core/index.js'
import type { Execution } from '../event.js'
import { newOrders, type Order, type Orders, unfilledE8, waitingIn } from '../order.js'
import { cancelFor, costAt, expireDue, offerFill, receiveOrder, type Terms } from '../order-steps.js'
import type { Quote, TimePassed } from '../paper-broker.js'
import type { Clearing, Offer, Venue } from '../venue.js'
import {
  entryFault,
  isFundingDue,
  newContract,
  type PerpContract,
  takeFundingRate,
  takeIndex,
  takeLast,
  takeMark,
} from './contract.js'
import { type PerpTerms, type PriceE8, type RateE8, shareBp, toPriceE8 } from './terms.js'

/** How far trades move the price: last · exp(κ · net traded notional / depth). */
export interface PerpDepth {
  readonly kappa: number
  readonly depthUsd: number
}

/** The futures of one exchange, and their orders. */
export interface PerpMarket {
  readonly orders: Orders
  /** By pair. */
  readonly contracts: Map<string, PerpContract>
  /** Half the spread, and the slippage, as a share of price against every order. */
  readonly halfSpread: number
  /** Absent: orders are too small to move the price. */
  readonly depth?: PerpDepth
  /** Prices that were none, or came after later ones; they change nothing. */
  badPrices: number
  /** Rates of funding that were none. */
  badFunding: number
}

/** A market with futures of these pairs. */
export function newPerpMarket(pairs: Iterable<string>, terms: PerpTerms, halfSpread: number, depth?: PerpDepth): PerpMarket {
  const contracts = new Map([...pairs].map(pair => [pair, newContract(terms)]))
  return { orders: newOrders(), contracts, halfSpread, badPrices: 0, badFunding: 0, ...(depth && { depth }) }
}

/** The price of what the future is of, as it stood at `asOf`. */
export interface IndexPrice {
  readonly kind: 'index'
  readonly pair: string
  readonly priceUsd: number
  readonly asOf: TimeMs
  readonly time: TimeMs
}

/** A mark that an exchange publishes. */
export interface PublicMark {
  readonly kind: 'mark'
  readonly pair: string
  readonly priceUsd: number
  readonly asOf: TimeMs
  readonly time: TimeMs
}

/** The rate that an exchange publishes for the end of the interval. */
export interface PublicFunding {
  readonly kind: 'funding'
  readonly pair: string
  readonly rate: number
  readonly time: TimeMs
}

export type PerpInput = Quote | IndexPrice | PublicMark | PublicFunding | TimePassed

/** A future has a new mark; it may be an old one that came late. */
export interface Marked {
  readonly kind: 'marked'
  readonly pair: string
  readonly markE8: PriceE8
  readonly asOf: TimeMs
  readonly time: TimeMs
}

/** An interval of funding has ended. */
export interface FundingDue {
  readonly kind: 'fundingDue'
  readonly pair: string
  readonly rateE8: RateE8
  readonly markE8: PriceE8
  readonly asOf: TimeMs
  readonly time: TimeMs
}

export type PerpEvent = Marked | FundingDue

/** Perpetual futures as a venue. */
export const perpVenue: Venue<PerpMarket, PerpInput, PerpEvent> = {
  name: 'perp',
  submit: (market, request) =>
    receiveOrder(market.orders, request, ({ pair }) => (market.contracts.has(pair) ? null : 'unknownPair')),
  cancel: ({ orders }, request) => cancelFor(orders, request),
  advance(market, input, clearing) {
    if (input.kind === 'time') return timePassed(market, input.time, clearing)
    const contract = market.contracts.get(input.pair)
    if (contract === undefined) return
    if (input.kind === 'quote') quoted(market, contract, input, clearing)
    else if (input.kind === 'funding') said(market, contract, input)
    else priced(market, contract, input, clearing)
  },
}

function timePassed(market: PerpMarket, time: TimeMs, clearing: Clearing<PerpEvent>): void {
  if (market.orders.live.size > 0) expireDue(market.orders, time, clearing)
  for (const [pair, contract] of market.contracts) fundIfDue(market, pair, contract, time, clearing)
}

function fundIfDue(market: PerpMarket, pair: string, contract: PerpContract, time: TimeMs, clearing: Clearing<PerpEvent>): void {
  if (!isFundingDue(contract, time)) return
  const rateE8 = takeFundingRate(contract, time)
  const { markE8, markAt: asOf } = contract
  if (rateE8 === null || markE8 === 0) market.badFunding++
  else clearing.on({ kind: 'fundingDue', pair, rateE8, markE8, asOf, time })
}

function said(market: PerpMarket, contract: PerpContract, { rate }: PublicFunding): void {
  if (!Number.isFinite(rate)) market.badFunding++
  contract.saidRate = rate
}

function priced(
  market: PerpMarket,
  contract: PerpContract,
  { kind, pair, priceUsd, asOf, time }: IndexPrice | PublicMark,
  clearing: Clearing<PerpEvent>,
): void {
  const taken = kind === 'index' ? takeIndex(contract, priceUsd, asOf) : takeMark(contract, priceUsd, asOf)
  if (!taken) market.badPrices++
  else if (kind === 'mark' || contract.marksItself) clearing.on({ kind: 'marked', pair, markE8: contract.markE8, asOf, time })
}

function quoted(market: PerpMarket, contract: PerpContract, quote: Quote, clearing: Clearing<PerpEvent>): void {
  const priceE8 = toPriceE8(quote.priceUsd)
  if (priceE8 === null) {
    market.badPrices++
    return
  }
  takeLast(contract, priceE8)
  const { orders } = market
  const reached = waitingIn(orders, quote.pair).filter(({ submittedAt }) => submittedAt <= quote.reachedBy)
  // What leaves frees the margin of what enters. An event of an earlier order may have cancelled this one.
  for (const reduces of [true, false])
    for (const order of reached)
      if (order.reduces === reduces && orders.live.has(order.id))
        offerFill(orders, order, quote.time, clearing, termsOf(market, contract, order, quote.time))
}

function termsOf(market: PerpMarket, contract: PerpContract, order: Order, time: TimeMs): Terms {
  const way = order.side === 'buy' ? 1 : -1
  return {
    offer({ limitUsd, reduces }): Offer | string {
      const fault = reduces ? null : entryFault(contract, time)
      if (fault !== null) return fault
      const qtyE8 = unfilledE8(order)
      const marketUsd = contract.lastE8 / UNIT
      const priceUsd = filledAt(market, marketUsd, way * qtyE8)
      if (limitUsd !== null && (priceUsd - limitUsd) * way > 0) return 'limit'
      return { priceUsd, marketUsd, qtyE8, time }
    },
    execute({ qtyE8, marketUsd }) {
      const priceUsd = filledAt(market, marketUsd, way * qtyE8)
      const { terms } = contract
      const bp = order.limitUsd === null ? terms.takerBp : terms.makerBp
      moveBy(market, contract, way * qtyE8)
      return perpExecution({ priceUsd, marketUsd, qtyE8, feeBp: bp })
    },
  }
}

/** The price that a trade gets: the mean of those it moves through, and the costs of paper. */
function filledAt({ halfSpread, depth }: PerpMarket, lastUsd: number, signedE8: number): number {
  const way = signedE8 > 0 ? 1 : -1
  return lastUsd * (depth === undefined ? 1 : movedBy(depth, lastUsd, signedE8 / 2)) * (1 + way * halfSpread)
}

/** The factor by which a net traded quantity moves a price. */
function movedBy({ kappa, depthUsd }: PerpDepth, lastUsd: number, signedE8: number): number {
  return math.exp((kappa * lastUsd * (signedE8 / UNIT)) / depthUsd)
}

/** Moves the last price by a trade; without a depth it stays. */
export function moveBy({ depth }: PerpMarket, contract: PerpContract, signedE8: number): void {
  if (depth === undefined) return
  const lastUsd = contract.lastE8 / UNIT
  takeLast(contract, toPriceE8(lastUsd * movedBy(depth, lastUsd, signedE8)) ?? contract.lastE8)
}

export interface PerpPrice {
  readonly priceUsd: number
  readonly marketUsd: number
  readonly qtyE8: number
  readonly feeBp: number
}

/** A quantity traded at a price, each amount rounded once. */
export function perpExecution({ priceUsd, marketUsd, qtyE8, feeBp }: PerpPrice): Execution {
  const notionalE6 = costAt(priceUsd, qtyE8)
  assert(Number.isSafeInteger(notionalE6), 'what cannot be counted is not executed')
  const slippageE6 = Math.abs(notionalE6 - costAt(marketUsd, qtyE8))
  return { priceUsd, marketUsd, qtyE8, notionalE6, feeE6: shareBp(notionalE6, feeBp), slippageE6 }
}
