/** A planned run in memory: for experiments, which make many runs and keep a few numbers of each. */

import { collectingOnly, type Simulation, simulate } from '../model/index.js'
import { useNodeSha256 } from './node-sha256.js'
import { inputDigestsOf, type RunPlan, worldOf } from './run-plan.js'

/** The run at its beginning, the same as `run` makes it; of its tables it has these columns of `model` alone. */
export async function inMemory(plan: RunPlan, columns: readonly string[]): Promise<Simulation> {
  useNodeSha256()
  // Nobody asks which agent was slow.
  const { stopwatch: _, ...world } = worldOf(plan)
  const { seed, params, market } = plan
  const sim = simulate(collectingOnly(plan.scenario, columns), { seed, params, inputDigests: inputDigestsOf(plan), ...world })
  if (market === undefined) return sim
  const { knowingMarket } = await import('./knowing-market.js')
  return knowingMarket(sim, market)
}
