/** What must not compile. Each line under an `@ts-expect-error` fails the type check the day it is accepted. */

import {
  type Activation,
  Agent,
  type AgentSet,
  Analyst,
  defineScenario,
  Model,
  rowsOf,
  simulate,
  simultaneous,
  sparseMarket,
  swarmScenario,
  topic,
  type Vote,
  z,
} from 'mycelia'

const Price = topic<{ readonly close: number }>('types-price')
const params = z.object({ people: z.number().default(3) })

class Person extends Agent<Town> {
  wealth = 1
  order(what: string): void {
    this.model.log.push(what)
  }
  override wire(): void {
    this.on(Price, message => message.close.toFixed())
    // @ts-expect-error the message has no such field
    this.on(Price, message => message.open)
    // @ts-expect-error a handler of another payload
    this.on(Price, (message: string) => message)
  }
  override step(): void {
    this.publish(Price, { close: 1 })
    // @ts-expect-error a wrong payload does not widen the topic
    this.publish(Price, { open: 1 })
    // @ts-expect-error nor does one of another kind
    this.publish(Price, 'close')
    this.after(1, 'order', 'x')
    this.at(1, 'order')
    this.every(1, 'step')
    this.ask('kind', {}, 'order')
    // @ts-expect-error no such method
    this.after(1, 'odrer')
    // @ts-expect-error no such method
    this.at(1, 'odrer')
    // @ts-expect-error no such method
    this.every(1, 'odrer')
    // @ts-expect-error no such method
    this.ask('kind', {}, 'odrer')
    // @ts-expect-error ids are the kernel's
    this.id = 3
    // @ts-expect-error the model's parameters are typed
    this.model.params.poeple
    // @ts-expect-error and readonly to nobody's surprise: no such field on the model
    this.model.lgo
  }
}

class Dog extends Agent<Town> {
  age = 0
}

class Town extends Model<typeof params> {
  log: string[] = []
  people = this.agentsOf(Person)
  dogs = this.agentsOf(Dog)
  override setup(): void {
    const born: Person[] = this.spawn(this.params.people, Person, i => ({ wealth: i }))
    const one: Dog = this.spawn(Dog, { age: 3 })
    born.push(this.people.random())
    // @ts-expect-error no such field
    this.spawn(2, Person, () => ({ age: 1 }))
    // @ts-expect-error no such field
    this.spawn(Dog, { wealth: 1 })
    // @ts-expect-error a dog is no person
    born.push(one)
    // @ts-expect-error no such field
    this.people.get('age')
    // @ts-expect-error a text is no number
    this.people.sum(p => p.key)
    // @ts-expect-error a model has its own parameters
    this.params.dogs
  }
}

/** Types that are derived: sets keep their agents' type through every method. */
export function derived(town: Town): void {
  const rich: AgentSet<Person> = town.people
    .where(p => p.wealth > 1)
    .sortBy(p => p.wealth)
    .sample(1)
  const dogs: AgentSet<Dog> = town.agents.of(Dog)
  const groups: Map<string, AgentSet<Dog>> = dogs.groupBy(d => d.key)
  const wealth: number[] = rich.get('wealth')
  const activation: Activation<Person> = people => people.do(p => p.order('x'))
  activation(town.people)
  // @ts-expect-error dogs take no orders
  activation(town.dogs)
  // @ts-expect-error who acts simultaneously needs an `advance`
  simultaneous(town.people)
  // @ts-expect-error a set of dogs is no set of people
  const wrong: AgentSet<Person> = dogs
  void [groups, wealth, wrong]
}

const base = { title: 'Town', model: Town, params, agents: { Person, Dog } }

export const town = defineScenario({
  ...base,
  collect: {
    model: { n: m => m.people.size, rich: m => m.people.max(p => p.wealth) },
    agents: {
      Person: { wealth: p => p.wealth, key: { type: 'text', read: p => p.key } },
      Dog: { columns: { age: d => d.age }, every: 2, when: m => m.dogs.size > 1 },
    },
    messages: { prices: rowsOf({ topics: [Price], columns: { close: p => p.close } }) },
  },
  view: { agents: { Person: p => ({ size: p.wealth }), Dog: d => ({ size: d.age }) } },
})

defineScenario({
  ...base,
  // @ts-expect-error the model has no such field
  collect: { model: { n: m => m.pepole.size } },
})
defineScenario({
  ...base,
  // @ts-expect-error a set is no cell
  collect: { model: { n: m => m.people } },
})
defineScenario({
  ...base,
  // @ts-expect-error a dog has no wealth
  collect: { agents: { Person: { wealth: p => p.wealth }, Dog: { wealth: d => d.wealth } } },
})
defineScenario({
  ...base,
  // @ts-expect-error nor has it where the type is collected at its own occasions
  collect: { agents: { Dog: { columns: { wealth: d => d.wealth }, every: 2 } } },
})
defineScenario({
  ...base,
  // @ts-expect-error a reporter of dogs is none of people
  collect: { agents: { Person: { age: (d: Dog) => d.age } } },
})
defineScenario({
  ...base,
  // @ts-expect-error the record names no such type
  collect: { agents: { Prson: { x: () => 1 } } },
})
defineScenario({
  ...base,
  // @ts-expect-error a dog is not drawn by its wealth
  view: { agents: { Dog: d => ({ size: d.wealth }) } },
})
defineScenario({
  ...base,
  // @ts-expect-error the record names no such type
  view: { agents: { Prson: () => ({ size: 1 }) } },
})
defineScenario({
  title: 'Town',
  model: Town,
  params,
  // @ts-expect-error without a record no type has a name to collect by
  collect: { agents: { Person: { x: () => 1 } } },
})
defineScenario({
  ...base,
  // @ts-expect-error the message has no such field
  collect: { messages: { prices: rowsOf({ topics: [Price], columns: { open: p => p.open } }) } },
})
defineScenario({
  ...base,
  // @ts-expect-error a bare reporter gives numbers: a text is said
  collect: { model: { mood: () => 'fine' } },
})
defineScenario({
  ...base,
  // @ts-expect-error a column of texts is no number
  collect: { model: { mood: { type: 'text', read: m => m.people.size } } },
})
defineScenario({ ...base, collect: { model: { mood: { type: 'text', read: m => (m.people.size > 0 ? 'fine' : undefined) } } } })
// @ts-expect-error agents without model, kernel and id are none
defineScenario({ ...base, agents: { Person: class {} } })
// @ts-expect-error classes are given by name, not as a list
defineScenario({ ...base, agents: [Person] })

/** A strategy of one's own is a class of analysts. */
class Momentum extends Analyst {
  judge(): Vote {
    return { direction: 0, confidence: 0 }
  }
}
const swarm = { name: 'momentum', title: 'Momentum', market: sparseMarket() }
swarmScenario({ ...swarm, analysts: { Momentum } })
// @ts-expect-error a person is no analyst
swarmScenario({ ...swarm, analysts: { Person } })

const sim = simulate(town, { seed: 1, params: { people: 3 } })
export const model: Town = sim.model
// @ts-expect-error a seed is a number or a text
simulate(town, { seed: {} })
