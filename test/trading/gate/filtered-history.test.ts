import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coverageOf, filteredEstimate, garches, garchReturns } from '../../../bench/validate/value-at-risk.js'
import {
  filterReturns,
  LEAST_OBSERVATIONS,
  placesOfLargest,
  RISK_WINDOW,
  tailMean,
  tailRank,
  valueAtRisk99,
} from '../../../src/trading/index.js'
import { slowScenarios } from './slow-risk.js'
import { someReturns } from './statistic-accounts.js'

const scenariosOf = (returns: readonly number[]) => {
  const scenarios = new Float64Array(returns.length)
  filterReturns(Float64Array.from(returns), scenarios)
  return scenarios
}

describe('the filter', () => {
  it('leaves returns of one size as they are', () => {
    expect([...scenariosOf(Array.from({ length: 300 }, (_, t) => (t % 2 === 0 ? 0.5 : -0.5)))]).toEqual(
      Array.from({ length: 300 }, (_, t) => (t % 2 === 0 ? 0.5 : -0.5)),
    )
  })

  it('scales what was calm to a storm, and what was a storm to the calm after it', () => {
    const calm = someReturns(1, 250, 0.01)
    const storm = someReturns(2, 250, 0.05)
    const [after, before] = [valueAtRisk99(scenariosOf([...calm, ...storm])), valueAtRisk99(scenariosOf([...storm, ...calm]))]
    const [stormy, calmly] = [valueAtRisk99(scenariosOf(storm)), valueAtRisk99(scenariosOf(calm))]
    expect(after / stormy).toBeCloseTo(1, 0)
    expect(before / calmly).toBeCloseTo(1, 0)
    expect(after).toBeGreaterThan(3 * before)
  })

  it('equals the formula written down plainly, with days that are missing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 0, max: RISK_WINDOW }), (seed, n) => {
        const returns = someReturns(seed, n).map((r, t) => ((t * 7 + seed) % 23 === 0 ? Number.NaN : r))
        const fast = scenariosOf(returns)
        slowScenarios(returns).forEach((slow, t) => {
          if (Number.isNaN(slow)) expect(fast[t]).toBeNaN()
          else expect(Math.abs((fast[t] as number) - slow)).toBeLessThan(1e-12)
        })
      }),
      { numRuns: 30 },
    )
  })

  it('has no scenarios of fewer than thirty returns, nor of returns that never vary', () => {
    expect([...scenariosOf(someReturns(1, 29))].every(Number.isNaN)).toBe(true)
    expect([...scenariosOf(someReturns(1, 30))].some(Number.isNaN)).toBe(false)
    expect([...scenariosOf(new Array(300).fill(0))].every(Number.isNaN)).toBe(true)
  })
})

describe('the tail', () => {
  it('takes the loss that one of the alike exceeds with at most the stated probability', () => {
    expect([98, 99, 198, 199, 250, 498, 499, 500].map(n => tailRank(n, 0.01))).toEqual([0, 1, 1, 2, 2, 4, 5, 5])
  })

  it('finds the places of the largest values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1 }), fc.nat(), (values, some) => {
        const count = 1 + (some % values.length)
        const places = new Int32Array(count)
        placesOfLargest(Float64Array.from(values), values.length, count, places)
        const sorted = values.map((_, i) => i).sort((a, b) => (values[b] as number) - (values[a] as number) || a - b)
        expect([...places]).toEqual(sorted.slice(0, count))
      }),
    )
  })

  it('means it with a part of the last loss', () => {
    const values = Float64Array.from([1, 5, 3, 4, 2])
    const places = Int32Array.from([1, 3, 2, 4, 0])
    expect(tailMean(values, 5, 0.2, places)).toBe(5)
    expect(tailMean(values, 5, 0.5, places)).toBeCloseTo((5 + 4 + 3 / 2) / 2.5, 12)
  })

  it('has no value-at-risk of fewer than 250 observations', () => {
    const scenarios = Float64Array.from(someReturns(3, LEAST_OBSERVATIONS))
    expect(valueAtRisk99(scenarios)).toBeGreaterThan(0)
    scenarios[7] = Number.NaN
    expect(valueAtRisk99(scenarios)).toBeNaN()
  })
})

describe.each(garches)('where volatility clusters: $alpha, $beta, $degrees', garch => {
  it('Christoffersen’s test does not reject it in four of five seeds', () => {
    const tests = [1, 2, 3, 4, 5].map(seed => coverageOf(garchReturns(garch, seed, RISK_WINDOW + 1_000), filteredEstimate))
    expect(tests.filter(({ pValue }) => pValue >= 0.05).length).toBeGreaterThanOrEqual(4)
  })
})
