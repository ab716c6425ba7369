/**
 * The paper broker: fills market orders at prices of the real market, as if they were too small to move it. An order decided at
 * the end of one bar fills at the open of its pair's next existing bar, or at the first trade after its latency.
 */

import { assert, type TimeMs } from '../core/index.js'
import type { Bar, MarketTrade } from '../market/index.js'
import { type InstrumentRules, tooSmall } from './instrument-rules.js'
import { fillOrder, newOrders, type OrderRequest, type Orders, type RejectCode, unfilledE8, waitingIn } from './order.js'
import { cancelFor, costAt, expireDue, offerFill, receiveOrder, type Terms } from './order-steps.js'
import { type PaperCosts, paperExecution, paperPrice } from './paper-price.js'
import type { Clearing, Venue } from './venue.js'

/** What the paper broker charges, and how far a price may be from the decision. */
export interface PaperSettings extends PaperCosts {
  /** An order is cancelled as `jump` where the price has changed by more than this factor since it was decided. */
  readonly maxJump: number
}

/** The paper broker's state. */
export interface PaperBroker {
  readonly settings: PaperSettings
  /** The pairs that it trades; an exchange may change what it demands. */
  readonly rules: Map<string, InstrumentRules>
  readonly orders: Orders
  /** Quotes whose price was none; they fill and cancel nothing. */
  badQuotes: number
}

/** A paper broker without orders. */
export function newPaperBroker(settings: PaperSettings, rules: Map<string, InstrumentRules>): PaperBroker {
  return { settings, rules, orders: newOrders(), badQuotes: 0 }
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
export const paperBroker: Venue<PaperBroker, Quote | TimePassed> = {
  name: 'paper',
  submit: (broker, request) => receiveOrder(broker.orders, request, r => faultOnPaper(broker, r)),
  cancel: ({ orders }, request) => cancelFor(orders, request),
  advance(broker, market, clearing) {
    if (market.kind === 'time') expireDue(broker.orders, market.time, clearing)
    else if (market.priceUsd > 0 && market.priceUsd < Number.POSITIVE_INFINITY) fillAt(broker, market, clearing)
    else broker.badQuotes++
  },
}

/**
 * Fills one order at a price of its owner's choosing, whenever it was decided: at a level met inside a bar, or at the last close
 * of a pair whose data has ended. No other venue can do that.
 */
export function fillOnPaper(broker: PaperBroker, id: number, quote: Quote, clearing: Clearing): void {
  const order = broker.orders.live.get(id)
  // A fill of what has ended is illegal and counted, as in every venue.
  if (order === undefined) fillOrder(broker.orders, id, 0)
  else offerFill(broker.orders, order, quote.time, clearing, termsOf(broker, quote))
}

function faultOnPaper({ rules }: PaperBroker, { pair, limitUsd, reduces, qtyE8, referenceUsd }: OrderRequest): RejectCode | null {
  const demanded = rules.get(pair)
  if (demanded === undefined) return 'unknownPair'
  if (limitUsd !== null) return 'unsupported'
  if (reduces) return null
  if (demanded.lotE8 !== null && qtyE8 % demanded.lotE8 !== 0) return 'badQuantity'
  // Without a price its cost is not known, and the smallest cost cannot be demanded.
  const costE6 = Number.isNaN(referenceUsd) ? Number.POSITIVE_INFINITY : costAt(referenceUsd, qtyE8)
  return tooSmall(qtyE8, costE6, demanded) ? 'tooSmall' : null
}

function fillAt(broker: PaperBroker, quote: Quote, clearing: Clearing): void {
  const { orders } = broker
  const reached = waitingIn(orders, quote.pair).filter(({ submittedAt }) => submittedAt <= quote.reachedBy)
  if (reached.length === 0) return
  const terms = termsOf(broker, quote)
  // What leaves makes room for what enters.
  // An event of an earlier order may have cancelled this one.
  for (const reduces of [true, false])
    for (const order of reached)
      if (order.reduces === reduces && orders.live.has(order.id)) offerFill(orders, order, quote.time, clearing, terms)
}

function termsOf({ settings, rules }: PaperBroker, quote: Quote): Terms {
  const { pair, priceUsd: marketUsd, time } = quote
  const demanded = rules.get(pair)
  assert(demanded !== undefined, 'only orders of known pairs are accepted')
  return {
    offer(order) {
      if (hasJumped(order.referenceUsd, marketUsd, settings.maxJump)) return 'jump'
      return { priceUsd: paperPrice(order.side, marketUsd, demanded, settings), marketUsd, qtyE8: unfilledE8(order), time }
    },
    execute: ({ priceUsd, qtyE8 }) => paperExecution(priceUsd, marketUsd, qtyE8, settings),
  }
}

function hasJumped(referenceUsd: number, priceUsd: number, maxJump: number): boolean {
  const jump = priceUsd / referenceUsd
  return jump > maxJump || jump * maxJump < 1
}
