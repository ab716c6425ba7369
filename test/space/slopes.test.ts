import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HexGrid, Layer, SquareGrid } from '../../src/space/index.js'
import { stream } from './things.js'

describe('a layer', () => {
  it('knows its peak and its slopes as a look at every cell does, round obstacles', () => {
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), fc.boolean(), (seed, hex, torus) => {
        const rng = stream(seed)
        const options = { width: 6, height: 4, torus, obstacles: () => rng.chance(0.2) }
        const grid = hex ? new HexGrid(options) : new SquareGrid(options)
        const layer = new Layer(grid, { initial: () => rng.int(5) })
        const cells = [...layer.data.keys()]
        const value = (cell: number) => layer.get(cell)
        expect(layer.argmax()).toBe(cells.find(cell => value(cell) === Math.max(...layer.data)))
        expect(layer.argmin()).toBe(cells.find(cell => value(cell) === Math.min(...layer.data)))
        expect([layer.max(), layer.min()]).toEqual([Math.max(...layer.data), Math.min(...layer.data)])
        expect(layer.select(v => v > 2)).toEqual(cells.filter(cell => value(cell) > 2))
        for (const cell of cells) {
          const open = grid.cellsAround(cell).filter(other => !grid.isBlocked(other))
          const up = Math.max(value(cell), ...open.map(value))
          expect(layer.uphill(cell)).toBe(up === value(cell) ? cell : open.find(other => value(other) === up))
          expect(value(layer.uphill(cell, 1, rng))).toBe(up)
          expect(value(layer.downhill(cell))).toBe(Math.min(value(cell), ...open.map(value)))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('chooses among equal slopes uniformly where it is given a stream', () => {
    const layer = new Layer(new SquareGrid({ width: 3, height: 3, neighbors: 'vonNeumann' }), {
      initial: cell => Number(cell !== 4),
    })
    const rng = stream(3)
    const counts = new Map<number, number>()
    for (let i = 0; i < 4000; i++) {
      const cell = layer.uphill(4, 1, rng)
      counts.set(cell, (counts.get(cell) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual([1, 3, 5, 7])
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(4000 * 0.25 * 0.75))
  })
})
