/** In small: nothing to find is not found. The whole of it is `npm run validate`. */
import { expect, it } from 'vitest'
import { nullTask } from '../../bench/validate/null-market.js'
import { runSwarm } from '../../bench/validate/swarm-run.js'

it('approves nothing where nothing can be found: in at most 1 of 8 null markets', () => {
  const runs = Array.from({ length: 8 }, (_, i) => runSwarm(nullTask(i + 1)))
  for (const run of runs) {
    // A swarm that tests nothing approves nothing either.
    expect(run.tested).toBeGreaterThan(30_000)
    expect(run.confirmed).toBeLessThan(20)
    expect(run.quarantined).toBe(0)
  }
  expect(runs.filter(run => run.approvals.length > 0).length).toBeLessThanOrEqual(1)
  // Nor does anybody see a consensus.
  expect(runs.filter(run => run.contagion.notices.length > 0)).toEqual([])
}, 600_000)
