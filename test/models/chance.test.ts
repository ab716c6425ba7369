import { simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import mm1Queue from '../../scenarios/models/mm1-queue.js'
import roster from '../../scenarios/models/roster.js'
import virus from '../../scenarios/models/virus-on-network.js'
import { errorOf, lastOf, mean, ran, seeds } from './kit.js'

/** Time averages after the queue has forgotten that it began empty. */
function averages(seed: number, arrivals: number) {
  const sim = simulate(mm1Queue, { seed, params: { arrivals }, collect: false })
  const { model } = sim
  sim.run({ steps: 1_000 })
  const { now, presentTime, waitingTime, busyTime, served, timeInSystem } = model
  sim.run({ steps: 5_000 })
  const time = model.now - now
  return {
    present: (model.presentTime - presentTime) / time,
    waiting: (model.waitingTime - waitingTime) / time,
    busy: (model.busyTime - busyTime) / time,
    inSystem: (model.timeInSystem - timeInSystem) / (model.served - served),
    rate: (model.served - served) / time,
  }
}

describe('mm1-queue', () => {
  it('has the means of the M/M/1 formulas within three standard errors over thirty seeds', () => {
    for (const rho of [0.5, 0.8]) {
      const runs = seeds(30).map(seed => averages(seed, rho))
      // L = ρ / (1 − ρ), Lq = ρ² / (1 − ρ), utilisation ρ, W = 1 / (μ − λ); here μ = 1 and λ = ρ (Kleinrock 1975, §3.2).
      const wanted = { present: rho / (1 - rho), waiting: rho ** 2 / (1 - rho), busy: rho, inSystem: 1 / (1 - rho), rate: rho }
      for (const [name, theory] of Object.entries(wanted)) {
        const measured = runs.map(run => run[name as keyof typeof wanted])
        expect(Math.abs(mean(measured) - theory) / errorOf(measured), `${name} at ρ = ${rho}`).toBeLessThan(3)
      }
    }
  })

  it('happens between the steps: no arrival falls on a whole instant, and Little’s law holds exactly for the customers', () => {
    const sim = ran(mm1Queue, 500, 1)
    expect(sim.model.customers.get('cameAt').every(t => !Number.isInteger(t))).toBe(true)
    const { presentTime, timeInSystem, customers, now } = sim.model
    const stillThere = customers.sum(c => now - c.cameAt)
    expect(timeInSystem + stillThere).toBeCloseTo(presentTime, 6)
  })
})

describe('virus-on-network', () => {
  const sir = { people: 5_000, outbreak: 50, spread: 0.05, recover: 0.15, immune: 1 }

  it('infects, where all who recover are immune, the share that percolation of the contacts gives', () => {
    // T: chance that an edge ever passes the virus on. Newman, Phys. Rev. E 66, 016128 (2002), for a Poisson network of
    // mean degree c and a share of infected at first: u = 1 − T + T·s·e^(c(u−1)), size = 1 − s·e^(c(u−1)).
    const { spread: b, recover: r, outbreak, people } = sir
    const T = 1 - (r * (1 - b)) / (1 - (1 - r) * (1 - b))
    const s = 1 - outbreak / people
    let u = 0.5
    for (let i = 0; i < 200; i++) u = 1 - T + T * s * Math.exp(6 * (u - 1))
    const size = 1 - s * Math.exp(6 * (u - 1))
    const sizes = seeds(8).map(seed => lastOf(ran(virus, 3_000, seed, sir), 'immune') / people)
    expect(Math.abs(mean(sizes) - size)).toBeLessThan(Math.max(3 * errorOf(sizes), 0.01))
  })

  it('ends when nobody is infected, and never where nobody recovers', () => {
    const over = ran(virus, 3_000, 1, sir)
    expect(over.endReason).toBe('the virus has died out')
    const forever = ran(virus, 400, 1, { recover: 0, people: 200, degree: 12 })
    expect(lastOf(forever, 'infected')).toBeGreaterThan(195)
    expect(lastOf(forever, 'infected') + lastOf(forever, 'susceptible')).toBe(200)
  })
})

describe('roster', () => {
  it('does nothing, and writes it down for each', () => {
    const sim = ran(roster, 50, 1)
    expect(sim.table('agents:Member').length).toBe(51 * 121)
    expect(new Set(sim.table('agents:Member').column('value'))).toEqual(new Set([0]))
  })
})
