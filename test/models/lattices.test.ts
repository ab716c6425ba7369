/** Models of cells that act on their neighbours: each comes to its known result. */

import { simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import axelrod from '../../scenarios/models/axelrod.js'
import daisyworld from '../../scenarios/models/daisyworld.js'
import dla from '../../scenarios/models/dla.js'
import hexLife from '../../scenarios/models/hex-life.js'
import ising from '../../scenarios/models/ising.js'
import sznajd from '../../scenarios/models/sznajd.js'
import { times } from '../tier.js'
import { lastOf, mean, numbersOf, ran, seeds, slopeOf } from './kit.js'

describe('ising', () => {
  const size = times(24, 48)
  const late = (column: string, params: Record<string, unknown>, seed: number) =>
    mean(numbersOf(ran(ising, 300, seed, { size, start: 'up', ...params }), column).slice(100))

  it('has the magnetisation that Onsager and Yang found below the critical temperature, within 0.02', () => {
    for (const temperature of [1.5, 2]) {
      // M = (1 − sinh(2/T)^−4)^(1/8); C. N. Yang, Phys. Rev. 85, 808 (1952).
      const known = (1 - Math.sinh(2 / temperature) ** -4) ** (1 / 8)
      const found = mean(seeds(times(2, 8)).map(seed => late('magnetisation', { temperature }, seed)))
      expect(Math.abs(found - known)).toBeLessThan(0.02)
    }
  })

  it('has none above it, within 0.1, and the energy of independent pairs, −2 tanh(1/T), where it is hot', () => {
    expect(Math.abs(mean(seeds(times(3, 12)).map(seed => late('magnetisation', { temperature: 3 }, seed))))).toBeLessThan(0.1)
    expect(late('energy', { temperature: 10 }, 1)).toBeCloseTo(-2 * Math.tanh(1 / 10), 1)
  })

  it('points as a strong field does', () => {
    expect(late('magnetisation', { temperature: 5, field: -4 }, 1)).toBeLessThan(-0.7)
  })
})

describe('axelrod', () => {
  const regions = (traits: number) =>
    mean(
      seeds(times(4, 20)).map(seed => {
        const sim = simulate(axelrod, { seed, params: { traits }, collect: false })
        sim.run({ steps: 4_000 })
        expect(sim.endReason).toBe('no village can learn from a neighbour')
        return sim.model.regions
      }),
    )

  it('ends in one culture where features have few traits, and in about twenty where they have fifteen, as in Axelrod’s table', () => {
    // R. Axelrod 1997, table 2: 1.0, 3.2 and 20.0 stable regions for 5, 10 and 15 traits.
    expect(regions(5)).toBeLessThan(1.6)
    const [some, many] = [regions(10), regions(15)]
    expect(some).toBeGreaterThan(1)
    expect(some).toBeLessThan(7)
    expect(many).toBeGreaterThan(12)
    expect(many).toBeLessThan(35)
  })
})

describe('dla', () => {
  it('grows a tree of dimension 1.71, within 0.1: its size goes with that power of its radius of gyration', () => {
    const dimensions = seeds(times(3, 10)).map(seed => {
      const sim = ran(dla, times(250, 1_000), seed, { size: 301 })
      const late = numbersOf(sim, 'particles').flatMap((n, step) => (n > 60 ? [step] : []))
      const logs = (column: string) => late.map(step => Math.log(numbersOf(sim, column)[step] as number))
      return slopeOf(logs('gyration'), logs('particles'))
    })
    expect(Math.abs(mean(dimensions) - 1.71)).toBeLessThan(0.1)
  })

  it('is one piece: every particle but the seed touches one that was there before', () => {
    const { grid, particles } = ran(dla, 60, 2).model
    for (const particle of particles) {
      if (particle.ordinal > 0) expect(grid.neighbors(particle).some(other => other.ordinal < particle.ordinal)).toBe(true)
    }
  })
})

describe('hex-life', () => {
  type Sim = ReturnType<typeof empty>
  const empty = () => simulate(hexLife, { seed: 1, params: { width: 20, height: 20, density: 0 } })
  const living = ({ model }: Sim) => model.cells.where(cell => cell.lives).map(cell => model.grid.cellOf(cell))

  /** Steps after which cells that live alone, given as columns and rows, are the same again. */
  function periodOf(cells: readonly (readonly [number, number])[]): number {
    const sim = empty()
    for (const [x, y] of cells) (sim.model.grid.at(sim.model.grid.cell(8 + x, 8 + y)) as { lives: boolean }).lives = true
    const first = living(sim)
    for (let step = 1; step <= 12; step++) {
      sim.step()
      if (living(sim).join() === first.join()) return step
    }
    return Number.POSITIVE_INFINITY
  }

  it('turns a pair in 2 generations, a trio in 4 and the five of this shape in 12', () => {
    expect(
      periodOf([
        [0, 0],
        [1, 0],
      ]),
    ).toBe(2)
    expect(
      periodOf([
        [0, 1],
        [2, 0],
        [3, 1],
      ]),
    ).toBe(4)
    expect(
      periodOf([
        [0, 0],
        [2, 3],
        [2, 0],
        [2, 1],
        [4, 2],
      ]),
    ).toBe(12)
  })

  it('gives each cell six neighbours and the rule of its digits, whatever lives at first', () => {
    const sim = simulate(hexLife, { seed: 4, params: { width: 14, height: 12, survive: '34', birth: '25' } })
    const { grid, cells } = sim.model
    for (let step = 0; step < 20; step++) {
      const willLive = cells.map(cell => {
        const [x, y] = [grid.xOf(grid.cellOf(cell)), grid.yOf(grid.cellOf(cell))]
        // Odd rows stand half a cell to the right.
        const shift = y % 2
        const around = [
          [-1, 0],
          [1, 0],
          [shift - 1, -1],
          [shift, -1],
          [shift - 1, 1],
          [shift, 1],
        ] as const
        const n = around.filter(([dx, dy]) => grid.at(grid.cell(x + dx, y + dy))?.lives).length
        return cell.lives ? n === 3 || n === 4 : n === 2 || n === 5
      })
      sim.step()
      expect(cells.map(cell => cell.lives)).toEqual(willLive)
    }
  })

  it('comes to rest from chance, as Bays says of his rule: soon it is as it was 12 generations before', () => {
    for (const seed of seeds(times(2, 6))) {
      const sim = ran(hexLife, 400, seed, { width: 40, height: 40 })
      const before = living(sim)
      sim.run({ steps: 12 })
      expect(living(sim)).toEqual(before)
    }
  })
})

describe('sznajd', () => {
  it('ends in agreement, in favour with chance p² / (p² + (1 − p)²), within four standard errors', () => {
    const runs = times(100, 600)
    for (const p of [0.4, 0.6]) {
      let inFavour = 0
      for (let seed = 1; seed <= runs; seed++) {
        const sim = ran(sznajd, 5_000, seed, { favour: p, people: 30 })
        expect(sim.endReason).toBe('all agree')
        if (sim.model.inFavour > 0) inFavour++
      }
      const known = p ** 2 / (p ** 2 + (1 - p) ** 2)
      expect(Math.abs(inFavour / runs - known)).toBeLessThan(4 * Math.sqrt((known * (1 - known)) / runs))
    }
  })
})

describe('daisyworld', () => {
  const temperatureAt = (luminosity: number, daisies: number) =>
    mean(numbersOf(ran(daisyworld, 300, 1, { luminosity, daisies }), 'temperature').slice(-150))

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
    const count = (luminosity: number, color: string) => lastOf(ran(daisyworld, 200, 2, { luminosity }), color)
    expect(count(0.75, 'black')).toBeGreaterThan(count(0.75, 'white'))
    expect(count(1.3, 'white')).toBeGreaterThan(count(1.3, 'black'))
  })
})
