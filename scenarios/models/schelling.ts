/** Schelling's segregation: mild preferences about neighbours divide a town (T. Schelling, J. Math. Sociol. 1, 1971). */

import { Agent, defineScenario, Model, SquareGrid, z } from 'mycelia'

const params = z.object({
  width: z.number().int().min(3).max(1_000).default(40).describe('columns of the town'),
  height: z.number().int().min(3).max(1_000).default(40).describe('rows of the town'),
  residents: z.number().int().min(1).max(999_999).default(1_000).describe('people, half of each group; fewer than cells'),
  radius: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(1)
    .describe('how far a neighbourhood reaches, cells (Chebyshev)')
    .meta({ changeable: true }),
  wanted: z
    .number()
    .int()
    .min(0)
    .max(440)
    .default(3)
    .describe('neighbours of their own group people want, at least')
    .meta({ changeable: true }),
})

/**
 * The neighbours of whoever looks, in one list for all, as a list for each would cost a third of the step. It is no field of the model,
 * whose state it is not part of, and new in each run: storing young agents in an old list is slow.
 */
let nearby: Resident[] = []

class Resident extends Agent<Schelling> {
  group = 0
  happy = false

  override step() {
    const { group } = this
    const { grid, params } = this.model
    let same = 0
    for (const neighbor of grid.neighbors(this, params.radius, nearby)) same += Number(neighbor.group === group)
    this.happy = same >= params.wanted
    if (!this.happy) grid.moveToEmpty(this)
  }
}

class Schelling extends Model<typeof params> {
  grid = new SquareGrid<Resident>({ width: this.params.width, height: this.params.height, rng: this.rng })
  residents = this.agentsOf(Resident)

  override setup() {
    nearby = []
    for (const resident of this.spawn(this.params.residents, Resident, i => ({ group: i % 2 }))) this.grid.placeOnEmpty(resident)
  }

  override step() {
    this.residents.shuffleDo(resident => resident.step())
  }
}

export default defineScenario({
  name: 'schelling',
  title: 'Schelling segregation',
  model: Schelling,
  params,
  agents: { Resident },
  steps: 20,
  collect: { model: { happy: m => m.residents.count(r => r.happy) / m.residents.size } },
  view: {
    charts: ['happy'],
    agents: {
      Resident: r => ({
        shape: 'square',
        ...(r.group === 0 ? { color: '#d1495b', label: 'red' } : { color: '#30638e', label: 'blue' }),
      }),
    },
    space: m => m.grid,
  },
})
