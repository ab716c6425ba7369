/**
 * The exchange: it keeps the book of one instrument and its traders' accounts, and answers them. Its day begins and ends with an
 * auction where it is asked to, and a trade that would lie outside the price band pauses trading until an auction ends the pause.
 */

import { assert } from '../../core/index.js'
import {
  type BookEnd,
  type BookListener,
  type BookReject,
  type BookTrade,
  bestAsk,
  bestBid,
  cancelInBook,
  closeBook,
  expireInBook,
  haltBook,
  modifyInBook,
  newBook,
  type OrderBook,
  openBook,
  setBand,
  shownAtBest,
  startAuction,
  submitToBook,
  uncross,
} from '../../exchange/index.js'
import { Agent } from '../../model/index.js'
import { addTrade, newCandle } from './candle.js'
import type { BookWorld, FillNote, OrderChangeMessage, OrderMessage, TopOfBook } from './ports.js'
import { BookPauses, BookTrades } from './topics.js'
import type { Trader } from './trader.js'

/** Seconds between two changes of the band. */
const BAND_EVERY = 60
/** Seconds of the auction after a halt, at least. */
const LEAST_AUCTION_S = 60

export class Exchange extends Agent<BookWorld> implements BookListener {
  book: OrderBook = newBook({ ticks: 2, selfTrade: 'cancelNewest' })
  /** By owner. */
  traders: Trader[] = []
  /** Money of each owner, in ticks times lots; all of it and the fees are 0. */
  cash: number[] = []
  /** Lots of each owner; all of them are 0. */
  lots: number[] = []
  fees = 0
  pauses = 0
  minute = newCandle()
  secondLots = 0
  /** Lots of the order that is being submitted. */
  lotsSubmitted = 0
  /** When the day ends. */
  closesAt = 0
  /** The events that end a pause, and a halt with the auction after it; 0: there is none. */
  pauseEnd = 0
  haltEnd = 0

  /** Begins with an empty book. */
  begin(): void {
    const { ticks, band, halt } = this.model.params
    this.book = newBook({ ticks, selfTrade: 'cancelNewest' })
    if (band !== null) this.every(BAND_EVERY, 'moveBand')
    if (halt !== null) this.after(halt.atS, 'halt')
    this.open()
  }

  /** Takes a trader in, and gives it a number. */
  enter(trader: Trader): void {
    trader.owner = this.traders.length
    this.traders.push(trader)
    this.cash.push(0)
    this.lots.push(0)
  }

  /** The day begins: with an auction where there is one. */
  open(): void {
    const { auctionS, dayS } = this.model.params
    openBook(this.book)
    this.moveBand()
    this.closesAt = this.model.now + dayS
    this.at(this.closesAt, 'close')
    if (auctionS === 0) return
    startAuction(this.book)
    this.after(auctionS, 'endAuction')
    this.at(this.closesAt - auctionS, 'startClosing')
  }

  /** What waits in an auction trades at one price. A halt that began meanwhile goes on. */
  endAuction(): void {
    if (this.book.phase !== 'auction') return
    uncross(this.book, this.reference(), this)
    this.moveBand()
  }

  /** A pause is over; the closing auction is not ended by it. */
  endPause(): void {
    this.pauseEnd = 0
    if (this.model.now < this.closesAt - this.model.params.auctionS) this.endAuction()
  }

  /** The closing auction begins, or goes on from a pause. */
  startClosing(): void {
    startAuction(this.book)
  }

  /** The day ends, and with it every order; the next one begins. */
  close(): void {
    this.forgetPause()
    this.endAuction()
    closeBook(this.book, this)
    this.open()
  }

  /** A trader asks for the best prices. */
  askTop(trader: Trader): void {
    this.model.messages++
    if (trader.quoted !== undefined) trader.at(trader.hears(), 'quoted', this.top())
  }

  /** An order has arrived. */
  receive(order: OrderMessage): void {
    this.lotsSubmitted = order.lots
    const id = submitToBook(this.book, order, this)
    if (id !== 0 && order.forS !== undefined) this.after(order.forS, 'expire', id)
    this.pauseAtBand()
  }

  /** A trader changes an order. It may have ended meanwhile. */
  change({ id, owner, lots, limit }: OrderChangeMessage): void {
    modifyInBook(this.book, id, owner, { lots, limit }, this)
    this.pauseAtBand()
  }

  /** The time of an order is over. */
  expire(id: number): void {
    expireInBook(this.book, id, this)
  }

  /** Trading is halted; only cancels are taken until an auction begins. A halt ends with its day. */
  halt(): void {
    const { halt, auctionS } = this.model.params
    if (halt === null) return
    this.forgetPause()
    haltBook(this.book)
    this.haltEnd = this.after(halt.forS, 'startClosing')
    this.pauseEnd = this.after(halt.forS + Math.max(LEAST_AUCTION_S, auctionS), 'endPause')
  }

  /** What would end a pause or a halt is not to come. */
  private forgetPause(): void {
    if (this.pauseEnd !== 0) this.cancel(this.pauseEnd)
    if (this.haltEnd !== 0) this.cancel(this.haltEnd)
    this.pauseEnd = this.haltEnd = 0
  }

  /** A trader cancels an order. It may have ended meanwhile. */
  revoke({ id, owner }: { id: number; owner: number }): void {
    cancelInBook(this.book, id, owner, this)
  }

  /** The best prices and what waits there. */
  top(): TopOfBook {
    const { book } = this
    const isOpen = book.phase === 'continuous'
    return {
      bid: isOpen ? bestBid(book) : 0,
      ask: isOpen ? bestAsk(book) : 0,
      bidLots: isOpen ? shownAtBest(book, 'buy') : 0,
      askLots: isOpen ? shownAtBest(book, 'sell') : 0,
      inAuction: book.phase === 'auction',
      last: book.lastTick,
      traded: book.tradedLots,
    }
  }

  /** The band follows the price. */
  moveBand(): void {
    const { band } = this.model.params
    if (band !== null && this.book.phase === 'continuous') setBand(this.book, this.reference(), band.share, this)
  }

  /** @internal */
  accepted(id: number, owner: number): void {
    this.model.messages++
    const trader = this.traderOf(owner)
    trader.at(trader.hears(), 'accepted', id)
  }

  /** @internal */
  rejected(owner: number, code: BookReject): void {
    this.model.messages++
    const trader = this.traderOf(owner)
    trader.at(trader.hears(), 'ended', { id: 0, end: code, left: this.lotsSubmitted })
  }

  /** @internal */
  traded({ makerId, takerId, makerOwner, takerOwner, takerBuys, tick, lots }: BookTrade): void {
    const { makerFee, takerFee } = this.model.params
    this.settle(makerOwner, takerBuys ? -lots : lots, tick, makerFee)
    this.settle(takerOwner, takerBuys ? lots : -lots, tick, takerFee)
    addTrade(this.minute, tick, lots)
    this.secondLots += lots
    this.publish(BookTrades, {
      time: this.model.now,
      tick,
      lots,
      side: takerBuys ? 'buy' : 'sell',
      maker: this.traderOf(makerOwner).key,
      taker: this.traderOf(takerOwner).key,
    })
    this.tell(makerOwner, { id: makerId, buys: !takerBuys, tick, lots })
    this.tell(takerOwner, { id: takerId, buys: takerBuys, tick, lots })
  }

  /** @internal */
  ended(id: number, owner: number, end: BookEnd, left: number): void {
    this.model.messages++
    const trader = this.traderOf(owner)
    trader.at(trader.hears(), 'ended', { id, end, left })
  }

  private tell(owner: number, fill: FillNote): void {
    this.model.messages++
    const trader = this.traderOf(owner)
    trader.at(trader.hears(), 'filled', fill)
  }

  /** The trader of a number. */
  private traderOf(owner: number): Trader {
    const trader = this.traders[owner]
    assert(trader !== undefined, 'only traders of the exchange have orders')
    return trader
  }

  /** Money and lots change hands; `lots` below 0 are sold. The fee is rounded against the trader. */
  private settle(owner: number, lots: number, tick: number, feePpm: number): void {
    const fee = Math.ceil((Math.abs(lots) * tick * feePpm) / 1e6)
    this.cash[owner] = (this.cash[owner] ?? 0) - lots * tick - fee
    this.lots[owner] = (this.lots[owner] ?? 0) + lots
    this.fees += fee
  }

  /** Pauses trading where the best price has come to the edge of the band. */
  private pauseAtBand(): void {
    const { book } = this
    const { band } = this.model.params
    if (band === null || book.phase !== 'continuous') return
    if (bestBid(book) !== book.bandHigh && bestAsk(book) !== book.bandLow) return
    this.pauses++
    startAuction(book)
    const tick = bestBid(book) === book.bandHigh ? book.bandHigh : book.bandLow
    this.publish(BookPauses, { time: this.model.now, tick, seconds: band.pauseS })
    this.pauseEnd = this.after(band.pauseS, 'endPause')
  }

  /** A price to compare with: the latest trade, or before the first the mean value. */
  private reference(): number {
    return this.book.lastTick || Math.round(this.model.params.fundamental.mean)
  }
}
