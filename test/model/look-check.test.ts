/** Code that looks at a run: what it draws is put back, what it writes is found, and what it throws is named. */

import {
  Agent,
  defineScenario,
  Model,
  OperatorError,
  resume,
  rowsOf,
  runOf,
  type SimulateOptions,
  type Sink,
  SquareGrid,
  simulate,
  type Table,
  topic,
  z,
} from 'mycelia'
import { describe, expect, it } from 'vitest'

const Paid = topic<{ readonly by: string; readonly coins: number[] }>('look-paid')

class Person extends Agent<Town> {
  wealth = 1
  heard = 0
  override wire(): void {
    this.on(Paid, ({ coins }) => {
      this.heard += coins.length
    })
  }
  override step(): void {
    this.wealth += this.rng.int(3)
    if (this.rng.chance(0.5)) this.publish(Paid, { by: this.key, coins: [this.wealth] })
  }
}

class Town extends Model {
  people = this.agentsOf(Person)
  weather = this.stream('weather')
  memo: number | undefined
  sunny = 0
  big: Float64Array | undefined
  override setup(): void {
    this.spawn(4, Person)
  }
  override step(): void {
    this.people.shuffleDo(p => p.step())
    this.sunny = this.weather.float()
  }
  /** Asked first by a reporter, it changes the model. */
  get total(): number {
    this.memo ??= this.people.sum(p => p.wealth)
    return this.memo
  }
}

const town = (collect: object = {}) =>
  defineScenario({ title: 'Town', model: Town, params: z.object({}), agents: { Person }, collect })
const begin = (collect: object, options: Omit<SimulateOptions, 'params'> = {}) => simulate(town(collect), { seed: 3, ...options })
const digest = (collect: object, options: Omit<SimulateOptions, 'params'> = {}) => {
  const sim = begin(collect, options)
  sim.run({ steps: 6 })
  return sim.digest
}
const alone = digest({ model: {} })

describe('what code that looks draws', () => {
  it("D4: from an agent's own stream is refused, named with column, table, step and agent, and not counted", () => {
    const collect = { agents: { Person: { luck: (p: Person) => (p.ordinal === 2 ? p.rng.float() : 0) } } }
    expect(() => begin(collect).step()).toThrow(
      'column "luck" of table "agents:Person" at step 0 (agent Person-2): a draw from an agent\'s own stream by a reporter: ' +
        'expected reporters that only look. Draw from model.rng, or collect what the agent drew in its step.',
    )
    const caught = (p: Person) => {
      try {
        return p.rng.float()
      } catch {
        return null
      }
    }
    expect(digest({ agents: { Person: { luck: caught } } })).toBe(alone)
  })

  it('D4: from a named stream or the order stream in a field is put back', () => {
    const order = new WeakMap<Town, { float(): number }>()
    expect(digest({ model: { rain: (m: Town) => m.weather.float() + m.stream('weather').normal() } })).toBe(alone)
    expect(digest({ model: { rain: (m: Town) => (order.get(m) ?? order.set(m, m.rng).get(m))?.float() } })).toBe(alone)
  })

  it('D4: a type first named in a look is the run’s own when it is born later', () => {
    class Guest extends Person {}
    class Inn extends Town {
      override step(): void {
        this.spawn(Guest)
      }
    }
    const sim = simulate(defineScenario({ ...town(), model: Inn, agents: { Person, Guest } }))
    expect(sim.look(m => m.agentsOf(Guest).size)).toBe(0)
    sim.run({ steps: 2, onStep: m => m.agentsOf(Guest).size })
    expect(sim.population.counts()).toEqual({ Person: 4, Guest: 2 })
    expect(() =>
      sim.look(m =>
        m.spawn(
          0,
          class Other extends Person {
            static readonly type = 'Other'
          },
        ),
      ),
    ).toThrow('spawn of Other by a view')
  })

  it('D4: from many streams by name is put back', () => {
    class Windy extends Town {
      winds = Array.from({ length: 30 }, (_, i) => this.stream(`wind ${i}`))
      override step(): void {
        for (const wind of this.winds) this.sunny += wind.float()
      }
    }
    const blown = (collect: object) => {
      const sim = simulate(defineScenario({ ...town(collect), model: Windy }))
      sim.run({ steps: 3 })
      return sim.digest
    }
    expect(blown({ model: { all: (m: Windy) => m.winds.reduce((sum, wind) => sum + wind.float(), 0) } })).toBe(
      blown({ model: {} }),
    )
  })

  it('D4: leaves no order of empty cells behind, whatever stream it draws a cell from', () => {
    class Field extends Town {
      grid = new SquareGrid<Person>({ width: 9, height: 9 })
      override step(): void {
        this.people.do(p => (p._home === undefined ? this.grid.placeOnEmpty(p, this.weather) : this.grid.remove(p)))
      }
    }
    const placed = (collect: object) => {
      const sim = simulate(defineScenario({ ...town(collect), model: Field }))
      sim.run({ steps: 4 })
      return sim.digest
    }
    const alone = placed({ model: {} })
    expect(placed({ model: { cell: (m: Field) => m.grid.randomEmptyCell(m.rng) } })).toBe(alone)
    expect(placed({ model: { cell: (m: Field) => m.grid.randomEmptyCell(m.weather) } })).toBe(alone)
    expect(placed({ model: { cell: (m: Field) => m.grid.randomEmptyCell(m.stream('first named here')) } })).toBe(alone)
  })

  it('D4: in a condition, in rows of messages, in onStep and in until is put back or refused', () => {
    expect(digest({ when: (m: Town) => m.weather.chance(0.5), model: { one: () => 1 } })).toBe(alone)
    let model: Town | undefined
    const messages = {
      paid: rowsOf({ topics: [Paid], columns: { rain: () => model?.weather.float(), lot: () => model?.rng.float() } }),
    }
    const sim = begin({ messages })
    model = sim.model
    sim.run({ steps: 6, onStep: m => (m as Town).weather.float(), until: m => (m as Town).weather.float() > 2 })
    expect(sim.digest).toBe(alone)
    expect(new Set(sim.table('paid').column('lot')).size).toBeGreaterThan(2)
    expect(() => sim.run({ steps: 1, onStep: m => (m as Town).people.at(0)?.rng.float() })).toThrow('stream by onStep')
    expect(() => sim.run({ steps: 1, until: m => (m as Town).people.random().rng.chance(0) })).toThrow('stream by until')
    expect(() => sim.look(m => m.spawn(Person))).toThrow('spawn of Person by a view: expected code that only looks')
  })

  it('D4: in a look within a look is refused still, after the inner one as well', () => {
    const sim = begin({})
    expect(() => sim.look(m => [sim.look(() => 1), m.spawn(Person)])).toThrow('only looks')
    expect(sim.model.spawn(Person).key).toBe('Person-4')
  })

  it('D4: in rows of messages may loop over agents, and delivers nothing before its time', () => {
    class Crier extends Person {
      quiet = true
      late = 0
      override wire(): void {
        this.on(Paid, () => {
          if (!this.quiet) this.late++
        })
      }
      override step(): void {
        this.quiet = true
        for (const coin of [1, 2, 3]) this.publish(Paid, { by: this.key, coins: [coin] })
        this.quiet = false
      }
    }
    class Square extends Town {
      criers = this.agentsOf(Crier)
      override setup(): void {
        this.spawn(0, Person)
        this.spawn(2, Crier)
      }
      override step(): void {
        this.criers.do(c => c.step())
      }
    }
    let model: Square | undefined
    const all = () => model?.criers.do(() => {}).size
    const messages = { paid: rowsOf({ topics: [Paid], columns: { all } }) }
    const cry = (collect: object) => {
      const sim = simulate(defineScenario({ ...town(collect), model: Square, agents: { Person, Crier } }))
      model = sim.model
      sim.run({ steps: 3 })
      return sim.model.criers.get('late')
    }
    expect(cry({ messages })).toEqual(cry({}))
  })

  it('D4: is the same whether the digest is read, the run saved or the state checked meanwhile', () => {
    const rows = (options: SimulateOptions, ask: boolean) => {
      const holder: { sim?: { digest: string } } = {}
      const rain = (m: Town) => {
        const first = m.weather.float()
        if (ask && m.steps > 0) expect(holder.sim?.digest).toHaveLength(64)
        return first + 10 * m.weather.float()
      }
      const sim = begin({ model: { rain, more: (m: Town) => m.weather.float() } }, options)
      holder.sim = sim
      sim.run({ steps: 4 })
      return sim.table('model').toRows()
    }
    const plain = rows({}, false)
    expect(rows({ checkLooking: true }, false)).toEqual(plain)
    expect(rows({ checkLooking: 'first' }, true)).toEqual(plain)
  })

  it('D3: a checkpoint taken in onStep holds the streams as the run left them', () => {
    let saved: Uint8Array | undefined
    const first = begin({ model: {} })
    const onStep = (m: Model) => {
      ;(m as Town).weather.float()
      saved = first.save()
    }
    first.run({ steps: 2, onStep })
    const second = resume(town({ model: {} }), saved as Uint8Array)
    second.run({ steps: 4 })
    expect(second.digest).toBe(alone)
  })
})

describe('what code that looks writes', () => {
  const cases: [string, object, string][] = [
    [
      'a field of the model',
      { model: { fine: () => 1, total: (m: Town) => m.total } },
      'column "total" of table "model" at step 0 changed model.memo',
    ],
    [
      'a field of an agent',
      { agents: { Person: { fine: () => 1, w: (p: Person) => (p.ordinal === 3 ? p.wealth++ : 0) } } },
      'column "w" of table "agents:Person" at step 0 changed Person-3.wealth',
    ],
    [
      'in a condition',
      { when: (m: Town) => m.total > 0, model: { fine: () => 1 } },
      'collect.when of table "model" at step 0 changed model.memo',
    ],
    [
      'into a message',
      { messages: { paid: rowsOf({ topics: [Paid], columns: { n: m => m.coins.push(0) } }) } },
      'rows of table "paid" at step 1 changed the message',
    ],
    [
      'into a message, of what cannot be saved',
      { messages: { paid: rowsOf({ topics: [Paid], columns: { n: m => m.coins.push((() => 0) as never) } }) } },
      'rows of table "paid" at step 1 changed the message',
    ],
    [
      'beside a reporter that only draws',
      { model: { rain: (m: Town) => m.weather.float(), total: (m: Town) => m.total } },
      'column "total" of table "model" at step 0 changed model.memo',
    ],
  ]
  it.each(cases)('D4: %s is found, and the reporter named', (_, collect, message) => {
    expect(() => begin(collect, { checkLooking: true }).run({ steps: 4 })).toThrow(message)
    expect(() => begin(collect, { checkLooking: 'first' }).run({ steps: 4 })).toThrow(message)
    expect(() => begin(collect).run({ steps: 4 })).not.toThrow()
  })

  it('D4: in onStep, in until and in a view is found', () => {
    const sim = () => begin({}, { checkLooking: true })
    expect(() => sim().run({ steps: 2, onStep: m => (m as Town).total })).toThrow('onStep at step 1 changed model.memo')
    expect(() => sim().run({ steps: 2, until: m => (m as Town).total < 0 })).toThrow('until at step 1 changed model.memo')
    expect(() => sim().look(m => m.total)).toThrow('a view at step 0 changed model.memo')
  })

  it('is looked for at the first two looks at each table, and while the state is below 4 MB', () => {
    const late = (step: number) => ({ model: { total: (m: Town) => (m.steps === step ? m.total : 0) } })
    const first = { checkLooking: 'first' } as const
    expect(() => begin(late(1), first).run({ steps: 4 })).toThrow('changed model.memo')
    expect(() => begin(late(2), first).run({ steps: 4 })).not.toThrow()
    expect(() => begin({ every: 3, ...late(3) }, first).run({ steps: 7 })).toThrow('changed model.memo')
    const large = begin(late(1), first)
    large.model.big = new Float64Array(600_000)
    expect(() => large.run({ steps: 4 })).not.toThrow()
  })

  it('D4: is found where it makes the state one that cannot be saved', () => {
    const bad = (m: Town) => Number(Object.assign(m, { big: () => 0 }) === undefined)
    const sim = () => begin({ model: { fine: () => 1, bad } }, { checkLooking: true })
    expect(sim).toThrow('column "bad" of table "model" at step 0 changed model.big')
  })

  it('D4: into the model from rows of messages is found', () => {
    let model: Town | undefined
    const collect = { messages: { paid: rowsOf({ topics: [Paid], columns: { total: () => model?.total } }) } }
    for (const checkLooking of [true, 'first'] as const) {
      const sim = begin(collect, { checkLooking })
      model = sim.model
      expect(() => sim.run({ steps: 4 })).toThrow('rows of table "paid" at step 1 changed model.memo')
    }
  })

  it('reads the state before and after what is due, once a step for messages, and of a large population never', () => {
    let read = 0
    const ownKeys = (): string[] => {
      read++
      return []
    }
    const watched = new Proxy<object>({}, { ownKeys })
    class Counted extends Town {
      watched = watched
      more = 0
      override setup(): void {
        this.spawn(4 + this.more, Person)
      }
      override step(): void {
        for (const coin of [1, 2, 3]) this.publish(Paid, { by: 'x', coins: [coin] })
      }
    }
    class Crowded extends Counted {
      override more = 180_000
    }
    const reads = (model: typeof Counted, collect: object, checkLooking: true | 'first', steps: number) => {
      const sim = simulate(defineScenario({ ...town(collect), model }), { checkLooking })
      // The third step: at the first two, what cannot be saved is looked for as well.
      if (steps > 0) sim.run({ steps: steps - 1 })
      read = steps > 0 ? 0 : read
      if (steps > 0) sim.step()
      return read
    }
    const model = { one: () => 1 }
    const messages = { paid: rowsOf({ topics: [Paid], columns: { n: m => m.coins.length } }) }
    expect(reads(Counted, { model }, true, 3)).toBe(2)
    expect(reads(Counted, { model, every: 5 }, true, 3)).toBe(0)
    expect(reads(Counted, { messages }, true, 3)).toBe(2)
    read = 0
    expect(reads(Crowded, { model }, 'first', 0)).toBe(0)
  })

  it('is not looked for by default', () => {
    expect(() => begin({ model: { total: (m: Town) => m.total } }).run({ steps: 3 })).not.toThrow()
  })
})

describe('a reporter that throws', () => {
  const lost = (): never => {
    throw new TypeError('x is undefined')
  }

  it('is named with column, table and step, and of agents with the agent', () => {
    const ofModel = { model: { fine: () => 1, lost: (m: Town) => (m.steps === 2 ? lost() : 0) } }
    expect(() => begin(ofModel).run({ steps: 3 })).toThrow('column "lost" of table "model" at step 2 failed: x is undefined')
    const ofAgents = { agents: { Person: { lost: (p: Person) => (p.ordinal === 1 ? lost() : 0) } } }
    expect(() => begin(ofAgents).step()).toThrow(
      'column "lost" of table "agents:Person" at step 0 (agent Person-1) failed: x is undefined',
    )
    const ofMessages = { messages: { paid: rowsOf({ topics: [Paid], columns: { lost } }) } }
    expect(() => begin(ofMessages).run({ steps: 3 })).toThrow('column "lost" of table "paid" at step 1 failed: x is undefined')
    const when = { when: lost, model: { fine: () => 1 } }
    expect(() => begin(when).step()).toThrow('collect.when of table "model" at step 0 failed: x is undefined')
    try {
      begin(ofModel).run({ steps: 3 })
    } catch (error) {
      expect((error as Error).cause).toBeInstanceOf(TypeError)
    }
  })

  it('keeps the place and the next move of what a library says, and names a column once', () => {
    const said = (collect: object) => {
      try {
        begin(collect).step()
      } catch (error) {
        return error as Error
      }
      return new Error('nothing')
    }
    const refused = said({ model: { odd: (m: Town) => m.people.where(() => false).random().wealth } })
    expect(refused.message).toMatch(/^column "odd" of table "model" at step 0: random\(\) of an empty agent set/)
    expect(refused.cause).toBeInstanceOf(OperatorError)
    const wrong = said({ agents: { Person: { odd: () => 'a text' } } })
    expect(wrong.message).toMatch(/^column "odd" of table "agents:Person" at step 0: expected/)
  })

  it('leaves whole rows', () => {
    const sim = begin({
      model: { fine: () => 1, lost: (m: Town) => (m.steps === 3 ? lost() : 0) },
      agents: {
        Person: { name: { type: 'text', read: (p: Person) => p.key }, lost: (p: Person) => (p.model.steps === 3 ? lost() : 0) },
      },
    })
    expect(() => sim.run({ steps: 5 })).toThrow('at step 3')
    expect(sim.table('model').toRows()).toHaveLength(3)
    for (const table of sim.tables.values()) for (const column of table.columns.values()) expect(column.length).toBe(table.length)
  })

  it('is not the failure of an agent that it calls', () => {
    class Forgiving extends Town {
      override onAgentFailure(): 'quarantine' {
        return 'quarantine'
      }
    }
    const collect = { model: { all: (m: Town) => m.people.do(lost).size } }
    let model: Forgiving | undefined
    class Seen extends Forgiving {
      override setup(): void {
        super.setup()
        model = this
      }
    }
    expect(() => simulate(defineScenario({ ...town(collect), model: Seen }))).toThrow(
      'column "all" of table "model" at step 0 failed',
    )
    expect(model && runOf(model).quarantined).toEqual([])
  })
})

it('a table whose rows go to a sink says so', () => {
  class Shelf implements Sink {
    write(_: Table): void {}
    position(): unknown {
      return 0
    }
    truncate(): void {}
    close(): void {}
  }
  const sim = begin({ model: { one: () => 1 } }, { sink: new Shelf() })
  sim.run({ steps: 3 })
  expect(() => sim.table('model')).toThrow(
    'table "model": expected a table that is kept in memory, got "one whose rows go to the `sink`',
  )
  expect(() => sim.table('modle')).toThrow('Did you mean "model"?')
})
