/** The control of "what is found pays": nothing differs from the run it is compared with but when the streams arrive. */
import { expect, it } from 'vitest'
import { runSwarm, type SwarmTask } from '../../bench/validate/swarm-run.js'
import { plantedCauses } from '../../bench/validate/value.js'

it('runs in the scenario’s own market: with no bar late it is the same run', () => {
  const task: SwarmTask = { scenario: 'planted-sparse', seed: 1, steps: 300 }
  expect(runSwarm({ ...task, since: 300, lateBars: 10 })).toEqual(runSwarm({ ...task, since: 300 }))
})

it('and the ablation of value looks for the causes that the default market plants', () => {
  expect(plantedCauses().length).toBeGreaterThan(12)
})
