/** No silent zero, no silent nonsense: what the kernel cannot mean is refused, with the agent, the place and the next move. */

import { Agent, type AgentClass, defineScenario, Model, OperatorError, resume, simulate, topic, z } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { Ant, Bee, Soldier, type World, world } from './kit.js'

const News = topic<number>('refusals-news')

class Animal extends Agent {
  static readonly type: string = 'Animal'
}
class Sheep extends Animal {
  static override readonly type: string = 'Sheep'
}

describe('a set of a base class', () => {
  const emptyBase =
    /agentsOf\(Animal\) is empty: Sheep extends Animal.*Ask for agentsOf\(Sheep\), or .*this\.agents\.of\(Animal\)/

  it('is refused where its subclass alone is spawned: when it is asked for, and when a field asked before', () => {
    const { model } = world(m => m.spawn(2, Sheep))
    expect(() => model.agentsOf(Animal)).toThrow(emptyBase)
    expect(model.agents.of(Animal).size).toBe(2)
    class Farm extends Model {
      animals = this.agentsOf(Animal)
      override step(): void {
        this.spawn(Sheep)
      }
    }
    const farm = simulate(defineScenario({ title: 'Farm', model: Farm, params: z.object({}), agents: { Animal, Sheep } }))
    expect(() => farm.step()).toThrow(emptyBase)
  })

  it('is refused to a reporter too', () => {
    const sim = world(m => m.spawn(2, Sheep))
    expect(() => sim.look(m => m.agentsOf(Animal).size)).toThrow(emptyBase)
  })

  it('is given where there are none of either, where there were some, and where none of it were spawned on purpose', () => {
    expect(world(m => m.agentsOf(Animal)).model.agentsOf(Animal).size).toBe(0)
    const gone = world(m => {
      m.spawn(Animal).remove()
      m.spawn(Sheep)
    })
    expect(gone.model.agentsOf(Animal).size).toBe(0)
    class Farm extends Model {
      animals = this.agentsOf(Animal)
      override setup(): void {
        this.spawn(0, Animal)
        this.spawn(3, Sheep)
      }
    }
    const farm = defineScenario({ title: 'Farm', model: Farm, params: z.object({}), agents: { Animal, Sheep } })
    const sim = simulate(farm)
    expect([sim.model.animals.size, resume(farm, sim.save()).model.agentsOf(Animal).size]).toEqual([0, 0])
  })
})

describe('a removed agent', () => {
  const acts: Record<string, (a: Ant) => unknown> = {
    'a draw': a => a.rng.float(),
    'a message on "refusals-news"': a => a.publish(News, 1),
    'on("refusals-news")': a => a.on(News, () => {}),
    'event "advance"': a => a.after(1, 'advance'),
    'ask("price")': a => a.ask('price', {}, 'advance'),
  }

  it.each(Object.entries(acts))('is refused %s, by name and step', (what, act) => {
    const sim = world(m => m.spawn(2, Ant))
    sim.run({ steps: 3 })
    const ant = sim.model.ants.at(1) as Ant
    ant.remove()
    expect(() => act(ant)).toThrow(`${what} by Ant-1 at step 3: expected a living agent, and it was removed. Do it before`)
  })

  it('is refused at() and every() as well', () => {
    const sim = world(m => m.spawn(2, Ant))
    const ant = sim.model.ants.at(1) as Ant
    ant.remove()
    expect(() => ant.at(5, 'advance')).toThrow('event "advance" by Ant-1 at step 0')
    expect(() => ant.every(1, 'advance')).toThrow('event "advance" by Ant-1 at step 0')
  })

  it('can still be read, removed again, and call its model; its events are gone, and so cancel() is false', () => {
    const sim = world(m => m.spawn(2, Ant))
    const ant = sim.model.ants.at(0) as Ant
    const handle = ant.after(3, 'advance')
    ant.remove()
    ant.remove()
    expect([ant.alive, ant.key, ant.model.steps, ant.cancel(handle)]).toEqual([false, 'Ant-0', 0, false])
    ant.model.spawn(Bee)
    expect(sim.model.bees.size).toBe(1)
  })
})

describe('planning', () => {
  const { model } = world(m => m.spawn(1, Ant))
  const ant = model.ants.at(0) as Ant

  it.each([
    [() => ant.after(-1, 'advance'), 'after() of event "advance" of Ant-0 at 0: expected a finite delay ≥ 0, got -1.'],
    [() => ant.after(Infinity, 'advance'), 'expected a finite delay ≥ 0, got Infinity.'],
    [() => model.after(Number.NaN, 'step'), 'after() of event "step" of the model at 0: expected a finite delay ≥ 0, got NaN.'],
    [() => ant.at(Infinity, 'advance'), 'event "advance" of Ant-0: expected a finite time from 0 on, got Infinity.'],
    [() => ant.at(-2, 'advance'), 'got -2. at(time) is absolute; after(delay) counts from now.'],
    [() => model.at(Number.NaN, 'step'), 'event "step" of the model: expected a finite time from 0 on, got NaN.'],
    [() => ant.at('5' as never, 'advance'), 'expected a finite time from 0 on, got "5".'],
    [() => ant.every(0, 'advance'), 'every() of event "advance" of Ant-0 at 0: expected a finite period > 0, got 0.'],
    [() => ant.every(Infinity, 'advance'), 'expected a finite period > 0, got Infinity.'],
    [() => model.every(Number.NaN, 'step'), 'every() of event "step" of the model at 0: expected a finite period > 0, got NaN.'],
    [() => ant.after(1, 'advance', 1, Number.NaN), 'priority of event "advance" of Ant-0: expected a number, got NaN.'],
    [() => ant.after(1, 'advance', 1, '1' as never), 'priority of event "advance" of Ant-0: expected a number, got "1".'],
    [() => ant.ask('price', {}, 'food' as never), 'ask("price") of Ant-0: expected the name of a method, got "food".'],
  ])('%s says what is expected and what to do', (plan, message) => {
    expect(plan).toThrow(OperatorError)
    expect(plan).toThrow(message)
  })

  it('takes delays of 0 and any priority', () => {
    for (const priority of [0, -0, 1.5, -Infinity, Infinity, Number.MAX_VALUE])
      expect(ant.after(0, 'advance', 0, priority)).toBeGreaterThan(0)
  })

  class Custom {}
  const circle: Record<string, unknown> = { n: 1 }
  circle.self = circle

  it.each([
    [() => 1, 'payload is a function'],
    [{ call: () => 1 }, 'payload.call is a function'],
    [{ list: [1, { deep: new Custom() }] }, 'payload.list[1].deep is a Custom'],
    [new Map([['k', new Date(0)]]), 'payload[k] is a Date'],
    [new Map([[Symbol('s'), 1]]), 'payload key is a symbol'],
    [new Set([Symbol('s')]), 'payload[0] is a symbol'],
    [1n, 'payload is a bigint'],
    [Object.assign(Object.create(null), { day: new Date(0) }), 'payload.day is a Date'],
    [[...Array(999).keys(), () => 1, ...Array(999).keys()], 'payload[999] is a function'],
    [new (class {})(), 'payload is a class instance'],
    [{ view: new DataView(new ArrayBuffer(8)) }, 'payload.view is a DataView'],
  ])('a payload that no checkpoint can hold is refused with its path: %#', (payload, message) => {
    const refusal = `event "advance" of Ant-0: ${message}: expected plain data`
    expect(() => ant.after(1, 'advance', payload)).toThrow(refusal)
    expect(() => ant.at(1, 'advance', payload)).toThrow(refusal)
    expect(() => ant.every(1, 'advance', payload)).toThrow(refusal)
    expect(() => ant.ask('price', payload, 'advance')).toThrow(`ask("price") of Ant-0: ${message}`)
    expect(() => model.after(1, 'take', payload)).toThrow(`event "take" of the model: ${message}`)
  })

  it('takes every payload that a checkpoint holds', () => {
    const sim = world(m => m.spawn(1, Ant))
    const [a] = sim.model.ants.toArray() as [Ant]
    for (const payload of [
      circle,
      [a, sim.model, null, undefined],
      new Float64Array(2),
      new Map([[1, a]]),
      sim.model.ants,
      a.rng,
    ])
      a.after(1, 'advance', payload)
    expect(sim.save().length).toBeGreaterThan(0)
  })
})

describe('parameters', () => {
  const params = z.object({
    people: z.number().default(3),
    rates: z.array(z.number()).default([1, 2]),
    more: z.object({ deep: z.number().default(1) }).default({ deep: 1 }),
  })
  const townOf = (act: (town: Town) => void) => {
    class Given extends Town {
      override step(): void {
        act(this)
      }
    }
    return simulate(defineScenario({ title: 'Town', model: Given, params }))
  }
  class Town extends Model<typeof params> {}
  function removeRates(this: { rates?: unknown }): void {
    delete this.rates
  }

  it.each<[string, (town: Town) => void, string]>([
    [
      'one',
      town => Object.assign(town.params, { people: 4 }),
      'the parameter "people" was overwritten: expected the value that the run began with. Keep what changes in a field of the model.',
    ],
    ['one within another', town => Object.assign(town.params.more, { deep: 4 }), 'the parameter "deep" was overwritten'],
    ['an item of a list', town => town.params.rates.sort((a, b) => b - a), 'the parameter "0" was overwritten'],
    ['a longer list', town => town.params.rates.push(3), 'Keep what changes in a field of the model.'],
    ['a new one', town => Object.assign(town.params, { poeple: 4 }), 'Keep what changes in a field of the model.'],
    ['one that is taken away', town => Reflect.apply(removeRates, town.params, []), 'the parameter "rates" was overwritten'],
    ['all', town => Object.assign(town, { params: { people: 4 } }), 'the model replaced its params'],
  ])('are never overwritten: %s', (_, act, message) => {
    const sim = townOf(act)
    expect(() => sim.step()).toThrow(OperatorError)
    expect(() => townOf(act).step()).toThrow(message)
  })

  it('that are unknown are said once, by a strict object too', () => {
    const strict = defineScenario({
      title: 'Strict',
      model: class extends Model {},
      params: z.strictObject({ n: z.number().default(1) }),
    })
    expect(() => simulate(strict, { params: { m: 1 } as never })).toThrow(/^Unknown parameter "m"\. Did you mean "n"\?$/)
  })

  it('overwritten by an agent name the agent', () => {
    class Thief extends Agent<Town> {
      override step(): void {
        Object.assign(this.model.params, { people: 0 })
      }
    }
    class Robbed extends Town {
      override setup(): void {
        this.spawn(2, Thief)
      }
      override step(): void {
        this.agentsOf(Thief).do(t => t.step())
      }
    }
    const sim = simulate(defineScenario({ title: 'Robbed', model: Robbed, params, agents: { Thief } }))
    expect(() => sim.step()).toThrow('Thief-0 (id 1) failed at step 1, seed 1: the parameter "people" was overwritten')
  })

  it('leave what the caller gave as it is', () => {
    const given = { rates: [5], more: { deep: 2 } }
    simulate(defineScenario({ title: 'Town', model: Town, params }), { params: given })
    given.rates.push(6)
    given.more.deep = 3
    expect(given).toEqual({ rates: [5, 6], more: { deep: 3 } })
  })

  it('that are wrong are all named in one error', () => {
    const town = defineScenario({ title: 'Town', model: Town, params })
    const wrong = { poeple: 5, rates: 'many', people: 'x', more: { deep: 'y' } }
    expect(() => simulate(town, { params: wrong as never })).toThrow(
      [
        '4 parameters are wrong. They are:',
        '  Unknown parameter "poeple". Did you mean "people"?',
        '  parameter "people": expected a number, got "x".',
        '  parameter "rates": expected an array, got "many".',
        '  parameter "more.deep": expected a number, got "y".',
      ].join('\n'),
    )
  })
})

describe('a class', () => {
  it('whose constructor forgets super() is told so by name, agents and models alike', () => {
    // As a program without types might have it: the compiler refuses these classes.
    const rude = (name: string, base: object) =>
      Function('Base', `return class ${name} extends Base { constructor() { this.n = 1 } }`)(base)
    const Rude = rude('Rude', Agent) as AgentClass
    const Bad = rude('Bad', Model) as new () => Model
    const agents = { Rude }
    class Good extends Model {
      override setup(): void {
        this.spawn(Rude)
      }
    }
    const params = z.object({})
    expect(() => simulate(defineScenario({ title: 'Good', model: Good, params, agents }))).toThrow(
      'the constructor of Rude does not call super(). Begin it with: super()',
    )
    expect(() => simulate(defineScenario({ title: 'Bad', model: Bad, params }))).toThrow(
      'the constructor of Bad does not call super()',
    )
  })

  it('is made by spawn alone: new says so', () => {
    expect(() => new Ant()).toThrow(
      'use spawn() or simulate(), not new. Write this.spawn(Ant) in the model, or this.model.spawn(Ant) in an agent.',
    )
    expect(() =>
      world(m =>
        m.spawn(
          class Nest extends Agent {
            static readonly type = 'Nest'
            inner = new Ant()
          },
        ),
      ),
    ).toThrow('this.model.spawn(Ant)')
  })

  it.each([undefined, null, 3, {}, class Stone {}, 'Ant'])('that is none is refused: %s', thing => {
    expect(() => world(m => m.spawn(thing as never))).toThrow('a class that extends Agent')
    expect(() => world(m => m.agentsOf(thing as never))).toThrow('a class that extends Agent')
  })

  it.each([-1, 2.5, Number.NaN, 2 ** 32, Infinity])('is not spawned %s times', n => {
    expect(() => world(m => m.spawn(n, Ant))).toThrow('spawn of Ant: expected a count ≥ 0 and below 2³²')
  })
})

describe('a run', () => {
  const inside = (act: (sim: ReturnType<typeof world>) => unknown) => {
    const held: { sim?: ReturnType<typeof world> } = {}
    const sim = world(
      () => {},
      () => void (held.sim && act(held.sim)),
    )
    held.sim = sim
    return sim
  }

  it.each([
    ['run()', (sim: ReturnType<typeof world>) => sim.run({ steps: 1 })],
    ['step()', (sim: ReturnType<typeof world>) => sim.step()],
    ['save()', (sim: ReturnType<typeof world>) => sim.save()],
    ['finish()', (sim: ReturnType<typeof world>) => sim.finish()],
  ])('refuses %s inside a step, which a model that calls it does not get to its end', (what, act) => {
    const sim = inside(act)
    expect(() => sim.step()).toThrow(`${what} of a simulation inside its own step 1: expected a call between two steps`)
    expect(() => sim.save()).toThrow('save() of a simulation that threw at time 1, in step 1')
  })

  it('may be saved and looked at between steps, in onStep too', () => {
    const sim = world(() => {})
    let saved = 0
    sim.run({ steps: 2, onStep: () => (saved += Math.sign(sim.save().length)) })
    expect(saved).toBe(2)
  })

  it('without steps goes to the scenario’s, resumed or not, and stops earlier by until', () => {
    class Empty extends Model {}
    const short = defineScenario({ title: 'Short', model: Empty, params: z.object({}), steps: 7 })
    const sim = simulate(short)
    expect([sim.run({ steps: 3 }), sim.model.steps]).toEqual([3, 3])
    const twin = resume(short, sim.save())
    expect([twin.run(), twin.run(), twin.run({ steps: 2 }), twin.run()]).toEqual([4, 0, 2, 0])
    expect(simulate(short).run({ until: m => m.steps === 5 })).toBe(5)
    expect(simulate(short).run({ until: () => false })).toBe(7)
    expect(simulate(short).run({ steps: 0 })).toBe(0)
  })

  it.each([-1, 2.5, Number.NaN, '3', null])('refuses %s steps', steps => {
    expect(() => world(() => {}).run({ steps: steps as number })).toThrow('run({ steps }): expected a whole number ≥ 0')
  })

  it('stops for the first reason given, which is a text', () => {
    const sim = world(
      () => {},
      (m: World) => {
        m.stop('first')
        m.stop('second')
      },
    )
    expect([sim.run({ steps: 5 }), sim.endReason]).toEqual([1, 'first'])
    expect(() => sim.model.stop(undefined as never)).toThrow(
      "stop(reason): expected a text that says why the run ends. Write: this.stop('",
    )
  })

  it('has one seed: a number, or a text, which are never the same', () => {
    class Lot extends Model {
      drawn = this.stream('x').uint32()
    }
    const lot = defineScenario({ title: 'Lot', model: Lot, params: z.object({}) })
    for (const [number, text] of [
      [1, '1'],
      [0, '0'],
      [2.5, '2.5'],
      [-3, '-3'],
    ] as const) {
      const [a, b] = [simulate(lot, { seed: number }), simulate(lot, { seed: text })]
      expect([a.model.drawn === b.model.drawn, a.digest === b.digest]).toEqual([false, false])
      expect(simulate(lot, { seed: text }).model.drawn).toBe(b.model.drawn)
    }
    for (const seed of [Number.NaN, Infinity, null, {}])
      expect(() => simulate(lot, { seed: seed as never })).toThrow('seed: expected a finite number or a text')
  })
})

it('a subclass that is spawned with its base has a set of its own', () => {
  const { model } = world(m => {
    m.spawn(2, Ant)
    m.spawn(3, Soldier)
  })
  expect([model.ants.size, model.agentsOf(Soldier).size]).toEqual([2, 3])
})
