/** What a book tells while it changes. It tells after its own state has changed, and nobody may change it meanwhile. */

import type { BookCancel, BookReject } from './book.js'

/** Two orders have traded. The object is the book's own: the next trade fills it anew. */
export interface BookTrade {
  /** The order that waited, and the one that came. In an auction the maker is the buy order. */
  makerId: number
  takerId: number
  makerOwner: number
  takerOwner: number
  takerBuys: boolean
  tick: number
  lots: number
  /** What is left of both, 0: it is filled. */
  makerLeft: number
  takerLeft: number
}

/** How an order ended. */
export type BookEnd = 'filled' | 'expired' | BookCancel

/** Who hears what happens in a book. Every order that is accepted ends once. */
export interface BookListener {
  accepted(id: number, owner: number): void
  rejected(owner: number, code: BookReject): void
  traded(trade: Readonly<BookTrade>): void
  /** `left`: the lots that did not trade. */
  ended(id: number, owner: number, end: BookEnd, left: number): void
}

/** Hears nothing: for what only wants a book's state. */
export const deaf: BookListener = { accepted() {}, rejected() {}, traded() {}, ended() {} }
