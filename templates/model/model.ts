/** A rumour in a town: people wander, and who knows it tells it to those they meet, until everybody knows. */

import { Agent, defineScenario, Model, SquareGrid, z } from 'mycelia'

const params = z.object({
  size: z.number().int().min(2).max(500).default(40).describe('columns and rows of the town, whose edges meet'),
  people: z.number().int().min(1).max(100_000).default(500).describe('inhabitants'),
  tell: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .meta({ changeable: true })
    .describe('chance that who knows it tells it to a person met'),
})

class Person extends Agent<Town> {
  knows = false

  override step() {
    const { grid, params } = this.model
    grid.walk(this)
    if (!this.knows) return
    for (const other of grid.neighbors(this, 0)) if (this.rng.chance(params.tell)) other.knows = true
  }
}

class Town extends Model<typeof params> {
  grid = new SquareGrid<Person>({
    width: this.params.size,
    height: this.params.size,
    torus: true,
    occupancy: 'many',
    rng: this.rng,
  })
  people = this.agentsOf(Person)

  override setup() {
    for (const person of this.spawn(this.params.people, Person)) this.grid.placeRandomly(person)
    this.people.random().knows = true
  }

  override step() {
    this.people.shuffleDo(person => person.step())
  }
}

export default defineScenario({
  name: 'my-model',
  title: 'A rumour in a town',
  model: Town,
  params,
  agents: { Person },
  steps: 300,
  collect: { model: { knowing: m => m.people.count(p => p.knows) } },
  view: {
    charts: ['knowing'],
    space: m => m.grid,
    agents: { Person: p => (p.knows ? { color: '#d55e00', label: 'knows' } : { color: '#8d99ae', label: 'does not' }) },
  },
})
