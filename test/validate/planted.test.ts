/** In small: what is planted is found, and a consensus is caught. The whole of it is `npm run validate`. */
import { expect, it } from 'vitest'
import { contagionTask, isCaught } from '../../bench/validate/contagion.js'
import { denseSteps, denseTask, foundAt } from '../../bench/validate/planted-dense.js'
import { runSwarm } from '../../bench/validate/swarm-run.js'

it('finds the planted driver, pair, sign and lag in at least 2 of 3 dense markets', () => {
  const found = [1, 2, 3].map(seed => foundAt(runSwarm(denseTask(seed))))
  expect(found.filter(step => step <= denseSteps).length).toBeGreaterThanOrEqual(2)
}, 600_000)

it('notices a consensus in the step it forms, and it dissolves', () => {
  for (const seed of [1, 2]) {
    const { contagion } = runSwarm(contagionTask(seed))
    expect(isCaught(contagion), JSON.stringify(contagion)).toBe(true)
  }
}, 600_000)
