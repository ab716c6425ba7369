import { describe, expect, it } from 'vitest'
import forestFire from '../../scenarios/models/forest-fire.js'
import gameOfLife from '../../scenarios/models/game-of-life.js'
import { mean, ran, seeds } from './kit.js'

/** Trees with a way of trees to the first column: an independent flood over the cells. */
function reached(isTree: (x: number, y: number) => boolean, width: number, height: number): number {
  const seen = new Set<number>()
  const waiting: [number, number][] = Array.from({ length: height }, (_, y) => [0, y])
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const [x, y] = at
    if (x < 0 || y < 0 || x >= width || y >= height || seen.has(y * width + x) || !isTree(x, y)) continue
    seen.add(y * width + x)
    waiting.push([x - 1, y], [x + 1, y], [x, y - 1], [x, y + 1])
  }
  return seen.size
}

const burntShare = (seed: number, steps: number, density: number) => {
  const { trees } = ran(forestFire, steps, seed, { density }).model
  return trees.count(t => t.state === 2) / trees.size
}

describe('forest-fire', () => {
  it('burns exactly the trees that percolation joins to the first column', () => {
    for (const density of [0.5, 0.6, 0.7]) {
      const { grid, trees } = ran(forestFire, 1_000, 3, { density }).model
      expect(trees.count(t => t.state === 1)).toBe(0)
      const joined = reached((x, y) => grid.at(grid.cell(x, y)) !== undefined, grid.width, grid.height)
      expect(trees.count(t => t.state === 2)).toBe(joined)
    }
  })

  it('has burnt nearly all of a forest of density .7 after a hundred steps, and little of one of .5', () => {
    expect(mean(seeds(5).map(seed => burntShare(seed, 100, 0.7)))).toBeGreaterThan(0.95)
    expect(mean(seeds(5).map(seed => burntShare(seed, 100, 0.5)))).toBeLessThan(0.15)
  })
})

type World = boolean[][]

const start = (params: Record<string, unknown>, steps = 0) => ran(gameOfLife, steps, 1, params)

/** One generation, written from the rules over a plain table. */
function next(world: World): World {
  const height = world.length
  return world.map((row, y) =>
    row.map((lives, x) => {
      let n = 0
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++)
          if ((dx !== 0 || dy !== 0) && world[(y + dy + height) % height]?.[(x + dx + row.length) % row.length] === true) n++
      return n === 3 || (lives && n === 2)
    }),
  )
}

function worldOf({ model }: ReturnType<typeof start>): World {
  const { grid } = model
  return Array.from({ length: grid.height }, (_, y) =>
    Array.from({ length: grid.width }, (_, x) => grid.at(grid.cell(x, y))?.lives === true),
  )
}

describe('game-of-life', () => {
  it('agrees with a plain table for sixty generations, whatever lives at first', () => {
    for (const pattern of ['random', 'r-pentomino', 'acorn', 'glider']) {
      const sim = start({ width: 40, height: 33, start: pattern })
      let world = worldOf(sim)
      for (let step = 0; step < 60; step++) {
        sim.step()
        world = next(world)
        expect(worldOf(sim)).toEqual(world)
      }
    }
  })

  it('moves a glider by one cell along and one down in four generations', () => {
    const living = (world: World) => world.flatMap((row, y) => row.flatMap((lives, x) => (lives ? [[x, y]] : [])))
    const before = living(worldOf(start({ start: 'glider' })))
    const after = living(worldOf(start({ start: 'glider' }, 4)))
    expect(after).toEqual(before.map(([x, y]) => [(x as number) + 1, (y as number) + 1]))
  })
})
