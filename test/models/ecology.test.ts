import { gini } from 'mycelia'
import { describe, expect, it } from 'vitest'
import boltzmann from '../../scenarios/models/boltzmann.js'
import sugarscape from '../../scenarios/models/sugarscape.js'
import wolfSheep from '../../scenarios/models/wolf-sheep.js'
import { lastOf, mean, numbersOf, ran, seeds } from './kit.js'

const largeMeadow = { width: 100, height: 100, sheep: 1_000, wolves: 500, regrow: 10, sheepReproduce: 0.4, wolfReproduce: 0.2 }

describe('wolf-sheep', () => {
  it('keeps both species alive for a hundred steps in the large meadow', () => {
    for (const seed of seeds(3)) {
      const sim = ran(wolfSheep, 100, seed, largeMeadow)
      expect(lastOf(sim, 'sheep')).toBeGreaterThan(500)
      expect(lastOf(sim, 'wolves')).toBeGreaterThan(500)
    }
  })

  it('takes the dead off the grid and out of the schedule', () => {
    const { grid, sheep, wolves, agents } = ran(wolfSheep, 60, 1, largeMeadow).model
    expect(grid.count).toBe(sheep.size + wolves.size)
    expect(agents.size).toBe(grid.count)
    let standing = 0
    for (let cell = 0; cell < grid.size; cell++) standing += grid.countAt(cell)
    expect(standing).toBe(grid.count)
  })

  it('lets eaten grass come back: without sheep all of it stands after as many steps as it takes', () => {
    const sim = ran(wolfSheep, 19, 1, { sheep: 0, wolves: 0 })
    expect(lastOf(sim, 'grass')).toBeLessThan(625)
    sim.step()
    expect(lastOf(sim, 'grass')).toBe(625)
  })

  it('starves wolves that have no sheep, and lets sheep without wolves grow until the grass limits them', () => {
    expect(lastOf(ran(wolfSheep, 100, 1, { sheep: 0 }), 'wolves')).toBe(0)
    const sheep = numbersOf(ran(wolfSheep, 300, 1, { wolves: 0 }), 'sheep')
    // A cell feeds 5 energy at most every 20 steps, a sheep burns 1 a step.
    expect(mean(sheep.slice(-100))).toBeLessThan((625 * 5) / 20)
    expect(mean(sheep.slice(-100))).toBeGreaterThan(60)
  })
})

describe('sugarscape', () => {
  it('carries about two hundred of four hundred, and those who see far and burn little', () => {
    const sims = seeds(4).map(seed => ran(sugarscape, 200, seed))
    expect(mean(sims.map(sim => lastOf(sim, 'foragers')))).toBeGreaterThan(180)
    expect(mean(sims.map(sim => lastOf(sim, 'foragers')))).toBeLessThan(240)
    for (const sim of sims) {
      expect(lastOf(sim, 'metabolism')).toBeLessThan(2)
      expect(lastOf(sim, 'vision')).toBeGreaterThan(3.5)
    }
  })

  it('never grows a cell above its capacity, and neither makes nor loses sugar but by growth and hunger', () => {
    const { sugar, capacity, foragers, grid } = ran(sugarscape, 50, 2).model
    for (let cell = 0; cell < grid.size; cell++) expect(sugar.get(cell)).toBeLessThanOrEqual(capacity.get(cell))
    expect(foragers.min(f => f.sugar)).toBeGreaterThanOrEqual(0)
    expect(new Set(foragers.map(f => grid.cellOf(f))).size).toBe(foragers.size)
  })
})

describe('boltzmann', () => {
  it('keeps the coins, and spreads them geometrically: half the people have none, and Gini comes to 2/3', () => {
    const sims = seeds(4).map(seed => ran(boltzmann, 600, seed, { width: 20, height: 20, people: 800 }))
    for (const { model } of sims) expect(model.people.sum(p => p.wealth)).toBe(800)
    // The geometric law of mean 1: P(k) = 2^−(k+1), of which Gini is 2/3.
    expect(mean(sims.map(({ model }) => gini(model.people.column(p => p.wealth))))).toBeCloseTo(2 / 3, 1)
    expect(mean(sims.map(({ model }) => model.people.count(p => p.wealth === 0) / 800))).toBeCloseTo(1 / 2, 1)
  })

  it('writes down everybody’s wealth at every step', () => {
    const table = ran(boltzmann, 10, 1, { people: 500 }).table('agents:Person')
    expect(table.length).toBe(11 * 500)
    expect(mean(table.column('wealth').map(Number))).toBe(1)
  })
})
