/** What a simulation offers to viewers, worlds and replays: its population, the next event, suspension, another time, live inputs. */

import { Agent, defineScenario, lostElsewhere, Model, resume, runOf, simulate, topic, z } from 'mycelia'
import { describe, expect, it } from 'vitest'

const News = topic<string>('simulation-news', { fact: true })

class Reporter extends Agent<Paper> {
  steps = 0
  heard: string[] = []
  override step(): void {
    this.steps++
  }
  override wire(): void {
    this.on(News, text => this.heard.push(text))
  }
  call(): void {}
}
class Editor extends Agent<Paper> {}

class Paper extends Model {
  reporters = this.agentsOf(Reporter)
  got: string[] = []
  override setup(): void {
    this.spawn(3, Reporter)
    this.spawn(Editor)
    this.reporters.at(0)?.at(7.5, 'call')
  }
  override step(): void {
    this.reporters.do(r => r.step())
  }
  override receive(input: { kind: string }): void {
    this.got.push(input.kind)
  }
  override topicNamed(name: string) {
    return name === News.name ? News : undefined
  }
}
const paper = defineScenario({ title: 'Paper', model: Paper, params: z.object({}), agents: { Reporter, Editor } })
const reporter = (sim: ReturnType<typeof start>, i: number) => sim.model.reporters.at(i) as Reporter
const start = () => simulate(paper, { seed: 5 })

describe('the population of a simulation', () => {
  it('counts the living by type, and finds one by key or id', () => {
    const sim = start()
    reporter(sim, 1).remove()
    const { population } = sim
    expect([population.size, population.born, population.counts()]).toEqual([3, 4, { Reporter: 2, Editor: 1 }])
    expect([...population.sets.keys()]).toEqual(['Reporter', 'Editor'])
    expect([...population].map(a => a.key)).toEqual(['Reporter-0', 'Reporter-2', 'Editor-0'])
    expect(population.byKey('Reporter-2')).toBe(population.byId(3))
    expect([population.byKey('Reporter-1'), population.byId(99)]).toEqual([undefined, undefined])
    expect(population.sets.get('Reporter')?.size).toBe(2)
  })

  it('is the same as its model sees', () => {
    const sim = start()
    expect(runOf(sim.model).population).toBe(sim.population)
    expect(runOf(sim.model).seed).toBe(5)
  })
})

it('the next planned event is known, and none is Infinity', () => {
  const sim = start()
  expect(sim.nextEventTime).toBe(7.5)
  sim.run({ steps: 8 })
  expect(sim.nextEventTime).toBe(Number.POSITIVE_INFINITY)
})

describe('a suspended agent', () => {
  it('keeps its place and is not called: neither steps nor messages reach it, also after a checkpoint', () => {
    const sim = start()
    sim.suspend(reporter(sim, 1))
    sim.run({ steps: 2 })
    sim.model.publish(News, 'x')
    sim.step()
    const twin = resume(paper, sim.save())
    for (const run of [sim, twin]) run.step()
    for (const { model } of [sim, twin]) {
      expect(model.reporters.get('steps')).toEqual([4, 0, 4])
      expect(model.reporters.map(r => r.heard.length)).toEqual([1, 0, 1])
    }
    expect(sim.quarantined).toEqual([])
    expect(twin.digest).toBe(sim.digest)
  })

  it('can be lost in the other process, once; an agent that works here cannot', () => {
    const sim = start()
    sim.suspend(reporter(sim, 1))
    const lost = { kind: 'lost', agents: ['Reporter-0', 'Reporter-1'] }
    sim.tick({ time: 1, step: false, inputs: [lost, lost] })
    expect(sim.quarantined).toEqual([{ agent: 'Reporter-1', step: 0, reason: lostElsewhere }])
    expect([0, 1].map(i => sim.isQuarantined(reporter(sim, i)))).toEqual([false, true])
  })
})

describe('live inputs that a simulation delivers itself', () => {
  it('align: the next step has the number given, where that is ahead', () => {
    const sim = start()
    sim.tick({ time: 1, step: true, inputs: [{ kind: 'align', step: 10 } as never] })
    expect(sim.model.steps).toBe(10)
    sim.tick({ time: 2, step: true, inputs: [{ kind: 'align', step: 4 } as never] })
    expect(sim.model.steps).toBe(11)
  })

  it('remote: an agent’s message arrives on the topic of that name, and one on an unknown topic nowhere', () => {
    const sim = start()
    const seen: unknown[] = []
    sim.tap((topic, message, from) => seen.push([topic.name, message, from]))
    const remote = (name: string) => ({ kind: 'remote', topic: name, agent: 77, message: 'hello' }) as never
    sim.tick({ time: 1, step: false, inputs: [remote(News.name), remote('nothing')] })
    expect(seen).toEqual([[News.name, 'hello', 77]])
    expect(reporter(sim, 0).heard).toEqual(['hello'])
  })

  it('all others are the model’s', () => {
    const sim = start()
    sim.tick({ time: 1, step: false, inputs: [{ kind: 'align', step: 1 } as never, { kind: 'bar' }] })
    expect(sim.model.got).toEqual(['bar'])
  })
})

it('a rebased simulation goes on at an earlier time, with what it knows', () => {
  const sim = start()
  sim.run({ steps: 5 })
  const again = resume(paper, sim.save())
  again.rebase(0)
  expect([again.model.now, again.model.steps, reporter(again, 0).steps]).toEqual([0, 5, 5])
  again.tick({ time: 1, step: true, inputs: [] })
  expect(reporter(again, 0).steps).toBe(6)
})
