import {
  type Activation,
  Agent,
  byProperty,
  byType,
  defineScenario,
  fraction,
  inOrder,
  Model,
  OperatorError,
  shuffled,
  simulate,
  simultaneous,
  staged,
  topic,
  z,
} from 'mycelia'
import { describe, expect, it } from 'vitest'
import { Ant, Bee, world } from './kit.js'

/** Who acts, in which order, when an activation runs over all agents of: two ants, two bees, an ant. */
function acting(activation: Activation<Ant>, seed = 1): unknown[] {
  const { model } = world(m => [m.spawn(2, Ant), m.spawn(2, Bee), m.spawn(1, Ant)], undefined, { seed })
  activation(model.agents as never)
  return model.seen
}

describe('activations', () => {
  it('inOrder: type by type in order of first mention, each in order of birth', () => {
    expect(acting(inOrder)).toEqual(['Ant-0', 'Ant-1', 'Ant-2', 'Bee-0', 'Bee-1'])
  })

  it('shuffled: everybody once, in an order the seed decides', () => {
    expect(acting(shuffled).toSorted()).toEqual(acting(inOrder))
    expect(acting(shuffled, 5)).toEqual(acting(shuffled, 5))
    expect(new Set(Array.from({ length: 40 }, (_, seed) => acting(shuffled, seed).join())).size).toBeGreaterThan(25)
  })

  it('byType: types in the order given, each in order of birth', () => {
    expect(acting(byType(Bee, Ant) as Activation<Ant>)).toEqual(['Bee-0', 'Bee-1', 'Ant-0', 'Ant-1', 'Ant-2'])
    expect(acting(byType(Bee) as Activation<Ant>)).toEqual(['Bee-0', 'Bee-1'])
  })

  it('staged: all do the first stage before any does the second', () => {
    const { model } = world(m => m.spawn(2, Ant))
    staged<Ant>(
      a => a.step(),
      a => a.advance(),
      a => a.step(),
    )(model.ants)
    expect(model.seen).toEqual(['Ant-0', 'Ant-1', 'Ant-0!', 'Ant-1!', 'Ant-0', 'Ant-1'])
  })

  it('simultaneous: all step, then all advance', () => {
    const { model } = world(m => m.spawn(3, Ant))
    simultaneous(model.ants as never)
    expect(model.seen).toEqual(['Ant-0', 'Ant-1', 'Ant-2', 'Ant-0!', 'Ant-1!', 'Ant-2!'])
  })

  it('fraction: the rounded share, each at most once, others at other times', () => {
    const { model } = world(m => m.spawn(10, Ant))
    const met = new Set<unknown>()
    for (let i = 0; i < 50; i++) {
      model.seen.length = 0
      fraction(0.25)(model.ants)
      expect([model.seen.length, new Set(model.seen).size]).toEqual([3, 3])
      for (const key of model.seen) met.add(key)
    }
    expect(met.size).toBe(10)
    fraction(0)(model.ants)
    for (const share of [-0.1, 1.1, Number.NaN]) expect(() => fraction(share)).toThrow(OperatorError)
  })

  it('byProperty: the smallest first, ties in order of birth', () => {
    const { model } = world(m => m.spawn(4, Ant, i => ({ food: [2, 1, 2, 0][i] ?? 0 })))
    byProperty<Ant>(a => a.food)(model.ants)
    expect(model.seen).toEqual(['Ant-3', 'Ant-1', 'Ant-0', 'Ant-2'])
  })

  it('one removed by an earlier one does not act, in any of them', () => {
    for (const activation of [inOrder, simultaneous as never, staged<Ant>(a => a.step()), byProperty<Ant>(a => a.id)]) {
      const { model } = world(m => m.spawn(3, Ant))
      const [first, second] = [...model.ants] as [Ant, Ant, Ant]
      first.step = () => second.remove()
      ;(activation as Activation<Ant>)(model.ants)
      expect(model.seen.filter(key => String(key).startsWith('Ant-1'))).toEqual([])
    }
  })
})

describe('messages between two agents of a step', () => {
  const Word = topic<string>('word')
  class Talker extends Agent<Talk> {
    override step(): void {
      this.publish(Word, this.key)
    }
    override wire(): void {
      this.on(Word, text => this.model.heard.push(`${this.key} hears ${text}`))
    }
  }
  class Talk extends Model {
    heard: string[] = []
    talkers = this.agentsOf(Talker)
    override setup(): void {
      this.spawn(2, Talker)
    }
    override step(): void {
      this.talkers.do(t => {
        t.step()
        this.heard.push(`${t.key} is done`)
      })
    }
  }

  it('arrive after each agent’s turn, before the next one’s', () => {
    const sim = simulate(defineScenario({ title: 'Talk', model: Talk, params: z.object({}), agents: { Talker } }))
    sim.step()
    expect(sim.model.heard).toEqual([
      'Talker-0 is done',
      'Talker-0 hears Talker-0',
      'Talker-1 hears Talker-0',
      'Talker-1 is done',
      'Talker-0 hears Talker-1',
      'Talker-1 hears Talker-1',
    ])
  })
})
