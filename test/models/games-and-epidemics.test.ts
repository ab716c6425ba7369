/** Models in which people take over what others do or have: each comes to its known result. */

import { describe, expect, it } from 'vitest'
import bass from '../../scenarios/models/bass.js'
import hawkDove from '../../scenarios/models/hawk-dove.js'
import dilemma from '../../scenarios/models/prisoners-dilemma.js'
import network from '../../scenarios/models/schelling-network.js'
import seir from '../../scenarios/models/seir.js'
import { times } from '../tier.js'
import { lastOf, mean, numbersOf, ran, seeds } from './kit.js'

describe('hawk-dove', () => {
  it('comes, where anyone meets anyone, to V/C hawks, the evolutionarily stable share, within 0.03', () => {
    for (const cost of [1.25, 2, 4]) {
      const shares = seeds(times(1, 6)).map(seed =>
        mean(numbersOf(ran(hawkDove, 120, seed, { cost, opponents: 'anyone' }), 'hawks').slice(60)),
      )
      expect(Math.abs(mean(shares) - 1 / cost)).toBeLessThan(0.03)
    }
  })

  it('is all hawks where fights cost less than they bring', () => {
    expect(lastOf(ran(hawkDove, 150, 1, { cost: 0.5, size: 20 }), 'hawks')).toBe(1)
  })
})

describe('prisoners-dilemma', () => {
  const cooperators = (temptation: number) =>
    mean(
      seeds(times(1, 8)).map(seed =>
        mean(numbersOf(ran(dilemma, 70, seed, { temptation, size: times(60, 100) }), 'cooperators').slice(40)),
      ),
    )

  it('keeps 12 ln 2 − 8 = 0.318 cooperators for temptations between 1.8 and 2, as Nowak and May found, within 0.03', () => {
    for (const temptation of [1.85, 1.95]) expect(Math.abs(cooperators(temptation) - (12 * Math.log(2) - 8))).toBeLessThan(0.03)
  })

  it('has many cooperators below and hardly any above', () => {
    expect(cooperators(1.7)).toBeGreaterThan(0.6)
    expect(cooperators(2.2)).toBeLessThan(0.1)
  })

  it('loses its defectors to tit for tat once a pair plays many rounds', () => {
    const defectors = (rounds: number) => lastOf(ran(dilemma, 60, 1, { rounds, titForTat: 0.3, defectors: 0.5 }), 'defectors')
    expect(defectors(1)).toBeGreaterThan(0.5)
    expect(defectors(10)).toBeLessThan(0.02)
  })
})

describe('schelling-network', () => {
  it('divides people, half and half at first, on every kind of network, until all are happy', () => {
    for (const kind of ['ring', 'small world', 'random', 'scale-free'] as const) {
      const runs = seeds(times(2, 10)).map(seed => ran(network, 200, seed, { network: kind }))
      expect(mean(runs.map(sim => numbersOf(sim, 'alike')[0] as number))).toBeCloseTo(0.5, 1)
      expect(mean(runs.map(sim => lastOf(sim, 'alike')))).toBeGreaterThan(0.7)
      for (const sim of runs) expect(sim.endReason).toBe('everybody is happy')
    }
  })
})

describe('seir', () => {
  const sizes = (params: Record<string, unknown>) =>
    seeds(times(4, 20)).map(seed => {
      const sim = ran(seir, 1_000, seed, params)
      expect(sim.endReason).toBe('the epidemic is over')
      return lastOf(sim, 'recovered') / 1_000
    })

  it('infects the share z of a population that solves z = 1 − exp(−R z), 0.797 for R = 2, within 0.03, however long the latency', () => {
    for (const params of [{}, { latent: 8 }]) expect(Math.abs(mean(sizes(params)) - 0.8)).toBeLessThan(0.03)
  })

  it('dies out where one infects fewer than one, and stays smaller the more contacts are traced', () => {
    expect(mean(sizes({ reproduction: 0.5 }))).toBeLessThan(0.05)
    const [none = 0, half = 0, all = 0] = [0, 0.5, 1].map(traced => mean(sizes({ traced })))
    expect(half).toBeLessThan(none - 0.1)
    expect(all).toBeLessThan(half - 0.1)
  })
})

describe('bass', () => {
  const [p, q, stepsPerYear] = [0.03, 0.38, 24]
  const runs = seeds(times(3, 10)).map(seed =>
    numbersOf(ran(bass, 15 * stepsPerYear, seed, { people: 4_000, stepsPerYear }), 'share'),
  )
  const shares = (runs[0] as number[]).map((_, step) => mean(runs.map(run => run[step] as number)))

  it('spreads by Bass’ curve, (1 − e^−(p+q)t) / (1 + q/p e^−(p+q)t), within 0.02 at every step', () => {
    for (const [step, share] of shares.entries()) {
      const left = Math.exp((-(p + q) * step) / stepsPerYear)
      expect(Math.abs(share - (1 - left) / (1 + (q / p) * left))).toBeLessThan(0.02)
    }
  })

  it('sells most when Bass says: after ln(q/p) / (p + q) years, within a year', () => {
    const inTheYearFrom = (step: number) => (shares[step + stepsPerYear] as number) - (shares[step] as number)
    const starts = shares.slice(stepsPerYear).map((_, step) => step)
    const best = starts.reduce((a, b) => (inTheYearFrom(b) > inTheYearFrom(a) ? b : a))
    expect(Math.abs(best / stepsPerYear + 0.5 - Math.log(q / p) / (p + q))).toBeLessThan(1)
  })
})
