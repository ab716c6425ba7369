/** Models of things that move: particles, oscillators, cars, ants, animals and rebels, each with its known result. */

import { describe, expect, it } from 'vitest'
import ants from '../../scenarios/models/ants.js'
import civilViolence from '../../scenarios/models/civil-violence.js'
import kuramoto from '../../scenarios/models/kuramoto.js'
import predatorPrey from '../../scenarios/models/predator-prey.js'
import traffic from '../../scenarios/models/traffic.js'
import vicsek from '../../scenarios/models/vicsek.js'
import { times } from '../tier.js'
import { lastOf, mean, numbersOf, ran, seeds } from './kit.js'

describe('vicsek', () => {
  it('flies in order under little noise and without under much', () => {
    const order = [0.1, 2, 5].map(noise => mean(numbersOf(ran(vicsek, 150, 4, { noise, particles: 200 }), 'order').slice(-50)))
    expect(order[0]).toBeGreaterThan(0.95)
    expect(order[1]).toBeLessThan(order[0] as number)
    expect(order[2]).toBeLessThan(0.3)
  })
})

describe('kuramoto', () => {
  const orderAt = (coupling: number) => {
    const runs = seeds(times(4, 20)).map(seed => ran(kuramoto, 400, seed, { coupling, oscillators: times(300, 1_000) }))
    return mean(runs.map(sim => mean(numbersOf(sim, 'order').slice(250))))
  }

  it('beats together above K = 2γ by the order √(1 − 2γ/K), within 0.05', () => {
    for (const coupling of [2, 4]) expect(Math.abs(orderAt(coupling) - Math.sqrt(1 - 1 / coupling))).toBeLessThan(0.05)
  })

  it('does not beat together below: the order is that of chance, about 1/√n', () => {
    expect(orderAt(0.4)).toBeLessThan(0.12)
  })
})

describe('traffic', () => {
  const flowAt = (params: Record<string, unknown>) =>
    mean(seeds(times(2, 8)).map(seed => mean(numbersOf(ran(traffic, 500, seed, { length: 400, ...params }), 'flow').slice(200))))

  it('flows, where nobody dawdles, as the cars allow or as the gaps do: min(ρ v, 1 − ρ)', () => {
    for (const density of [0.1, 0.2, 0.5])
      expect(flowAt({ density, dawdle: 0 })).toBeCloseTo(Math.min(5 * density, 1 - density), 9)
  })

  it('flows at highest speed 1 by the formula of Schreckenberg and others, within 0.005', () => {
    for (const density of [0.2, 0.5, 0.8]) {
      // (1 − √(1 − 4(1 − p) ρ(1 − ρ))) / 2; Phys. Rev. E 51, 2939 (1995).
      const known = (1 - Math.sqrt(1 - 4 * 0.5 * density * (1 - density))) / 2
      expect(Math.abs(flowAt({ density, dawdle: 0.5, fastest: 1 }) - known)).toBeLessThan(0.005)
    }
  })

  it('carries most at about 0.08 cars a cell, as published for drivers who dawdle every other time', () => {
    const [thin = 0, best = 0, dense = 0] = [0.04, 0.085, 0.2].map(density => flowAt({ density, dawdle: 0.5 }))
    expect(best).toBeGreaterThan(thin)
    expect(best).toBeGreaterThan(dense)
    expect(best).toBeGreaterThan(0.3)
    expect(best).toBeLessThan(0.4)
  })
})

describe('ants', () => {
  const runs = times(1, 8)
  const emptiedAt = (sim: ReturnType<typeof ran>, heap: string) => numbersOf(sim, heap).indexOf(0)

  it('empty the heaps in the order of their distance, and end when all food is in the nest', () => {
    for (const seed of seeds(runs)) {
      const sim = ran(ants, 2_000, seed)
      const [near = 0, middle = 0, far = 0] = ['near', 'middle', 'far'].map(heap => emptiedAt(sim, heap))
      expect(near).toBeLessThan(middle)
      expect(middle).toBeLessThan(far)
      expect(sim.endReason).toBe('all food is in the nest')
    }
  })

  it('empty the near heap in less than half the time by what they leave on the ground', () => {
    for (const seed of seeds(runs)) {
      const [with_ = 0, without = 0] = [60, 0].map(drop => emptiedAt(ran(ants, 1_000, seed, { drop }), 'near'))
      expect(with_ / without).toBeLessThan(0.5)
    }
  })
})

describe('predator-prey', () => {
  it('has, where all are mixed, as many prey as Lotka and Volterra’s equations: death / (convert · caught by one predator of one prey)', () => {
    const size = 60
    // A predator looks at π · reach² of the square a step, and catches what it finds there with chance `strike`.
    const known = 0.1 / (0.3 * ((0.6 * Math.PI * 2 ** 2) / size ** 2))
    const found = seeds(times(3, 10)).map(seed => {
      const sim = ran(predatorPrey, times(400, 1_000), seed, { size, stride: 1_000, prey: 200, predators: 50 })
      return mean(numbersOf(sim, 'prey').slice(100))
    })
    expect(Math.abs(mean(found) / known - 1)).toBeLessThan(0.1)
  })

  it('rises and falls, the predators some steps after the prey', () => {
    const sim = ran(predatorPrey, times(200, 600), 1)
    const [prey, predators] = [numbersOf(sim, 'prey'), numbersOf(sim, 'predators')]
    expect(Math.max(...prey) / Math.min(...prey)).toBeGreaterThan(1.5)
    const together = (lag: number) => correlation(prey.slice(0, prey.length - lag), predators.slice(lag))
    expect(together(8)).toBeGreaterThan(0.3)
    expect(together(8)).toBeGreaterThan(together(0) + 0.2)
  })

  it('starves predators without prey, and stops at the crowd without predators', () => {
    expect(lastOf(ran(predatorPrey, 150, 1, { prey: 0 }), 'predators')).toBe(0)
    const prey = numbersOf(ran(predatorPrey, 120, 1, { predators: 0, size: 40, prey: 50 }), 'prey').slice(-20)
    // At three others within a circle of radius 2 nobody has young: 3 / (4π) a unit of area, where all are spread evenly.
    expect(mean(prey) / ((3 / (4 * Math.PI)) * 40 ** 2)).toBeGreaterThan(0.8)
    expect(mean(prey) / ((3 / (4 * Math.PI)) * 40 ** 2)).toBeLessThan(2.2)
  })
})

function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)]
  const sum = (f: (i: number) => number) => a.reduce((total, _, i) => total + f(i), 0)
  const [da, db] = [(i: number) => (a[i] as number) - ma, (i: number) => (b[i] as number) - mb]
  return sum(i => da(i) * db(i)) / Math.sqrt(sum(i => da(i) ** 2) * sum(i => db(i) ** 2))
}

describe('civil-violence', () => {
  it('has, without police, just those rebels whose hardship times illegitimacy is beyond the threshold', () => {
    const { citizens } = ran(civilViolence, 3, 1, { police: 0 }).model
    for (const citizen of citizens) expect(citizen.rebels).toBe(citizen.hardship * (1 - 0.82) > 0.1)
    expect(citizens.count(citizen => citizen.rebels) / citizens.size).toBeCloseTo(1 - 0.1 / 0.18, 1)
  })

  it('is quiet most of the time and then bursts: Epstein’s punctuated equilibrium', () => {
    for (const seed of seeds(times(1, 6))) {
      const rebels = numbersOf(ran(civilViolence, 150, seed), 'rebels')
      expect(rebels.filter(n => n < 10).length / rebels.length).toBeGreaterThan(0.35)
      expect(Math.max(...rebels.slice(20))).toBeGreaterThan(60)
    }
  })

  it('stays calm under a regime that all accept', () => {
    expect(Math.max(...numbersOf(ran(civilViolence, 20, 1, { legitimacy: 0.92 }), 'rebels'))).toBe(0)
  })
})
