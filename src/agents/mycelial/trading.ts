/** Trading: hears both kinds of ideas, detects their collisions, and keeps the three books on paper. */

import type { TimeMs } from '../../core/index.js'
import type { Bar, MarketTrade } from '../../market/index.js'
import { Agent } from '../../model/index.js'
import {
  BaselineIdeas,
  type Book,
  type BookEvents,
  type BookName,
  bookNames,
  bookOnBar,
  bookOnMarketTrade,
  bookOnStep,
  type Collisions,
  closeBook,
  collide,
  collisionSignal,
  equityE6,
  type Fill,
  Fills,
  type Halt,
  type Hold,
  haltBook,
  holdOnBar,
  holdOnStep,
  type Idea,
  ideaSignal,
  MarketData,
  MarketTicks,
  Marks,
  MycelialIdeas,
  newBook,
  newCollisions,
  newHold,
  type Signal,
  SynthesizedTrades,
  SystemControl,
  submitSignal,
  type Trade,
  TradeConfirmations,
} from '../../trading/index.js'
import type { SwarmModel } from './ports.js'

export class Trading extends Agent<SwarmModel> implements BookEvents {
  books: Record<BookName, Book> = this.openBooks()
  hold: Hold = newHold(this.model.pairs, this.model.params)
  collisions: Collisions = newCollisions(this.model.params.collisionWindowMs)
  ideas: Record<'baseline' | 'mycelial', number> = { baseline: 0, mycelial: 0 }
  fillCount = 0
  tradeCount = 0

  wire(): void {
    this.on(MarketData, this.bar)
    this.on(MarketTicks, this.tick)
    this.on(BaselineIdeas, this.idea)
    this.on(MycelialIdeas, this.idea)
    this.on(SystemControl, this.halt)
  }

  /** Every idea goes to the book of its kind, and with one of the other kind that agrees to the synthesized book. */
  idea(idea: Idea): void {
    if (this.model.warming) return
    this.ideas[idea.source]++
    this.submit(idea.source, ideaSignal(idea), idea.decidedAt)
    const collision = collide(this.collisions, idea)
    if (collision !== null) this.submit('synthesized', collisionSignal(collision.mycelial, collision.baseline), idea.decidedAt)
  }

  bar(bar: Bar): void {
    for (const name of bookNames) bookOnBar(this.books[name], bar, this)
    holdOnBar(this.hold, bar)
  }

  tick(trade: MarketTrade): void {
    for (const name of bookNames) bookOnMarketTrade(this.books[name], trade, this)
  }

  halt(halt: Halt): void {
    for (const name of bookNames) haltBook(this.books[name], halt)
  }

  step(): void {
    const { model, books } = this
    const now = { step: model.steps, time: model.now }
    for (const name of bookNames) bookOnStep(books[name], now)
    holdOnStep(this.hold, model.now)
    const { baseline, mycelial, synthesized } = books
    const equities = { baseline: equityE6(baseline), mycelial: equityE6(mycelial), synthesized: equityE6(synthesized) }
    this.publish(Marks, { ...now, equityE6: equities })
  }

  /** End of data: every position is closed at its pair's last close. */
  closeAll(): void {
    const now = { step: this.model.steps, time: this.model.now }
    for (const name of bookNames) closeBook(this.books[name], now, this)
  }

  /** A new market: books, orders and what was counted begin anew. */
  openAnew(): void {
    this.books = this.openBooks()
    this.hold = newHold(this.model.pairs, this.model.params)
    this.collisions = newCollisions(this.model.params.collisionWindowMs)
    this.ideas = { baseline: 0, mycelial: 0 }
    this.fillCount = 0
    this.tradeCount = 0
  }

  /** An order counts from its idea's bar while it comes within the latency every order is granted (memory was asked), else from now. */
  private submit(name: BookName, signal: Signal, decidedAt: TimeMs): void {
    const { model } = this
    const time = model.now - decidedAt <= model.params.latencyMs ? decidedAt : model.now
    submitSignal(this.books[name], signal, { step: model.steps, time }, this.mayEnter(signal.pair))
  }

  /** Nothing is entered where data may be missing, nor what is forbidden; exits need no permission. */
  private mayEnter(pair: string): boolean {
    const { stale, linkDownSince, guarded, params } = this.model
    return guarded && !stale.has(pair) && linkDownSince === null && !params.forbiddenPairs.includes(pair)
  }

  /** What the books' events become: facts. */
  fill(fill: Fill): void {
    this.fillCount++
    this.publish(Fills, fill)
  }

  trade(trade: Trade): void {
    this.tradeCount++
    this.publish(TradeConfirmations, trade)
    if (trade.book === 'synthesized') this.publish(SynthesizedTrades, trade)
  }

  private openBooks(): Record<BookName, Book> {
    const { rules, params } = this.model
    return {
      baseline: newBook('baseline', params, rules),
      mycelial: newBook('mycelial', params, rules),
      synthesized: newBook('synthesized', params, rules),
    }
  }
}
