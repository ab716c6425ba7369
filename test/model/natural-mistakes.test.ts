/** What a newcomer writes by mistake, and JavaScript would take without a word, is an error that says what to write. */

import { Agent, type Collect, defineScenario, Model, resume, rowsOf, simulate, topic, z } from 'mycelia'
import { describe, expect, it } from 'vitest'

const News = topic<number>('natural-mistakes-news')

class Person extends Agent<Town> {
  wealth = 1
}

class Town extends Model {
  people = this.agentsOf(Person)
  heard = 0
  override setup(): void {
    this.spawn(3, Person)
  }
}

const scenarioOf = (model: new () => Town, collect: Collect<Town> = {}) =>
  defineScenario({ title: 'Town', model, params: z.object({}), agents: { Person }, collect })
const town = () => simulate(scenarioOf(Town)).model
const collecting = (collect: object) => () => simulate(scenarioOf(Town, collect as Collect<Town>))

describe('a set', () => {
  it("is not asked in another library's words: do('step'), select(test), select({ at_most })", () => {
    const people = town().people
    expect(() => people.do('step' as never)).toThrow('got "step". Write do(agent => agent.step()).')
    expect(() => people.shuffleDo('step' as never)).toThrow('Write shuffleDo(agent => agent.step()).')
    expect(() => people.select((() => false) as never)).toThrow('Write select({ where: … }), or where(…).')
    expect(() => people.select({ at_most: 1 } as never)).toThrow('Unknown option of select "at_most". Did you mean "atMost"?')
  })
})

describe('a function of an agent', () => {
  it('is no name of a field, and not left out', () => {
    const { people } = town()
    expect(() => people.where(undefined as never)).toThrow('got "undefined". Write where(agent => agent.wealth > 0).')
    for (const method of ['sum', 'mean', 'min', 'max', 'map', 'column', 'sortBy', 'groupBy'] as const)
      expect(() => people[method]('age' as never)).toThrow(`got "age". Write ${method}(agent => agent.age).`)
    expect(() => people.count('rich' as never)).toThrow('Write count(agent => agent.rich > 0).')
  })
})

describe('a stream', () => {
  it('is no number, and picks from arrays', () => {
    const { people, rng } = town()
    expect(() => people.shuffleDo(() => {}, 5 as never)).toThrow('shuffleDo(f, rng) of an agent set: expected a stream of random')
    expect(() => people.shuffled(5 as never)).toThrow('shuffled(rng) of an agent set: expected a stream of random numbers, got 5')
    expect(() => rng.pick(people as never)).toThrow(
      'rng.pick(list): expected an array, got AgentSet. Of a set of agents write agents.random(rng)',
    )
    expect(() => rng.pick(undefined as never)).toThrow('rng.pick(list): expected an array, got "undefined"')
    for (const stream of [rng, (people.at(0) as Person).rng])
      expect(() => stream.shuffle(people as never)).toThrow('rng.shuffle(list): expected an array, got AgentSet')
    expect([rng.pick([undefined]), rng.shuffle([]), rng.shuffle(new Float64Array() as never)]).toEqual([
      undefined,
      [],
      new Float64Array(),
    ])
  })
})

describe('an event', () => {
  it('names a method: one that is none is answered with the nearest, or with those there are', () => {
    const { people } = town()
    class Walker extends Person {
      static type = 'Walker'
      walk(): void {}
    }
    const walker = town().spawn(Walker)
    expect(() => walker.after(1, 'wlak' as 'walk')).toThrow('expected the name of a method, got "wlak". Did you mean "walk"?')
    expect(() => walker.after(1, walker.walk as unknown as 'walk')).toThrow(
      'expected the name of a method, got "the function walk". Its methods: walk.',
    )
    expect(() => people.at(0)?.after(1, 'dance' as 'step')).toThrow('Its methods: none.')
  })
})

describe('spawn', () => {
  it('takes the number first, one object for one agent and a function for many', () => {
    const model = town()
    expect(() => model.spawn(Person, 3 as never)).toThrow(
      'the fields of a spawn of Person: expected an object of fields, got 3. Write spawn(3, Person).',
    )
    expect(() => model.spawn(Person, (() => ({})) as never)).toThrow('Write spawn(Person, { … }).')
    expect(() => model.spawn(2, Person, { wealth: 5 } as never)).toThrow('Write spawn(2, Person, i => ({ … })).')
    expect(model.people.size).toBe(3)
  })

  it('is not given a field that is nearly one of the class', () => {
    const model = town()
    const refusal = 'the fields of a spawn of Person: expected names of fields of the class, got "welth". Did you mean "wealth"?'
    expect(() => model.spawn(Person, { welth: 5 } as never)).toThrow(refusal)
    expect(() => model.spawn(2, Person, (() => ({ welth: 5 })) as never)).toThrow(refusal)
  })

  it('is given a field that is declared without a value, of which a compiler leaves no trace', () => {
    class Trader extends Person {
      static type = 'Trader'
      declare wealthy: boolean
      declare x: number
      y = 0
      isRich() {
        return this.wealthy
      }
    }
    expect(town().spawn(Trader, { wealthy: true, x: 1 })).toMatchObject({ wealthy: true, x: 1, wealth: 1 })
  })
})

describe('run', () => {
  it('does not run for ever because its number was not understood', () => {
    const sim = simulate(scenarioOf(Town))
    expect(() => sim.run(5 as never)).toThrow('got 5. Write run({ steps: 5 }).')
    expect(() => sim.run({ step: 5 } as never)).toThrow('Unknown option of run "step". Did you mean "steps"?')
    expect(() => sim.run({ until: 'x' } as never)).toThrow('run({ until }): expected a function of the model, got "x".')
    expect(sim.model.steps).toBe(0)
  })
})

describe('simulate and resume', () => {
  it('know their options: another would do nothing', () => {
    const checkpoint = simulate(scenarioOf(Town)).save()
    expect(() => simulate(scenarioOf(Town), { sed: 5 } as never)).toThrow(
      'Unknown option of simulate "sed". Did you mean "seed"?',
    )
    expect(() => simulate(scenarioOf(Town), 5 as never)).toThrow(
      'expected an object, got 5. Write simulate(scenario, { seed: 1 })',
    )
    expect(() => resume(scenarioOf(Town), checkpoint, { colect: false } as never)).toThrow('Did you mean "collect"?')
    expect(() => resume(scenarioOf(Town), checkpoint, { seed: 5 } as never)).toThrow(
      'option "seed" of resume: expected none, since the checkpoint holds its seed.',
    )
  })
})

describe('a simulation whose step threw', () => {
  class Failing extends Town {
    override step(): void {
      if (this.steps === 2) this.people.at(1)?.remove()
      if (this.steps === 2) throw new Error('torn')
    }
  }

  it('does not go on from a half-made step, nor is it saved', () => {
    const sim = simulate(scenarioOf(Failing))
    expect(() => sim.run({ steps: 5 })).toThrow('torn')
    const calls = { step: () => sim.step(), run: () => sim.run(), save: () => sim.save(), finish: () => sim.finish() }
    for (const [name, call] of Object.entries(calls))
      expect(call).toThrow(
        `${name}() of a simulation that threw at time 2, in step 2: expected one whose last step was made to its end`,
      )
    expect(sim.look(model => model.people.size)).toBe(2)
  })

  it('goes on where only what looks at it threw: a reporter, or onStep', () => {
    let failing = true
    const once = () => {
      if (failing) throw new Error('blind')
      return 1
    }
    const sim = simulate(scenarioOf(Town))
    const reported = simulate(scenarioOf(Town, { model: { seen: m => (m.steps === 1 ? once() : 0) } }))
    expect(() => sim.run({ steps: 3, onStep: once })).toThrow('blind')
    expect(() => reported.step()).toThrow('blind')
    failing = false
    for (const whole of [sim, reported]) {
      whole.run({ steps: 2 })
      expect([whole.model.steps, resume(whole.scenario, whole.save()).model.steps]).toEqual([3, 3])
    }
  })
})

describe('ask()', () => {
  class Asking extends Agent<Asked> {
    heard = 0
    override step(): void {
      this.ask('price', {}, 'hear')
    }
    hear(price: number): void {
      this.heard += price
    }
  }
  class Asked extends Model {
    all = this.agentsOf(Asking)
    override setup(): void {
      this.spawn(Asking)
    }
    override step(): void {
      this.all.do(a => a.step())
    }
  }
  const asked = defineScenario({ title: 'Asked', model: Asked, params: z.object({}), agents: { Asking } })

  it('is refused where nothing could ever answer', () => {
    expect(() => simulate(asked).step()).toThrow(
      'ask("price") of Asking-0: expected something that answers, and this simulation has neither a request handler nor a source.',
    )
    const requestHandler = { answer: () => 7, save: () => null, restore: () => {} }
    const sim = simulate(asked, { requestHandler, answerDelayMs: 0.5 })
    sim.run({ steps: 2 })
    expect(sim.model.all.at(0)?.heard).toBe(7)
  })
})

describe('publish()', () => {
  it('takes what topic() returned, and nothing else', () => {
    const model = town()
    expect(() => model.publish('news' as never, 1 as never)).toThrow(
      'expected what topic() returned, got "news". Declare it once',
    )
    expect(() => model.people.at(0)?.publish(undefined as never, 1 as never)).toThrow(
      'expected what topic() returned, got "undefined"',
    )
  })
})

describe('cancel()', () => {
  it("of a removed agent's event is false at once, as it is after a resume", () => {
    const sim = simulate(scenarioOf(Town))
    const person = sim.model.people.at(0) as Person
    const handle = person.after(3, 'step')
    person.remove()
    expect([sim.model.cancel(handle), resume(sim.scenario, sim.save()).model.cancel(handle)]).toEqual([false, false])
  })
})

describe('collect', () => {
  it('names a part, a reporter and a column that are none', () => {
    expect(collecting({ models: { people: () => 1 } })).toThrow('Unknown part of collect "models". Did you mean "model"?')
    expect(collecting({ agents: { Person: { wealth: 'wealth' } } })).toThrow(
      'expected a function, or { type, read }, got "wealth". Write wealth: x => x.wealth',
    )
    expect(collecting({ model: { people: { type: 'text' } } })).toThrow(
      'the reporter of column "people" of collect: expected a function `read`',
    )
    expect(collecting({ model: { seed: () => 1 } })).toThrow(
      'a column of table "model" of collect: expected a name that no other column of the table has, got "seed"',
    )
  })

  it('knows the types of columns', () => {
    const typed = (type: string) => collecting({ model: { people: { type, read: () => 1 } } })
    expect(typed('number')).toThrow(
      'the type of column "people": expected one of real, integer, text, boolean, time, got "number". Did you mean "real"?',
    )
    expect(typed('txet')).toThrow('Did you mean "text"?')
  })

  it('leaves the name "agents" to the file of all agents', () => {
    const rows = rowsOf({ topics: [News], columns: { x: () => 1 } })
    expect(collecting({ messages: { agents: rows } })).toThrow('table "agents" of collect: expected a name no other table has')
  })

  it('knows the columns of a table: another name is an error, not an empty column', () => {
    const sim = simulate(scenarioOf(Town, { model: { wealth: m => m.people.sum(p => p.wealth) } }))
    expect(() => sim.table('model').column('welth')).toThrow('Unknown column of table "model" "welth". Did you mean "wealth"?')
  })
})

describe('on()', () => {
  class Listening extends Town {
    override wire(): void {
      this.on(News, () => this.heard++)
    }
    override step(): void {
      this.publish(News, 1)
    }
  }

  it('takes a function', () => {
    class Deaf extends Town {
      override wire(): void {
        this.on(News, 'hear' as never)
      }
    }
    expect(() => simulate(scenarioOf(Deaf))).toThrow('on("natural-mistakes-news") of the model: expected a function of a message')
  })

  it('of a class without wire() is refused, since a resume would not know of it', () => {
    class InSetUp extends Town {
      override setup(): void {
        this.on(News, () => {})
      }
    }
    class InStep extends Town {
      override step(): void {
        this.spawn(Person).on(News, () => {})
      }
    }
    expect(() => simulate(scenarioOf(InSetUp))).toThrow('on("natural-mistakes-news") of the model: expected a call within wire()')
    expect(() => simulate(scenarioOf(InStep)).step()).toThrow(
      'on("natural-mistakes-news") of Person-3: expected a call within wire()',
    )
  })

  it('in wire() hears after a resume what it heard before', () => {
    const scenario = scenarioOf(Listening)
    const first = simulate(scenario)
    first.run({ steps: 2 })
    const second = resume(scenario, first.save())
    second.run({ steps: 2 })
    expect(second.model.heard).toBe(4)
  })
})
