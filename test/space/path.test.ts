import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HexGrid, Network, Plane, SquareGrid } from '../../src/space/index.js'
import { stream, type Thing, things } from './things.js'

type Cells = SquareGrid<Thing> | HexGrid<Thing>

/** The least cost from a cell to each, by relaxing every step until none is cheaper. */
function bruteForce(grid: Cells, from: number, step: (from: number, to: number) => number): number[] {
  const cost = new Array<number>(grid.size).fill(Number.POSITIVE_INFINITY)
  cost[from] = 0
  for (let changed = true; changed; ) {
    changed = false
    for (let cell = 0; cell < grid.size; cell++) {
      for (const next of grid.cellsAround(cell)) {
        const reached = (cost[cell] as number) + step(cell, next)
        if (grid.isBlocked(next) || !(reached < (cost[next] as number) - 1e-9)) continue
        cost[next] = reached
        changed = true
      }
    }
  }
  return cost
}

const shapes = fc.record({
  shape: fc.constantFrom('moore', 'vonNeumann', 'hex'),
  width: fc.integer({ min: 1, max: 9 }),
  height: fc.integer({ min: 1, max: 4 }).map(half => 2 * half),
  torus: fc.boolean(),
  seed: fc.integer(),
  diagonal: fc.constantFrom(1, Math.SQRT2, 2),
  costly: fc.boolean(),
})

describe('a path over a grid', () => {
  it('costs what brute force finds, crosses no obstacle, and is undefined exactly where there is none', () => {
    fc.assert(
      fc.property(shapes, ({ shape, width, height, torus, seed, diagonal, costly }) => {
        const rng = stream(seed)
        const obstacles = () => rng.chance(0.3)
        const grid: Cells =
          shape === 'hex'
            ? new HexGrid({ width, height, torus, obstacles })
            : new SquareGrid({ width, height, torus, obstacles, neighbors: shape as 'moore' })
        const costs = Array.from({ length: grid.size }, () => 1 + rng.int(4))
        const cost = (cell: number) => (costly ? (costs[cell] as number) : 1)
        const from = rng.int(grid.size)
        const step = (a: number, b: number) => cost(b) * (grid.isDiagonal(a, b) ? diagonal : 1)
        const best = bruteForce(grid, from, step)
        for (let to = 0; to < grid.size; to++) {
          const path = grid.path(from, to, { diagonal, ...(costly && { cost }) })
          if (path === undefined) {
            expect(best[to]).toBe(Number.POSITIVE_INFINITY)
            continue
          }
          expect(path.cost).toBeCloseTo(best[to] as number, 9)
          const walked = [from, ...path.steps]
          expect(walked.at(-1)).toBe(to)
          let sum = 0
          for (let i = 1; i < walked.length; i++) {
            const [a, b] = [walked[i - 1] as number, walked[i] as number]
            expect(grid.cellsAround(a)).toContain(b)
            expect(grid.isBlocked(b)).toBe(false)
            sum += step(a, b)
          }
          expect(path.cost).toBeCloseTo(sum, 9)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('goes round agents where asked to, and through them otherwise', () => {
    const grid = new SquareGrid<Thing>({ width: 3, height: 2, neighbors: 'vonNeumann' })
    const [one] = things(1) as [Thing]
    grid.placeAt(one, 1, 0)
    expect(grid.path(0, 2)?.cost).toBe(2)
    expect(grid.path(0, 2, { aroundAgents: true })?.steps).toEqual([3, 4, 5, 2])
    expect(grid.path(0, 1, { aroundAgents: true })?.steps).toEqual([1])
  })

  it('refuses a cost below the least', () => {
    const grid = new SquareGrid<Thing>({ width: 3, height: 1 })
    expect(() => grid.path(0, 2, { cost: () => 0.5 })).toThrow('The cost of cell (1,0) of a path: expected a number ≥ 1, got 0.5')
    expect(grid.path(0, 2, { cost: () => 0.5, leastCost: 0.5 })?.cost).toBe(1)
    expect(() => grid.path(0, 2, { diagonal: 3 })).toThrow('`diagonal` of a path over a grid: expected a number from 1 to 2')
  })
})

describe('obstacles', () => {
  it('keep agents out, of walks and of random places too', () => {
    const grid = new SquareGrid<Thing>({ width: 3, height: 3, obstacles: [0, 1, 2, 3, 5, 6, 7], rng: stream() })
    const [one, two, three] = things(3) as [Thing, Thing, Thing]
    expect(() => grid.place(one, 0)).toThrow('Agent Thing-0 cannot be placed in (0,0): an obstacle stands there')
    expect(grid.emptyCount).toBe(2)
    expect(new Set([grid.placeOnEmpty(one), grid.placeRandomly(two)])).toEqual(new Set([4, 8]))
    expect(() => grid.placeOnEmpty(three)).toThrow('has no empty cell')
    grid.remove(two)
    for (let i = 0; i < 20; i++) expect([4, 8]).toContain(grid.walk(one))
    expect(() => grid.block(grid.cellOf(one))).toThrow('Thing-0 stands there')
    grid.unblock(0)
    grid.unblock(0)
    expect([grid.emptyCount, grid.isEmpty(0), grid.isEmpty(1)]).toEqual([2, true, false])
  })

  it('leave every other cell equally likely', () => {
    const grid = new SquareGrid<Thing>({ width: 4, height: 4, occupancy: 'many', obstacles: c => c > 2, rng: stream(5) })
    const counts = [0, 0, 0]
    for (let i = 0; i < 3000; i++) {
      const cell = grid.randomCellWithRoom()
      counts[cell] = (counts[cell] as number) + 1
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt((3000 * 2) / 9))
  })
})

describe('the nearest', () => {
  it.each(['moore', 'vonNeumann', 'hex', 'network'] as const)('of a %s are those a look at every agent gives', kind => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), fc.boolean(), (seed, k, many) => {
        const rng = stream(seed)
        const occupancy = many ? 'many' : 'single'
        const edges = Array.from({ length: 60 }, () => [rng.int(50), rng.int(50)] as const).filter(([a, b]) => a !== b)
        const space =
          kind === 'network'
            ? new Network<Thing>({ nodes: 50, edges, occupancy, rng })
            : kind === 'hex'
              ? new HexGrid<Thing>({ width: 10, height: 10, torus: true, occupancy, rng })
              : new SquareGrid<Thing>({ width: 10, height: 10, torus: true, neighbors: kind, occupancy, rng })
        const all = things(14)
        for (const thing of all) space.place(thing, space.randomCellWithRoom() as never)
        const [one] = all as [Thing]
        const far = (other: Thing) =>
          space instanceof Network
            ? (space.path(space.cellOf(one), space.cellOf(other))?.cost ?? Number.POSITIVE_INFINITY)
            : space.distance(space.cellOf(one), space.cellOf(other))
        const others = all.slice(1).filter(other => far(other) < Number.POSITIVE_INFINITY)
        const expected = others.sort((a, b) => far(a) - far(b) || a.id - b.id)
        expect(space.nearest(one, k)).toEqual(expected.slice(0, k))
        expect(space.nearestOne(one, other => other.id % 5 === 4)).toBe(expected.find(other => other.id % 5 === 4))
      }),
      { numRuns: 40 },
    )
  })

  it('that meets a condition is found on a plane too, and undefined where none does', () => {
    const plane = new Plane<Thing>({ width: 50, height: 50, rng: stream() })
    const all = things(40)
    for (const thing of all) plane.placeRandomly(thing)
    const [one] = all as [Thing]
    const wanted = plane.nearest(one, 39).find(t => t.id > 35)
    expect(plane.nearestOne(one, t => t.id > 35)).toBe(wanted)
    expect(plane.nearestOne(one, t => t.id > 99)).toBe(undefined)
  })

  it('min-one-of and max-one-of take the neighbour with the least and the greatest number', () => {
    const plane = new Plane<Thing>({ width: 9, height: 9 })
    const grid = new SquareGrid<Thing>({ width: 9, height: 9 })
    const all = things(3)
    for (const thing of all) {
      plane.place(thing, thing.id, 0)
      grid.place(thing, thing.id)
    }
    const one = all[1] as Thing
    expect([plane.minOneOf(one, t => t.id, 5)?.id, plane.maxOneOf(one, t => t.id, 5)?.id]).toEqual([0, 2])
    expect([grid.minOneOf(one, t => -t.id)?.id, grid.maxOneOf(one, t => -t.id)?.id]).toEqual([2, 0])
    expect(plane.minOneOf(one, t => t.id, 0.5)).toBe(undefined)
  })
})

describe('a path over a network', () => {
  it('costs what brute force finds, by edges and by weight', () => {
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), (seed, directed) => {
        const rng = stream(seed)
        const net = new Network({ nodes: 12, directed })
        for (let i = 0; i < 24; i++) {
          const [a, b] = [rng.int(12), rng.int(12)]
          if (a !== b) net.addEdge(a, b, { weight: rng.int(10) })
        }
        const cost = Array.from({ length: 12 }, (_, i) => (i === 0 ? 0 : Number.POSITIVE_INFINITY))
        for (let round = 0; round < 12; round++) {
          for (const [from, to, attributes] of net.edges())
            for (const [a, b] of directed ? [[from, to] as const] : [[from, to] as const, [to, from] as const])
              cost[b] = Math.min(cost[b] as number, (cost[a] as number) + Number(attributes?.weight))
        }
        for (let to = 0; to < 12; to++)
          expect(net.path(0, to, { weight: 'weight' })?.cost ?? Number.POSITIVE_INFINITY).toBe(cost[to])
        expect(new Set([0, ...net.nodesAround(0, Number.POSITIVE_INFINITY)])).toEqual(
          new Set(net.allNodes().filter(to => net.path(0, to) !== undefined)),
        )
      }),
      { numRuns: 50 },
    )
  })

  it('refuses an edge without a weight, and a negative one', () => {
    const net = new Network({
      edges: [
        [0, 1],
        [1, 2, { weight: -1 }],
      ],
    })
    expect(() => net.path(0, 1, { weight: 'weight' })).toThrow(
      'The weight of the edge from node 0 to 1, its attribute "weight": expected a number ≥ 0, and it has none',
    )
    expect(() => net.path(2, 1, { weight: 'weight' })).toThrow('got -1')
    expect(() => net.setEdge(0, 2, { weight: 1 })).toThrow('There is no edge from node 0 to 2')
    expect(() => net.setEdge(0, 1, { weight: {} as never })).toThrow('Attribute "weight" of the edge from node 0 to 1')
  })
})
