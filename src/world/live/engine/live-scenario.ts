/** Loads the scenario of a live run, and refuses one that does not trade. */

import { LaunchModel, NetTrace, Swarm } from '../../../agents/index.js'
import { OperatorError } from '../../../core/index.js'
import type { Scenario } from '../../../model/index.js'
import type { Manifest } from '../../../storage/index.js'
import type { LoadedScenario } from '../../load-scenario.js'
import { scenarioOf } from '../../run-plan.js'
import type { CommonRequest } from '../../run-request.js'

type GivenScenario = CommonRequest['scenario']

export async function liveScenario(given: GivenScenario): Promise<LoadedScenario> {
  const loaded = await scenarioOf(given)
  const { scenario } = loaded
  if (isSwarm(scenario) || isOf(scenario, NetTrace)) return loaded
  throw new OperatorError({
    what: `scenario ${scenario.name}`,
    expected: 'a scenario that trades',
    got: 'one without a market',
    next: isOf(scenario, LaunchModel)
      ? 'Launched tokens trade on paper with: mycelia tokens live.'
      : 'Try: mycelia live trifecta.',
  })
}

/** The scenario that a run's manifest names, for continuing and for replaying it. `given` comes first. */
export async function scenarioOfManifest({ request }: Manifest, given: GivenScenario): Promise<LoadedScenario> {
  return liveScenario(given ?? (request?.scenario as string | undefined))
}

/** Whether it is one of the swarm, which may be split over processes, learns from trades, and takes changes of its limits. */
export function isSwarm(scenario: Pick<Scenario, 'model'>): boolean {
  return isOf(scenario, Swarm)
}

/** Throws where a scenario of another system is given what only the swarm knows. */
export function requireSwarm(scenario: Pick<Scenario, 'model' | 'name'>, options: Readonly<Record<string, unknown>>): void {
  if (isSwarm(scenario)) return
  for (const [name, value] of Object.entries(options))
    if (value !== undefined)
      throw new OperatorError({
        what: `\`${name}\` of a live run of ${scenario.name}`,
        expected: 'a scenario of the swarm',
        got: 'one of latency signals, which runs in one process and has no memory of trades',
        next: 'Leave it out.',
      })
}

function isOf({ model }: Pick<Scenario, 'model'>, type: { readonly prototype: object }): boolean {
  return model.prototype === type.prototype || model.prototype instanceof (type as never)
}
