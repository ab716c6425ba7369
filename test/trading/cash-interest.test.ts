import { describe, expect, it } from 'vitest'
import { fromUsdE6 } from '../../src/core/index.js'
import {
  buyAndHoldMetrics,
  buyAndHoldOnBar,
  buyAndHoldOnStep,
  closePortfolio,
  equityE6,
  matchedHold,
  newBuyAndHold,
  newPerformance,
  type Portfolio,
  portfolioMetrics,
  portfolioOnBar,
  portfolioOnStep,
  sampleEquity,
} from '../../src/trading/index.js'
import { auditPortfolio, bar, HOUR, portfolio, type Recorder, recorder, signal, submitNow, T0 } from './support.js'

const year = 365 * 24

const at = (hour: number) => ({ step: hour, time: T0 + hour * HOUR })

function step(b: Portfolio, r: Recorder, hour: number, open: number): void {
  portfolioOnBar(b, bar(hour, open), r)
  portfolioOnStep(b, at(hour + 1))
}

describe('interest on idle cash', () => {
  it('adds a year’s rate in a year of bars, compounded by them, to cash that nothing else moves', () => {
    const b = portfolio({ cashRatePerYear: 0.05, capitalUsd: 1_000 })
    for (let h = 0; h <= year; h++) portfolioOnStep(b, { step: h, time: T0 + h * HOUR })
    expect(fromUsdE6(equityE6(b))).toBeCloseTo(1_000 * Math.exp(0.05), 2)
    expect(b.cashE6).toBe(1_000_000_000)
    expect(portfolioMetrics(b).values.interest).toBeCloseTo(fromUsdE6(equityE6(b)) - 1_000, 9)
  })

  it('is none without a rate', () => {
    const b = portfolio()
    for (let h = 0; h <= 100; h++) portfolioOnStep(b, { step: h, time: T0 + h * HOUR })
    expect(equityE6(b)).toBe(b.startE6)
  })

  it('is not earned by what is in a position, long or short, and stays when the positions are closed', () => {
    const idle = portfolio({ cashRatePerYear: 0.5 })
    for (let h = 1; h <= 50; h++) portfolioOnStep(idle, at(h))
    for (const direction of [1, -1] as const) {
      const b = portfolio({ cashRatePerYear: 0.5, sizeShare: 0.5, grossLimit: 1, feeRate: 0, borrowRatePerDay: 0 })
      const r = recorder()
      step(b, r, 0, 100)
      submitNow(b, signal({ direction, horizonBars: 1_000, confidence: 1 }), at(1))
      for (let h = 1; h <= 50; h++) step(b, r, h, 100)
      expect(b.interestE6 / idle.interestE6).toBeCloseTo(0.5, 1)
      const earned = b.interestE6
      closePortfolio(b, at(51), r)
      expect(b.performance.lastE6).toBe(b.cashE6 + earned)
      expect(auditPortfolio(b)).toBe(0)
    }
  })

  it('is earned by buy-and-hold until it has bought, and by the part that a matched one keeps', () => {
    const settings = { ...portfolio().settings, cashRatePerYear: 0.05, feeRate: 0, halfSpread: 0, slippage: 0 }
    const hold = newBuyAndHold(['A', 'B'], settings)
    for (let h = 0; h <= year; h++) {
      buyAndHoldOnBar(hold, bar(h, 100))
      buyAndHoldOnStep(hold, T0 + h * HOUR)
    }
    // Half waits for a pair that never trades.
    const half = settings.capitalUsd / 2
    expect(buyAndHoldMetrics(hold).values.interest).toBeCloseTo(half * (Math.exp(0.05) - 1), 0)
    // A portfolio without risk leaves all of it in cash.
    const still = newPerformance(hold.performance.startE6)
    for (let h = 0; h <= year; h++) sampleEquity(still, { time: T0 + h * HOUR, equityE6: 1, grossE6: 0, halted: false })
    const matched = matchedHold(hold, still)
    expect(matched).toMatchObject({ share: 0 })
    expect(matched?.return).toBeCloseTo(0.05, 6)
  })
})
