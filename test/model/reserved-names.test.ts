/** Names that agents and models have from Mycelia: a class that declares one again is refused, once, by name. */

import { Agent, defineScenario, Model, OperatorError, resume, simulate, z } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { keys, world } from './kit.js'

const born = (type: new () => Agent) => () => world(m => m.spawn(type))
/** A class as plain JavaScript would have it, where no compiler objects. */
const withField = (name: string, value: unknown = 7) =>
  class Bad extends Agent {
    static type = 'Bad'
    constructor() {
      super()
      Object.defineProperty(this, name, { value, enumerable: true, writable: true, configurable: true })
    }
  }
const assigning = (name: string) =>
  class Bad extends Agent {
    static type = 'Bad'
    constructor() {
      super()
      ;(this as unknown as Record<string, unknown>)[name] = 7
    }
  }
const withMethod = (name: string) => {
  class Bad extends Agent {
    static type = 'Bad'
  }
  Object.defineProperty(Bad.prototype, name, { value: () => 7 })
  return Bad
}
const members = ['id', 'ordinal', 'model', 'key', 'type', 'rng', 'alive', 'idle', 'on', 'at', 'after', 'every', 'cancel', 'ask']

describe('a class of agents that declares a member every agent has', () => {
  const refusal = (name: string) =>
    `class Bad declares "${name}". Every agent has a member of that name from Mycelia: rename yours.`

  it.each([...members, 'publish', 'remove', '_home', '_spot', '_status', '_family'])('is refused for its field %s', name => {
    expect(born(withField(name))).toThrow(refusal(name))
    expect(born(withField(name))).toThrow(OperatorError)
  })

  it.each([...members, 'publish', 'remove'])('is refused for its method %s, and so is a subclass of it', name => {
    expect(born(withMethod(name))).toThrow(refusal(name))
    class Bad extends withMethod(name) {
      static override type = 'Bad'
    }
    expect(born(Bad)).toThrow(refusal(name))
  })

  it.each(['key', 'type', 'rng', 'alive', 'idle'])(
    'is refused where it assigns to %s, whatever the compiler makes of fields',
    name => {
      expect(born(assigning(name))).toThrow(refusal(name))
    },
  )

  it('is refused when its set is asked for, before any is born', () => {
    expect(() => world(m => m.agentsOf(withMethod('every')))).toThrow(refusal('every'))
  })

  it('may have a home, a name, a status, and a step, wire and text of its own', () => {
    class Person extends Agent {
      static type = 'Person'
      home = 7
      name = 'Ada'
      status = 'well'
      override step(): void {
        this.home++
      }
      override wire(): void {}
      override toString(): string {
        return this.name
      }
    }
    const { model } = world(
      m => m.spawn(2, Person),
      m => m.agents.do(a => a.step()),
    )
    const [first, second] = [...model.agents] as [Person, Person]
    first.remove()
    expect([keys(model.agents), `${second}`]).toEqual([['Person-1'], 'Ada'])
  })

  it('may place its agents and draw in the constructor', () => {
    class Dice extends Agent {
      static type = 'Dice'
      eyes = this.rng.int(6)
    }
    expect(world(m => m.spawn(3, Dice)).model.agents.size).toBe(3)
  })

  it('is looked at once: later agents of the class are not', () => {
    let births = 0
    class Odd extends Agent {
      static type = 'Odd'
      constructor() {
        super()
        if (++births > 1) Object.defineProperty(this, 'every', { value: 7, enumerable: true })
      }
    }
    expect(world(m => m.spawn(2, Odd)).model.agents.size).toBe(2)
  })
})

describe('a home of one’s own', () => {
  class Tenant extends Agent<Street> {
    static type = 'Tenant'
    home = `house ${this.ordinal}`
  }
  class Street extends Model {
    tenants = this.agentsOf(Tenant)
    override setup(): void {
      this.spawn(3, Tenant)
    }
  }
  const street = defineScenario({ title: 'Street', model: Street, params: z.object({}) })

  it('outlives a checkpoint', () => {
    const sim = simulate(street)
    const twin = resume(street, sim.save())
    expect(twin.model.tenants.get('home')).toEqual(['house 0', 'house 1', 'house 2'])
    expect(twin.digest).toBe(sim.digest)
  })
})

describe('a class of models that declares a member every model has', () => {
  const made = (change: (model: object) => void, onPrototype: (prototype: object) => void = () => {}) => {
    class Bad extends Model {
      constructor() {
        super()
        change(this)
      }
    }
    onPrototype(Bad.prototype)
    return () => simulate(defineScenario({ title: 'Bad', model: Bad, params: z.object({}) }))
  }
  const refusal = (name: string) =>
    `class Bad declares "${name}". Every model has a member of that name from Mycelia: rename yours.`
  const value = { value: 7, enumerable: true, writable: true, configurable: true }

  it.each(['stop', 'spawn', 'agents', 'steps', 'now', 'rng', 'stream', 'every', 'params', '_kernel'])('is refused: %s', name => {
    expect(made(model => Object.defineProperty(model, name, value))).toThrow(refusal(name))
    expect(
      made(
        () => {},
        prototype => Object.defineProperty(prototype, name, value),
      ),
    ).toThrow(refusal(name))
  })

  it('is refused where it assigns to a getter', () => {
    expect(made(model => Object.assign(model, { agents: [] }))).toThrow(refusal('agents'))
  })

  it('may have a population, a seed and a kernel of its own', () => {
    const own = { population: 3, seed: 4, kernel: 5 }
    expect(made(model => Object.assign(model, own))().model).toMatchObject(own)
  })
})
