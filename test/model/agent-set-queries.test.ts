import { gini } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { Ant, Bee, keys, world } from './kit.js'

/** Five ants with food 3, 1, 2, 1, 3, and two bees between them. */
const food = [3, 1, 2, 1, 3]
const hill = () =>
  world(m => {
    m.spawn(2, Ant, i => ({ food: food[i] ?? 0 }))
    m.spawn(2, Bee)
    m.spawn(3, Ant, i => ({ food: food[i + 2] ?? 0 }))
  }).model

describe('questions to a set of agents', () => {
  it('minOneOf and maxOneOf: the first with the least and the greatest, NaN never, undefined of an empty set', () => {
    const { ants } = hill()
    expect([ants.minOneOf(a => a.food)?.key, ants.maxOneOf(a => a.food)?.key]).toEqual(['Ant-1', 'Ant-0'])
    expect(ants.maxOneOf(a => (a.ordinal === 0 ? Number.NaN : a.food))?.key).toBe('Ant-4')
    expect(ants.maxOneOf(() => Number.NEGATIVE_INFINITY)?.key).toBe('Ant-0')
    expect(ants.where(() => false).minOneOf(a => a.food)).toBeUndefined()
    ants.at(1)?.remove()
    expect(ants.minOneOf(a => a.food)?.key).toBe('Ant-3')
  })

  it('quantile and median: between two agents by a straight line, as R and numpy do', () => {
    const { ants } = hill()
    expect([0, 0.25, 0.5, 0.75, 1].map(q => ants.quantile(q, a => a.food))).toEqual([1, 1, 2, 3, 3])
    expect(ants.where(a => a.food > 1).quantile(0.25, a => a.food)).toBe(2.5)
    expect(ants.median(a => a.food)).toBe(2)
    expect(ants.where(() => false).median(a => a.food)).toBeNaN()
    expect(() => ants.quantile(50, a => a.food)).toThrow(/a share q from 0 to 1, got 50/)
  })

  it('aggregate: any function of a number of each', () => {
    const { ants } = hill()
    expect(ants.aggregate(a => a.food, gini)).toBeCloseTo(0.24, 12)
    expect(
      ants.aggregate(
        a => a.food,
        values => values.filter(x => x > 1).length,
      ),
    ).toBe(3)
  })

  it('set: a value or a function for all, and no field that agents have not', () => {
    const { ants } = hill()
    ants.set({ name: 'all', food: a => a.food * 10 })
    expect([ants.get('name').join(), ants.get('food').join()]).toEqual(['all,all,all,all,all', '30,10,20,10,30'])
    expect(() => ants.set({ fod: 1 } as never)).toThrow(/fod.*food/)
  })

  it('byId: of all, of a type and of a chosen few; none that is removed or not among them', () => {
    const { ants, bees, agents } = hill()
    const third = ants.at(2) as Ant
    expect([ants.byId(third.id), agents.byId(third.id), bees.byId(third.id)]).toEqual([third, third, undefined])
    expect([ants.sortBy(a => a.food).byId(third.id), ants.where(a => a.food > 2).byId(third.id)]).toEqual([third, undefined])
    third.remove()
    expect([ants.byId(third.id), ants.byId(-1), ants.byId(99)]).toEqual([undefined, undefined, undefined])
  })

  it('union, intersection and difference: as of sets', () => {
    const { ants, bees } = hill()
    const [rich, young] = [ants.where(a => a.food > 1), ants.where(a => a.ordinal > 1)]
    expect(keys(rich.union(young))).toEqual(['Ant-0', 'Ant-2', 'Ant-3', 'Ant-4'])
    expect(keys(bees.union(rich))).toEqual(['Ant-0', 'Bee-0', 'Bee-1', 'Ant-2', 'Ant-4'])
    expect(keys(rich.intersection(young))).toEqual(['Ant-2', 'Ant-4'])
    expect(keys(rich.difference(young))).toEqual(['Ant-0'])
    expect(keys(young.sortBy(a => a.food, 'descending').difference(bees))).toEqual(['Ant-4', 'Ant-2', 'Ant-3'])
  })

  it('randomWeighted: in proportion to a number of each, from the stream that is given', () => {
    const { ants } = hill()
    const counts = new Map<string, number>()
    for (let i = 0; i < 4_000; i++) {
      const { key } = ants.randomWeighted(a => (a.food > 1 ? a.food : 0))
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual(['Ant-0', 'Ant-2', 'Ant-4'])
    expect(Math.abs((counts.get('Ant-2') ?? 0) - 1_000)).toBeLessThan(5 * Math.sqrt(4_000 * 0.25 * 0.75))
    expect(() => ants.randomWeighted(() => 0)).toThrow(/at least one above 0/)
  })
})
