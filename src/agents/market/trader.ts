/** What all traders of the order book have: a way to the exchange that takes time, a position, and their orders that live. */

import { Agent } from '../../model/index.js'
import type { BookWorld, EndNote, FillNote, SentOrder, TopOfBook } from './ports.js'

export abstract class Trader extends Agent<BookWorld> {
  /** By which the exchange knows it. */
  owner = -1
  /** Seconds that a message takes to the exchange, and back, at least. */
  latency = 0.001
  /** Lots held; below 0: lots owed. */
  position = 0
  /** Lots bought and sold so far. */
  traded = 0
  /** Ids of its orders that may still trade, as far as it knows. */
  living: number[] = []
  /** When the latest messages arrive: none overtakes another on its way. */
  lastReached = 0
  lastHeard = 0

  /** Something to do, at a time it has planned. */
  abstract wake(): void

  /** The exchange has answered what it was asked. */
  quoted?(top: TopOfBook): void

  /** Plans the next thing to do. */
  wakeAfter(seconds: number): void {
    this.model.messages++
    this.after(seconds, 'wake')
  }

  /** Asks for the best prices; the answer comes to `quoted`. */
  askTop(): void {
    this.model.messages++
    this.model.exchange.at(this.reaches(), 'askTop', this)
  }

  /** Sends an order. */
  send({ side, lots, limit, force, forS }: SentOrder): void {
    this.model.messages++
    // Every order has the same fields, so that reading them costs the same.
    this.model.exchange.at(this.reaches(), 'receive', { owner: this.owner, side, lots, limit, force, forS })
  }

  /** Cancels an order of its own. */
  cancelOrder(id: number): void {
    this.model.messages++
    this.model.exchange.at(this.reaches(), 'revoke', { id, owner: this.owner })
  }

  /** Changes lots and limit of an order of its own. */
  changeOrder(id: number, lots: number, limit: number): void {
    this.model.messages++
    this.model.exchange.at(this.reaches(), 'change', { id, owner: this.owner, lots, limit })
  }

  /** Cancels every order that may still trade. */
  cancelAll(): void {
    for (const id of this.living) this.cancelOrder(id)
  }

  /** @internal */
  accepted(id: number): void {
    this.living.push(id)
  }

  /** @internal */
  filled(fill: FillNote): void {
    const { buys, lots } = fill
    this.position += buys ? lots : -lots
    this.traded += lots
  }

  /** @internal */
  ended({ id }: EndNote): void {
    const at = this.living.indexOf(id)
    if (at < 0) return
    this.living[at] = this.living[this.living.length - 1] as number
    this.living.pop()
  }

  /** @internal When an answer of now arrives. */
  hears(): number {
    this.lastHeard = Math.max(this.lastHeard, this.model.now + this.delay())
    return this.lastHeard
  }

  /** When a message of now arrives at the exchange. */
  private reaches(): number {
    this.lastReached = Math.max(this.lastReached, this.model.now + this.delay())
    return this.lastReached
  }

  /** Seconds until a message of now arrives: the latency, and up to a tenth more by chance. */
  private delay(): number {
    return this.latency * (1 + 0.1 * this.rng.float())
  }
}
