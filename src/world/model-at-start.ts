/** A scenario's model as it is before its first step, on disk nowhere: for what is told of a model. */

import { type Scenario, type Simulation, simulate } from '../model/index.js'
import { planRun, worldOf } from './run-plan.js'
import type { RunRequest } from './run-request.js'

export interface ModelAtStart {
  readonly scenario: Scenario
  readonly sim: Simulation
  /** Of a plain run. */
  readonly steps: number
  /** What the market comes from, where there is one. */
  readonly market: 'files' | 'synthetic' | undefined
}

export async function modelAtStart(request: Pick<RunRequest, 'scenario' | 'seed' | 'params'>): Promise<ModelAtStart> {
  const plan = await planRun(request)
  const { scenario, seed, params, steps, market } = plan
  const kind = market === undefined ? undefined : market.kind === 'files' ? 'files' : 'synthetic'
  return { scenario, sim: simulate(scenario, { seed, params, ...worldOf(plan) }), steps, market: kind }
}
