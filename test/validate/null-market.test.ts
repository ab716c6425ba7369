/** In small: nothing to find is not found. The whole of it is `npm run validate`. */
import { expect, it } from 'vitest'
import { nullSteps, nullTask } from '../../bench/validate/null-market.js'
import { runSwarm } from '../../bench/validate/swarm-run.js'
import { times } from '../tier.js'

const markets = times(2, 8)
const steps = times(2_500, nullSteps)

it(`approves nothing where nothing can be found: in at most ${times(0, 1)} of ${markets} null markets`, () => {
  const runs = Array.from({ length: markets }, (_, i) => runSwarm({ ...nullTask(i + 1), steps }))
  for (const run of runs) {
    // A swarm that tests nothing approves nothing either.
    expect(run.tested).toBeGreaterThan(times(20_000, 30_000))
    expect(run.confirmed).toBeLessThan(20)
    expect(run.quarantined).toBe(0)
  }
  expect(runs.filter(run => run.approvals.length > 0).length).toBeLessThanOrEqual(times(0, 1))
  // Nor does anybody see a consensus.
  expect(runs.filter(run => run.contagion.notices.length > 0)).toEqual([])
}, 600_000)
