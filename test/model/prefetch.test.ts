import { Agent, type AgentSet, defineScenario, Model, simulate, z } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { limits } from '../../src/model/prefetch.js'

const params = z.object({ people: z.number().default(limits.choice + 101), inCrowd: z.boolean().default(true) })

abstract class Person extends Agent<Town> {
  met = 0
}

/** Chooses by its only draw: the bet that is won. */
class Friend extends Person {
  override step() {
    this.model.people.random(this.rng).met++
  }
}

/** Draws before it chooses: the bet that is lost. */
class Doubter extends Person {
  override step() {
    if (this.rng.chance(0.5)) this.model.people.random(this.rng).met++
  }
}

/** Chooses another, and one of them leaves: the list of those to choose from changes while it is read ahead. */
class Rival extends Person {
  override step() {
    const other = this.model.people.random(this.rng)
    if (other === this || this.met > 2) this.remove()
    else if (other.met > 1) other.remove()
    else other.met++
  }
}

class Town extends Model<typeof params> {
  static readonly kind: new () => Person = Friend
  get kind(): new () => Person {
    return (this.constructor as typeof Town).kind
  }
  people: AgentSet<Person> = this.agentsOf(this.kind)

  override setup() {
    this.spawn(this.params.people, this.kind)
  }

  override step() {
    if (this.params.inCrowd) this.people.shuffleDo(person => person.step())
    else for (const person of this.people.shuffled()) if (!person.idle) person.step()
  }
}

class Doubters extends Town {
  static override readonly kind = Doubter
}

class Rivals extends Town {
  static override readonly kind = Rival
}

function outcome(town: typeof Town, inCrowd: boolean): [number, number][] {
  const sim = simulate(defineScenario({ title: 'Town', model: town, params, agents: { Friend, Doubter, Rival } }), {
    seed: 3,
    params: { inCrowd },
  })
  sim.run({ steps: 3 })
  return sim.model.people.map(person => [person.id, person.met])
}

describe('a crowd that is read before its turn', () => {
  it.each([
    ['choose by their only draw', Town],
    ['draw before they choose', Doubters],
    ['leave', Rivals],
  ])('does what it would do without, where people %s', (_, town) => {
    const crowd = outcome(town, true)
    expect(crowd).toEqual(outcome(town, false))
    expect(crowd.some(([, met]) => met > 0)).toBe(true)
  })
})
