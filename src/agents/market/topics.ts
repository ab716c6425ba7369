/** The topics of the order-book world: trades, candles of a minute, pauses, and large orders that are done. */

import { topic } from '../../bus/index.js'
import type { Side } from '../../exchange/index.js'

export interface BookTradeNote {
  /** Seconds since the beginning. */
  readonly time: number
  readonly tick: number
  readonly lots: number
  /** The side of the order that came; in an auction `sell`. */
  readonly side: Side
  /** Both traders, by `roster.key`. */
  readonly maker: string
  readonly taker: string
}
/** Every trade. */
export const BookTrades = topic<BookTradeNote>('book-trades', { fact: true })

export interface BookMinute {
  /** Seconds since the beginning, at the end of the minute. */
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly lots: number
  /** Best prices at its end; 0: nobody bids or asks. */
  readonly bid: number
  readonly ask: number
}
/** A candle a minute; where nothing traded, the last price. None before the first trade. */
export const BookMinutes = topic<BookMinute>('book-minutes', { fact: true })

export interface BookPause {
  readonly time: number
  /** The price at the edge of the band. */
  readonly tick: number
  readonly seconds: number
}
/** Pauses because the price came to the edge of its band. */
export const BookPauses = topic<BookPause>('book-pauses', { fact: true })

export interface FinishedMetaorder {
  readonly time: number
  readonly side: Side
  readonly lots: number
  /** Seconds it took. */
  readonly seconds: number
  /** The mid price when it began, its mean price, and the mid price when it was done, in ticks. */
  readonly start: number
  readonly average: number
  readonly end: number
}
/** Large orders that are done. */
export const Metaorders = topic<FinishedMetaorder>('metaorders', { fact: true })
