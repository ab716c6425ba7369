/** Trading: receives both kinds of ideas, detects their collisions, and keeps the three paper portfolios. */

import type { TimeMs } from '../../core/index.js'
import type { Bar, MarketTrade } from '../../market/index.js'
import { Agent } from '../../model/index.js'
import {
  type Answer,
  answerOf,
  BaselineIdeas,
  type BuyAndHold,
  buyAndHoldOnBar,
  buyAndHoldOnStep,
  type Collisions,
  closeEndedPairs,
  closePortfolio,
  collide,
  collisionSignal,
  type DecidedSignal,
  Decisions,
  DoubtedTicks,
  demandOf,
  equityE6,
  type Fill,
  Fills,
  type GateKeeper,
  gateKeeper,
  gateOnBar,
  gateOnFill,
  gateOnStep,
  gateOnTrade,
  type Halt,
  haltPortfolio,
  type Idea,
  type InstrumentRules,
  ideaSignal,
  judgeEntry,
  type Limits,
  MarketData,
  MarketHistories,
  MarketTicks,
  Marks,
  MycelialIdeas,
  newBuyAndHold,
  newCollisions,
  newGate,
  newPortfolio,
  OrderEnds,
  type PairHistory,
  type Portfolio,
  type PortfolioEvents,
  type PortfolioName,
  passOver,
  portfolioNames,
  portfolioOnBar,
  portfolioOnDoubtedTrade,
  portfolioOnMarketTrade,
  portfolioOnMissedBar,
  portfolioOnStep,
  type Signal,
  type StandingViews,
  SynthesizedTrades,
  SystemControl,
  sessionOf,
  setPortfolioLimits,
  settingsOf,
  submitSignal,
  swarmPortfolio,
  type Trade,
  TradeConfirmations,
  takeOrderEnds,
  viewEntered,
} from '../../trading/index.js'
import { noteClosed } from './operator.js'
import type { SwarmModel } from './ports.js'
import { noteAbsence, noteLost, unseenUntil } from './sight.js'
import { isFromBefore } from './watched.js'

const passedOver = { standing: answerOf('standing'), unpaid: answerOf('unpaid') } as const

/** What each portfolio’s gate judges with. It is made of functions, so that it is no part of the state. */
const keepers = new WeakMap<Portfolio, GateKeeper>()

export class Trading extends Agent<SwarmModel> implements PortfolioEvents {
  portfolios: Record<PortfolioName, Portfolio> = this.openPortfolios()
  buyAndHold: BuyAndHold = this.openBuyAndHold()
  collisions: Collisions = newCollisions(this.model.params.collisionWindowMs)
  standingViews: StandingViews = new Map()
  ideas: Record<'baseline' | 'mycelial', number> = { baseline: 0, mycelial: 0 }
  /** Pairs whose data ended while a position was open: the end of their last bar, and positions closed. */
  endedPairs = new Map<string, { lastBarEnd: TimeMs; positions: number }>()
  /** Live, by pair: until when bars of it are lost to this run; undefined where none are, as in every simulation. */
  unseen?: Map<string, TimeMs>
  decisionCount = 0
  fillCount = 0
  tradeCount = 0

  wire(): void {
    this.on(MarketData, this.bar)
    this.on(MarketTicks, this.tick)
    this.on(DoubtedTicks, this.doubtedTick)
    this.on(MarketHistories, this.history)
    this.on(BaselineIdeas, this.idea)
    this.on(MycelialIdeas, this.idea)
    this.on(SystemControl, this.halt)
  }

  /** Every idea goes to the portfolio of its kind, and with one of the other kind that agrees to the synthesized portfolio. */
  idea(idea: Idea): void {
    if (this.model.warming) return
    this.ideas[idea.source]++
    this.take(idea)
    const collision = collide(this.collisions, idea)
    if (collision === null) return
    const { mycelial, baseline } = collision
    this.submit(
      'synthesized',
      collisionSignal(mycelial, baseline, this.model.rules.get(idea.pair)),
      Math.max(mycelial.decidedAt, baseline.decidedAt),
    )
  }

  bar(bar: Bar): void {
    for (const name of portfolioNames) {
      portfolioOnBar(this.portfolios[name], bar, this)
      gateOnBar(this.gateKeeper(name), bar)
    }
    this.recordEnds()
    if (!this.isWaiting) buyAndHoldOnBar(this.buyAndHold, bar)
  }

  tick(trade: MarketTrade): void {
    this.print(trade, portfolioOnMarketTrade)
  }

  /** A trade whose price moves nothing: only what an operator closes leaves at it. */
  doubtedTick(trade: MarketTrade): void {
    this.print(trade, portfolioOnDoubtedTrade)
  }

  /** Bars of a pair are lost. */
  gap(pair: string, to: TimeMs): void {
    noteLost(this, pair, to)
  }

  halt(halt: Halt): void {
    for (const name of portfolioNames) haltPortfolio(this.portfolios[name], halt, this.model.gateRules)
    this.recordEnds()
  }

  step(): void {
    const { model, portfolios } = this
    const now = { step: model.steps, time: model.now }
    noteAbsence(this)
    if (!this.isWaiting) {
      for (const name of portfolioNames) {
        closeEndedPairs(portfolios[name], now, this, pair => unseenUntil(this, pair))
        portfolioOnStep(portfolios[name], now)
        gateOnStep(this.gateKeeper(name), model.now)
      }
      buyAndHoldOnStep(this.buyAndHold, model.now)
      this.recordEnds()
    }
    const { baseline, mycelial, synthesized } = portfolios
    const equities = { baseline: equityE6(baseline), mycelial: equityE6(mycelial), synthesized: equityE6(synthesized) }
    this.publish(Marks, { ...now, equityE6: equities })
  }

  /** End of data: every position is closed at its pair's last close. */
  closeAll(): void {
    const now = { step: this.model.steps, time: this.model.now }
    for (const name of portfolioNames) closePortfolio(this.portfolios[name], now, this)
    this.recordEnds()
  }

  /** Limits that an operator changed: of the gates, and of what follows from them. Entries that wait in pairs that are off go. */
  setLimits(limits: Limits): void {
    for (const name of portfolioNames) {
      const portfolio = this.portfolios[name]
      setPortfolioLimits(portfolio, limits, this.model.gateRules, this.model.now)
    }
    this.recordEnds()
  }

  /** Starts again in a new market: portfolios, orders and counters are fresh. */
  reopen(): void {
    this.portfolios = this.openPortfolios()
    this.buyAndHold = this.openBuyAndHold()
    this.collisions = newCollisions(this.model.params.collisionWindowMs)
    this.standingViews.clear()
    this.ideas = { baseline: 0, mycelial: 0 }
    this.endedPairs.clear()
    delete this.unseen
    this.decisionCount = 0
    this.fillCount = 0
    this.tradeCount = 0
  }

  /** False until the first bar on which the portfolios may trade: every figure of them and of buy-and-hold counts from there. */
  get hasBegun(): boolean {
    return this.buyAndHold.performance.bars > 0
  }

  /** Live: bars come from the past, another process may run these agents, or no pair has data: nobody may trade yet. */
  private get isWaiting(): boolean {
    if (this.hasBegun) return false
    const { warming, linkDownSince, stale, pairs } = this.model
    return warming || linkDownSince !== null || pairs.every(pair => stale.has(pair))
  }

  /** The portfolio of its kind answers an idea; of the baseline's, those that its entry rule lets through. */
  private take(idea: Idea): void {
    const { baselineRule, baselineGate, baselineMinHold: minHold } = this.model.params
    if (idea.source === 'mycelial' || baselineRule === 'talkative') return this.submitIdea(idea)
    const { baseline } = this.portfolios
    const leastMove = baselineGate * this.model.roundTripCost
    const verdict = judgeEntry(this.standingViews, baseline, idea, { leastMove, minHold })
    if (verdict === 'act') return this.submitIdea(idea)
    passOver(baseline, verdict)
    this.record('baseline', idea, idea.id, null, passedOver[verdict])
  }

  private submitIdea(idea: Idea): void {
    this.submit(idea.source, ideaSignal(idea, this.model.rules.get(idea.pair)), idea.decidedAt)
  }

  /** An order counts as decided with its idea, if memory answered within the latency of every order; else as decided now. */
  private submit(name: PortfolioName, signal: Signal, decidedAt: TimeMs): void {
    const { model } = this
    const time = model.now - decidedAt <= model.params.latencyMs ? decidedAt : model.now
    const answer = submitSignal(this.portfolios[name], signal, { step: model.steps, time }, this.gateKeeper(name))
    this.record(name, signal, signal.ideaIds[0] as string, signal.ideaIds[1] ?? null, answer)
    this.recordEnds()
  }

  private record(
    portfolio: PortfolioName,
    signal: DecidedSignal,
    ideaId: string,
    agreeingIdeaId: string | null,
    answer: Answer,
  ): void {
    const { steps: step, now: time } = this.model
    this.publish(Decisions, { id: ++this.decisionCount, step, time, portfolio, signal, ideaId, agreeingIdeaId, answer })
  }

  /** Writes down how orders ended, in the tick in which they did. */
  recordEnds(): void {
    for (const name of portfolioNames)
      for (const end of takeOrderEnds(this.portfolios[name], this.model.now)) this.publish(OrderEnds, end)
  }

  /** What the exchange demands of orders in a pair from now on. */
  demand(pair: string, rules: InstrumentRules): void {
    for (const name of portfolioNames) demandOf(this.portfolios[name], pair, rules)
  }

  /** Takes bars of the past that could not be had in time: what was reached in them is left at a price of today. */
  history({ bars }: PairHistory): void {
    for (const name of portfolioNames) for (const bar of bars) portfolioOnMissedBar(this.portfolios[name], bar)
  }

  /** Why no entry is made where data may be missing, whatever the limits are. */
  private doubt(pair: string): string | null {
    const { stale, linkDownSince, clockOffSince, clocksOff, hasRiskManager } = this.model
    if (!hasRiskManager) return 'unwatched'
    if (linkDownSince !== null) return 'linkDown'
    if (clockOffSince !== undefined || clocksOff?.has(pair)) return 'clockOff'
    return stale.has(pair) ? 'stalePair' : null
  }

  /** A portfolio's gate with its surroundings: locks that it begins or ends take effect here, and are announced. */
  private gateKeeper(name: PortfolioName): GateKeeper {
    const portfolio = this.portfolios[name]
    let keeper = keepers.get(portfolio)
    if (keeper === undefined) {
      keeper = gateKeeper(portfolio, this.model.gateRules, {
        doubt: pair => this.doubt(pair),
        announce: lock => this.publish(SystemControl, lock),
      })
      keepers.set(portfolio, keeper)
    }
    return keeper
  }

  private print(trade: MarketTrade, deliver: typeof portfolioOnMarketTrade): void {
    // The miner may have watched while this process did not: after a lost link the last print comes again.
    if (isFromBefore(this.model, trade)) return
    for (const name of portfolioNames) deliver(this.portfolios[name], trade, this)
    this.recordEnds()
  }

  private noteEnd({ portfolio, pair }: Trade): void {
    const { barTime = 0, barMs = 0 } = this.portfolios[swarmPortfolio(portfolio)].instruments.get(pair) ?? {}
    const positions = (this.endedPairs.get(pair)?.positions ?? 0) + 1
    this.endedPairs.set(pair, { lastBarEnd: barTime + barMs, positions })
  }

  /** Publishes a portfolio's fill. */
  fill(fill: Fill): void {
    this.fillCount++
    gateOnFill(this.gateKeeper(swarmPortfolio(fill.portfolio)), fill)
    if (fill.opens && fill.portfolio === 'baseline') viewEntered(this.standingViews, fill.pair, fill.side === 'buy' ? 1 : -1)
    this.publish(Fills, fill)
  }

  trade(trade: Trade): void {
    this.tradeCount++
    gateOnTrade(this.gateKeeper(swarmPortfolio(trade.portfolio)), trade)
    noteClosed(this.model, trade)
    if (trade.reason === 'data-ended') this.noteEnd(trade)
    this.publish(TradeConfirmations, trade)
    if (trade.portfolio === 'synthesized') this.publish(SynthesizedTrades, trade)
  }

  private openBuyAndHold(): BuyAndHold {
    const { pairs, params, rules } = this.model
    return newBuyAndHold(pairs, params, sessionOf([...rules.values()]))
  }

  private openPortfolios(): Record<PortfolioName, Portfolio> {
    const { rules, params, limits, gateRules } = this.model
    const settings = { ...params, ...settingsOf(limits) }
    const open = (name: PortfolioName) => newPortfolio(name, settings, rules, newGate('portfolio', name, limits, gateRules))
    return { baseline: open('baseline'), mycelial: open('mycelial'), synthesized: open('synthesized') }
  }
}
