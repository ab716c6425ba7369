/** FuturesAgent: follows momentum with perpetual futures on margin, both ways, behind a stop that follows the price; what it has is all that it can lose. */

import { assert, math, toUsdE6, UNIT } from '../../core/index.js'
import {
  barsAfter,
  type Clearing,
  type ClearingHouse,
  giveUp,
  type HouseEvent,
  liquidationPrefix,
  lotsWithin,
  newClearingHouse,
  newPerpMarket,
  type OrderEvent,
  openPerpAccount,
  type PerpAccount,
  type PerpEvent,
  type PerpInput,
  type PerpMarket,
  perpClearing,
  perpEquityE6,
  perpVenue,
  takeEnds,
  totalE6,
  usualPerp,
} from '../../exchange/index.js'
import { type Bar, BarFlag } from '../../market/index.js'
import { Agent } from '../../model/index.js'
import {
  type Answer,
  answerOf,
  beginLock,
  Decisions,
  endLock,
  Fills,
  featuresOf,
  type Gate,
  type GateKeeper,
  gateOnBar,
  gateOnEntry,
  gateOnFill,
  gateOnStep,
  gateOnTrade,
  type Halt,
  houseRules,
  type Intent,
  isGateLock,
  judge,
  MarketData,
  newGate,
  OrderEnds,
  SystemControl,
  type Trade,
  TradeConfirmations,
  waiveLock,
} from '../../trading/index.js'
import { futureFill, futureTrade, type OpenFuture, openFuture } from './future-trade.js'
import { profileLimits } from './gate-limits.js'
import { futuresName } from './names.js'
import { FuturesAccount } from './perp-account.js'
import type { PairView, SpotFuturesModel } from './ports.js'
import { type MarginEvent, MarginEvents } from './topics.js'

/** What is made of functions, and so is no part of the state. */
const keepers = new WeakMap<FuturesAgent, GateKeeper>()
const clearings = new WeakMap<FuturesAgent, Clearing<PerpEvent>>()

export class FuturesAgent extends Agent<SpotFuturesModel> {
  market: PerpMarket = this.openMarket()
  house: ClearingHouse = this.openHouse()
  gate: Gate = newGate('portfolio', futuresName, profileLimits(this.model.params, 'futuresProfiles'), houseRules)
  /** Positions that are open, with their stops, by pair. */
  open = new Map<string, OpenFuture>()
  /** Exits and entries that wait, by pair, and why. */
  waiting = new Map<string, Trade['reason'] | 'entry'>()
  tradeCount = 0
  fillCount = 0
  fundingE6 = 0

  wire(): void {
    this.on(MarketData, this.bar)
    this.on(SystemControl, this.halt)
  }

  /** Takes a lock or its end: what waits to enter is cancelled, exits go on. */
  halt(lock: Halt): void {
    if (lock.portfolio !== 'all' && lock.portfolio !== futuresName) return
    if (lock.on) {
      beginLock(this.gate.locks, lock)
      this.cancelEntries('halted', lock.pair)
      this.recordEnds()
    } else {
      const ended = endLock(this.gate.locks, lock.id)
      if (ended !== undefined && isGateLock(ended)) waiveLock(this.gate, ended, houseRules)
    }
  }

  /** The prices of a bar reach the exchange in the order in which they are likeliest: its open, the extreme that is nearer, the other, its close. */
  bar(bar: Bar): void {
    const { pair, time, barMs, open, high, low, close, flags } = bar
    if ((flags & (BarFlag.filled | BarFlag.outlier)) === 0) {
      const [first, second] = close >= open ? [low, high] : [high, low]
      this.index(pair, open, time)
      this.advance({ kind: 'quote', pair, priceUsd: open * (1 + this.premium(pair)), time, reachedBy: time })
      this.index(pair, first, time + Math.round(barMs / 3))
      this.index(pair, second, time + Math.round((2 * barMs) / 3))
      this.index(pair, close, time + barMs)
    }
    gateOnBar(this.keeper, bar)
    this.recordEnds()
  }

  step(): void {
    // Funding falls due when every pair has its mark of this instant.
    this.advance({ kind: 'time', time: this.model.now })
    gateOnStep(this.keeper, this.model.now)
    for (const [pair, view] of this.model.views) {
      if (view.barTime + view.barMs !== this.model.now || this.waiting.has(pair)) continue
      const held = this.open.get(pair)
      if (held === undefined) this.consider(pair, view)
      else this.watch(pair, view, held)
    }
    this.recordEnds()
  }

  /** End of data: what waits to enter is cancelled, and every position is closed at its pair’s last mark. */
  closeAll(): void {
    const { now: time } = this.model
    this.cancelEntries('closed', null)
    for (const pair of [...this.open.keys()]) {
      this.leave(pair, 'end')
      const priceUsd = (this.market.contracts.get(pair)?.markE8 ?? Number.NaN) / UNIT
      this.advance({ kind: 'quote', pair, priceUsd, time, reachedBy: time })
    }
    this.recordEnds()
    assert(totalE6(this.house) === this.house.depositsE6, 'traders, fees and the fund have together what was paid in')
  }

  /** Cancels what waits to enter a pair; null: any. */
  private cancelEntries(reason: string, pair: string | null): void {
    const { orders } = this.market
    for (const order of [...orders.live.values()])
      if (!order.reduces && (pair === null || order.pair === pair)) giveUp(orders, order, reason, this.model.now, this.clearing)
  }

  get account(): PerpAccount {
    return this.house.accounts.get(futuresName) as PerpAccount
  }

  /** NaN where a position has no mark. */
  get equityE6(): number {
    return perpEquityE6(this.account, this.market)
  }

  private consider(pair: string, view: PairView): void {
    const { momentumBars, momentumAtr } = this.model.params
    const before = view.closes.at(-1 - momentumBars)
    const { close, atrMean } = view.analysis
    if (before === undefined || !(atrMean > 0)) return
    const momentum = math.log(close / before) / atrMean
    if (Math.abs(momentum) < momentumAtr) return
    this.enter(pair, view, momentum)
  }

  private enter(pair: string, view: PairView, momentum: number): void {
    const { steps: step, now: time } = this.model
    const intent = this.intentOf(pair, view, momentum)
    const verdict = judge(this.keeper, intent, 'entry')
    const tradeId = `${futuresName}:${step}:${this.key}:${pair}`
    let answer: Answer = answerOf(verdict.refusedBy ?? '', { wantedE8: intent.qtyE8, verdict })
    if (verdict.refusedBy === null) {
      const granted = { ...intent, qtyE8: verdict.qtyE8 }
      this.submit(granted, tradeId, false)
      gateOnEntry(this.keeper, granted)
      this.waiting.set(pair, 'entry')
      answer = answerOf('entry', { tradeId, wantedE8: intent.qtyE8, verdict })
    }
    const { direction, confidence } = intent
    const features = featuresOf(view.analysis)
    const signal = { pair, direction, confidence, agent: this.key, pattern: 'momentum', features }
    const id = this.model.nextDecision()
    this.publish(Decisions, { id, step, time, portfolio: futuresName, signal, ideaId: tradeId, agreeingIdeaId: null, answer })
  }

  private intentOf(pair: string, { analysis }: PairView, momentum: number): Intent {
    const { now: time, params, rules } = this.model
    const instrument = rules.get(pair) ?? { lotE8: null, minQtyE8: 1, minCostE6: 0, tickUsd: null }
    const wantedE6 = Math.floor(this.equityE6 * params.futuresSizeShare)
    return {
      pair,
      direction: momentum > 0 ? 1 : -1,
      qtyE8: wantedE6 > 0 ? lotsWithin(wantedE6, analysis.close, instrument) : 0,
      priceUsd: analysis.close,
      time,
      reduces: false,
      renews: false,
      opposes: false,
      freesE6: 0,
      slippage: params.halfSpread,
      // From a half upwards: a momentum of twice the least is as sure as it becomes.
      confidence: Math.min(1, 0.5 + 0.25 * (Math.abs(momentum) / Math.max(1e-9, params.momentumAtr))),
      agreeing: 1,
      decidedAt: time,
      expiresAt: time + params.barMs,
      closesAt: Number.POSITIVE_INFINITY,
      strategy: futuresName,
      instrument,
    }
  }

  /** Its stop follows the best close; a momentum that has turned ends it too. */
  private watch(pair: string, view: PairView, held: OpenFuture): void {
    const { close } = view.analysis
    const { direction } = held
    held.bestUsd = direction === 1 ? Math.max(held.bestUsd, close) : Math.min(held.bestUsd, close)
    if (direction * (held.bestUsd - close) >= held.stopUsd) return this.leave(pair, 'stop')
    const before = view.closes.at(-1 - this.model.params.momentumBars)
    if (before !== undefined && direction * (close - before) < 0) this.leave(pair, 'opposite')
  }

  private leave(pair: string, reason: Trade['reason']): void {
    const held = this.open.get(pair)
    const position = this.account.positions.get(pair)
    if (held === undefined || position === undefined) return
    const direction = held.direction === 1 ? -1 : 1
    this.submit({ pair, direction, qtyE8: position.qtyE8, priceUsd: Number.NaN }, held.tradeId, true)
    this.waiting.set(pair, reason)
  }

  private submit(
    { pair, direction, qtyE8, priceUsd }: Pick<Intent, 'pair' | 'direction' | 'qtyE8' | 'priceUsd'>,
    clientId: string,
    reduces: boolean,
  ): void {
    const { now: submittedAt, params, rules } = this.model
    const late = barsAfter(rules.get(pair) ?? {}, submittedAt, 2, params.barMs)
    perpVenue.submit(this.market, {
      account: futuresName,
      clientId,
      pair,
      side: direction === 1 ? 'buy' : 'sell',
      qtyE8,
      limitUsd: null,
      referenceUsd: priceUsd,
      reduces,
      submittedAt,
      // An exit waits for as long as it takes.
      expiresAt: reduces ? Number.POSITIVE_INFINITY : late,
    })
  }

  private index(pair: string, priceUsd: number, time: number): void {
    this.advance({ kind: 'index', pair, priceUsd, asOf: time, time })
  }

  private advance(input: PerpInput): void {
    perpVenue.advance(this.market, input, this.clearing)
  }

  private get clearing(): Clearing<PerpEvent> {
    let clearing = clearings.get(this)
    if (clearing === undefined) {
      clearing = perpClearing(this.market, this.house, { refuses: () => null, on: event => this.happened(event) })
      clearings.set(this, clearing)
    }
    return clearing
  }

  private happened(event: OrderEvent | PerpEvent | HouseEvent): void {
    switch (event.kind) {
      case 'filled':
        return this.filled(event)
      case 'cancelled':
      case 'expired':
        this.waiting.delete(event.pair)
        return
      case 'funded': {
        const held = this.open.get(event.pair)
        if (held !== undefined) held.fundingE6 += event.paidE6
        this.fundingE6 += event.paidE6
        return this.noteMargin(event.pair, 'funding', {
          qtyE8: this.account.positions.get(event.pair)?.qtyE8 ?? 0,
          costE6: event.paidE6,
        })
      }
      case 'liquidated': {
        const { pair, qtyE8, lossE6, feeE6, fromFundE6 } = event
        this.noteMargin(pair, 'liquidation', { qtyE8, costE6: lossE6, toFundE6: feeE6, fromFundE6 })
        return this.finish(pair, 'liquidation', -lossE6)
      }
      case 'deleveraged':
        this.noteMargin(event.pair, 'deleveraging', { qtyE8: event.qtyE8, costE6: -event.gainE6 })
        if (!this.account.positions.has(event.pair)) this.finish(event.pair, 'liquidation', event.gainE6)
        return
      default:
    }
  }

  private filled(event: Extract<OrderEvent, { kind: 'filled' }>): void {
    const { pair } = event
    this.fillCount++
    const held = this.open.get(pair)
    const isForced = event.clientId.startsWith(liquidationPrefix)
    const fill = futureFill(event, held?.tradeId ?? event.clientId, held === undefined)
    if (held === undefined) this.open.set(pair, this.opened(event))
    else {
      held.exitE6 += event.notionalE6
      held.feesE6 += isForced ? 0 : event.feeE6
      held.slippageE6 += event.slippageE6
    }
    gateOnFill(this.keeper, fill)
    this.publish(Fills, fill)
    const reason = this.waiting.get(pair)
    if (isForced) return
    this.waiting.delete(pair)
    if (held !== undefined && !this.account.positions.has(pair))
      this.finish(
        pair,
        reason === undefined || reason === 'entry' ? 'stop' : reason,
        held.direction * (held.exitE6 - held.entryE6),
      )
  }

  private opened(event: Extract<OrderEvent, { kind: 'filled' }>): OpenFuture {
    const view = this.model.views.get(event.pair)
    const stopUsd = this.model.params.futuresStopAtr * (view?.analysis.atrMean ?? Number.NaN) * event.priceUsd
    return openFuture(event, stopUsd, view === undefined ? null : featuresOf(view.analysis))
  }

  private finish(pair: string, reason: Trade['reason'], gainE6: number): void {
    const held = this.open.get(pair)
    if (held === undefined) return
    this.open.delete(pair)
    this.waiting.delete(pair)
    const trade = futureTrade(held, { time: this.model.now, reason, gainE6, agent: this.key, barMs: this.model.params.barMs })
    this.tradeCount++
    gateOnTrade(this.keeper, trade)
    this.publish(TradeConfirmations, trade)
  }

  private noteMargin(
    pair: string,
    kind: MarginEvent['kind'],
    money: Pick<MarginEvent, 'qtyE8' | 'costE6'> & Partial<Pick<MarginEvent, 'toFundE6' | 'fromFundE6'>>,
  ): void {
    const markUsd = (this.market.contracts.get(pair)?.markE8 ?? Number.NaN) / UNIT
    this.publish(MarginEvents, {
      kind,
      time: this.model.now,
      portfolio: futuresName,
      pair,
      markUsd,
      toFundE6: 0,
      fromFundE6: 0,
      ...money,
    })
  }

  private recordEnds(): void {
    for (const end of takeEnds(this.market.orders))
      this.publish(OrderEnds, { ...end, portfolio: futuresName, endedAt: this.model.now })
  }

  /** How far a future is above its index: the crowd pays for the trend of the last day. */
  private premium(pair: string): number {
    const dayReturn = this.model.views.get(pair)?.dayReturn ?? Number.NaN
    return Number.isNaN(dayReturn) ? 0 : this.model.params.premiumShare * dayReturn
  }

  private get keeper(): GateKeeper {
    let keeper = keepers.get(this)
    if (keeper === undefined) {
      const account = new FuturesAccount(this, toUsdE6(this.model.params.futuresCapitalUsd))
      keeper = { gate: this.gate, rules: houseRules, account, announce: lock => this.publish(SystemControl, lock) }
      keepers.set(this, keeper)
    }
    return keeper
  }

  private openMarket(): PerpMarket {
    const { params } = this.model
    return newPerpMarket(params.pairs, this.terms, params.halfSpread)
  }

  private openHouse(): ClearingHouse {
    const { params } = this.model
    const house = newClearingHouse(this.terms, toUsdE6(params.insuranceUsd))
    openPerpAccount(house, futuresName, toUsdE6(params.futuresCapitalUsd), params.leverage)
    return house
  }

  private get terms() {
    return { ...usualPerp, takerBp: this.model.params.futuresTakerBp }
  }
}
