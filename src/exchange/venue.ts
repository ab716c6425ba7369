/**
 * One interface for every place where orders are executed. A venue is a few functions over a state of plain data, so a
 * checkpoint saves it. It keeps its orders in `Orders`, so every venue has the one state machine.
 *
 * A constant-product curve takes its price from its own reserves, an order book from the orders that wait, by price and then
 * time; a perpetual future reports funding by events of its own (`E`), and a liquidation is an order of the venue in the
 * account's name.
 */

import type { QtyE8, TimeMs } from '../core/index.js'
import type { Accepted, Cancelled, CancelRequest, OrderEvent, Refused, Rejected } from './event.js'
import type { Order, OrderRequest, Orders } from './order.js'

/** What every venue keeps. */
export interface VenueState {
  readonly orders: Orders
}

/** Where orders are executed. `S`: its state; `M`: what it must know of the world outside; `E`: events that are not of orders. */
export interface Venue<S extends VenueState, M, E = never> {
  readonly name: string
  /** Accepts or rejects an order. Nothing fills yet: what fills, fills in `advance`. */
  submit(state: S, request: OrderRequest): Accepted | Rejected
  /** Cancels what is unfilled. Illegal cancels are refused and counted. */
  cancel(state: S, request: CancelRequest): Cancelled | Refused
  /**
   * Goes on with the market: orders fill, expire, or are cancelled where their account does not take them. An order that is
   * submitted meanwhile waits for the next time.
   */
  advance(state: S, market: M, clearing: Clearing<E>): void
}

/** A fill that a venue offers to the account of an order. */
export interface Offer {
  /** With spread and slippage. */
  readonly priceUsd: number
  /** The market's price, undisturbed by the order. */
  readonly marketUsd: number
  readonly qtyE8: QtyE8
  readonly time: TimeMs
}

/** How much of an offer an account takes. */
export interface Acceptance {
  readonly qtyE8: QtyE8
  /** Why not all of it, and the reason for which the rest is cancelled; null: all of it. */
  readonly code: string | null
}

/**
 * What stands behind the orders: the accounts, with their money and positions. At each fill an exchange asks in this order: has
 * the order expired, may the account trade at all (`refuses`), is the price too far from the decision, can the account pay
 * (`affords`). Both questions change nothing; the account changes with the event that follows.
 */
export interface Clearing<E = never> {
  /** Why this order may not be filled now, whatever the price: a code; null: it may. */
  refuses(order: Order, time: TimeMs): string | null
  /** The part of an offer that the account can pay for. */
  affords(order: Order, offer: Offer): Acceptance
  /** Receives each event after the venue's own state has changed. */
  on(event: OrderEvent | E): void
}

/** Accounts that take every offer whole: for markets without money, and for a first look at a venue. */
export function unlimitedClearing<E = never>(on: (event: OrderEvent | E) => void): Clearing<E> {
  return { refuses: () => null, affords: (_, { qtyE8 }) => ({ qtyE8, code: null }), on }
}
