import { describe, expect, it } from 'vitest'
import flocking from '../../scenarios/models/flocking.js'
import schelling from '../../scenarios/models/schelling.js'
import { lastOf, mean, numbersOf, ran, seeds } from './kit.js'

const largeTown = { width: 100, height: 100, residents: 8_000, radius: 2, wanted: 8 }

describe('schelling', () => {
  it('ends with at least 99 % of the people happy, in the small town and in the large', () => {
    for (const [params, runs] of [[{}, 10] as const, [largeTown, 2] as const])
      for (const seed of seeds(runs)) expect(lastOf(ran(schelling, 20, seed, params), 'happy')).toBeGreaterThanOrEqual(0.99)
  })

  it('divides a town whose people ask for three neighbours of eight of their own', () => {
    const { residents, grid } = ran(schelling, 20, 1).model
    const alike = residents.map(r => {
      const neighbors = grid.neighbors(r)
      return neighbors.length === 0 ? 1 : neighbors.filter(n => n.group === r.group).length / neighbors.length
    })
    expect(mean(alike)).toBeGreaterThan(0.7)
  })

  it('has two equal groups, and nobody in the cell of another', () => {
    const { residents, grid } = ran(schelling, 20, 3).model
    expect(residents.count(r => r.group === 0)).toBe(500)
    expect(new Set(residents.map(r => grid.cellOf(r))).size).toBe(1_000)
    expect(grid.count).toBe(1_000)
  })
})

describe('flocking', () => {
  const meanNeighbors = (params: Record<string, unknown>, runs: number) =>
    mean(seeds(runs).map(seed => mean(numbersOf(ran(flocking, 100, seed, params), 'neighbors'))))

  it('gives a bird about 2.6 neighbours in the small sky and 30 in the large, as published', () => {
    expect(Math.abs(meanNeighbors({}, 10) / 2.6 - 1)).toBeLessThan(0.15)
    expect(Math.abs(meanNeighbors({ birds: 400, size: 150, vision: 15 }, 5) / 30 - 1)).toBeLessThan(0.1)
  })

  it('makes flocks of birds that were spread evenly', () => {
    const neighbors = numbersOf(ran(flocking, 100, 1, { birds: 400, size: 150, vision: 15 }), 'neighbors')
    // Evenly spread, a circle of sight holds 400 · π · 15² / 150² birds.
    expect((neighbors[1] as number) / 12.6).toBeCloseTo(1, 0)
    expect(neighbors.at(-1)).toBeGreaterThan(3 * 12.6)
  })

  it('keeps every heading a unit vector and every neighbour within sight, across the edges', () => {
    const { birds, plane, params } = ran(flocking, 30, 2).model
    for (const bird of birds) {
      expect(Math.hypot(bird.vx, bird.vy)).toBeCloseTo(1, 12)
      const near = new Set(plane.neighbors(bird, params.vision))
      for (const other of birds) if (other !== bird) expect(near.has(other)).toBe(plane.distance(bird, other) <= params.vision)
    }
  })
})
