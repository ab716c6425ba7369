/** Boltzmann wealth on a grid: people wander and give a coin to a person they meet. The coins end up spread exponentially. */

import { Agent, defineScenario, gini, Model, SquareGrid, z } from 'mycelia'

const params = z.object({
  width: z.number().int().min(1).max(1_000).default(100).describe('columns of the grid; its edges meet'),
  height: z.number().int().min(1).max(1_000).default(100).describe('rows of the grid'),
  people: z.number().int().min(1).max(1_000_000).default(10_000).describe('number of people, a coin each'),
})

/** Those in one cell, in one list for all: no field of the model, whose state it is not part of, and new in each run, as it is slow when old. */
let here: Person[] = []

class Person extends Agent<Boltzmann> {
  wealth = 1

  override step() {
    const { grid, rng } = this.model
    grid.walk(this)
    if (this.wealth === 0) return
    grid.neighbors(this, 0, here)
    if (here.length === 0) return
    rng.pick(here).wealth++
    this.wealth--
  }
}

class Boltzmann extends Model<typeof params> {
  grid = new SquareGrid<Person>({
    width: this.params.width,
    height: this.params.height,
    torus: true,
    occupancy: 'many',
    rng: this.rng,
  })
  people = this.agentsOf(Person)

  override setup() {
    here = []
    for (const person of this.spawn(this.params.people, Person)) this.grid.placeRandomly(person)
  }

  override step() {
    this.people.shuffleDo(person => person.step())
  }
}

export default defineScenario({
  name: 'boltzmann',
  title: 'Boltzmann wealth on a grid',
  model: Boltzmann,
  params,
  agents: { Person },
  steps: 10,
  collect: {
    model: { gini: m => gini(m.people.column(p => p.wealth)) },
    agents: { Person: { wealth: p => p.wealth } },
  },
  view: {
    charts: ['gini'],
    agents: {
      Person: p => ({
        size: Math.min(1, 0.2 + 0.1 * p.wealth),
        ...(p.wealth > 0 ? { color: '#edae49', label: 'has money' } : { color: '#8d99ae', label: 'has none' }),
      }),
    },
    space: m => m.grid,
  },
})
