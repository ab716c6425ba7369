/** The Sznajd model: two neighbours of one opinion convince those beside them (K. Sznajd-Weron and J. Sznajd, Int. J. Mod. Phys. C 11, 2000). */

import { Agent, defineScenario, Model, SquareGrid, z } from 'mycelia'

const params = z.object({
  people: z.number().int().min(4).max(10_000).default(60).describe('people in a ring'),
  favour: z.number().min(0).max(1).default(0.5).describe('share in favour at first'),
})

class Person extends Agent<Sznajd> {
  inFavour = false

  /** Speaks with the next person; if they agree, both persons around them take their opinion. */
  override step() {
    const { ring } = this.model
    const here = ring.xOf(ring.cellOf(this))
    if (ring.at(ring.cell(here + 1, 0))?.inFavour !== this.inFavour) return
    for (const x of [here - 1, here + 2]) {
      const heard = ring.at(ring.cell(x, 0))
      if (heard !== undefined) heard.inFavour = this.inFavour
    }
  }
}

class Sznajd extends Model<typeof params> {
  ring = new SquareGrid<Person>({ width: this.params.people, height: 1, torus: true, rng: this.rng })
  people = this.agentsOf(Person)

  override setup() {
    for (const person of this.spawn(this.params.people, Person)) {
      person.inFavour = this.rng.chance(this.params.favour)
      this.ring.placeOnEmpty(person)
    }
  }

  /** As many speak as there are people, each time a random one. */
  override step() {
    for (let i = 0; i < this.people.size; i++) this.people.random().step()
    if (this.inFavour % this.people.size === 0) this.stop('all agree')
  }

  get inFavour(): number {
    return this.people.count(person => person.inFavour)
  }
}

export default defineScenario({
  name: 'sznajd',
  title: 'Sznajd’s opinions',
  model: Sznajd,
  params,
  agents: { Person },
  steps: 200,
  collect: { model: { in_favour: m => m.inFavour } },
  view: {
    charts: ['in_favour'],
    agents: {
      Person: p => ({
        shape: 'square',
        ...(p.inFavour ? { color: '#3a7d44', label: 'in favour' } : { color: '#edae49', label: 'against' }),
      }),
    },
    space: m => m.ring,
  },
})
