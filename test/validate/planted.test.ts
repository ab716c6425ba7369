/** In small: what is planted is found, and a consensus is caught. The whole of it is `npm run validate`. */
import { expect, it } from 'vitest'
import { contagionTask, isCaught } from '../../bench/validate/contagion.js'
import { denseSteps, denseTask, foundAt } from '../../bench/validate/planted-dense.js'
import { runSwarm } from '../../bench/validate/swarm-run.js'
import { isNight, times } from '../tier.js'

const seeds = isNight ? [1, 2, 3] : [1]
const steps = times(3_200, denseSteps)

it(`finds the planted driver, pair, sign and lag in at least ${times(1, 2)} of ${seeds.length} dense markets`, () => {
  const found = seeds.map(seed => foundAt(runSwarm({ ...denseTask(seed), steps })))
  expect(found.filter(step => step <= steps).length).toBeGreaterThanOrEqual(times(1, 2))
}, 600_000)

it('notices a consensus in the step it forms, and it dissolves', () => {
  for (const seed of isNight ? [1, 2] : [1]) {
    const { contagion } = runSwarm(contagionTask(seed))
    expect(isCaught(contagion), JSON.stringify(contagion)).toBe(true)
  }
}, 600_000)
