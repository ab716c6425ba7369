/** Models of money, markets and crowds of guests: each comes to its known result. */

import { describe, expect, it } from 'vitest'
import bank from '../../scenarios/models/bank-reserves.js'
import economy from '../../scenarios/models/economy.js'
import elFarol from '../../scenarios/models/el-farol.js'
import frankeWesterhoff from '../../scenarios/models/franke-westerhoff.js'
import { times } from '../tier.js'
import { lastOf, mean, numbersOf, ran, seeds } from './kit.js'

describe('el-farol', () => {
  it('fills to its comfort on average, within 6, and never comes to rest', () => {
    for (const comfort of [40, 60]) {
      const weeks = seeds(times(2, 8)).map(seed => numbersOf(ran(elFarol, 500, seed, { comfort }), 'attendance').slice(100))
      expect(Math.abs(mean(weeks.map(mean)) - comfort)).toBeLessThan(6)
      for (const run of weeks) expect(new Set(run.slice(-50)).size).toBeGreaterThan(3)
    }
  })
})

describe('economy', () => {
  const sim = ran(economy, 300, 5)

  it('settles where income is the spending of the government divided by the tax rate', () => {
    expect(lastOf(sim, 'income')).toBeCloseTo(20 / 0.2, 6)
    const { tax, outOfIncome, outOfWealth } = sim.model.params
    expect(lastOf(sim, 'wealth')).toBeCloseTo((100 * (1 - tax) * (1 - outOfIncome)) / outOfWealth, 6)
  })

  it('makes no money and loses none: what households and firms hold the government owes, at every step', () => {
    const debt = numbersOf(sim, 'debt')
    for (const [step, money] of numbersOf(sim, 'money').entries()) expect(money).toBeCloseTo(debt[step] ?? 0, 9)
  })
})

describe('bank-reserves', () => {
  it('makes the coins that were brought, times 1 / reserve, and no more: the money multiplier, within 3 %', () => {
    for (const reserve of [40, 50, 80, 100]) {
      for (const seed of seeds(times(1, 8))) {
        const sim = ran(bank, 400, seed, { reserve })
        const [money, base] = [numbersOf(sim, 'money'), lastOf(sim, 'base')]
        expect(Math.max(...money)).toBeLessThanOrEqual((100 * base) / reserve)
        expect(money.at(-1)).toBeGreaterThan(0.97 * ((100 * base) / reserve))
      }
    }
  })

  it('keeps the coins themselves: savings less loans are the same at every step', () => {
    expect(new Set(numbersOf(ran(bank, 200, 3, { reserve: 10 }), 'base')).size).toBe(1)
  })
})

describe('franke-westerhoff', () => {
  const runs = seeds(times(2, 6)).map(seed => numbersOf(ran(frankeWesterhoff, times(4_000, 7_000), seed), 'return').slice(500))
  const each = (f: (returns: readonly number[]) => number) => mean(runs.map(f))

  it('has returns with fat tails: a kurtosis above 3.5, and a tail index between 3 and 5', () => {
    expect(each(kurtosis)).toBeGreaterThan(3.5)
    expect(each(tailIndex)).toBeGreaterThan(3)
    expect(each(tailIndex)).toBeLessThan(5)
  })

  it('has returns that do not tell the next one, while their sizes do, for weeks', () => {
    const sizes = (returns: readonly number[]) => returns.map(Math.abs)
    expect(Math.abs(each(returns => autocorrelation(returns, 1)))).toBeLessThan(0.06)
    for (const lag of [1, 5, 10, 25]) expect(each(returns => autocorrelation(sizes(returns), lag))).toBeGreaterThan(0.04)
    expect(each(returns => autocorrelation(sizes(returns), 200))).toBeLessThan(0.05)
  })
})

/** Mean of the fourth power of the distance from the mean, over the squared variance: 3 for a normal law. */
function kurtosis(values: readonly number[]): number {
  const centre = mean(values)
  const power = (p: number) => mean(values.map(x => (x - centre) ** p))
  return power(4) / power(2) ** 2
}

/** Hill's estimate from the largest 5 % of the sizes. */
function tailIndex(values: readonly number[]): number {
  const sizes = values.map(Math.abs).sort((a, b) => b - a)
  const k = Math.floor(0.05 * sizes.length)
  return 1 / mean(sizes.slice(0, k).map(size => Math.log(size / (sizes[k] as number))))
}

function autocorrelation(values: readonly number[], lag: number): number {
  const centre = mean(values)
  const products = (apart: number) =>
    values.slice(apart).reduce((sum, x, i) => sum + (x - centre) * ((values[i] as number) - centre), 0)
  return products(lag) / products(0)
}
