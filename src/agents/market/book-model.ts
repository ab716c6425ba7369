/** The order-book world: traders of several kinds and an exchange between them, which makes the prices. A step is one second. */

import { math, OperatorError, type Rng } from '../../core/index.js'
import { bestAsk, bestBid, shownAtBest } from '../../exchange/index.js'
import { Model } from '../../model/index.js'
import type { BookParameters, bookSchema } from './book-parameters.js'
import { beginCandle } from './candle.js'
import { type DepthHistory, newDepthHistory, noteDepth } from './depth-history.js'
import { Exchange } from './exchange.js'
import { Executor } from './executor.js'
import { Forecaster } from './forecaster.js'
import { advanceFundamental, type Fundamental, newFundamental } from './fundamental.js'
import { MarketMaker } from './market-maker.js'
import { MomentumTrader } from './momentum-trader.js'
import { NoiseTrader } from './noise-trader.js'
import type { BookWorld, Metaorder } from './ports.js'
import { SwitchingTrader } from './switching-trader.js'
import { BookMinutes, Metaorders } from './topics.js'
import type { Trader } from './trader.js'
import { ValueTrader } from './value-trader.js'

/** Spread of the sizes of orders: standard deviation of their logarithm. */
const LOTS_SD = 0.6
const MINUTE_S = 60

/** An exchange and its traders. */
export class OrderBookModel extends Model<typeof bookSchema> implements BookWorld {
  /** @internal */
  readonly exchanges = this.agentsOf(Exchange)
  /** @internal */
  readonly noise = this.agentsOf(NoiseTrader)
  /** @internal */
  fundamental: Fundamental = newFundamental(this.params.fundamental, this.stream('value'))
  /** Wake-ups and messages so far. */
  messages = 0
  /** @internal */
  trendFollowers = 0
  /** The second that is over: prices in ticks, 0 where nobody bids, asks or has traded. */
  second = { bid: 0, ask: 0, bidLots: 0, askLots: 0, last: 0, lots: 0 }
  /** @internal */
  depths: DepthHistory = newDepthHistory()

  /** @internal */
  get exchange(): Exchange {
    return this.exchanges.at(0) as Exchange
  }

  /** @internal */
  get trendShare(): number {
    const { switchingTraders } = this.params
    return switchingTraders === 0 ? 0.5 : this.trendFollowers / switchingTraders
  }

  override setup(): void {
    const { params } = this
    checkDay(params)
    this.spawn(Exchange).begin()
    const enter = (traders: readonly Trader[]) => {
      for (const trader of traders) this.enter(trader)
    }
    enter(this.spawn(params.noiseTraders, NoiseTrader))
    const value = this.spawn(params.valueTraders, ValueTrader, () => ({ estimate: params.fundamental.mean }))
    enter(value)
    const momentum = this.spawn(params.momentumTraders, MomentumTrader)
    enter(momentum)
    const makers = this.spawn(params.marketMakers, MarketMaker)
    enter(makers)
    this.enterOthers()
    for (const trader of value) if (params.value.wakeRate > 0) trader.wakeAfter(trader.rng.exponential(params.value.wakeRate))
    for (const trader of momentum) trader.wakeAfter(trader.rng.between(0, params.momentum.everyS))
    for (const trader of makers) trader.wakeAfter(trader.rng.between(0, 1))
    this.beginDay()
  }

  /** A day begins. */
  beginDay(): void {
    for (const trader of this.noise) trader.beginDay()
    this.after(this.params.dayS, 'beginDay')
  }

  override step(): void {
    const { exchange, second } = this
    const { book } = exchange
    second.bid = bestBid(book)
    second.ask = bestAsk(book)
    second.bidLots = shownAtBest(book, 'buy')
    second.askLots = shownAtBest(book, 'sell')
    second.last = book.lastTick
    second.lots = exchange.secondLots
    exchange.secondLots = 0
    if (this.steps % MINUTE_S === 0) this.minuteOver()
  }

  private minuteOver(): void {
    const { minute, book } = this.exchange
    if (minute.close === 0) return
    const { open, high, low, close, lots } = minute
    this.publish(BookMinutes, { time: this.now, open, high, low, close, lots, bid: bestBid(book), ask: bestAsk(book) })
    beginCandle(minute)
    noteDepth(this.depths, book, this.mid())
  }

  /** @internal What a trader sees of the value, with an error of its own. */
  observe(rng: Rng, errorSd: number): number {
    advanceFundamental(this.fundamental, this.now, this.stream('value'))
    return this.fundamental.value + (errorSd === 0 ? 0 : rng.normal(0, errorSd))
  }

  /** @internal */
  finishedMetaorder(order: Metaorder): void {
    this.publish(Metaorders, {
      time: this.now,
      side: order.side,
      lots: order.lots,
      seconds: this.now - order.begunAt,
      start: order.startMid,
      average: order.notional / order.lots,
      end: this.mid(),
    })
  }

  /** The price in the middle, or the latest; 0: there is none. */
  mid(): number {
    const { book } = this.exchange
    const [bid, ask] = [bestBid(book), bestAsk(book)]
    return bid > 0 && ask > 0 ? (bid + ask) / 2 : book.lastTick
  }

  /** @internal The size of an order: log-normal around the mean. */
  orderLots(rng: Rng): number {
    return Math.max(1, Math.round(this.params.lots * math.exp(rng.normal(-(LOTS_SD ** 2) / 2, LOTS_SD))))
  }

  override summary(): Record<string, unknown> {
    const { exchange, messages } = this
    const { trades, tradedLots, rejected, cancelled, expired, filled, lastTick } = exchange.book
    return {
      messages,
      orders: exchange.book.orders.accepted,
      trades,
      tradedLots,
      filled,
      expired,
      cancelled,
      rejected,
      lastTick,
      pauses: exchange.pauses,
      fees: exchange.fees,
    }
  }

  private enterOthers(): void {
    const { params } = this
    const { valueWeight, trendWeight, noiseWeight } = params.forecasting
    const forecasters = this.spawn(params.forecasters, Forecaster)
    for (const trader of forecasters) {
      const { rng } = trader
      trader.onValue = valueWeight * rng.exponential(1)
      trader.onTrend = trendWeight * rng.exponential(1) * (rng.chance(0.5) ? 1 : -1)
      trader.onNoise = noiseWeight * rng.exponential(1)
      this.begin(trader, params.forecasting.everyS)
    }
    for (const trader of this.spawn(params.switchingTraders, SwitchingTrader)) this.begin(trader, params.switching.everyS)
    for (const trader of this.spawn(params.executors, Executor)) this.begin(trader, 10 * params.executing.everyS)
  }

  /** Takes a trader in, which wakes for the first time within so many seconds. */
  private begin(trader: Trader, withinS: number): void {
    this.enter(trader)
    trader.wakeAfter(trader.rng.between(0, withinS))
  }

  private enter(trader: Trader): void {
    const [least, most] = this.params.latencyS
    trader.latency = trader.rng.between(least, most)
    this.exchange.enter(trader)
  }
}

function checkDay({ dayS, auctionS }: BookParameters): void {
  if (2 * auctionS < dayS) return
  throw new OperatorError({
    what: 'parameter "auctionS"',
    expected: `less than half of dayS, ${dayS / 2}`,
    got: auctionS,
    next: 'A day has an auction at its beginning and one at its end.',
  })
}
