/** A change of limits, checked before it is given to a run: what the run would refuse is refused at once. */

import type { Swarm } from '../../../agents/index.js'
import { parseParameters } from '../../../model/index.js'
import { RunDirectory } from '../../../storage/index.js'
import { changedLimits, type LimitChange, type LimitParameters, type Limits, limitsOf } from '../../../trading/index.js'
import { readStatus } from '../operations/index.js'
import { shardsOf } from '../peers/index.js'
import { requireSwarm, scenarioOfManifest } from './live-scenario.js'

/** What a change of limits would change in a run. Throws an `OperatorError` where the run would refuse it. */
export async function checkChange(run: string, changes: Readonly<Record<string, unknown>>): Promise<readonly LimitChange[]> {
  const [first = run] = shardsOf(run)
  const { manifest } = RunDirectory.read(first)
  const { scenario } = await scenarioOfManifest(manifest, undefined)
  requireSwarm(scenario, { limits: changes })
  const { gateRules: rules } = scenario.model.prototype as unknown as Swarm
  const parameters = parseParameters(scenario.params, manifest.parameters) as LimitParameters & {
    readonly pairs: readonly string[]
  }
  const chosen = limitsOf(parameters, rules)
  const now = readStatus(run).find(({ status }) => status !== undefined)?.status?.limits ?? chosen
  return changedLimits(now as Limits, changes, { parameters, chosen, rules, pairs: parameters.pairs }).changed
}
