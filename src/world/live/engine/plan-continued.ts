/** A live run that is continued in its directory, checked: every option of the request must agree with the manifest. */

import { OperatorError } from '../../../core/index.js'
import { parseParameters, type Scenario } from '../../../model/index.js'
import { type Manifest, RunDirectory } from '../../../storage/index.js'
import { withOptions } from '../../run-plan.js'
import type { CommonRequest } from '../../run-request.js'
import { type AgentsChoice, chooseAgents } from '../peers/index.js'
import { scenarioOfManifest } from './live-scenario.js'

export interface ContinuedRun {
  readonly kind: 'continued'
  /** The directory of the run, or of this process's shard of it. */
  readonly path: string
  readonly scenario: Scenario
  readonly agents: AgentsChoice
  /** As it began. */
  readonly params: Readonly<Record<string, unknown>>
  readonly barMs: number
}

/** The options of a request that concern a continued run. */
interface Continuation extends CommonRequest {
  readonly fromRun?: string | undefined
}

export async function planContinuedRun(path: string, request: Continuation): Promise<ContinuedRun> {
  const { manifest } = RunDirectory.read(path)
  refuseOther(request, manifest, path)
  const { scenario } = await scenarioOfManifest(manifest, request.scenario)
  if (scenario.name !== manifest.scenario) throw otherRun(path, `scenario ${manifest.scenario}`, scenario.name)
  refuseChanges(request, manifest, scenario)
  const agents = chooseAgents(manifest.request?.agents as string | undefined)
  const { parameters: params } = manifest
  return { kind: 'continued', path, scenario, agents, params, barMs: params.barMs as number }
}

function refuseOther({ seed, fromRun }: Continuation, manifest: Manifest, path: string): void {
  if (manifest.verb !== 'live') throw otherRun(path, 'the directory of a live run', `one of mycelia ${manifest.verb}`)
  if (seed !== undefined && seed !== manifest.seed) throw fixed('`seed`', manifest.seed, seed)
  if (fromRun !== undefined && manifest.request?.fromRun === undefined) throw fixed('`fromRun`', 'none', fromRun)
}

/** Repeating the command continues the run, so the parameters that it sets must equal those in the manifest. */
function refuseChanges(request: Continuation, { parameters }: Manifest, scenario: Scenario): void {
  const { params, pairs, instruments, timeframe, profile, allowLosingTarget } = request
  const given = withOptions(scenario, { params, pairs, instruments, timeframe, profile, allowLosingTarget })
  if (Object.keys(given).length === 0) return
  const wanted = parseParameters(scenario.params, { ...parameters, ...given }) as Record<string, unknown>
  for (const name of Object.keys(given)) {
    const [before, now] = [parameters[name], wanted[name]].map(value => JSON.stringify(value))
    if (before !== now) throw fixed(`parameter "${name}"`, before, now)
  }
}

function fixed(what: string, began: unknown, got: unknown): OperatorError {
  return new OperatorError({
    what: `${what} of a run that is continued`,
    expected: `what it began with, ${began}`,
    got: String(got),
    next: 'Leave it out, or name a new directory with `out`.',
  })
}

function otherRun(path: string, expected: string, got: string): OperatorError {
  return new OperatorError({ what: `\`out\` ${path}`, expected, got, next: 'Name another directory.' })
}
