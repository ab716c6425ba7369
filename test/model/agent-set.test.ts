import { type AgentSet, OperatorError } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { Ant, Bee, keys, Soldier, world } from './kit.js'

/** Five ants with food 3, 1, 2, 1, 3. */
const food = [3, 1, 2, 1, 3]
const fiveAnts = () => world(m => m.spawn(5, Ant, i => ({ food: food[i] ?? 0 }))).model
const empty = (): AgentSet<Ant> => world(() => {}).model.ants

describe('a set of agents', () => {
  it('is in order of birth, and knows its size', () => {
    const { ants } = fiveAnts()
    expect(keys(ants)).toEqual(['Ant-0', 'Ant-1', 'Ant-2', 'Ant-3', 'Ant-4'])
    expect([ants.size, ants.length, ants.at(1)?.key, ants.at(5)]).toEqual([5, 5, 'Ant-1', undefined])
  })

  it('of: takes a class with its subclasses', () => {
    const { model } = world(m => [m.spawn(2, Ant), m.spawn(1, Bee), m.spawn(1, Soldier)])
    expect(keys(model.agents.of(Ant))).toEqual(['Ant-0', 'Ant-1', 'Soldier-0'])
    expect(keys(model.agents.of(Bee))).toEqual(['Bee-0'])
    expect(model.agents.of(Soldier).size).toBe(1)
  })

  it('where and select: those that match, in their order, at most so many or such a share', () => {
    const { ants } = fiveAnts()
    const rich = (a: Ant) => a.food > 1
    expect(keys(ants.where(rich))).toEqual(['Ant-0', 'Ant-2', 'Ant-4'])
    expect(keys(ants.select({ where: rich }))).toEqual(['Ant-0', 'Ant-2', 'Ant-4'])
    expect(keys(ants.select({ where: rich, atMost: 2 }))).toEqual(['Ant-0', 'Ant-2'])
    expect(keys(ants.select({ share: 0.4 }))).toEqual(['Ant-0', 'Ant-1'])
    expect(keys(ants.select({ where: rich, atMost: 1, share: 1 }))).toEqual(['Ant-0'])
    expect(keys(ants.select({ where: rich, atMost: 3, share: 0.4 }))).toEqual(['Ant-0'])
    expect(ants.select({ atMost: 0 }).size).toBe(0)
    expect(ants.select({ atMost: 99 }).size).toBe(5)
    expect(ants.select({}).size).toBe(5)
  })

  it('select: a share of 57 % of 100 is 57, of 100 % is all; one at most is one', () => {
    const { ants } = world(m => m.spawn(100, Ant)).model
    for (const share of [0, 0.07, 0.29, 0.57, 0.58, 0.99, 1]) expect(ants.select({ share }).size).toBe(Math.round(share * 100))
    for (const atMost of [0, 1, 2, 100, Number.POSITIVE_INFINITY])
      expect(ants.select({ atMost }).size).toBe(Math.min(atMost, 100))
  })

  it('at: counts from the beginning, or from the end as arrays do, over the living', () => {
    const { ants } = fiveAnts()
    ants.at(0)?.remove()
    expect([ants.at(0)?.key, ants.at(-1)?.key, ants.at(-4)?.key, ants.at(-5), ants.at(4)]).toEqual([
      'Ant-1',
      'Ant-4',
      'Ant-1',
      undefined,
      undefined,
    ])
  })

  it.each<[string, (ants: AgentSet<Ant>) => unknown, string]>([
    ['a share as a number', ants => ants.select({ atMost: 0.5 }), 'share: 0.5'],
    ['a number that is not whole', ants => ants.select({ atMost: 1.5 }), 'a whole number ≥ 0, got 1.5'],
    ['a negative number', ants => ants.select({ atMost: -1 }), 'got -1'],
    ['no number', ants => ants.select({ atMost: Number.NaN }), 'got NaN'],
    ['a number as a share', ants => ants.select({ share: 2 }), 'atMost'],
    ['a negative share', ants => ants.select({ share: -0.1 }), 'from 0 to 1, got -0.1'],
    ['no share', ants => ants.select({ share: Number.NaN }), 'got NaN'],
    ['a sample of a share', ants => ants.sample(0.5), 'Math.round(0.5 * agents.size)'],
    ['a sample beyond all', ants => ants.sample(6), 'from 0 to 5, got 6'],
    ['half a place', ants => ants.at(0.5), 'a whole number, got 0.5'],
    ['no place', ants => ants.at(Number.NaN), 'got NaN'],
    ['no agent', ants => ants.has(undefined as unknown as Ant), 'an agent, not undefined'],
    ['no class', ants => ants.of('Ant' as unknown as typeof Ant), 'a class of agents, got "Ant"'],
    ['an order that is none', ants => ants.sortBy(a => a.food, 'asc' as 'ascending'), 'Known: ascending, descending'],
  ])('refuses %s, and says what to do', (_, ask, says) => {
    const { ants } = fiveAnts()
    expect(() => ask(ants)).toThrow(OperatorError)
    expect(() => ask(ants)).toThrow(says)
  })

  it('sortBy: by key, ties in order of birth, NaN last in either direction', () => {
    const { ants } = fiveAnts()
    expect(keys(ants.sortBy(a => a.food))).toEqual(['Ant-1', 'Ant-3', 'Ant-2', 'Ant-0', 'Ant-4'])
    expect(keys(ants.sortBy(a => a.food, 'descending'))).toEqual(['Ant-0', 'Ant-4', 'Ant-2', 'Ant-1', 'Ant-3'])
    expect(keys(ants.sortBy(a => (a.food === 3 ? 'a' : 'b')))).toEqual(['Ant-0', 'Ant-4', 'Ant-1', 'Ant-2', 'Ant-3'])
    const gappy = (a: Ant) => (a.ordinal === 0 ? Number.NaN : a.food)
    expect(keys(ants.sortBy(gappy)).at(-1)).toBe('Ant-0')
    expect(keys(ants.sortBy(gappy, 'descending')).at(-1)).toBe('Ant-0')
  })

  it('groupBy: groups in the order they are first met, each in order of birth', () => {
    const groups = fiveAnts().ants.groupBy(a => a.food)
    expect([...groups].map(([key, set]) => [key, keys(set)])).toEqual([
      [3, ['Ant-0', 'Ant-4']],
      [1, ['Ant-1', 'Ant-3']],
      [2, ['Ant-2']],
    ])
  })

  it('map, get, column, sum, mean, min, max, count: numbers of everybody', () => {
    const { ants } = fiveAnts()
    const f = (a: Ant) => a.food
    expect(ants.map(f)).toEqual(food)
    expect(ants.get('food')).toEqual(food)
    expect(ants.column(f)).toEqual(Float64Array.from(food))
    expect([ants.sum(f), ants.mean(f), ants.min(f), ants.max(f)]).toEqual([10, 2, 1, 3])
    expect(ants.count(a => a.food === 1)).toBe(2)
  })

  it('an empty one answers with nothing, NaN or infinities, and has nobody to give', () => {
    const ants = empty()
    const f = (a: Ant) => a.food
    expect([ants.size, [...ants], ants.map(f), ants.column(f).length, ants.groupBy(f).size]).toEqual([0, [], [], 0, 0])
    expect([ants.sum(f), ants.mean(f), ants.min(f), ants.max(f)]).toEqual([0, Number.NaN, Infinity, -Infinity])
    expect([ants.shuffled().size, ants.sortBy(f).size, ants.sample(0).size, ants.where(() => true).size]).toEqual([0, 0, 0, 0])
    expect(ants.do(() => expect.unreachable()).shuffleDo(() => expect.unreachable())).toBe(ants)
    expect(() => ants.random()).toThrow('random() of an empty agent set: expected at least one agent. Check size first.')
  })

  it('derived ones are of their moment: the born do not join, the removed leave', () => {
    const model = fiveAnts()
    const then = model.ants.where(() => true)
    model.spawn(Ant)
    model.ants.at(0)?.remove()
    expect([then.size, model.ants.size]).toEqual([4, 5])
    expect(keys(then)).toEqual(['Ant-1', 'Ant-2', 'Ant-3', 'Ant-4'])
  })
})

describe('chance in sets', () => {
  it('shuffled: everybody once, in an order of the order stream; the set itself stays as it was', () => {
    const order = (seed: number) => keys(world(m => m.spawn(30, Ant), undefined, { seed }).model.ants.shuffled())
    expect(order(1)).toEqual(order(1))
    expect(order(1)).not.toEqual(order(2))
    expect(order(1).toSorted()).toEqual(keys(world(m => m.spawn(30, Ant)).model.ants).toSorted())
    const { ants } = fiveAnts()
    ants.shuffled()
    expect(keys(ants)[0]).toBe('Ant-0')
  })

  it('every order of four is as likely as any other, in shuffled and in shuffleDo', () => {
    const { ants } = world(m => m.spawn(4, Ant)).model
    for (const draw of [() => ants.map(a => a.id), shuffleDoOrder]) {
      const counts = new Map<string, number>()
      for (let i = 0; i < 24_000; i++) {
        const order = (draw === shuffleDoOrder ? shuffleDoOrder() : ants.shuffled().map(a => a.id)).join()
        counts.set(order, (counts.get(order) ?? 0) + 1)
      }
      const chi2 = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)
      expect(counts.size).toBe(24)
      expect(chi2).toBeLessThan(55) // 23 degrees of freedom: p ≈ 0.0002
    }
    function shuffleDoOrder(): number[] {
      const ids: number[] = []
      ants.shuffleDo(a => ids.push(a.id))
      return ids
    }
  })

  it('sample: so many different ones; more than there are, fractions and negatives are refused', () => {
    const { ants } = fiveAnts()
    for (let n = 0; n <= 5; n++) expect(new Set(keys(ants.sample(n))).size).toBe(n)
    for (const n of [6, -1, 2.5, Number.NaN]) expect(() => ants.sample(n)).toThrow(/expected a whole number from 0 to 5/)
  })

  it('random and sample reach everybody equally often', () => {
    const { ants } = fiveAnts()
    const counts = [0, 0, 0, 0, 0]
    for (let i = 0; i < 10_000; i++) {
      const picked = i % 2 === 0 ? ants.random() : (ants.sample(1).at(0) as Ant)
      counts[picked.ordinal] = (counts[picked.ordinal] ?? 0) + 1
    }
    for (const n of counts) expect(Math.abs(n - 2000)).toBeLessThan(160)
  })

  it('random never gives a removed agent, and draws the same whether the dead were tidied away or not', () => {
    const dying = () => {
      const { model } = world(m => m.spawn(20, Ant))
      for (const a of [...model.ants]) if (a.ordinal % 3 === 0) a.remove()
      return model.ants
    }
    const ants = dying()
    for (let i = 0; i < 200; i++) expect(ants.random().alive).toBe(true)
    const kept = world(m => m.spawn(20, Ant)).model.ants.where(() => true)
    for (const a of [...kept]) if (a.ordinal % 3 === 0) a.remove()
    const fresh = world(m => m.spawn(20, Ant)).model.ants
    for (const a of [...fresh]) if (a.ordinal % 3 === 0) a.remove()
    const tidy = fresh.where(() => true)
    expect(Array.from({ length: 20 }, () => kept.random().key)).toEqual(Array.from({ length: 20 }, () => tidy.random().key))
  })

  it('takes a stream of its own where one is given, and leaves the order stream alone', () => {
    const next = (before: (ants: AgentSet<Ant>) => void) => {
      const { model } = world(m => m.spawn(10, Ant))
      before(model.ants)
      return model.rng.uint32()
    }
    const untouched = next(() => {})
    const mine = (ants: AgentSet<Ant>) => (ants.at(0) as Ant).rng
    expect(next(ants => ants.shuffled(mine(ants)).random(mine(ants)))).toBe(untouched)
    expect(next(ants => ants.sample(3, mine(ants)))).toBe(untouched)
    expect(next(ants => ants.shuffleDo(() => {}, mine(ants)))).toBe(untouched)
    expect(next(ants => ants.shuffleDo(() => {}))).not.toBe(untouched)
  })
})

describe('a population that changes while it is iterated', () => {
  for (const [how, iterate] of [
    ['do', (s: AgentSet<Ant>, f: (a: Ant) => void) => s.do(f)],
    ['a bare loop', (s: AgentSet<Ant>, f: (a: Ant) => void) => [...iterating(s, f)]],
    ['map', (s: AgentSet<Ant>, f: (a: Ant) => void) => s.map(f)],
  ] as const) {
    it(`${how}: those removed meanwhile are passed over`, () => {
      const { ants } = fiveAnts()
      const met: number[] = []
      iterate(ants, a => {
        met.push(a.ordinal)
        if (a.ordinal === 1) for (const b of [...ants]) if (b.ordinal !== 1 && b.ordinal !== 3) b.remove()
      })
      expect(met).toEqual([0, 1, 3])
      expect(ants.size).toBe(2)
    })

    it(`${how}: those born meanwhile wait for the next time`, () => {
      const { ants } = fiveAnts()
      let met = 0
      iterate(ants, a => {
        met++
        a.model.spawn(Ant)
      })
      expect([met, ants.size]).toEqual([5, 10])
    })
  }

  function* iterating(set: AgentSet<Ant>, f: (a: Ant) => void): Iterable<Ant> {
    for (const a of set) {
      f(a)
      yield a
    }
  }

  it('shuffleDo: the removed are passed over, the born wait, and one who removes itself is done', () => {
    const { ants } = world(m => m.spawn(50, Ant)).model
    let met = 0
    ants.shuffleDo(a => {
      met++
      if (a.ordinal < 50) a.model.spawn(Ant)
      a.remove()
      a.remove()
    })
    expect([met, ants.size]).toEqual([50, 50])
    expect(keys(ants)).toEqual(Array.from({ length: 50 }, (_, i) => `Ant-${i + 50}`))
  })

  it('what an inner iteration removes, the outer one passes over, though both drain', () => {
    const { model } = world(m => {
      m.spawn(5, Ant)
      m.spawn(2, Bee)
    })
    const met: number[] = []
    model.ants.do(a => {
      met.push(a.ordinal)
      if (a.ordinal === 1) model.bees.do(bee => (bee.ordinal === 0 ? model.ants.at(2)?.remove() : bee.step()))
    })
    expect(met).toEqual([0, 1, 3, 4])
  })

  it('an iteration inside an iteration sees the same population', () => {
    const { model } = world(m => m.spawn(4, Ant))
    const pairs: string[] = []
    model.ants.do(a => {
      model.ants.shuffleDo(b => pairs.push(`${a.ordinal}${b.ordinal}`))
    })
    expect(new Set(pairs).size).toBe(16)
  })

  it('a loop that is left waiting goes on over those it began with, but for the removed, whatever steps pass', () => {
    const run = world(
      m => m.spawn(6, Ant),
      m => m.ants.at(0)?.remove(),
    )
    const loop = run.model.ants[Symbol.iterator]()
    const met = [loop.next().value?.ordinal]
    run.run({ steps: 2 })
    run.model.spawn(Ant)
    for (let next = loop.next(); !next.done; next = loop.next()) met.push(next.value.ordinal)
    expect(met).toEqual([0, 2, 3, 4, 5])
    run.step()
    expect(run.model.ants.map(a => a.ordinal)).toEqual([3, 4, 5, 6])
  })

  it('keeps order and counts over many births and deaths', () => {
    const { model } = world(m => m.spawn(100, Ant))
    const { ants } = model
    for (let round = 0; round < 30; round++) {
      for (const a of [...ants]) if (model.rng.chance(0.4)) a.remove()
      model.spawn(40, Ant)
      const ids = ants.map(a => a.id)
      expect(ids).toEqual(ids.toSorted((a, b) => a - b))
      expect([ants.size, ants.toArray().length, [...ants].length]).toEqual([ids.length, ids.length, ids.length])
      expect(ants.has(ants.at(0) as Ant)).toBe(true)
    }
  })

  it('keys, ids and ordinals are never given twice', () => {
    const { model } = world(m => m.spawn(10, Ant))
    const all = new Set(model.ants.map(a => a.id))
    for (const a of [...model.ants]) a.remove()
    for (const a of model.spawn(10, Ant)) all.add(a.id)
    expect(all.size).toBe(20)
    expect(model.ants.at(0)?.key).toBe('Ant-10')
  })
})
