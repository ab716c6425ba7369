import { describe, expect, it } from 'vitest'
import { Rng, rootOf, USD } from '../../src/core/index.js'
import {
  addMoment,
  buyAndHoldOnBar,
  buyAndHoldOnStep,
  buyAndHoldReturn,
  matchedHold,
  meanInterval,
  newBuyAndHold,
  newMoments,
  newPerformance,
  portfolioMetrics,
  sampleEquity,
  sampleSd,
  sampleTrade,
  sharpeInterval,
  studentQuantile,
  type Trade,
} from '../../src/trading/index.js'
import { bar, HOUR, portfolio, settings, T0 } from './support.js'

const rng = () => Rng.derive(rootOf(8), 1, 1)

describe('95 % intervals', () => {
  it('use Student’s quantiles, within 1 % of the tables', () => {
    for (const [degrees, table] of [
      [4, 2.776],
      [5, 2.571],
      [10, 2.228],
      [30, 2.042],
      [1e6, 1.96],
    ] as const)
      expect(studentQuantile(degrees) / table).toBeCloseTo(1, 2)
  })

  it('hold the true mean, and the true Sharpe ratio, in about 95 of 100 samples', () => {
    const random = rng()
    let [means, ratios] = [0, 0]
    const runs = 2_000
    for (let k = 0; k < runs; k++) {
      const moments = newMoments()
      for (let i = 0; i < 40; i++) addMoment(moments, random.normal(0.1, 1))
      const sd = sampleSd(moments)
      if (Math.abs(moments.mean - 0.1) <= meanInterval(sd, 40)) means++
      if (Math.abs(moments.mean / sd - 0.1) <= sharpeInterval(moments.mean / sd, 40)) ratios++
    }
    expect(means / runs).toBeGreaterThan(0.935)
    expect(means / runs).toBeLessThan(0.965)
    expect(ratios / runs).toBeGreaterThan(0.93)
    expect(ratios / runs).toBeLessThan(0.97)
  })

  it('of trades stand beside their mean from five trades on, and say before what they need', () => {
    const b = portfolio()
    for (const [n, pnlE6] of [3, -1, 4, -1, 5].entries()) {
      expect(portfolioMetrics(b).values.expectancy95).toBeNull()
      if (n > 0) expect(portfolioMetrics(b).reasons.expectancy95).toBe('needs 5 finished trades')
      sampleTrade(b.performance, { pnlE6: pnlE6 * 1e6, entryNotionalE6: 100e6 } as Trade)
    }
    const { values } = portfolioMetrics(b)
    expect(values.expectancy).toBe(2)
    // sd = √8 of 3 −1 4 −1 5; 2.776 × √8 ÷ √5
    expect(values.expectancy95).toBeCloseTo(3.51, 1)
    expect(values.expectancyReturn95).toBeCloseTo((values.expectancy95 as number) / 100, 9)
  })
})

describe('buy-and-hold at the risk of a portfolio', () => {
  it('is the part of its return whose days spread as the portfolio’s do, and nothing before two days differ', () => {
    const hold = newBuyAndHold(['A'], settings())
    // A portfolio a tenth of which follows the same price, the rest being cash.
    const tenth = newPerformance(1_000 * USD)
    expect(matchedHold(hold, tenth)).toBeUndefined()
    for (let hour = 0; hour <= 24 * 40; hour++) {
      const price = 100 * (1 + 0.1 * Math.sin(hour / 30))
      buyAndHoldOnBar(hold, bar(hour - 1, price, { close: price }))
      buyAndHoldOnStep(hold, T0 + hour * HOUR)
      const equityE6 = Math.round((900 + price) * USD)
      sampleEquity(tenth, { time: T0 + hour * HOUR, equityE6, grossE6: 0, halted: false })
    }
    const matched = matchedHold(hold, tenth)
    expect(matched?.share).toBeCloseTo(0.1, 2)
    expect(matched?.return).toBeCloseTo((matched?.share ?? 0) * buyAndHoldReturn(hold), 12)
  })
})
