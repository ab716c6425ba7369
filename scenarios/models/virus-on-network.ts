/** A virus on a network: it passes along the edges, and people may be immune after recovery (SIS, SIR and everything between). */

import { Agent, defineScenario, Model, Network, randomGraph, z } from 'mycelia'

const chance = (standard: number, what: string) =>
  z.number().min(0).max(1).default(standard).describe(what).meta({ changeable: true })

const params = z.object({
  people: z.number().int().min(2).max(100_000).default(500).describe('people, one a node'),
  degree: z.number().min(0).max(100).default(6).describe('mean number of contacts'),
  outbreak: z.number().int().min(0).max(100_000).default(3).describe('infected people at first'),
  spread: chance(0.025, 'chance that an infected person infects a contact, per step'),
  recover: chance(0.05, 'chance that an infected person recovers, per step'),
  immune: chance(0.2, 'chance that a person is immune after recovery'),
})

class Person extends Agent<Virus> {
  state: 'susceptible' | 'infected' | 'immune' = 'susceptible'

  spread() {
    const { network, params, rng } = this.model
    for (const contact of network.neighbors(this)) {
      if (contact.state === 'susceptible' && rng.chance(params.spread)) contact.state = 'infected'
    }
  }

  recover() {
    const { params, rng } = this.model
    if (rng.chance(params.recover)) this.state = rng.chance(params.immune) ? 'immune' : 'susceptible'
  }
}

class Virus extends Model<typeof params> {
  network = new Network<Person>(
    randomGraph({
      nodes: this.params.people,
      probability: Math.min(1, this.params.degree / (this.params.people - 1)),
      rng: this.rng,
    }),
  )
  people = this.agentsOf(Person)

  override setup() {
    const { network, params } = this
    this.spawn(params.people, Person).forEach((person, node) => {
      network.place(person, node)
    })
    this.people.sample(Math.min(params.outbreak, params.people)).do(person => {
      person.state = 'infected'
    })
  }

  override step() {
    const infected = this.people.where(person => person.state === 'infected')
    infected.do(person => person.spread())
    infected.do(person => person.recover())
    if (infected.size === 0) this.stop('the virus has died out')
  }
}

export default defineScenario({
  name: 'virus-on-network',
  title: 'Virus on a network',
  model: Virus,
  params,
  agents: { Person },
  steps: 300,
  collect: {
    model: {
      susceptible: m => m.people.count(p => p.state === 'susceptible'),
      infected: m => m.people.count(p => p.state === 'infected'),
      immune: m => m.people.count(p => p.state === 'immune'),
    },
  },
  view: {
    charts: ['susceptible', 'infected', 'immune'],
    agents: {
      Person: p => ({ color: { susceptible: '#30638e', infected: '#d1495b', immune: '#8d99ae' }[p.state], label: p.state }),
    },
    space: m => m.network,
  },
})
