/** Six classics on the public interface, as a modeller would write them: each comes to its known result, and each resume is exact. */

import { resume, type Scenario, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import daisyworld from './classics/daisyworld.js'
import economy from './classics/economy.js'
import elFarol from './classics/el-farol.js'
import { classics } from './classics/index.js'
import seir from './classics/seir.js'
import sznajd from './classics/sznajd.js'
import vicsek from './classics/vicsek.js'
import { lastOf, mean, numbersOf, ran } from './kit.js'

describe('Daisyworld', () => {
  const temperatureAt = (luminosity: number, daisies: number) =>
    mean(numbersOf(ran(daisyworld, 400, 1, { luminosity, daisies }), 'temperature').slice(-200))

  it('has the temperature of a bare planet where no daisies grow: 72 ln(0.6) + 80 at the present sun', () => {
    expect(temperatureAt(1, 0)).toBeCloseTo(72 * Math.log(0.6) + 80, 6)
  })

  it('grows cooler, not hotter, while its sun gains a third, as white daisies take the place of black ones', () => {
    const temperatures = [0.9, 1, 1.1, 1.2].map(luminosity => temperatureAt(luminosity, 0.2))
    expect(Math.max(...temperatures)).toBeLessThan(31)
    expect(Math.min(...temperatures)).toBeGreaterThan(12)
    expect(temperatures).toEqual([...temperatures].sort((a, b) => b - a))
  })

  it('has more black daisies under a weak sun, and more white ones under a strong sun', () => {
    const count = (luminosity: number, color: string) => lastOf(ran(daisyworld, 300, 2, { luminosity }), color)
    expect(count(0.75, 'black')).toBeGreaterThan(count(0.75, 'white'))
    expect(count(1.3, 'white')).toBeGreaterThan(count(1.3, 'black'))
  })
})

describe('Sznajd', () => {
  it('ends in agreement, in favour with chance p² / (p² + (1 − p)²)', () => {
    const runs = 300
    for (const p of [0.4, 0.6]) {
      let inFavour = 0
      for (let seed = 1; seed <= runs; seed++) {
        const sim = ran(sznajd, 5_000, seed, { favour: p })
        expect(sim.endReason).toBe('all agree')
        if (sim.model.inFavour > 0) inFavour++
      }
      const known = p ** 2 / (p ** 2 + (1 - p) ** 2)
      // Four standard errors.
      expect(Math.abs(inFavour / runs - known)).toBeLessThan(4 * Math.sqrt((known * (1 - known)) / runs))
    }
  })
})

describe('SEIR with contact tracing', () => {
  const sizes = (params: Record<string, unknown>) =>
    [1, 2, 3, 4, 5, 6].map(seed => {
      const sim = ran(seir, 1_000, seed, params)
      expect(sim.endReason).toBe('the epidemic is over')
      return lastOf(sim, 'recovered') / 1_000
    })

  it('infects the share z of a population that solves z = 1 − exp(−R z), 0.797 for R = 2, and however long the latency', () => {
    expect(mean(sizes({}))).toBeGreaterThan(0.77)
    expect(mean(sizes({}))).toBeLessThan(0.83)
    expect(mean(sizes({ latent: 8 }))).toBeGreaterThan(0.77)
    expect(mean(sizes({ latent: 8 }))).toBeLessThan(0.83)
  })

  it('dies out where one infects fewer than one, and stays smaller the more contacts are traced', () => {
    expect(mean(sizes({ reproduction: 0.5 }))).toBeLessThan(0.05)
    const [none = 0, half = 0, all = 0] = [0, 0.5, 1].map(traced => mean(sizes({ traced })))
    expect(half).toBeLessThan(none - 0.1)
    expect(all).toBeLessThan(half - 0.1)
  })
})

describe('El Farol', () => {
  it('fills to its comfort on average and never comes to rest', () => {
    for (const comfort of [40, 60]) {
      const weeks = numbersOf(ran(elFarol, 600, 3, { comfort }), 'attendance').slice(100)
      expect(Math.abs(mean(weeks) - comfort)).toBeLessThan(6)
      expect(new Set(weeks.slice(-50)).size).toBeGreaterThan(3)
    }
  })
})

describe('Vicsek', () => {
  it('flies in order under little noise and without under much', () => {
    const order = [0.1, 2, 5].map(noise => mean(numbersOf(ran(vicsek, 300, 4, { noise, particles: 200 }), 'order').slice(-100)))
    expect(order[0]).toBeGreaterThan(0.95)
    expect(order[1]).toBeLessThan(order[0] ?? 0)
    expect(order[2]).toBeLessThan(0.3)
  })
})

describe('the economy of three types', () => {
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

describe.each(Object.entries(classics))('%s', (_name, scenario: Scenario) => {
  it('resumes exactly, wherever it is saved', () => {
    const whole = simulate(scenario, { seed: 6 })
    whole.run({ steps: 30 })
    for (const step of [0, 1, 2, 7, 19, 29]) {
      const first = simulate(scenario, { seed: 6 })
      first.run({ steps: step })
      const rest = resume(scenario, first.save())
      rest.run({ steps: 30 - step })
      expect(rest.digest).toBe(whole.digest)
    }
  })
})
