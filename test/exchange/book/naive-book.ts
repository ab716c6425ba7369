/** A limit order book as one would write it down first: a list of orders that is searched from the start for everything. */
import type { BookListener, BookOrder, BookTerms, OrderBook } from '../../../src/exchange/index.js'

export interface NaiveOrder {
  readonly id: number
  readonly owner: number
  readonly buys: boolean
  readonly isMarket: boolean
  readonly force: BookOrder['force']
  readonly peak: number
  tick: number
  stop: number
  left: number
  shown: number
  /** When it took its place in the queue of its price. */
  place: number
}

type BookPhase = OrderBook['phase']

export class NaiveBook {
  orders: NaiveOrder[] = []
  phase: BookPhase = 'continuous'
  band: [number, number]
  lastTick = 0
  private places = 0

  constructor(
    private readonly terms: BookTerms,
    private readonly on: BookListener,
  ) {
    this.band = [1, terms.ticks - 1]
  }

  /** Orders that wait for their price, in the order in which they would trade. */
  side(buys: boolean): NaiveOrder[] {
    const waiting = this.orders.filter(o => o.buys === buys && o.stop === 0 && o.place > 0)
    return waiting.sort((a, b) => (buys ? b.tick - a.tick : a.tick - b.tick) || a.place - b.place)
  }

  submit(order: BookOrder, id: number): void {
    const buys = order.side === 'buy'
    this.on.accepted(id, order.owner)
    const tick = order.limit ?? (buys ? this.terms.ticks - 1 : 1)
    const made: NaiveOrder = {
      id,
      owner: order.owner,
      buys,
      isMarket: order.limit === null,
      force: order.force,
      peak: order.show ?? 0,
      tick,
      stop: order.stop ?? 0,
      left: order.lots,
      shown: order.lots,
      place: 0,
    }
    this.orders.push(made)
    this.enter(made)
    this.trigger()
  }

  cancel(id: number, owner: number): boolean {
    const order = this.orders.find(o => o.id === id && o.owner === owner)
    if (order === undefined) return false
    this.end(order, 'owner')
    return true
  }

  modify(id: number, owner: number, lots: number, limit: number): boolean {
    const order = this.orders.find(o => o.id === id && o.owner === owner)
    if (order === undefined || order.stop > 0 || order.isMarket) return false
    if (this.clamp(order.buys, limit) === order.tick && lots <= order.left) {
      const less = order.left - lots
      const hidden = Math.min(less, order.left - order.shown)
      order.left = lots
      order.shown -= less - hidden
    } else {
      Object.assign(order, { left: lots, shown: lots, tick: limit, place: 0 })
      this.enter(order)
      this.trigger()
    }
    return true
  }

  setBand(low: number, high: number): void {
    this.band = [low, high]
    for (const o of this.side(true)) if (o.tick > high) this.end(o, 'band')
    for (const o of this.side(false)) if (o.tick < low) this.end(o, 'band')
  }

  /** Tries every price there is. */
  uncross(reference: number): number {
    const buys = this.side(true)
    const sells = this.side(false)
    const at = (p: number) => {
      const demand = sum(buys.filter(o => o.tick >= p))
      const supply = sum(sells.filter(o => o.tick <= p))
      return { p, lots: Math.min(demand, supply), surplus: demand - supply }
    }
    const named = [...buys, ...sells].filter(o => !o.isMarket).map(o => o.tick)
    const crossing = named.filter(p => at(p).lots > 0).sort((a, b) => a - b)
    const prices = (named.some(p => this.isBetween(p)) ? crossing : [reference]).map(at).filter(({ lots }) => lots > 0)
    const most = Math.max(0, ...prices.map(({ lots }) => lots))
    const full = prices.filter(({ lots }) => lots === most)
    const least = Math.min(...full.map(({ surplus }) => Math.abs(surplus)))
    const best = full.filter(({ surplus }) => Math.abs(surplus) === least)
    const [low, high] = [best[0], best.at(-1)]
    let tick = 0
    if (low !== undefined && high !== undefined) {
      const wished = Math.min(high.p, Math.max(low.p, reference))
      if (low.surplus > 0 && high.surplus > 0) tick = high.p
      else if (low.surplus < 0 && high.surplus < 0) tick = low.p
      else if (low.surplus === high.surplus) tick = wished
      else tick = best.reduce((a, { p }) => (Math.abs(p - wished) < Math.abs(a - wished) ? p : a), low.p)
      for (;;) {
        const [buy] = this.side(true)
        const [sell] = this.side(false)
        if (buy === undefined || sell === undefined || buy.tick < tick || sell.tick > tick) break
        this.trade(buy, sell, Math.min(buy.shown, sell.shown), tick, true)
      }
    }
    for (const o of this.orders.filter(o => o.isMarket && o.stop === 0)) this.end(o, 'auction')
    this.phase = 'continuous'
    this.trigger()
    return tick
  }

  /** Whether a price lies between the best ask and the best bid of a book that is crossed. */
  private isBetween(p: number): boolean {
    const [bid, ask] = [this.side(true)[0]?.tick ?? 0, this.side(false)[0]?.tick ?? this.terms.ticks]
    return p >= ask && p <= bid
  }

  /** What an order of `owner` could trade at once. */
  available(owner: number, buys: boolean, tick: number): number {
    let found = 0
    const reached = this.side(!buys).filter(o => this.reaches(buys, tick, o.tick))
    const isOwn = (o: NaiveOrder) => o.owner === owner && this.terms.selfTrade !== 'allow'
    const stopper = this.terms.selfTrade === 'cancelOldest' ? undefined : reached.find(isOwn)
    for (const o of reached) {
      if (o === stopper) break
      // At the price of an order that stops it, the next parts of icebergs come behind that order.
      if (!isOwn(o)) found += o.tick === stopper?.tick ? o.shown : o.left
    }
    return found
  }

  private enter(order: NaiveOrder): void {
    if (order.stop > 0 && !this.reached(order)) {
      order.place = ++this.places
      return
    }
    order.stop = 0
    order.place = 0
    if (this.phase === 'continuous') {
      this.tradeAll(order)
      if (!this.orders.includes(order)) return
      if (order.left === 0) return this.end(order, 'filled')
      if (order.isMarket) return this.end(order, this.side(!order.buys).length > 0 ? 'band' : 'noLiquidity')
      if (order.force !== undefined) return this.end(order, 'immediate')
    }
    order.tick = this.clamp(order.buys, order.tick)
    order.shown = order.peak > 0 ? Math.min(order.peak, order.left) : order.left
    order.place = ++this.places
  }

  private tradeAll(order: NaiveOrder): void {
    for (;;) {
      const [maker] = this.side(!order.buys)
      if (order.left === 0 || maker === undefined || !this.reaches(order.buys, order.tick, maker.tick)) return
      if (maker.owner === order.owner && this.terms.selfTrade !== 'allow') {
        if (this.terms.selfTrade !== 'cancelNewest') this.end(maker, 'selfTrade')
        if (this.terms.selfTrade !== 'cancelOldest') {
          this.end(order, 'selfTrade')
          return
        }
      } else this.trade(maker, order, Math.min(order.left, maker.shown), maker.tick, false)
    }
  }

  private trade(maker: NaiveOrder, taker: NaiveOrder, lots: number, tick: number, bothWait: boolean): void {
    this.lastTick = tick
    this.fill(maker, lots)
    if (bothWait) this.fill(taker, lots)
    else {
      taker.left -= lots
      taker.shown -= lots
    }
    const [makerId, takerId] = [maker.id, taker.id]
    const [makerOwner, takerOwner] = [maker.owner, taker.owner]
    const [makerLeft, takerLeft] = [maker.left, taker.left]
    this.on.traded({ makerId, takerId, makerOwner, takerOwner, takerBuys: taker.buys, tick, lots, makerLeft, takerLeft })
    if (maker.left === 0) this.end(maker, 'filled')
    if (bothWait && taker.left === 0) this.end(taker, 'filled')
  }

  private fill(order: NaiveOrder, lots: number): void {
    order.left -= lots
    order.shown -= lots
    if (order.shown > 0 || order.left === 0) return
    order.shown = Math.min(order.peak, order.left)
    order.place = ++this.places
  }

  private trigger(): void {
    if (this.phase !== 'continuous' || this.lastTick === 0) return
    for (;;) {
      const reached = this.orders.filter(o => o.stop > 0 && this.reached(o))
      const buys = reached.filter(o => o.buys).sort((a, b) => a.stop - b.stop || a.place - b.place)
      const sells = reached.filter(o => !o.buys).sort((a, b) => b.stop - a.stop || a.place - b.place)
      const next = buys[0] ?? sells[0]
      if (next === undefined) return
      this.enter(next)
    }
  }

  private reached({ buys, stop }: NaiveOrder): boolean {
    return this.lastTick > 0 && (buys ? this.lastTick >= stop : this.lastTick <= stop)
  }

  private reaches(buys: boolean, limit: number, tick: number): boolean {
    const worst = this.clamp(buys, limit)
    return buys ? tick <= worst : tick >= worst
  }

  private clamp(buys: boolean, tick: number): number {
    return buys ? Math.min(tick, this.band[1]) : Math.max(tick, this.band[0])
  }

  private end(order: NaiveOrder, end: Parameters<BookListener['ended']>[2]): void {
    this.orders = this.orders.filter(o => o !== order)
    this.on.ended(order.id, order.owner, end, order.left)
  }
}

function sum(orders: readonly NaiveOrder[]): number {
  return orders.reduce((total, { left }) => total + left, 0)
}
