import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/core/index.js'
import { type Grid, HexGrid, type Occupancy, SquareGrid, spaceCounters, spaceLimits } from '../../src/space/index.js'
import { idsOf, restored, sameBytes, sorted, stream, Thing, things } from './things.js'

type Shape = 'moore' | 'vonNeumann' | 'hex'
interface Spec {
  shape: Shape
  width: number
  height: number
  x: boolean
  y: boolean
  occupancy: Occupancy
}

const specs: fc.Arbitrary<Spec> = fc
  .record({
    shape: fc.constantFrom<Shape>('moore', 'vonNeumann', 'hex'),
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    x: fc.boolean(),
    y: fc.boolean(),
    occupancy: fc.constantFrom<Occupancy>('single', 'many'),
  })
  .map(s => (s.shape === 'hex' && s.y && s.height % 2 ? { ...s, height: s.height + 1 } : s))

function gridOf({ shape, width, height, x, y, occupancy }: Spec): Grid<Thing> {
  const options = { width, height, torus: { x, y }, occupancy, rng: stream() }
  return shape === 'hex' ? new HexGrid<Thing>(options) : new SquareGrid<Thing>({ ...options, neighbors: shape })
}

/** The cells a step away, from the plainest reading of each geometry. */
function adjacent({ shape, width, height, x: wrapX, y: wrapY }: Spec, cell: number): number[] {
  const x = cell % width
  const y = (cell - x) / width
  const square = [[-1, 0], [1, 0], [0, -1], [0, 1]] // biome-ignore format: one shape a line
  const corners = [[-1, -1], [1, -1], [-1, 1], [1, 1]] // biome-ignore format: one shape a line
  const side = y % 2 ? 1 : -1
  const hex = [[-1, 0], [1, 0], [0, -1], [side, -1], [0, 1], [side, 1]] // biome-ignore format: one shape a line
  const steps = shape === 'hex' ? hex : shape === 'moore' ? [...square, ...corners] : square
  return steps.flatMap(([dx = 0, dy = 0]) => {
    const nx = wrapX ? (x + dx + width) % width : x + dx
    const ny = wrapY ? (y + dy + height) % height : y + dy
    return nx < 0 || ny < 0 || nx >= width || ny >= height ? [] : [ny * width + nx]
  })
}

/** Steps from a cell to every other, by walking. */
function walks(spec: Spec, from: number): number[] {
  const steps = new Array<number>(spec.width * spec.height).fill(Number.POSITIVE_INFINITY)
  steps[from] = 0
  const queue = [from]
  for (const cell of queue) {
    for (const next of adjacent(spec, cell)) {
      if ((steps[next] as number) < Number.POSITIVE_INFINITY) continue
      steps[next] = (steps[cell] as number) + 1
      queue.push(next)
    }
  }
  return steps
}

describe('a grid', () => {
  it('gives for every shape, edge and radius the cells that many steps of a walk reach', () => {
    fc.assert(
      fc.property(specs, fc.nat(), fc.integer({ min: 0, max: 12 }), (spec, pick, radius) => {
        const grid = gridOf(spec)
        const cell = pick % grid.size
        const steps = walks(spec, cell)
        const expected = steps.flatMap((d, other) => (other !== cell && d <= radius ? [other] : []))
        expect(sorted(grid.cellsAround(cell, radius))).toEqual(expected)
        for (let other = 0; other < grid.size; other++) expect(grid.distance(cell, other)).toBe(steps[other])
        expect(expected.length === 0 ? [cell] : expected).toContain(grid.randomCellAround(cell, radius))
      }),
      { numRuns: 300 },
    )
  })

  it('gives inner cells, whose neighbours come by offsets, the same cells as a walk', () => {
    for (const shape of ['moore', 'vonNeumann', 'hex'] as const) {
      const spec: Spec = { shape, width: 14, height: 16, x: false, y: false, occupancy: 'single' }
      const grid = gridOf(spec)
      for (const radius of [1, 2, 3]) {
        for (let cell = 0; cell < grid.size; cell++) {
          const expected = walks(spec, cell).flatMap((d, other) => (other !== cell && d <= radius ? [other] : []))
          expect(sorted(grid.cellsAround(cell, radius))).toEqual(expected)
        }
      }
    }
  })

  it('finds neighbours as a look at every agent does', () => {
    fc.assert(
      fc.property(specs, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 10 }), (spec, n, radius) => {
        const grid = gridOf(spec)
        const all = things(spec.occupancy === 'single' ? Math.min(n, grid.size) : n)
        for (const t of all) grid.placeRandomly(t)
        const near = (cell: number) => all.filter(t => grid.distance(cell, grid.cellOf(t)) <= radius)
        for (const t of all) {
          const expected = idsOf(near(grid.cellOf(t)).filter(o => o !== t))
          expect(sorted(idsOf(grid.neighbors(t, radius)))).toEqual(expected)
        }
        for (let cell = 0; cell < grid.size; cell++) {
          expect(sorted(idsOf(grid.agentsAround(cell, radius)))).toEqual(idsOf(near(cell)))
          const free = [...grid.cellsAround(cell, radius, [])].filter(c => all.every(t => grid.cellOf(t) !== c))
          expect([...grid.emptyCellsAround(cell, radius)]).toEqual(free)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('answers the same where a table of neighbours would be too large to keep, and counts it', () => {
    const { neighborhoodEntries } = spaceLimits
    const options = { width: 9, height: 8, torus: true }
    const tabled = new SquareGrid<Thing>(options)
    const lists = Array.from({ length: 72 }, (_, cell) => [...tabled.cellsAround(cell, 2)])
    const before = spaceCounters.neighborhoodsNotTabled
    try {
      spaceLimits.neighborhoodEntries = 0
      const bare = new SquareGrid<Thing>(options)
      expect(Array.from({ length: 72 }, (_, cell) => [...bare.cellsAround(cell, 2)])).toEqual(lists)
      expect(spaceCounters.neighborhoodsNotTabled).toBe(before + 1)
    } finally {
      spaceLimits.neighborhoodEntries = neighborhoodEntries
    }
  })

  it('keeps a bounded number of tables and still answers every radius', () => {
    const grid = new SquareGrid<Thing>({ width: 40, height: 40 })
    const dropped = spaceCounters.neighborhoodsDropped
    for (let radius = 0; radius < 20; radius++) expect(grid.cellsAround(820, radius).length).toBe((2 * radius + 1) ** 2 - 1)
    expect(grid.cellsAround(820, 1).length).toBe(8)
    expect(spaceCounters.neighborhoodsDropped).toBeGreaterThan(dropped)
  })
})

/** A grid kept by hand: the model the commands are compared with. */
interface Model {
  cells: Map<Thing, number>
}

describe('occupancy', () => {
  const command = fc.record({
    what: fc.constantFrom('place', 'move', 'remove', 'empty', 'walk'),
    who: fc.nat(11),
    where: fc.nat(40),
  })

  it('is what the commands made it, whatever their order, and refused commands change nothing', () => {
    fc.assert(
      fc.property(specs, fc.array(command, { maxLength: 80 }), (spec, commands) => {
        const grid = gridOf(spec)
        const all = things(12)
        const model: Model = { cells: new Map() }
        for (const c of commands) {
          run(grid, model, all[c.who] as Thing, c.what, c.where)
          check(grid, model, all)
        }
      }),
      { numRuns: 150 },
    )
  })

  function run(grid: Grid<Thing>, model: Model, thing: Thing, what: string, where: number): void {
    try {
      if (what === 'place') grid.place(thing, where)
      else if (what === 'move') grid.move(thing, where)
      else if (what === 'remove') grid.remove(thing)
      else if (what === 'empty') where = grid.moveToEmpty(thing)
      else where = grid.walk(thing)
    } catch (error) {
      expect(error).toBeInstanceOf(OperatorError)
      return
    }
    if (what === 'place') expect(model.cells.has(thing)).toBe(false)
    else expect(model.cells.has(thing)).toBe(true)
    if (what === 'remove') model.cells.delete(thing)
    else model.cells.set(thing, where)
  }

  function check(grid: Grid<Thing>, { cells }: Model, all: Thing[]): void {
    expect(grid.count).toBe(cells.size)
    const taken = new Set(cells.values())
    if (grid.occupancy === 'single') expect(taken.size).toBe(cells.size)
    expect(grid.emptyCount).toBe(grid.size - taken.size)
    for (const thing of all) {
      expect(thing._home).toBe(cells.has(thing) ? grid : undefined)
      if (cells.has(thing)) expect(grid.cellOf(thing)).toBe(cells.get(thing))
    }
    for (let cell = 0; cell < grid.size; cell++) {
      const here = all.filter(t => cells.get(t) === cell)
      expect(sorted(idsOf(grid.agentsAt(cell)))).toEqual(idsOf(here))
      expect(grid.countAt(cell)).toBe(here.length)
      expect(grid.isEmpty(cell)).toBe(here.length === 0)
    }
  }

  it('draws every empty cell equally often, and never a taken one', () => {
    const grid = new SquareGrid<Thing>({ width: 5, height: 2, rng: stream() })
    for (const [i, t] of things(4).entries()) grid.place(t, 2 * i)
    const counts = new Array(10).fill(0)
    for (let i = 0; i < 12_000; i++) counts[grid.randomEmptyCell()]++
    for (const cell of [0, 2, 4, 6]) expect(counts[cell]).toBe(0)
    for (const cell of [1, 3, 5, 7, 8, 9]) expect(Math.abs(counts[cell] - 2000)).toBeLessThan(5 * Math.sqrt(2000))
  })

  it('offers the wolf each sheep of its cell and nothing else', () => {
    class Sheep extends Thing {}
    const grid = new SquareGrid<Thing>({ width: 2, height: 1, occupancy: 'many', rng: stream() })
    for (let i = 0; i < 6; i++) grid.place(i % 2 ? new Sheep(i) : new Thing(i), 0)
    grid.place(new Sheep(7), 1)
    const seen = new Set(Array.from({ length: 200 }, () => grid.randomAt(0, Sheep)?.id))
    expect(sorted([...seen] as number[])).toEqual([1, 3, 5])
    expect(grid.randomAt(1, Sheep)?.id).toBe(7)
    grid.forget(grid.at(1) as Thing)
    expect(grid.randomAt(1, Sheep)).toBe(undefined)
  })

  it('goes on after a restore exactly as the original does', () => {
    fc.assert(
      fc.property(specs, fc.array(command, { maxLength: 40 }), fc.array(command, { maxLength: 40 }), (spec, first, then) => {
        const grid = gridOf(spec)
        const all = things(12)
        for (const c of first) run(grid, { cells: cellsOf(grid, all) }, all[c.who] as Thing, c.what, c.where)
        const { copy, cast } = restored(grid)
        const twins = all.map(t => cast[t.id] ?? new Thing(t.id))
        for (const c of then) {
          run(grid, { cells: cellsOf(grid, all) }, all[c.who] as Thing, c.what, c.where)
          run(copy, { cells: cellsOf(copy, twins) }, twins[c.who] as Thing, c.what, c.where)
        }
        for (const [i, t] of all.entries()) {
          const twin = twins[i] as Thing
          expect(twin._spot).toBe(t._spot)
          if (t._home === grid) expect(idsOf(copy.neighbors(twin, 2))).toEqual(idsOf(grid.neighbors(t, 2)))
        }
        expect(sameBytes(copy, grid)).toBe(true)
      }),
      { numRuns: 80 },
    )
  })

  function cellsOf(grid: Grid<Thing>, all: Thing[]): Map<Thing, number> {
    return new Map(all.flatMap(t => (t._home === grid ? [[t, grid.cellOf(t)] as const] : [])))
  }
})

describe('a grid refuses, naming agent and cell,', () => {
  class Wolf extends Thing {}
  const grid = () => new SquareGrid<Thing>({ width: 40, height: 40 })

  it('a place outside', () => {
    const g = grid()
    const wolf = new Wolf(12)
    g.placeAt(wolf, 3, 3)
    expect(() => g.moveTo(wolf, 41, 3)).toThrow('Agent Wolf-12 cannot move to (41,3): the grid is 40×40.')
    expect(() => g.move(wolf, 1600)).toThrow('Agent Wolf-12 cannot move to 1600: the grid is 40×40.')
    expect(() => g.moveTo(wolf, 1.5, 3)).toThrow('Agent Wolf-12 cannot move to (1.5,3)')
    expect(() => g.placeAt(new Wolf(13), -1, 0)).toThrow('Agent Wolf-13 cannot be placed in (-1,0)')
    expect(() => g.cell(40, 0)).toThrow('There is no cell (40,0): the grid is 40×40.')
    expect([g.xOf(g.cellOf(wolf)), g.yOf(g.cellOf(wolf))]).toEqual([3, 3])
  })

  it('a taken cell, a second place, a stranger and a dead agent', () => {
    const g = grid()
    const wolves = [new Wolf(1), new Wolf(2)] as const
    g.placeAt(wolves[0], 4, 2)
    expect(() => g.placeAt(wolves[1], 4, 2)).toThrow(
      'Agent Wolf-2 cannot be placed in (4,2): Wolf-1 stands there, and a cell holds one.',
    )
    expect(() => g.place(wolves[0], 0)).toThrow('Agent Wolf-1 already stands in this grid. Use move().')
    expect(() => g.move(wolves[1], 0)).toThrow('Agent Wolf-2 does not stand in this grid')
    const dead = Object.assign(new Wolf(3), { alive: false })
    expect(() => g.place(dead, 0)).toThrow('Agent Wolf-3 is dead')
  })

  it('a random cell without a stream, or where none is empty', () => {
    expect(() => grid().randomEmptyCell()).toThrow('expected a random stream')
    const full = new SquareGrid<Thing>({ width: 1, height: 1, rng: stream() })
    full.place(new Wolf(1), 0)
    expect(() => full.randomEmptyCell()).toThrow('The grid has no empty cell: the grid is 1×1')
  })

  it('sizes, radii and shapes that cannot be', () => {
    expect(() => new SquareGrid({ width: 0, height: 3 })).toThrow(OperatorError)
    expect(() => new SquareGrid({ width: 1e5, height: 1e5 })).toThrow(OperatorError)
    expect(() => grid().cellsAround(0, 1.5)).toThrow('The radius of a query')
    expect(() => new HexGrid({ width: 4, height: 3, torus: true })).toThrow('an even number of rows')
    expect(() => new SquareGrid({ width: 4, height: 3, neighbors: 'more' as 'moore' })).toThrow('Did you mean "moore"?')
  })
})
