import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HexGrid, Layer, SquareGrid } from '../../src/space/index.js'
import { restored, sameBytes, stream, type Thing } from './things.js'

const grids = fc
  .record({ shape: fc.constantFrom('moore' as const, 'vonNeumann' as const, 'hex' as const), width: fc.integer({ min: 1, max: 8 }), height: fc.integer({ min: 1, max: 4 }), torus: fc.boolean() }) // biome-ignore format: one line
  .map(({ shape, width, height, torus }) => {
    const options = { width, height: 2 * height, torus, rng: stream() }
    return shape === 'hex' ? new HexGrid<Thing>(options) : new SquareGrid<Thing>({ ...options, neighbors: shape })
  })

describe('a layer', () => {
  it('keeps the value that it refused to change, and gives nothing away where there is nobody', () => {
    const whole = new Layer(new SquareGrid<Thing>({ width: 1, height: 1 }), { type: Int16Array, initial: 7 })
    expect(() => whole.set(0, 0.5)).toThrow('a whole number in the range of Int16Array')
    expect(() => whole.countAround(0, Number.NaN)).toThrow('got NaN')
    expect(whole.get(0)).toBe(7)
    const alone = new Layer(new SquareGrid<Thing>({ width: 1, height: 1 }), { initial: 7 })
    alone.diffuse(0.5)
    expect(alone.get(0)).toBe(7)
  })

  it('keeps its total when it diffuses, and every cell gets what its neighbours gave', () => {
    fc.assert(
      fc.property(grids, fc.double({ min: 0, max: 1, noNaN: true }), (grid, share) => {
        const rng = stream()
        const layer = new Layer(grid, { initial: () => rng.between(0, 10) })
        const old = layer.data.slice()
        const parts = Math.max(...Array.from(old, (_, cell) => grid.cellsAround(cell).length), 0)
        const total = layer.sum()
        layer.diffuse(share)
        expect(layer.sum()).toBeCloseTo(total, 8)
        if (grid.width < 3 || grid.height < 3) return
        for (let cell = 0; cell < grid.size; cell++) {
          const near = grid.cellsAround(cell)
          const got = near.reduce((sum, other) => sum + ((old[other] as number) * share) / parts, 0)
          expect(layer.get(cell)).toBeCloseTo((old[cell] as number) * (1 - (share * near.length) / parts) + got, 9)
        }
      }),
    )
  })

  it('stays level when it is level, and levels out on a torus', () => {
    const layer = new Layer(new SquareGrid({ width: 6, height: 5, torus: true }), { initial: cell => (cell === 7 ? 30 : 0) })
    for (let i = 0; i < 200; i++) layer.diffuse(0.9)
    for (const value of layer.data) expect(value).toBeCloseTo(1, 9)
  })

  it('evaporates a share of every cell', () => {
    const layer = new Layer(new SquareGrid({ width: 2, height: 2 }), { initial: (_cell, x, y) => x + 10 * y })
    layer.evaporate(0.25)
    expect([...layer.data]).toEqual([0, 0.75, 7.5, 8.25])
  })

  it('maps every cell from old values alone: a glider moves one cell diagonally in four steps', () => {
    const glider = new Set([1, 10, 16, 17, 18])
    const life = new Layer(new SquareGrid({ width: 8, height: 8, torus: true }), {
      type: Uint8Array,
      initial: c => Number(glider.has(c)),
    })
    for (let i = 0; i < 4; i++) {
      life.map((alive, cell) => {
        const near = life.sumAround(cell)
        return Number(near === 3 || (near === 2 && alive === 1))
      })
    }
    expect([...life.data].flatMap((alive, cell) => (alive ? [cell] : []))).toEqual([...glider].map(c => c + 9))
  })

  it('sums and counts what lies around a cell as a look at those cells does', () => {
    fc.assert(
      fc.property(grids, fc.integer({ min: 0, max: 5 }), (grid, radius) => {
        const rng = stream()
        const layer = new Layer(grid, { type: Int32Array, initial: () => rng.int(3) })
        for (let cell = 0; cell < grid.size; cell++) {
          const values = grid.cellsAround(cell, radius).map(c => layer.get(c))
          expect(layer.sumAround(cell, radius)).toBe(values.reduce((a, b) => a + b, 0))
          expect(layer.countAround(cell, 2, radius)).toBe(values.filter(v => v === 2).length)
        }
      }),
    )
  })

  it('hands the second buffer over at a swap', () => {
    const layer = new Layer(new SquareGrid({ width: 2, height: 1 }), { initial: 5 })
    layer.next[1] = 7
    layer.swap()
    expect([...layer.data]).toEqual([0, 7])
    expect([...layer.next]).toEqual([5, 5])
    layer.add(0, 2)
    layer.set(1, 3)
    expect(layer.sum()).toBe(5)
    layer.fill(1)
    expect(layer.get(1)).toBe(1)
  })

  it('is restored with its grid, both buffers and its kind of array', () => {
    const grid = new HexGrid<Thing>({ width: 3, height: 4 })
    const layer = new Layer(grid, { type: Float32Array, initial: 3 })
    layer.map((v, cell) => v * cell)
    const { copy } = restored({ layer, grid })
    expect(copy.layer.grid).toBe(copy.grid)
    expect(copy.layer.data).toBeInstanceOf(Float32Array)
    expect(sameBytes(copy, { layer, grid })).toBe(true)
    copy.layer.diffuse(0.5)
    layer.diffuse(0.5)
    expect(copy.layer.data).toEqual(layer.data)
  })

  it('refuses cells outside, shares beyond 0 … 1, and diffusion of whole numbers', () => {
    const layer = new Layer(new SquareGrid({ width: 4, height: 3 }))
    expect(() => layer.get(12)).toThrow('The layer has no cell 12: the grid is 4×3.')
    expect(() => layer.set(-1, 0)).toThrow('no cell -1')
    expect(() => layer.sumAround(99)).toThrow('There is no cell 99')
    expect(() => layer.diffuse(1.1)).toThrow('expected a number from 0 to 1, got 1.1')
    expect(() => layer.evaporate(Number.NaN)).toThrow('expected a number from 0 to 1')
    expect(() => new Layer(layer.grid as SquareGrid, { type: Uint8Array }).diffuse(0.1)).toThrow('Float64Array or Float32Array')
  })
})
