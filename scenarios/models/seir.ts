/** An SEIR epidemic in events, with contact tracing: an infectious person names those met so far, and they isolate (W. Kermack and A. McKendrick, 1927). */

import { Agent, defineScenario, Model, z } from 'mycelia'

const params = z.object({
  people: z.number().int().min(2).max(100_000).default(1_000).describe('people; all meet all'),
  seeds: z.number().int().min(1).max(100_000).default(10).describe('people infected at first'),
  reproduction: z.number().min(0).max(30).default(2).describe('people that one infects in a population without immunity'),
  latent: z.number().min(0.01).max(100).default(3).describe('mean days from infection to being infectious'),
  infectious: z.number().min(0.01).max(100).default(5).describe('mean days of being infectious'),
  traced: z.number().min(0).max(1).default(0).describe('chance that a contact is found and isolates').meta({ changeable: true }),
  delay: z.number().min(0).max(100).default(2).describe('days from being infectious to the isolation of contacts'),
})

type State = 'susceptible' | 'exposed' | 'infectious' | 'recovered'

class Person extends Agent<Seir> {
  state: State = 'susceptible'
  isolated = false
  met: Person[] = []
  nextContact = 0

  infect() {
    this.state = 'exposed'
    this.after(this.rng.exponential(1 / this.model.params.latent), 'becomeInfectious')
  }

  becomeInfectious() {
    const { infectious, delay } = this.model.params
    this.state = 'infectious'
    this.after(this.rng.exponential(1 / infectious), 'recover')
    this.after(delay, 'nameContacts')
    this.planContact()
  }

  planContact() {
    const { reproduction, infectious } = this.model.params
    if (reproduction > 0) this.nextContact = this.after(this.rng.exponential(reproduction / infectious), 'meet')
  }

  meet() {
    const other = this.model.people.random(this.rng)
    if (!this.isolated && !other.isolated && other !== this) {
      this.met.push(other)
      if (other.state === 'susceptible') other.infect()
    }
    this.planContact()
  }

  nameContacts() {
    for (const contact of this.met) if (this.rng.chance(this.model.params.traced)) contact.isolated = true
  }

  recover() {
    this.state = 'recovered'
    this.met = []
    this.cancel(this.nextContact)
  }
}

class Seir extends Model<typeof params> {
  people = this.agentsOf(Person)

  override setup() {
    const { people, seeds } = this.params
    for (const person of this.spawn(people, Person).slice(0, seeds)) person.infect()
  }

  override step() {
    if (this.count('exposed') + this.count('infectious') === 0) this.stop('the epidemic is over')
  }

  count(state: State): number {
    return this.people.count(person => person.state === state)
  }
}

export default defineScenario({
  name: 'seir',
  title: 'SEIR with contact tracing',
  model: Seir,
  params,
  agents: { Person },
  steps: 150,
  collect: {
    model: {
      susceptible: m => m.count('susceptible'),
      exposed: m => m.count('exposed'),
      infectious: m => m.count('infectious'),
      recovered: m => m.count('recovered'),
    },
  },
  view: {
    charts: ['exposed', 'infectious', 'recovered'],
    agents: {
      Person: p => ({
        color: { susceptible: '#30638e', exposed: '#edae49', infectious: '#d1495b', recovered: '#8d99ae' }[p.state],
        shape: p.isolated ? 'square' : 'circle',
        label: p.isolated ? `${p.state}, isolated` : p.state,
      }),
    },
  },
})
