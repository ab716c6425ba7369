/** R6 in forty seeds: limits hold to the unit in planted and null markets, whoever trades. */

import { describe, expect, it } from 'vitest'
import nothing from '../../scenarios/null-market.js'
import dense from '../../scenarios/planted-dense.js'
import type { Swarm } from '../../src/agents/index.js'
import type { Scenario } from '../../src/model/index.js'
import { limitedRun, limitSets } from '../trading/gate/limited-run.js'

const seeds = Array.from({ length: Number(process.env.MYCELIA_LIMIT_SEEDS ?? 40) }, (_, i) => i + 1)
const steps = Number(process.env.MYCELIA_LIMIT_STEPS ?? 3_600)

const namesOf = {
  counting: ['openPositions', 'tradesPerDay', 'dailyLoss', 'cooldown', 'minHold'],
  locking: ['profitLock', 'equityFloor'],
  sharing: ['pairShare', 'groupShare', 'clusterShare'],
}

describe.each([
  ['planted-dense', dense],
  ['null-market', nothing],
])('R6 in %s', (_, market) => {
  it.each(['counting', 'locking', 'sharing'] as const)('the %s limits are never passed by one unit', set => {
    const met: Record<string, number> = {}
    let granted = 0
    for (const seed of seeds) {
      const { auditors } = limitedRun(market as unknown as Scenario<Swarm>, limitSets[set], seed, steps)
      for (const { reached, granted: orders } of Object.values(auditors)) {
        granted += orders.length
        for (const [name, n] of Object.entries(reached)) met[name] = (met[name] ?? 0) + n
      }
    }
    console.log(`R6 ${set}: ${seeds.length} seeds, ${steps} steps, ${granted} entries; met exactly: ${JSON.stringify(met)}`)
    for (const name of namesOf[set]) expect(met[name]).toBeGreaterThan(0)
  })
})
