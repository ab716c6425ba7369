/** No silent zero, no silent nonsense: what a space, a layer or a stream is given wrongly, it refuses with place and next move, and stays as it was. */

import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/core/index.js'
import { HexGrid, Layer, Network, Plane, SquareGrid } from '../../src/space/index.js'
import { bytesOf, stream, Thing } from './things.js'

const nothing = undefined as never
const one = new Thing(1)

function refusesAndStays<S>(space: S, ask: (space: S) => unknown, says: string | undefined): void {
  const before = Buffer.from(bytesOf(space)).toString('hex')
  let thrown: unknown
  try {
    ask(space)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(OperatorError)
  expect((thrown as OperatorError).explanation.next).toBeTruthy()
  if (says !== undefined) expect((thrown as OperatorError).message).toContain(says)
  expect(Buffer.from(bytesOf(space)).toString('hex')).toBe(before)
}

/** With thing 1 in cell 5. */
function peopled<S extends { place(thing: Thing, cell: number): void }>(space: S): S {
  Object.assign(one, { _home: undefined, _spot: -1 })
  space.place(one, 5)
  return space
}
const square = () => peopled(new SquareGrid<Thing>({ width: 4, height: 3, occupancy: 'many', rng: stream() }))
const single = () => peopled(new SquareGrid<Thing>({ width: 4, height: 3, rng: stream() }))
const hex = () => peopled(new HexGrid<Thing>({ width: 4, height: 3, rng: stream() }))
const network = () => peopled(new Network<Thing>({ nodes: 8, edges: [[0, 5]], rng: stream() }))

const cellMethods = ['at', 'agentsAt', 'countAt', 'isEmpty', 'agentsAround'] as const
const gridMethods = ['xOf', 'yOf', 'cellsAround', 'emptyCellsAround', 'randomCellAround'] as const
const nodeMethods = ['degree', 'inDegree', 'nodesAround', 'nodesInto', 'randomNodeAround', 'removeNode'] as const
const agentMethods = ['place', 'move', 'remove', 'forget', 'cellOf', 'neighbors', 'placeOnEmpty', 'moveToEmpty'] as const

describe.each([
  ['a grid of many', square],
  ['a grid of one', single],
  ['a hex grid', hex],
] as const)('%s', (_, make) => {
  it.each([...cellMethods, ...gridMethods])('%s: no cell that is not there', method => {
    for (const cell of [999, 12, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY, nothing])
      refusesAndStays(make(), grid => (grid as SquareGrid<Thing>)[method](cell), 'the grid is 4×3')
  })

  it.each(['place', 'move'] as const)('%s: no cell that is not there, nor half of one', method => {
    for (const cell of [999, 12, -1, 2.5, Number.NaN, nothing])
      refusesAndStays(make(), grid => grid[method](method === 'place' ? new Thing(2) : one, cell), 'the grid is 4×3')
  })

  it.each(['placeAt', 'moveTo', 'cell'] as const)('%s: no column or row that is not there', method => {
    for (const [x, y] of [[4, 0], [0, 3], [-1, 0], [0.5, 0], [Number.NaN, 0], [0, nothing]] as const) // biome-ignore format: one line
      refusesAndStays(
        make(),
        grid => (method === 'cell' ? grid.cell(x, y) : grid[method](method === 'placeAt' ? new Thing(2) : one, x, y)),
        'the grid is 4×3',
      )
  })

  it.each([...agentMethods, 'placeAt', 'moveTo', 'placeRandomly', 'walk'] as const)('%s: no agent that is none', method => {
    const more = /^(place|move)(At|To)?$/.test(method) ? [1, 1] : []
    for (const agent of [nothing, null, 7, 'Ant-1', {}])
      refusesAndStays(make(), grid => (grid[method] as (...args: unknown[]) => unknown).call(grid, agent, ...more), 'an agent')
  })

  it.each([
    ['neighbors', (grid: SquareGrid<Thing>, r: number) => grid.neighbors(one, r)],
    ['agentsAround', (grid: SquareGrid<Thing>, r: number) => grid.agentsAround(5, r)],
    ['cellsAround', (grid: SquareGrid<Thing>, r: number) => grid.cellsAround(5, r)],
    ['emptyCellsAround', (grid: SquareGrid<Thing>, r: number) => grid.emptyCellsAround(5, r)],
    ['randomCellAround', (grid: SquareGrid<Thing>, r: number) => grid.randomCellAround(5, r)],
    ['walk', (grid: SquareGrid<Thing>, r: number) => grid.walk(one, r)],
    ['stepsWithin', (grid: SquareGrid<Thing>, r: number) => grid.stepsWithin(r)],
  ])('%s: no radius but whole numbers', (_method, ask) => {
    for (const radius of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      refusesAndStays(make(), grid => ask(grid as SquareGrid<Thing>, radius), 'radius')
  })

  it('distance and randomAt: neither cell nor class that is none', () => {
    for (const [a, b] of [[0, 999], [-1, 0], [0.5, 1], [0, Number.NaN]] as const) refusesAndStays(make(), grid => grid.distance(a, b), 'the grid is 4×3') // biome-ignore format: one line
    refusesAndStays(make(), grid => grid.randomAt(99, Thing), 'no cell 99')
    refusesAndStays(make(), grid => grid.randomAt(5, nothing), 'a class of agents')
  })
})

describe('a network', () => {
  it.each([...cellMethods, ...nodeMethods])('%s: no node that is not there', method => {
    for (const node of [999, 8, -1, 2.5, Number.NaN, nothing])
      refusesAndStays(network(), net => net[method](node), 'network has 8 nodes')
  })

  it.each(['addEdge', 'removeEdge', 'hasEdge'] as const)('%s: no node that is not there, at either end', method => {
    for (const node of [999, 8, -1, 2.5, Number.NaN, nothing]) {
      refusesAndStays(network(), net => net[method](node, 1), 'network has 8 nodes')
      refusesAndStays(network(), net => net[method](1, node), 'network has 8 nodes')
    }
    if (method === 'addEdge') refusesAndStays(network(), net => net.addEdge(3, 3), 'itself')
  })

  it('nodesAround, neighbors, agentsAround: no hops but whole numbers; endless ones reach all that is joined', () => {
    for (const hops of [-1, 1.5, Number.NaN]) {
      refusesAndStays(network(), net => net.nodesAround(0, hops), 'hops')
      refusesAndStays(network(), net => net.neighbors(one, hops), 'hops')
      refusesAndStays(network(), net => net.agentsAround(0, hops), 'hops')
    }
    expect(network().nodesAround(0, Number.POSITIVE_INFINITY)).toEqual([5])
  })

  it.each([...agentMethods, 'join', 'connect', 'disconnect'] as const)(
    '%s: no agent that is none, and no node is left behind',
    method => {
      for (const agent of [nothing, null, 7, {}])
        refusesAndStays(network(), net => net[method](agent as Thing, 1 as never), 'an agent')
      if (method === 'join') refusesAndStays(network(), net => net.join(one), 'already stands')
    },
  )

  it('has no node that a removed one was', () => {
    const net = network()
    net.removeNode(3)
    refusesAndStays(net, n => n.degree(3), 'network has 7 nodes')
    refusesAndStays(net, n => n.addEdge(3, 4), 'node 3')
  })
})

describe('a plane', () => {
  const plane = () => {
    Object.assign(one, { _home: undefined, _spot: -1 })
    const made = new Plane<Thing>({ width: 10, height: 6, rng: stream() })
    made.place(one, 1, 1)
    return made
  }

  it.each([
    ['neighbors', (p: Plane<Thing>) => p.neighbors(one, -1), 'radius'],
    ['neighbors', (p: Plane<Thing>) => p.neighbors(one, nothing), 'radius'],
    ['agentsAround', (p: Plane<Thing>) => p.agentsAround(1, 1, Number.NaN), 'radius'],
    ['agentsAround', (p: Plane<Thing>) => p.agentsAround(Number.NaN, 1, 2), 'finite x and y'],
    ['agentsAround', (p: Plane<Thing>) => p.agentsAround(1, Number.POSITIVE_INFINITY, 2), 'finite x and y'],
    ['nearest', (p: Plane<Thing>) => p.nearest(one, -1), 'k ≥ 0'],
    ['nearest', (p: Plane<Thing>) => p.nearest(one, 1.5), 'k ≥ 0'],
    ['nearest', (p: Plane<Thing>) => p.nearest(one, Number.NaN), 'k ≥ 0'],
    ['move', (p: Plane<Thing>) => p.move(one, 11, 1), 'the plane is 10×6'],
    ['move', (p: Plane<Thing>) => p.move(one, 1, nothing), 'the plane is 10×6'],
    ['moveBy', (p: Plane<Thing>) => p.moveBy(one, 0, Number.NaN), 'the plane is 10×6'],
    ['place', (p: Plane<Thing>) => p.place(new Thing(2), Number.NaN, 1), 'the plane is 10×6'],
  ] as const)('%s: no number that is none', (_, ask, says) => refusesAndStays(plane(), ask, says))

  it.each(['place', 'placeRandomly', 'move', 'moveBy', 'remove', 'forget', 'xOf', 'yOf', 'dx', 'dy', 'distance', 'neighbors', 'nearest'] as const)('%s: no agent that is none', method => {
    for (const agent of [nothing, null, 7, {}]) refusesAndStays(plane(), p => (p[method] as (...args: unknown[]) => unknown).call(p, agent, ...(method === 'placeRandomly' ? [] : [one, 1])), 'an agent')
  }) // biome-ignore format: one line
})

describe('a layer', () => {
  const grid = new SquareGrid({ width: 4, height: 4 })
  const floats = () => new Layer(grid, { initial: 1 })
  const bytes = () => new Layer(grid, { type: Uint8Array, initial: 1 })

  it('get, set, add, sumAround, countAround: no cell that is not there', () => {
    for (const cell of [2.5, Number.NaN, -1, 16, Number.POSITIVE_INFINITY, nothing]) {
      refusesAndStays(floats(), l => l.get(cell), 'the grid is 4×4')
      refusesAndStays(floats(), l => l.set(cell, 9), 'the grid is 4×4')
      refusesAndStays(floats(), l => l.add(cell, 9), 'the grid is 4×4')
      refusesAndStays(floats(), l => l.sumAround(cell), 'the grid is 4×4')
      refusesAndStays(floats(), l => l.countAround(cell, 1), 'the grid is 4×4')
    }
  })

  it('set, add, fill, map and the first values: no value that is none, in any type', () => {
    for (const make of [floats, bytes, () => new Layer(grid, { type: Float32Array })]) {
      for (const value of [Number.NaN, nothing]) {
        refusesAndStays(make(), l => l.set(1, value), '(1,0)')
        refusesAndStays(make(), l => l.add(1, value), '(1,0)')
        refusesAndStays(make(), l => l.fill(value), undefined)
        refusesAndStays(make(), l => l.countAround(1, Number.NaN), '(1,0)')
        expect(() => new Layer(grid, { initial: () => value })).toThrow(OperatorError)
      }
      expect(() => make().map(v => v * Number.NaN)).toThrow('got NaN')
    }
    expect(() => new Layer(grid, { initial: Number.NaN })).toThrow(OperatorError)
  })

  it('no value that the type of the layer would change, but what 32 bits round', () => {
    for (const value of [2.5, 256, -1, Number.POSITIVE_INFINITY]) {
      refusesAndStays(bytes(), l => l.set(1, value), 'in the range of Uint8Array')
      refusesAndStays(bytes(), l => l.fill(value), 'in the range of Uint8Array')
      const layer = bytes()
      expect(() => layer.map(() => value)).toThrow('in the range of Uint8Array')
      expect(layer.sum()).toBe(16)
    }
    const single = new Layer(grid, { type: Float32Array })
    single.set(1, 0.1)
    expect(single.get(1)).toBeCloseTo(0.1, 6)
    floats().set(1, Number.POSITIVE_INFINITY)
    refusesAndStays(bytes(), l => l.evaporate(0.5), 'Float64Array')
    refusesAndStays(bytes(), l => l.diffuse(0.5), 'Float64Array')
    for (const share of [-0.1, 1.1, Number.NaN]) {
      refusesAndStays(floats(), l => l.evaporate(share), 'from 0 to 1')
      refusesAndStays(floats(), l => l.diffuse(share), 'from 0 to 1')
    }
  })

  it('sumAround and countAround: no radius but whole numbers', () => {
    for (const radius of [-1, 0.5, Number.NaN]) {
      refusesAndStays(floats(), l => l.sumAround(1, radius), 'radius')
      refusesAndStays(floats(), l => l.countAround(1, 1, radius), 'radius')
    }
  })
})

describe('a stream', () => {
  const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN]
  const list = ['a', 'b']
  it.each([
    ['chance', [[nan], [-0.1], [1.1], [inf], [nothing]]],
    ['between', [[3, 1], [nan, 1], [0, nan], [0, inf], [-inf, 0], [0, nothing]]],
    ['normal', [[0, -1], [0, nan], [nan, 1], [inf, 1], [0, inf]]],
    ['exponential', [[0], [-1], [nan], [inf]]],
    ['int', [[0], [-1], [1.5], [nan], [inf], [nothing]]],
    ['pick', [[[]]]],
    ['shuffle', [[list, 3], [list, -1], [list, 0.5], [list, nan]]],
  ] as const)('refuses in %s what is no such number, before it draws', (method, wrong) => {
    for (const args of wrong) refusesAndStays(stream(), rng => (rng[method] as (...args: unknown[]) => unknown).apply(rng, [...args]), `rng.${method}(`)
    expect(list).toEqual(['a', 'b'])
  }) // biome-ignore format: a method a line

  it('takes the ends of every range', () => {
    const rng = stream()
    expect([rng.chance(0), rng.chance(1), rng.between(2, 2), rng.normal(3, 0), rng.int(1)]).toEqual([false, true, 2, 3, 0])
  })
})
