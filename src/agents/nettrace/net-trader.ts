/** NetTrader: acts on each latency signal once, within its gate, and keeps one small paper portfolio. */

import type { Bar } from '../../market/index.js'
import { Agent } from '../../model/index.js'
import {
  type Answer,
  actions,
  barsAfter,
  closeEndedPairs,
  closePortfolio,
  Decisions,
  demandOf,
  type Features,
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
  type InstrumentRules,
  MarketData,
  type NetSignal,
  newGate,
  newPortfolio,
  OrderEnds,
  type Portfolio,
  type PortfolioEvents,
  portfolioOnBar,
  portfolioOnMissedBar,
  portfolioOnStep,
  type Signal,
  SystemControl,
  settingsOf,
  styleOf,
  submitSignal,
  type Trade,
  TradeConfirmations,
  takeOrderEnds,
} from '../../trading/index.js'
import { noteClosed } from '../mycelial/operator.js'
import { netTraceLimits } from './limits.js'
import type { NetTraceModel } from './ports.js'
import { keepOut } from './spot-only.js'
import { NetSignals, SignalChanges, type SignalState } from './topics.js'

/** The name of its portfolio. */
const portfolioName = 'nettrace'
/** Latency knows no indicator. */
const noFeatures: Features = { rsi: null, macd: null, bollinger: null, atr: null, volume: null, regime: 1, trend: null }

/** What the gate judges with. It is made of functions, so that it is no part of the state. */
const keepers = new WeakMap<Portfolio, GateKeeper>()

/** A signal that has arrived, until its time is over. */
interface KnownSignal {
  readonly signal: NetSignal
  acted: boolean
}

export class NetTrader extends Agent<NetTraceModel> implements PortfolioEvents {
  portfolio: Portfolio = this.openPortfolio()
  known = new Map<string, KnownSignal>()
  signals: Record<SignalState | 'repeated' | 'unheard', number> = { active: 0, acted: 0, expired: 0, repeated: 0, unheard: 0 }
  decisionCount = 0
  fillCount = 0
  tradeCount = 0

  wire(): void {
    this.on(MarketData, this.bar)
    this.on(NetSignals, this.signal)
    this.on(SystemControl, this.halt)
  }

  /** A signal that comes again is not acted on again. */
  signal(signal: NetSignal): void {
    if (this.model.warming) return
    if (this.known.has(signal.id) || this.known.size >= netTraceLimits.knownSignals) {
      this.signals[this.known.has(signal.id) ? 'repeated' : 'unheard']++
      return
    }
    const known = { signal, acted: false }
    this.known.set(signal.id, known)
    this.change(signal, 'active')
    const answer = this.submit(signal)
    if (!(actions as readonly string[]).includes(answer.outcome)) return
    if (signal.direction === -1) keepOut(this.portfolio.gate, signal.pair, signal.expiresAt)
    known.acted = true
    this.change(signal, 'acted')
  }

  bar(bar: Bar): void {
    portfolioOnBar(this.portfolio, bar, this)
    gateOnBar(this.keeper, bar)
    this.recordEnds()
  }

  halt(halt: Halt): void {
    haltPortfolio(this.portfolio, halt, this.model.gateRules)
    this.recordEnds()
  }

  step(): void {
    const { steps: step, now: time } = this.model
    this.expire()
    closeEndedPairs(this.portfolio, { step, time }, this, pair => this.model.unseenUntil(pair))
    portfolioOnStep(this.portfolio, { step, time })
    gateOnStep(this.keeper, time)
    this.recordEnds()
  }

  /** End of data: every position is closed at its pair's last close. */
  closeAll(): void {
    closePortfolio(this.portfolio, { step: this.model.steps, time: this.model.now }, this)
    this.recordEnds()
  }

  /** Publishes a fill of the portfolio. */
  fill(fill: Fill): void {
    this.fillCount++
    gateOnFill(this.keeper, fill)
    this.publish(Fills, fill)
  }

  trade(trade: Trade): void {
    this.tradeCount++
    gateOnTrade(this.keeper, trade)
    noteClosed(this.model, trade)
    this.publish(TradeConfirmations, trade)
  }

  /** What the exchange demands of orders in a pair from now on. */
  demand(pair: string, rules: InstrumentRules): void {
    demandOf(this.portfolio, pair, rules)
  }

  /** A bar of the past that could not be had in time: what was reached in it is left at a price of today. */
  missedBar(bar: Bar): void {
    portfolioOnMissedBar(this.portfolio, bar)
  }

  private submit(signal: NetSignal): Answer {
    const { steps: step, now: time } = this.model
    const traded = this.signalOf(signal)
    const answer = submitSignal(this.portfolio, traded, { step, time }, this.keeper)
    const id = ++this.decisionCount
    this.publish(Decisions, {
      id,
      step,
      time,
      portfolio: portfolioName,
      signal: traded,
      ideaId: signal.id,
      agreeingIdeaId: null,
      answer,
    })
    this.recordEnds()
    return answer
  }

  private signalOf({ id, pair, direction, confidence, decidedAt, expiresAt, horizonBars, agent, type }: NetSignal): Signal {
    const { barMs } = this.model.params
    return {
      pair,
      direction,
      confidence,
      decidedAt,
      expiresAt,
      closesAt: barsAfter(this.model.rules.get(pair) ?? {}, decidedAt, horizonBars, barMs),
      horizonBars,
      barMs,
      style: styleOf(horizonBars * barMs),
      agent,
      pattern: type,
      prediction: null,
      crossMoatScore: 1,
      features: noFeatures,
      recall: undefined,
      ideaIds: [id],
      collision: false,
    }
  }

  /** What has not led to an order by the end of its time never will. */
  private expire(): void {
    for (const [id, { signal, acted }] of this.known) {
      if (signal.expiresAt > this.model.now) continue
      this.known.delete(id)
      if (!acted) this.change(signal, 'expired')
    }
  }

  private change(signal: NetSignal, state: SignalState): void {
    this.signals[state]++
    this.publish(SignalChanges, { signal, state, time: this.model.now })
  }

  recordEnds(): void {
    for (const end of takeOrderEnds(this.portfolio, this.model.now)) this.publish(OrderEnds, end)
  }

  private get keeper(): GateKeeper {
    let keeper = keepers.get(this.portfolio)
    if (keeper === undefined) {
      keeper = gateKeeper(this.portfolio, this.model.gateRules, {
        doubt: pair => this.doubt(pair),
        announce: lock => this.publish(SystemControl, lock),
      })
      keepers.set(this.portfolio, keeper)
    }
    return keeper
  }

  /** Why no entry is made where data may be missing, whatever the limits are. */
  private doubt(pair: string): string | null {
    const { stale, linkDownSince, clockOffSince } = this.model
    if (linkDownSince !== null) return 'linkDown'
    if (clockOffSince !== undefined) return 'clockOff'
    return stale.has(pair) ? 'stalePair' : null
  }

  private openPortfolio(): Portfolio {
    const { rules, params, limits, gateRules } = this.model
    const settings = { ...params, ...fixedSettings, ...settingsOf(limits) }
    const gate = newGate('portfolio', portfolioName, limits, gateRules)
    return newPortfolio(portfolioName, settings, rules as ReadonlyMap<string, InstrumentRules>, gate)
  }
}

/** What the profile and the bars of a latency trader leave no choice of. */
const fixedSettings = { stopAtr: 0, targetAtr: 0, latencyMs: 0, fillOn: 'bars', sizing: 'steep' } as const
