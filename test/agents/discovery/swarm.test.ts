import { describe, expect, it } from 'vitest'
import { DiscoverySwarm, isCause, wilson } from '../../../bench/discovery-harness.js'
import { stageAfter } from '../../../src/agents/discovery/index.js'

describe('the swarm without agents', () => {
  it('finds next to nothing where nothing is: 12 null markets of 5,000 bars', () => {
    let approving = 0
    let begun = 0
    for (let seed = 1; seed <= 12; seed++) {
      const result = new DiscoverySwarm({ seed, steps: 5_000, persistence: seed % 2 === 0 ? 0.9 : 0 }).run(5_000)
      if (result.approved.length > 0) approving++
      begun += result.begun
    }
    expect(approving).toBeLessThanOrEqual(1)
    expect(begun).toBeGreaterThan(12 * 500)
  })

  it('finds a planted cause of 2 % of variance, with driver, pair, sign and lag', () => {
    let found = 0
    for (let seed = 1; seed <= 3; seed++) {
      const cause = {
        driver: 'government:EU',
        pair: 'LINKUSD',
        lag: seed % 3,
        sign: seed % 2 === 0 ? 1 : -1,
        strength: 0.02,
      } as const
      const swarm = new DiscoverySwarm({ seed, steps: 10_000, causes: [cause] })
      const { approved } = swarm.run(10_000)
      if (approved.some(finding => isCause(swarm.space, finding, cause))) found++
    }
    expect(found).toBeGreaterThanOrEqual(2)
  })

  it('lets no bar serve a key in two stages', () => {
    const until = new Map<number, number>()
    const cause = { driver: 'code:Go', pair: 'ADAUSD', lag: 0, sign: 1, strength: 0.03 } as const
    const log = (event: string, key: number, step: number) => {
      const free = until.get(key) ?? 0
      if (event === 'candidate') expect(step - 250).toBeGreaterThanOrEqual(free)
      if (event === 'confirming') until.set(key, stageAfter(step).until)
      if (event === 'confirmed') expect(step).toBeGreaterThanOrEqual(free)
      if (event === 'confirmed') until.set(key, stageAfter(step).until)
      if (event === 'approved' || event === 'refused') expect(step).toBe(free)
    }
    const swarm = new DiscoverySwarm({ seed: 5, steps: 6_000, causes: [cause], log })
    const result = swarm.run(6_000)
    expect(result.confirmed).toBeGreaterThan(0)
    expect(until.size).toBeGreaterThan(500)
  })

  it('gives the same findings for the same seed, and others for another', () => {
    const cause = { driver: 'code:Go', pair: 'ADAUSD', lag: 0, sign: 1, strength: 0.05 } as const
    const run = (seed: number) => new DiscoverySwarm({ seed, steps: 4_000, causes: [cause] }).run(4_000)
    expect(run(1)).toEqual(run(1))
    expect(run(1)).not.toEqual(run(2))
  })

  it('reports Wilson intervals', () => {
    expect(wilson(36, 40).map(x => Math.round(1_000 * x))).toEqual([769, 960])
    expect(wilson(0, 200)[0]).toBe(0)
  })
})
