/** Bass diffusion: some buy a new thing by themselves, the others because many have it (F. Bass, Management Science 15, 1969). */

import { Agent, defineScenario, Model, math, z } from 'mycelia'

const params = z.object({
  people: z.number().int().min(1).max(100_000).default(1_000).describe('people, of whom each buys once'),
  innovation: z.number().min(0).max(10).default(0.03).describe('rate a year of buying by oneself, p').meta({ changeable: true }),
  imitation: z
    .number()
    .min(0)
    .max(10)
    .default(0.38)
    .describe('rate a year of buying as all others do, q')
    .meta({ changeable: true }),
  stepsPerYear: z.number().int().min(1).max(1_000).default(12).describe('steps a year'),
})

class Person extends Agent<Bass> {
  owns = false

  /** Buys with the chance that the rate p + q · F gives within a step, where F is the share of owners as the step began. */
  override step() {
    const { innovation, imitation, stepsPerYear } = this.model.params
    const rate = innovation + imitation * this.model.share
    if (!this.owns) this.owns = this.rng.chance(1 - math.exp(-rate / stepsPerYear))
  }
}

class Bass extends Model<typeof params> {
  people = this.agentsOf(Person)
  owners = 0
  /** Of owners, as the step began. */
  share = 0
  sales = 0

  override setup() {
    this.spawn(this.params.people, Person)
  }

  override step() {
    this.people.do(person => person.step())
    const owners = this.people.count(person => person.owns)
    this.sales = owners - this.owners
    this.owners = owners
    this.share = owners / this.people.size
  }
}

export default defineScenario({
  name: 'bass',
  title: 'Bass diffusion',
  model: Bass,
  params,
  agents: { Person },
  steps: 240,
  collect: { model: { share: m => m.share, sales: m => m.sales } },
  view: {
    charts: ['share', 'sales'],
    agents: {
      Person: p => ({
        shape: 'square',
        ...(p.owns ? { color: '#3a7d44', label: 'owner' } : { color: '#dfe3e8', label: 'not yet' }),
      }),
    },
  },
})
