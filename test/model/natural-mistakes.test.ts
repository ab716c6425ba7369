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
})

describe('run', () => {
  it('does not run for ever because its number was not understood', () => {
    const sim = simulate(scenarioOf(Town))
    expect(() => sim.run(5 as never)).toThrow('got 5. Write run({ steps: 5 }).')
    expect(() => sim.run({ step: 5 } as never)).toThrow('Unknown option of run "step". Did you mean "steps"?')
    expect(sim.model.steps).toBe(0)
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
