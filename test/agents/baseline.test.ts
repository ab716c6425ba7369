/** What the baseline enters of the views it is shown, and that every idea it leaves is counted by its reason. */

import { describe, expect, it } from 'vitest'
import { Analyst, type Bar, sparseMarket, swarmScenario, synthetic, TechnicalAnalysis, type Vote } from '../../src/market.js'
import { resume, simulate } from '../../src/model/index.js'
import {
  BaselineIdeas,
  type BaselineSummary,
  baselineSentence,
  Fills,
  type Idea,
  TradeConfirmations,
} from '../../src/trading/index.js'
import { type ByHand, ideaNow, pair, swarmByHand } from './swarm-by-hand.js'

/** Round trip 20 bp; half of a horizon is the shortest holding time. */
function technical(over: Parameters<typeof swarmByHand>[0] = {}): ByHand {
  const swarm = swarmByHand({ baselineRule: 'technical', feeRate: 0.001, ...over })
  swarm.live(2)
  return swarm
}

const horizonBars = 6
/** One bar on which the analyst’s view is this; 0: neutral. */
function view(swarm: ByHand, direction: 1 | -1 | 0, over: Partial<Idea> = {}): void {
  if (direction !== 0) swarm.tick(ideaNow(swarm, 'baseline', { direction, horizonBars, ...over }))
  swarm.live(1)
}
const held = (swarm: ByHand) => swarm.instrument('baseline').position?.signal.direction
const ignored = (swarm: ByHand) => swarm.portfolio('baseline').ignored
const entries = (swarm: ByHand) => swarm.said(Fills).filter(fill => fill.portfolio === 'baseline' && fill.opens).length

describe('the baseline', () => {
  it('enters a standing view once, and counts the bars that repeat it', () => {
    const swarm = technical()
    for (let bar = 0; bar < 5; bar++) view(swarm, 1)
    expect(held(swarm)).toBe(1)
    expect(entries(swarm)).toBe(1)
    expect(ignored(swarm).standing).toBe(4)
  })

  it('keeps its position while the view stands: at its horizon it is renewed without a trade', () => {
    const swarm = technical()
    for (let bar = 0; bar < 4 * horizonBars; bar++) view(swarm, 1)
    expect(entries(swarm)).toBe(1)
    expect(held(swarm)).toBe(1)
    expect(swarm.portfolio('baseline').extended).toBe(3)
  })

  it('leaves at the horizon once the view is gone', () => {
    const swarm = technical()
    view(swarm, 1)
    for (let bar = 0; bar < horizonBars; bar++) view(swarm, 0)
    expect(held(swarm)).toBeUndefined()
    expect(swarm.said(TradeConfirmations)).toMatchObject([{ portfolio: 'baseline', reason: 'horizon' }])
  })

  it('is not turned round by an opposite view before its shortest holding time, and is after it', () => {
    const swarm = technical()
    view(swarm, 1)
    view(swarm, -1)
    view(swarm, -1)
    expect(held(swarm)).toBe(1)
    expect(ignored(swarm).standing).toBe(2)
    view(swarm, -1)
    view(swarm, -1)
    expect(swarm.said(TradeConfirmations)).toMatchObject([{ reason: 'opposite' }])
    view(swarm, -1)
    expect(held(swarm)).toBe(-1)
    expect(entries(swarm)).toBe(2)
  })

  it('does not enter a view again whose position a stop has closed, until the view has been withdrawn', () => {
    const swarm = technical({ stopAtr: 1 })
    const features = { rsi: null, macd: null, bollinger: null, atr: 0.01, volume: null, trend: null, regime: 1 }
    /** A bar at 100 that falls to `low`, after a view or without one. */
    const bar = (low: number, shown = true) => {
      if (shown) swarm.tick(ideaNow(swarm, 'baseline', { horizonBars, features }))
      swarm.step(swarm.bar(pair, 100, { low }))
    }
    bar(100, false)
    bar(100)
    expect(held(swarm)).toBe(1)
    bar(90)
    expect(swarm.said(TradeConfirmations)).toMatchObject([{ reason: 'stop' }])
    for (let n = 0; n < 4; n++) bar(100)
    expect(entries(swarm)).toBe(1)
    expect(ignored(swarm).standing).toBe(5)
    bar(100, false)
    bar(100)
    expect(entries(swarm)).toBe(2)
  })

  it('passes a view over whose expected move is below its costs, and enters it on the bar it is not', () => {
    const swarm = technical()
    view(swarm, 1, { prediction: 0.0019 })
    view(swarm, 1, { prediction: 0.0019 })
    expect(ignored(swarm).unpaid).toBe(2)
    expect(held(swarm)).toBeUndefined()
    view(swarm, 1, { prediction: 0.0021 })
    expect(held(swarm)).toBe(1)
  })

  it('asks for as many round trips as its gate says, and for none where no move is claimed', () => {
    const strict = technical({ baselineGate: 2 })
    view(strict, -1, { prediction: -0.0039 })
    expect(held(strict)).toBeUndefined()
    view(strict, -1, { prediction: -0.0041 })
    expect(held(strict)).toBe(-1)
    const silent = technical({ baselineGate: 100 })
    view(silent, 1, { prediction: null })
    expect(held(silent)).toBe(1)
  })

  it('is the baseline’s rule alone: swarm and collisions hear every idea', () => {
    const swarm = technical()
    for (let bar = 0; bar < 3; bar++) {
      swarm.tick(ideaNow(swarm, 'baseline', { horizonBars }), ideaNow(swarm, 'mycelial', { horizonBars: 1 }))
      swarm.live(1)
    }
    expect(swarm.model.summary()).toMatchObject({ collisions: { seen: 3 }, ideasBySource: { baseline: 3, mycelial: 3 } })
    expect(swarm.portfolio('synthesized').signals).toBe(3)
    expect(ignored(swarm).standing).toBe(2)
  })

  it('talkative trades every idea, and knows no trend', () => {
    const swarm = swarmByHand({ feeRate: 0.001 })
    swarm.live(2)
    for (let bar = 0; bar < 2; bar++) view(swarm, 1, { prediction: 0 })
    for (let bar = 0; bar < 3; bar++) view(swarm, -1, { prediction: 0 })
    expect(entries(swarm)).toBe(2)
    expect(ignored(swarm)).toEqual({ sameDirection: 2 })
    expect(swarm.model.trend).toBeNull()
  })
})

/** A quick market with few agents: only what the baseline needs. */
const small = {
  financeLearners: 0,
  codeLearners: 0,
  logisticsLearners: 0,
  governmentLearners: 0,
  corporationsLearners: 0,
  instigators: 0,
  researchers: 0,
  memories: 0,
} as const
const options = { name: 'baseline', title: 'The baseline alone', market: synthetic() }

describe('a run of the technical trader', () => {
  it('trades rarely, says what became of its views, and publishes them on every bar they stand', () => {
    const sim = simulate(swarmScenario({ ...options, defaults: small }), { seed: 3, collect: false })
    let ideas = 0
    sim.tap((topic, message) => {
      if (topic !== BaselineIdeas) return
      ideas++
      const { prediction, direction, horizonBars: bars } = message as Idea
      expect(Math.sign(prediction as number)).toBe(direction)
      expect([30, 60, 120, 240]).toContain(bars)
    })
    sim.run({ steps: 1_500 })
    sim.finish()
    const { baseline, portfolios } = sim.model.summary() as {
      baseline: BaselineSummary
      portfolios: { baseline: { trades: number } }
    }
    expect(ideas).toBeGreaterThan(5_000)
    expect(baseline).toMatchObject({ rule: 'technical', views: ideas, trend: { fast: 24, slow: 96, horizonBars: 120 } })
    expect(portfolios.baseline.trades).toBeGreaterThan(5)
    expect(portfolios.baseline.trades).toBeLessThan(300)
    expect(baselineSentence(baseline)).toContain('Baseline: follows the trend 24/96 for 120 bars (as set); of ')
  })

  it('resumed from any step equals the uninterrupted one, walk-forward and standing views included', () => {
    const scenario = swarmScenario({ ...options, defaults: small })
    const whole = simulate(scenario, { seed: 5, collect: false })
    whole.run({ steps: 2_100 })
    const part = simulate(scenario, { seed: 5, collect: false })
    part.run({ steps: 1_300 })
    const again = resume(scenario, part.save())
    again.run({ steps: 800 })
    expect(again.digest).toBe(whole.digest)
    expect(again.model.summary()).toEqual(whole.model.summary())
    expect(whole.model.trend?.wholeBlocks).toBe(4)
  })

  it('a user’s strategy is entered by the same rule, and may say horizon and expected move itself', () => {
    class Trend extends Analyst {
      override judge(_: Bar): Vote {
        return { direction: 1, confidence: 0.8, expectedMove: this.pair === 'SOLUSD' ? 0.001 : 0.5, horizonBars: 48 }
      }
    }
    const scenario = swarmScenario({ ...options, market: sparseMarket(), analysts: { Trend }, defaults: small })
    const sim = simulate(scenario, { seed: 1, collect: false })
    const seen: Idea[] = []
    sim.tap((topic, message) => void (topic === BaselineIdeas && seen.push(message as Idea)))
    sim.run({ steps: 300 })
    expect(seen.every(idea => idea.horizonBars === 48)).toBe(true)
    expect(seen.find(idea => idea.pair === 'SOLUSD')?.prediction).toBe(0.001)
    const { baseline } = sim.model.traders.at(0)?.portfolios ?? {}
    expect(baseline?.ignored.unpaid).toBe(seen.filter(idea => idea.pair === 'SOLUSD').length)
    expect(baseline?.extended).toBeGreaterThan(0)
    expect(sim.model.trend).toBeNull()
    expect(sim.model.summary()).toMatchObject({ baseline: { rule: 'technical', trend: null } })
  })

  it('a strategy that extends TechnicalAnalysis follows trends too', () => {
    class Mine extends TechnicalAnalysis {}
    const sim = simulate(swarmScenario({ ...options, analysts: { Mine }, defaults: small }), { seed: 1, collect: false })
    expect(sim.model.trend).not.toBeNull()
  })
})
