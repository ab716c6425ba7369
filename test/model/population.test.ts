import { Agent, AgentFailure, BrokenInvariant, defineScenario, Model, OperatorError, resume, simulate, topic, z } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { busLimits } from '../../src/bus/index.js'
import { Ant, Bee, keys, replaceMethod, Soldier, world } from './kit.js'

describe('births', () => {
  it('give fields by index, an id never used before, and an ordinal within the type', () => {
    const { model } = world(m => {
      m.spawn(2, Ant, i => ({ food: i * 10 }))
      m.spawn(Bee, { honey: 7 })
      m.spawn(Ant)
    })
    expect(model.ants.map(a => [a.id, a.ordinal, a.key, a.food])).toEqual([
      [1, 0, 'Ant-0', 0],
      [2, 1, 'Ant-1', 10],
      [4, 2, 'Ant-2', 0],
    ])
    expect(model.bees.map(b => [b.id, b.key, b.honey])).toEqual([[3, 'Bee-0', 7]])
    expect(keys(model.agents)).toEqual(['Ant-0', 'Ant-1', 'Ant-2', 'Bee-0'])
  })

  it('are the kernel’s alone: no `new`, also not in a field of an agent that is being born', () => {
    class Nest extends Agent {
      static readonly type = 'Nest'
      pet = new Ant()
    }
    expect(() => new Ant()).toThrow(BrokenInvariant)
    expect(() => world(m => m.spawn(Nest))).toThrow('use spawn(), not new')
    expect(() => world(m => m.spawn(2, Ant, () => ({ name: new Ant().name })))).toThrow(BrokenInvariant)
    class Mother extends Agent {
      static readonly type = 'Mother'
      daughter = this.model.spawn(Ant)
    }
    const { model } = world(m => m.spawn(2, Mother))
    expect(new Set([...model.agents].map(a => a.id)).size).toBe(4)
  })

  it('are refused with a reason: a count that is none, an id of one’s own, two classes of one name', () => {
    for (const n of [-1, 1.5, Number.NaN, 2 ** 32])
      expect(() => world(m => m.spawn(n, Ant))).toThrow('spawn of Ant: expected a count ≥ 0')
    expect(() => world(m => m.spawn(Ant, { id: 5 }))).toThrow('Ant sets its own id. The kernel gives it: rename the field.')
    class Other extends Agent {
      static readonly type = 'Ant'
    }
    expect(() => world(m => [m.spawn(Ant), m.spawn(Other)])).toThrow('two classes of agents are called "Ant"')
  })

  it('are watched by a probe once in 65,536 of them', () => {
    const seen: number[] = []
    world(m => m.spawn(131_072, Bee), undefined, { heapProbe: population => void seen.push(population.size) })
    expect(seen).toEqual([65_535, 131_071])
  })

  it('of a subclass after a resume leave the set of its base to be asked for', () => {
    const step = (m: { steps: number; spawn: (type: typeof Soldier) => unknown; agentsOf: (type: typeof Ant) => unknown }) =>
      m.steps > 1 && [m.spawn(Soldier), m.agentsOf(Ant)]
    class Barracks extends Model {
      override setup(): void {
        this.spawn(Ant)
      }
      override step(): void {
        step(this as never)
      }
    }
    const barracks = defineScenario({ title: 'Barracks', model: Barracks, params: z.object({}), agents: { Ant, Soldier } })
    const sim = simulate(barracks)
    sim.step()
    expect(resume(barracks, sim.save()).run({ steps: 2 })).toBe(2)
  })

  it('fields called status, draws, or spot are the user’s own', () => {
    class Patient extends Agent {
      static readonly type = 'Patient'
      status = 2
      draws = 7
      spot = 5
    }
    const { model } = world(m => m.spawn(3, Patient))
    const patients = model.agents.of(Patient)
    expect(patients.map(p => [p.alive, p.idle, p.status, p.draws, p.spot])).toEqual(Array(3).fill([true, false, 2, 7, 5]))
    patients.do(p => void p.rng.float())
    expect(patients.get('draws')).toEqual([7, 7, 7])
  })
})

describe('streams', () => {
  const draws = (a: Agent, n = 3) => Array.from({ length: n }, () => a.rng.uint32())

  it('of an agent follow from seed, type and ordinal: other types, and their draws, shift nothing', () => {
    const alone = world(m => m.spawn(3, Ant)).model
    const among = world(m => {
      for (const bee of m.spawn(50, Bee)) draws(bee)
      m.spawn(3, Ant)
      m.spawn(5, Soldier)
    }).model
    expect(among.ants.map(a => draws(a))).toEqual(alone.ants.map(a => draws(a)))
    expect(world(m => m.spawn(3, Ant), undefined, { seed: 2 }).model.ants.map(a => draws(a))).not.toEqual(
      world(m => m.spawn(3, Ant)).model.ants.map(a => draws(a)),
    )
  })

  it('of a subclass are its own, whichever of the two draws first', () => {
    const both = (first: 'Ant' | 'Soldier') => {
      class Base extends Agent {
        static readonly type: string = 'Base'
      }
      class Derived extends Base {
        static override readonly type = 'Derived'
      }
      const { model } = world(m => [m.spawn(Base), m.spawn(Derived)])
      const [base, derived] = [...model.agents] as [Agent, Agent]
      return first === 'Ant' ? [draws(base), draws(derived)] : [draws(derived), draws(base)].reverse()
    }
    expect(both('Ant')).toEqual(both('Soldier'))
    expect(both('Ant')[0]).not.toEqual(both('Ant')[1])
  })

  it('by name are the same object each time, and apart from one another', () => {
    const { model } = world(() => {})
    expect(model.stream('a')).toBe(model.stream('a'))
    const a = Array.from({ length: 5 }, () => model.stream('a').uint32())
    const again = world(m => void m.stream('b').uint32()).model
    expect(Array.from({ length: 5 }, () => again.stream('a').uint32())).toEqual(a)
  })

  it('refuse impossible draws, as a failure of who draws', () => {
    const { model } = world(m => m.spawn(Ant))
    for (const n of [0, -1, 2.5, Number.NaN]) expect(() => model.rng.int(n)).toThrow('rng.int(n): expected a whole number ≥ 1')
    expect(() => model.rng.pick([])).toThrow(OperatorError)
  })
})

describe('an agent that fails', () => {
  const Loud = topic<number>('population-loud')
  const Cry = topic<number>('population-cry')
  class Bad extends Agent<Ward> {
    static readonly type = 'Bad'
    heard = 0
    override wire(): void {
      this.on(Cry, () => {
        throw new Error('cannot bear it')
      })
      this.on(Loud, () => this.heard++)
    }
    fail(): void {
      throw new Error('badly planned')
    }
  }
  class Good extends Agent<Ward> {
    static readonly type = 'Good'
    steps = 0
    override step(): void {
      this.steps++
      if (this.model.steps === 3) this.publish(Cry, 1)
    }
  }
  abstract class Ward extends Model {
    bads = this.agentsOf(Bad)
    goods = this.agentsOf(Good)
    override setup(): void {
      this.spawn(2, Bad)
      this.spawn(2, Good)
    }
    override step(): void {
      this.goods.do(g => g.step())
    }
  }
  const ward = (rule: (agent: Agent) => 'throw' | 'quarantine', also: (m: Ward) => void = () => {}) => {
    class Ruled extends Ward {
      override onAgentFailure(agent: Agent): 'throw' | 'quarantine' {
        return rule(agent)
      }
      override setup(): void {
        super.setup()
        also(this)
      }
    }
    return simulate(defineScenario({ title: 'Ward', model: Ruled, params: z.object({}) }), { seed: 5 })
  }

  it('stops the run by default, naming agent, id, step and seed, with the cause', () => {
    const sim = ward(() => 'throw')
    const run = () => sim.run({ steps: 5 })
    expect(run).toThrow(AgentFailure)
    const again = ward(() => 'throw')
    expect(() => again.run({ steps: 5 })).toThrow('Bad-0 (id 1) failed at step 3, seed 5: cannot bear it')
    try {
      ward(() => 'throw').run({ steps: 5 })
    } catch (error) {
      expect((error as Error).cause).toMatchObject({ message: 'cannot bear it' })
    }
  })

  it('names the agent also where the kernel refused its wish', () => {
    const sim = ward(() => 'throw')
    const good = sim.model.goods.at(1) as Good
    replaceMethod(good, 'step', () => void sim.model.goods.where(() => false).random())
    expect(() => sim.step()).toThrow(/^Good-1 \(id 4\) failed at step 1, seed 5: random\(\) of an empty agent set/)
  })

  it('I9: where the model says so, is quarantined, and all others go on', () => {
    const sim = ward(() => 'quarantine')
    sim.run({ steps: 5 })
    expect(sim.quarantined.map(q => [q.agent, q.step, q.reason])).toEqual([
      ['Bad-0', 3, 'cannot bear it'],
      ['Bad-1', 3, 'cannot bear it'],
    ])
    expect(sim.model.goods.get('steps')).toEqual([5, 5])
    expect(sim.model.bads.map(b => [b.alive, b.idle])).toEqual([
      [true, true],
      [true, true],
    ])
  })

  it('I9: once quarantined hears nothing more: no message, not the rest of this one’s, no event, no repeat, no step', () => {
    const Bell = topic<string>('population-quarantine-bell')
    class Nurse extends Agent<Clinic> {
      static readonly type = 'Nurse'
      heard: string[] = []
      override wire(): void {
        this.on(Bell, text => {
          this.heard.push(text)
          if (this.ordinal === 0 && text === 'second') throw new Error('enough')
        })
        this.on(Bell.at('night'), text => this.heard.push(`night ${text}`))
      }
      override step(): void {
        this.heard.push('step')
      }
      note(text: string): void {
        this.heard.push(text)
      }
    }
    class Clinic extends Model {
      override setup(): void {
        const [first] = this.spawn(2, Nurse) as [Nurse, Nurse]
        first.after(2.5, 'note', 'event')
        first.every(1, 'note', 'repeat')
      }
      override onAgentFailure(): 'quarantine' {
        return 'quarantine'
      }
      override step(): void {
        this.agentsOf(Nurse).do(nurse => nurse.step())
        if (this.steps === 2) for (const text of ['first', 'second', 'third']) this.publish(Bell, text)
        if (this.steps > 2) this.publish(Bell.at('night'), 'call')
      }
    }
    const clinic = defineScenario({ title: 'Clinic', model: Clinic, params: z.object({}), agents: { Nurse } })
    const sim = simulate(clinic)
    sim.run({ steps: 2 })
    const twin = resume(clinic, sim.save())
    for (const run of [sim, twin]) {
      run.run({ steps: 3 })
      const [first, second] = run.model.agentsOf(Nurse).toArray() as [Nurse, Nurse]
      expect(first.heard).toEqual(['repeat', 'step', 'repeat', 'step', 'first', 'second'])
      const calls = [3, 4, 5].flatMap(() => ['night call', 'call'])
      expect(second.heard.filter(text => text !== 'step')).toEqual(['first', 'second', 'third', ...calls])
      expect(run.nextEventTime).toBe(Number.POSITIVE_INFINITY)
    }
    expect(twin.digest).toBe(sim.digest)
  })

  it('answers for itself alone: the sender of the message that broke it is not blamed', () => {
    const judged: string[] = []
    const sim = ward(agent => {
      judged.push(agent.key)
      return agent instanceof Bad ? 'throw' : 'quarantine'
    })
    expect(() => sim.run({ steps: 5 })).toThrow('Bad-0')
    expect([judged, sim.quarantined]).toEqual([['Bad-0'], []])
  })

  it('fails in an event as in a step', () => {
    const sim = ward(
      () => 'quarantine',
      m => m.bads.at(1)?.after(1.5, 'fail'),
    )
    sim.run({ steps: 2 })
    expect(sim.quarantined).toEqual([{ agent: 'Bad-1', step: 1, reason: 'badly planned' }])
  })

  it('I9: is noted once, though it floods and fails in one tick', () => {
    const sim = ward(() => 'quarantine')
    const good = sim.model.goods.at(0) as Good
    replaceMethod(good, 'step', () => {
      for (let i = 0; i <= busLimits.messagesPerAgent; i++) good.publish(Loud, i)
      throw new Error('hoarse')
    })
    sim.step()
    expect(sim.quarantined.map(q => [q.agent, q.reason])).toEqual([[good.key, 'hoarse']])
  })

  it('I9: a broken invariant stops the run, whatever the rule says', () => {
    const sim = ward(() => 'quarantine')
    replaceMethod(sim.model.goods.at(0) as Good, 'step', () => void new Ant())
    expect(() => sim.step()).toThrow(BrokenInvariant)
  })

  it('I9: the only subscriber hears nothing once it is removed or suspended', () => {
    const heard: number[] = []
    class Listener extends Agent {
      static readonly type = 'Listener'
      override wire(): void {
        this.on(Loud, n => heard.push(n))
      }
    }
    for (const end of ['remove', 'suspend'] as const) {
      heard.length = 0
      const sim = world(m => m.spawn(Listener))
      const bee = sim.model.agentsOf(Listener).at(0) as Listener
      sim.model.publish(Loud, 1)
      sim.step()
      if (end === 'remove') bee.remove()
      else sim.suspend(bee)
      sim.model.publish(Loud, 2)
      sim.step()
      expect(heard).toEqual([1])
    }
  })

  it('I9: that floods loses what is over its cap, is quarantined at the end of the tick, and hurts nobody else', () => {
    const sim = ward(() => 'quarantine')
    const good = sim.model.goods.at(0) as Good
    replaceMethod(good, 'step', () => {
      for (let i = 0; i < 50_000; i++) good.publish(Loud, i)
    })
    sim.run({ steps: 2 })
    expect(sim.quarantined[0]?.reason).toBe(`published more than ${busLimits.messagesPerAgent} messages in one tick`)
    expect(sim.model.bads.get('heard')).toEqual([busLimits.messagesPerAgent, busLimits.messagesPerAgent])
    expect(sim.counters.dropped).toBe(50_000 - busLimits.messagesPerAgent)
    expect((sim.model.goods.at(1) as Good).steps).toBe(2)
  })
})

describe('a removed agent', () => {
  it('is off its set, its topics and its plans at once, and may be removed twice', () => {
    const Bell = topic<number>('population-bell')
    class Monk extends Agent {
      static readonly type = 'Monk'
      heard = 0
      override wire(): void {
        this.on(Bell, () => this.heard++)
      }
      note(): void {
        this.heard += 100
      }
    }
    const run = world(m => {
      const [a, b] = m.spawn(2, Monk) as [Monk, Monk]
      a.after(1, 'note')
      b.after(1, 'note')
      a.remove()
      a.remove()
      m.publish(Bell, 1)
    })
    run.step()
    expect(run.model.agents.of(Monk).map(m => [m.key, m.heard])).toEqual([['Monk-1', 101]])
  })

  it('has been born before: in its constructor it cannot leave, in `wire()` it can', () => {
    class Ghost extends Agent {
      static readonly type = 'Ghost'
      left = this.remove()
    }
    class Mayfly extends Agent {
      static readonly type = 'Mayfly'
      override wire(): void {
        this.remove()
      }
    }
    expect(() => world(m => m.spawn(Ghost))).toThrow('remove() of Ghost-0: expected an agent whose constructor has returned')
    const { model } = world(m => m.spawn(3, Mayfly))
    expect(model.agents.size).toBe(0)
  })
})
