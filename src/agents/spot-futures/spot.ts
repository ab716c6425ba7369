/** SpotAgent: cautious: it only buys, holds for a time, and enters where a model that learns from every look expects a gain after costs. */

import { math } from '../../core/index.js'
import { barsAfter } from '../../exchange/index.js'
import type { Bar } from '../../market/index.js'
import { Agent } from '../../model/index.js'
import {
  closeEndedPairs,
  closePortfolio,
  Decisions,
  type Fill,
  Fills,
  featuresOf,
  type GateKeeper,
  gateKeeper,
  gateOnBar,
  gateOnFill,
  gateOnStep,
  gateOnTrade,
  type Halt,
  haltPortfolio,
  houseRules,
  type Logistic,
  learnLogistic,
  logisticOf,
  MarketData,
  newGate,
  newLogistic,
  newPortfolio,
  OrderEnds,
  type Portfolio,
  type PortfolioEvents,
  portfolioOnBar,
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
import { profileLimits } from './gate-limits.js'
import { spotFuturesLimits } from './limits.js'
import { spotName } from './names.js'
import type { PairView, SpotFuturesModel } from './ports.js'

/** What its model sees of a pair. */
export const spotFeatures = ['divergence', 'regime', 'atr', 'volume', 'trend'] as const

/** What the gate judges with. It is made of functions, so that it is no part of the state. */
const keepers = new WeakMap<Portfolio, GateKeeper>()

/** A look whose outcome is not known yet. */
interface OpenOutcome {
  readonly pair: string
  readonly dueStep: number
  readonly close: number
  readonly features: readonly number[]
}

export class SpotAgent extends Agent<SpotFuturesModel> implements PortfolioEvents {
  portfolio: Portfolio = this.openPortfolio()
  gains: Logistic = newLogistic(spotFeatures.length)
  outcomes: OpenOutcome[] = []
  /** Outcomes for which there was no room. */
  unlearnt = 0
  looks = 0
  /** Looks at which the model did not expect enough. */
  unlikely = 0
  fillCount = 0
  tradeCount = 0

  wire(): void {
    this.on(MarketData, this.bar)
    this.on(SystemControl, this.halt)
  }

  bar(bar: Bar): void {
    portfolioOnBar(this.portfolio, bar, this)
    gateOnBar(this.keeper, bar)
    this.recordEnds()
  }

  halt(halt: Halt): void {
    haltPortfolio(this.portfolio, halt)
    this.recordEnds()
  }

  step(): void {
    const { steps: step, now: time } = this.model
    const { pairs, spotEveryBars } = this.model.params
    this.learn(step)
    closeEndedPairs(this.portfolio, { step, time }, this, () => Number.NEGATIVE_INFINITY)
    portfolioOnStep(this.portfolio, { step, time })
    gateOnStep(this.keeper, time)
    // Each pair has its turn, so that no step looks at all of them.
    for (let i = step % spotEveryBars; i < pairs.length; i += spotEveryBars) this.look(pairs[i] as string)
    this.recordEnds()
  }

  /** End of data: every position is closed at its pair's last close. */
  closeAll(): void {
    closePortfolio(this.portfolio, { step: this.model.steps, time: this.model.now }, this)
    this.recordEnds()
  }

  fill(fill: Fill): void {
    this.fillCount++
    gateOnFill(this.keeper, fill)
    this.publish(Fills, fill)
  }

  trade(trade: Trade): void {
    this.tradeCount++
    gateOnTrade(this.keeper, trade)
    this.publish(TradeConfirmations, trade)
  }

  /** What its model sees of a pair; null: something is not known yet. */
  featuresOf(pair: string): readonly number[] | null {
    const view = this.model.views.get(pair)
    if (view === undefined) return null
    const features = seenOf(view, this.model.regime, this.model.divergenceOf(pair)?.size ?? 0)
    return features.every(Number.isFinite) ? features : null
  }

  private look(pair: string): void {
    const features = this.featuresOf(pair)
    const view = this.model.views.get(pair)
    if (features === null || view === undefined) return
    this.looks++
    this.await(pair, view.analysis.close, features)
    const { minProbability, learnOutcomes } = this.model.params
    const probability = logisticOf(this.gains, features)
    if (this.gains.outcomes < learnOutcomes) return
    if (probability < minProbability) this.unlikely++
    else this.submit(pair, view, probability)
  }

  private submit(pair: string, view: PairView, probability: number): void {
    const { steps: step, now: time } = this.model
    const signal = this.signalOf(pair, view, probability)
    const answer = submitSignal(this.portfolio, signal, { step, time }, this.keeper)
    const id = this.model.nextDecision()
    const ideaId = signal.ideaIds[0] ?? ''
    this.publish(Decisions, { id, step, time, portfolio: spotName, signal, ideaId, agreeingIdeaId: null, answer })
  }

  private signalOf(pair: string, { analysis }: PairView, confidence: number): Signal {
    const { now: decidedAt, steps, params, rules } = this.model
    const { spotHorizonBars: horizonBars, barMs } = params
    return {
      pair,
      direction: 1,
      confidence,
      decidedAt,
      expiresAt: decidedAt + barMs,
      closesAt: barsAfter(rules.get(pair) ?? {}, decidedAt, horizonBars, barMs),
      horizonBars,
      barMs,
      style: styleOf(horizonBars * barMs),
      agent: this.key,
      pattern: null,
      prediction: null,
      crossMoatScore: 1,
      features: featuresOf(analysis),
      recall: undefined,
      ideaIds: [`${spotName}:${steps}:${pair}`],
      collision: false,
    }
  }

  /** Every look is learnt from, whether anything was bought or not. */
  private await(pair: string, close: number, features: readonly number[]): void {
    if (this.outcomes.length >= spotFuturesLimits.waitingOutcomes) this.unlearnt++
    else this.outcomes.push({ pair, dueStep: this.model.steps + this.model.params.spotHorizonBars, close, features })
  }

  private learn(step: number): void {
    const { feeRate, halfSpread, slippage } = this.model.params
    const cost = 2 * (feeRate + halfSpread + slippage)
    let due = 0
    for (const { pair, dueStep, close, features } of this.outcomes) {
      if (dueStep > step) break
      due++
      const now = this.model.views.get(pair)?.analysis.close ?? Number.NaN
      if (now > 0) learnLogistic(this.gains, features, now / close - 1 > cost)
    }
    if (due > 0) this.outcomes.splice(0, due)
  }

  recordEnds(): void {
    for (const end of takeOrderEnds(this.portfolio, this.model.now)) this.publish(OrderEnds, end)
  }

  private get keeper(): GateKeeper {
    let keeper = keepers.get(this.portfolio)
    if (keeper === undefined) {
      keeper = gateKeeper(this.portfolio, houseRules, {
        doubt: pair => (this.model.stale.has(pair) ? 'stalePair' : null),
        announce: lock => this.publish(SystemControl, lock),
      })
      keepers.set(this.portfolio, keeper)
    }
    return keeper
  }

  private openPortfolio(): Portfolio {
    const { rules, params } = this.model
    const limits = profileLimits(params, 'profiles')
    const settings = { ...params, ...settingsOf(limits), latencyMs: 0, fillOn: 'bars' as const }
    return newPortfolio(spotName, settings, rules, newGate('portfolio', spotName, limits, houseRules))
  }
}

const regimeNumbers = { bull: 1, bear: -1, sideways: 0, unknown: 0 } as const

/** Numbers of about the same size; NaN where one is not known. */
function seenOf({ analysis }: PairView, regime: SpotFuturesModel['regime'], divergence: number): number[] {
  const { atrShare, atrMean, volumeRatio } = analysis
  const { trend } = featuresOf(analysis)
  return [
    Math.max(-3, Math.min(3, divergence)),
    regimeNumbers[regime],
    math.log(atrShare / atrMean),
    math.log(Math.max(0.05, volumeRatio)),
    Math.max(-3, Math.min(3, trend ?? Number.NaN)),
  ]
}
