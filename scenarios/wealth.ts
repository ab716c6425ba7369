/** Boltzmann wealth: each person with a coin gives one to a random person, and chance alone makes inequality. */

import { Agent, defineScenario, gini, Model, z } from 'mycelia'

const params = z.object({ people: z.number().int().min(2).max(1_000_000).default(100).describe('number of people') })

class Person extends Agent<Wealth> {
  wealth = 1
  step() {
    if (this.wealth === 0) return
    const other = this.model.people.random(this.rng)
    this.wealth--
    other.wealth++
  }
}

class Wealth extends Model<typeof params> {
  people = this.agentsOf(Person)
  setup() {
    this.spawn(this.params.people, Person)
  }
  step() {
    this.people.shuffleDo(p => p.step())
  }
}

export default defineScenario({
  name: 'wealth',
  title: 'Boltzmann wealth',
  model: Wealth,
  params,
  agents: { Person },
  collect: { model: { gini: m => gini(m.people.column(p => p.wealth)) }, agents: { Person: { wealth: p => p.wealth } } },
  view: { charts: ['gini'], agents: { Person: p => ({ size: p.wealth }) } },
})
