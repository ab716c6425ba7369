import { Agent, type AgentClasses, defineScenario, Model, OperatorError, simulate, z } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { keys } from './kit.js'

const params = z.object({})

/** A model of one agent of each class, named by the record. */
function born(kinds: readonly (new () => Agent)[], agents?: AgentClasses): string[] {
  class Town extends Model<typeof params> {
    override setup(): void {
      for (const kind of kinds) this.spawn(kind)
    }
  }
  return keys(simulate(defineScenario({ title: 'Town', model: Town, params, agents: agents ?? {} })).model.agents)
}

describe('the name of a type', () => {
  it('is what the scenario’s record says, whatever the class is called in JavaScript', () => {
    const [person, dog] = [class t extends Agent {}, class t extends Agent {}]
    expect(born([person, dog], { Person: person, Dog: dog })).toEqual(['Person-0', 'Dog-0'])
  })

  it('is the `static type` of the class itself where the record does not know it', () => {
    class Renamed extends Agent {
      static readonly type = 'Person'
    }
    expect(born([Renamed])).toEqual(['Person-0'])
    expect(born([Renamed], { Person: Renamed })).toEqual(['Person-0'])
    class Child extends Renamed {}
    expect(born([Renamed, Child], { Child })).toEqual(['Person-0', 'Child-0'])
    // Neither its parent's name nor another scenario's record is its own.
    expect(() => born([Child])).toThrow('the agents of class Child have no type name')
  })

  it('decides the stream, not the JavaScript name', () => {
    const drawn = (kind: new () => Agent, agents: AgentClasses) => {
      class Town extends Model<typeof params> {
        override setup(): void {
          this.spawn(kind)
        }
      }
      return simulate(defineScenario({ title: 'Town', model: Town, params, agents }))
        .model.agents.at(0)
        ?.rng.uint32()
    }
    const [long, short, other] = [class Person extends Agent {}, class t extends Agent {}, class Person extends Agent {}]
    expect(drawn(short, { Person: short })).toBe(drawn(long, { Person: long }))
    expect(drawn(other, { Dog: other })).not.toBe(drawn(long, { Person: long }))
  })

  it('that nobody gives is an error with the next move', () => {
    class Person extends Agent {}
    expect(() => born([Person])).toThrow(OperatorError)
    expect(() => born([Person])).toThrow(
      'the agents of class Person have no type name. Name it: defineScenario({ agents: { Person } }), or give the class a static type.',
    )
    expect(() => born([class extends Agent {}])).toThrow('class (anonymous) have no type name')
  })

  it('is one: record and `static type` agree, a class stands once in a record, and two scenarios call it alike', () => {
    class Named extends Agent {
      static readonly type = 'Person'
    }
    expect(() => born([], { People: Named })).toThrow('a class of agents is called both "Person" and "People"')
    class Plain extends Agent {}
    expect(() => born([], { A: Plain, B: Plain })).toThrow('a class of agents is called both "A" and "B"')
    expect(born([Plain], { A: Plain })).toEqual(['A-0'])
    expect(() => born([Plain], { B: Plain })).toThrow('another scenario calls "A" is called "B"')
    expect(born([Plain], { A: Plain })).toEqual(['A-0'])
  })

  it('stands for a class of agents: lists and what is undefined are refused where the scenario is defined', () => {
    class Person extends Agent {}
    const agents = (given: unknown) => () =>
      defineScenario({ title: 'Town', model: class extends Model {}, params, agents: given as AgentClasses })
    expect(agents([Person])).toThrow('agents of a scenario: expected classes by name, got "a list"')
    expect(agents({ Person: undefined })).toThrow(
      'agents.Person of a scenario: expected a class that extends Agent, got "undefined"',
    )
    expect(agents({ Person: class {} })).toThrow('expected a class that extends Agent')
  })
})
