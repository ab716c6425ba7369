/** Loads the scenario of a live run, and refuses one that does not trade. */

import { Swarm } from '../../../agents/index.js'
import { OperatorError } from '../../../core/index.js'
import type { Manifest } from '../../../storage/index.js'
import type { LoadedScenario } from '../../load-scenario.js'
import { scenarioOf } from '../../run-plan.js'
import type { CommonRequest } from '../../run-request.js'

type GivenScenario = CommonRequest['scenario']

export async function swarmScenario(given: GivenScenario): Promise<LoadedScenario> {
  const loaded = await scenarioOf(given)
  const { name, model } = loaded.scenario
  if (model.prototype === Swarm.prototype || model.prototype instanceof Swarm) return loaded
  throw new OperatorError({
    what: `scenario ${name}`,
    expected: 'a scenario that trades',
    got: 'one without a market',
    next: 'Try: mycelia live trifecta.',
  })
}

/** The scenario that a run's manifest names, for continuing and for replaying it. `given` comes first. */
export async function swarmOfManifest({ request }: Manifest, given: GivenScenario): Promise<LoadedScenario> {
  return swarmScenario(given ?? (request?.scenario as string | undefined))
}
