/** What a query returns is the caller's: no later query changes it. */

import { describe, expect, it } from 'vitest'
import { HexGrid, Layer, Network, Plane, SquareGrid, smallWorld } from '../../src/space/index.js'
import { Ant, world } from '../model/kit.js'
import { idsOf, stream, type Thing, things } from './things.js'

const [one, two, three] = things(3) as [Thing, Thing, Thing]

/** Spaces in which every query about thing 0, cell 0 or the point (0, 0) finds something. */
const spaces: Record<string, () => object> = {
  SquareGrid: () => crowded(new SquareGrid<Thing>({ width: 5, height: 4, occupancy: 'many', rng: stream() })),
  HexGrid: () => crowded(new HexGrid<Thing>({ width: 5, height: 4, occupancy: 'many', rng: stream() })),
  'a grid of one agent a cell': () => crowded(new SquareGrid<Thing>({ width: 5, height: 4, rng: stream() })),
  Network: () =>
    crowded(new Network<Thing>({ ...smallWorld({ nodes: 8, degree: 4, rewire: 0, rng: stream() }), occupancy: 'many' })),
  Plane: () => {
    const plane = new Plane<Thing>({ width: 9, height: 7, torus: true })
    for (const [i, thing] of free().entries()) plane.place(thing, i / 4, i / 4)
    return plane
  },
  Layer: () => new Layer(new SquareGrid({ width: 3, height: 3 })),
  AgentSet: () => world(m => m.spawn(5, Ant)).model.ants,
  'AgentSet of the removed, too': () => {
    const { ants } = world(m => m.spawn(5, Ant)).model
    ants.at(1)?.remove()
    return ants
  },
}

function free(): Thing[] {
  return [one, two, three].map(thing => Object.assign(thing, { _home: undefined, _spot: -1 }))
}

function crowded<S extends { place(thing: Thing, cell: number): void; occupancy: string | number }>(space: S): S {
  for (const [i, thing] of free().entries()) space.place(thing, space.occupancy === 'many' && i < 2 ? 0 : i)
  return space
}

/** Arguments one of which every query takes. */
const attempts: readonly unknown[][] = [[], [one], [one, 1], [one, 2], [0], [0, 1], [0, 0, 3], ['food'], [(x: unknown) => x]]

/** What a set keeps for the kernel and for itself, which read it at once. */
const internal = new Set(['living', 'withoutDead'])

function methodsOf(object: object): string[] {
  const names = new Set<string>()
  for (let at = object; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (typeof value === 'function' && name !== 'constructor') names.add(name)
  }
  return [...names].filter(name => !internal.has(name))
}

function answer(object: object, name: string, args: unknown[]): unknown {
  try {
    return (object as Record<string, (...args: unknown[]) => unknown>)[name]?.(...args)
  } catch {
    return undefined
  }
}

const isList = (value: unknown): value is ArrayLike<unknown> & object => Array.isArray(value) || ArrayBuffer.isView(value)

describe('every public method that returns a list', () => {
  it.each(Object.entries(spaces))('of %s returns another one each time', (_, make) => {
    const found = new Set<string>()
    for (const name of methodsOf(make())) {
      for (const args of attempts) {
        const space = make()
        const first = answer(space, name, args)
        if (!isList(first)) continue
        found.add(name)
        const before = [...Array.from(first)]
        expect([name, answer(space, name, args) !== first]).toEqual([name, true])
        for (const other of methodsOf(space))
          if (/^(neigh|agents|cells|empty|nodes|all|near|edges|to|get|map)/.test(other)) answer(space, other, [two, 1])
        expect([name, Array.from(first)]).toEqual([name, before])
      }
    }
    const queries = methodsOf(make()).filter(name =>
      /^(neighbors|nearest|edges|allNodes|toArray|get|column)$|Around$|^agentsAt$/.test(name),
    )
    const single = /^(random|sum|count|choose)/
    for (const query of queries) if (!single.test(query) && !(make() instanceof Layer)) expect([...found]).toContain(query)
  })

  it('fills a list of the caller, from its beginning and cut to length, where it is given one', () => {
    const grid = new SquareGrid<Thing>({ width: 3, height: 3, occupancy: 'many' })
    const [a, b, c] = free() as [Thing, Thing, Thing]
    for (const [thing, cell] of [[a, 4], [b, 4], [c, 8]] as const) grid.place(thing, cell) // biome-ignore format: one line
    const mine = [a, a, a, a]
    expect(grid.neighbors(a, 1, mine)).toBe(mine)
    expect(idsOf(mine)).toEqual([1, 2])
    const cells = [7]
    expect(grid.cellsAround(0, 1, cells)).toBe(cells)
    expect(cells).toEqual([1, 3, 4])
  })
})

/** The mean over nodes of the share of pairs of neighbours that are joined (Watts and Strogatz 1998), as one writes it down. */
function clustering(network: Network<Thing>): number {
  let sum = 0
  for (const node of network.allNodes()) {
    let joined = 0
    for (const a of network.nodesAround(node)) for (const b of network.nodesAround(a)) if (network.hasEdge(node, b)) joined++
    const degree = network.degree(node)
    sum += joined / (degree * (degree - 1))
  }
  return sum / network.nodeCount
}

/** The same, by the agents on the nodes. */
function clusteringOfAgents(network: Network<Thing>, all: Thing[]): number {
  let sum = 0
  for (const agent of all) {
    const others = network.neighbors(agent)
    let joined = 0
    for (const a of others) for (const b of network.neighbors(a)) joined += Number(others.includes(b))
    sum += joined / (others.length * (others.length - 1))
  }
  return sum / all.length
}

describe('queries inside queries', () => {
  it.each([
    ['a triangle', [[0, 1], [1, 2], [2, 0]], 1],
    ['a square', [[0, 1], [1, 2], [2, 3], [3, 0]], 0],
    ['a square with one diagonal', [[0, 1], [1, 2], [2, 3], [3, 0], [0, 2]], (1 + 2 / 3 + 1 + 2 / 3) / 4],
    ['five nodes, all joined', [[0, 1], [0, 2], [0, 3], [0, 4], [1, 2], [1, 3], [1, 4], [2, 3], [2, 4], [3, 4]], 1],
  ] as [string, [number, number][], number][])('give the clustering coefficient of %s', (_, edges, expected) => {
    const network = new Network<Thing>({ edges })
    const all = things(network.nodeCount)
    for (const [node, thing] of all.entries()) network.place(thing, node)
    expect(clustering(network)).toBeCloseTo(expected, 12)
    expect(clusteringOfAgents(network, all)).toBeCloseTo(expected, 12)
  }) // biome-ignore format: a graph a line

  it('give that of a ring, in which each node is joined to its 6 nearest: 3/5', () => {
    expect(clustering(new Network(smallWorld({ nodes: 40, degree: 6, rewire: 0, rng: stream() })))).toBeCloseTo(0.6, 12)
  })

  it('count on a grid, from each agent through its neighbours, every pair of neighbours as often as it is one', () => {
    const grid = new SquareGrid<Thing>({ width: 6, height: 7, torus: true })
    const all = things(grid.size)
    for (const [cell, thing] of all.entries()) grid.place(thing, cell)
    let triangles = 0
    for (const a of all)
      for (const b of grid.neighbors(a)) for (const c of grid.neighbors(b)) triangles += Number(grid.neighbors(c).includes(a))
    expect(triangles).toBe(grid.size * 24) // 12 of the 28 pairs of a cell's 8 neighbours touch, seen from either side
  })

  it('find on a plane what they find alone', () => {
    const plane = new Plane<Thing>({ width: 10, height: 6, rng: stream() })
    const all = things(30)
    for (const thing of all) plane.placeRandomly(thing)
    for (const a of all) {
      const near = plane.neighbors(a, 2)
      const alone = idsOf(near)
      for (const b of near) plane.nearest(b, 3)
      for (const b of near) plane.agentsAround(plane.xOf(b), plane.yOf(b), 4)
      expect(idsOf(near)).toEqual(alone)
    }
  })
})

describe('forEachNeighbor', () => {
  const four = () => things(4) as [Thing, Thing, Thing, Thing]
  const places: [string, () => { all: Thing[]; space: { neighbors(a: Thing, r: number): Thing[]; forEachNeighbor: Each } }][] = [
    ['SquareGrid', () => filled(new SquareGrid<Thing>({ width: 2, height: 2, rng: stream() }))],
    ['HexGrid', () => filled(new HexGrid<Thing>({ width: 2, height: 2, rng: stream() }))],
    ['Network', () => filled(new Network<Thing>({ ...smallWorld({ nodes: 4, degree: 2, rewire: 0, rng: stream() }) }))],
    [
      'Plane',
      () => {
        const [all, space] = [four(), new Plane<Thing>({ width: 9, height: 7, torus: true })]
        for (const [i, thing] of all.entries()) space.place(thing, i / 4, 0)
        return { all, space }
      },
    ],
  ]
  type Each = (agent: Thing, f: (other: Thing) => void, radius: number) => void
  function filled<S extends { place(thing: Thing, cell: number): void }>(space: S): { all: Thing[]; space: S } {
    const all = four()
    for (const [i, thing] of all.entries()) space.place(thing, i)
    return { all, space }
  }

  it.each(places)('of %s meets the neighbours of `neighbors`, in loops inside loops, and after a loop that threw', (_, make) => {
    const { all, space } = make()
    const expected = all.map(a => space.neighbors(a, 1).map(b => space.neighbors(b, 1).map(c => c.key)))
    const met = all.map(a => {
      const outer: string[][] = []
      space.forEachNeighbor(
        a,
        b => {
          const inner: string[] = []
          space.forEachNeighbor(b, c => inner.push(c.key), 1)
          outer.push(inner)
        },
        1,
      )
      return outer
    })
    expect(met).toEqual(expected)
    const stop = () => {
      throw new Error('enough')
    }
    expect(() => space.forEachNeighbor(all[0] as Thing, stop, 1)).toThrow('enough')
    const again: string[] = []
    space.forEachNeighbor(all[1] as Thing, b => again.push(b.key), 1)
    expect(again).toEqual(space.neighbors(all[1] as Thing, 1).map(b => b.key))
  })
})
