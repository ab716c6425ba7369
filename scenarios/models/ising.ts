/** The Ising model: magnets that like to point as their neighbours do, against the heat (E. Ising, Z. Phys. 31, 1925; heat bath of R. Glauber, 1963). */

import { Agent, defineScenario, Model, math, SquareGrid, z } from 'mycelia'

const params = z.object({
  size: z.number().int().min(3).max(500).default(50).describe('columns and rows; the edges meet'),
  temperature: z
    .number()
    .min(0.01)
    .max(10)
    .default(2.2)
    .describe('temperature, in units of the coupling; order ends at 2.269')
    .meta({ changeable: true }),
  field: z.number().min(-4).max(4).default(0).describe('outer field, which prefers one side').meta({ changeable: true }),
  start: z.enum(['random', 'up']).default('random').describe('how the spins point at first'),
})

/** The neighbours of whoever looks, in one list for all: no field of the model, whose state it is not part of, and new in each run. */
let near: Spin[] = []

class Spin extends Agent<Ising> {
  /** 1 or −1. */
  value = 1

  /** Forgets its direction and draws a new one: up by the odds e^(2h/T), where h is the field at its place. */
  override step() {
    const { params, rng } = this.model
    this.value = rng.chance(1 / (1 + math.exp((-2 * (this.around + params.field)) / params.temperature))) ? 1 : -1
  }

  /** The sum of the four spins around. */
  get around(): number {
    let sum = 0
    for (const neighbor of this.model.grid.neighbors(this, 1, near)) sum += neighbor.value
    return sum
  }
}

class Ising extends Model<typeof params> {
  grid = new SquareGrid<Spin>({ width: this.params.size, height: this.params.size, torus: true, neighbors: 'vonNeumann' })
  spins = this.agentsOf(Spin)

  override setup() {
    near = []
    this.spawn(this.grid.size, Spin).forEach((spin, cell) => {
      spin.value = this.params.start === 'up' || this.rng.chance(0.5) ? 1 : -1
      this.grid.place(spin, cell)
    })
  }

  override step() {
    this.spins.shuffleDo(spin => spin.step())
  }
}

export default defineScenario({
  name: 'ising',
  title: 'Ising model',
  model: Ising,
  params,
  agents: { Spin },
  steps: 200,
  collect: {
    model: {
      magnetisation: m => m.spins.mean(s => s.value),
      energy: m => -m.spins.mean(s => s.value * (s.around / 2 + m.params.field)),
    },
  },
  view: {
    charts: ['magnetisation', 'energy'],
    agents: {
      Spin: s => ({
        shape: 'square',
        ...(s.value > 0 ? { color: '#edae49', label: 'up' } : { color: '#30638e', label: 'down' }),
      }),
    },
    space: m => m.grid,
  },
})
