/** The ports of the order-book world: what traders and their exchange say to each other, and what they may ask of their model. */

import type { Rng } from '../../core/index.js'
import type { BookEnd, BookOrder, BookReject } from '../../exchange/index.js'
import type { Model } from '../../model/index.js'
import type { bookSchema } from './book-parameters.js'
import type { Exchange } from './exchange.js'
import type { Metaorder } from './executor.js'
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
  /** The trader's own name for it, which comes back with every answer. */
  readonly tag: number
}

/** A trader's part in a trade. */
export interface FillNote {
  readonly id: number
  readonly tag: number
  readonly buys: boolean
  readonly tick: number
  readonly lots: number
}

/** An order has ended, or was not taken (`id` 0). */
export interface EndNote {
  readonly id: number
  readonly tag: number
  readonly end: BookEnd | BookReject
  /** Lots that did not trade. */
  readonly left: number
}

/** What the traders of the order-book world may ask of their model. */
export interface BookWorld extends Model<typeof bookSchema> {
  readonly exchange: Exchange
  /** What a lot is worth, as whoever looks closely sees it. */
  readonly fundamental: Fundamental
  /** Wake-ups and messages so far. */
  messages: number
  /** What a trader sees of the value, with an error of that standard deviation. */
  observe(rng: Rng, errorSd: number): number
  /** Part of the switching traders that follow the trend, and how many they are. */
  readonly trendShare: number
  trendFollowers: number
  /** Records a large order that is done. */
  finishedMetaorder(order: Metaorder): void
  /** Draws the size of an order. */
  orderLots(rng: Rng): number
}
