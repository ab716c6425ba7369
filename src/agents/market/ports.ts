/** The ports of the order-book world: what traders and their exchange say to each other, and what they may ask of their model. */

import type { Rng } from '../../core/index.js'
import type { BookEnd, BookOrder, BookReject, OrderChange } from '../../exchange/index.js'
import type { Agent, Model } from '../../model/index.js'
import type { bookSchema } from './book-parameters.js'
import type { Fundamental } from './fundamental.js'

/** What anybody may know of the book. Prices are ticks, 0: there is none; in an auction nobody sees what others bid. */
export interface TopOfBook {
  readonly bid: number
  readonly ask: number
  readonly bidLots: number
  readonly askLots: number
  /** Whether orders wait for an auction's one price. */
  readonly inAuction: boolean
  /** The price of the latest trade. */
  readonly last: number
  /** Lots traded since the market opened for the first time. */
  readonly traded: number
}

/** An order on its way to the exchange. */
export type OrderMessage = BookOrder & {
  /** Seconds for which it may wait; absent: until the close. */
  readonly forS?: number | undefined
}

/** What a trader says of an order. */
export type SentOrder = Pick<OrderMessage, 'side' | 'lots' | 'limit' | 'force' | 'forS'>

/** A change of an order on its way to the exchange. */
export type OrderChangeMessage = OrderChange & {
  readonly id: number
  readonly owner: number
}

/** A trader's part in a trade. */
export interface FillNote {
  readonly id: number
  readonly buys: boolean
  readonly tick: number
  readonly lots: number
}

/** An order has ended, or was not taken (`id` 0). */
export interface EndNote {
  readonly id: number
  readonly end: BookEnd | BookReject
  /** Lots that did not trade. */
  readonly left: number
}

/** The exchange, as traders reach it: what they tell it arrives later. */
export interface MarketPlace extends Agent {
  askTop(trader: object): void
  receive(order: OrderMessage): void
  revoke(of: { readonly id: number; readonly owner: number }): void
  change(of: OrderChangeMessage): void
}

/** A large order and how far it is. */
export interface Metaorder {
  readonly side: 'buy' | 'sell'
  readonly lots: number
  readonly begunAt: number
  /** The mid price when it began; 0: it has not seen one. */
  startMid: number
  done: number
  /** Lots sent of which nothing is known yet. */
  underway: number
  /** Money paid or taken, in ticks times lots. */
  notional: number
}

/** What the traders of the order-book world may ask of their model. */
export interface BookWorld extends Model<typeof bookSchema> {
  /** @internal */
  readonly exchange: MarketPlace
  /** @internal What a lot is worth, as whoever looks closely sees it. */
  readonly fundamental: Fundamental
  /** Wake-ups and messages so far. */
  messages: number
  /** @internal What a trader sees of the value, with an error of that standard deviation. */
  observe(rng: Rng, errorSd: number): number
  /** @internal Part of the switching traders that follow the trend, and how many they are. */
  readonly trendShare: number
  /** @internal */
  trendFollowers: number
  /** @internal Records a large order that is done. */
  finishedMetaorder(order: Metaorder): void
  /** @internal Draws the size of an order. */
  orderLots(rng: Rng): number
}
