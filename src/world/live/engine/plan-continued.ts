/** A live run that is continued in its directory, checked: every option of the request must agree with the manifest. */

import { OperatorError } from '../../../core/index.js'
import type { Scenario } from '../../../model/index.js'
import { type Manifest, RunDirectory } from '../../../storage/index.js'
import type { CommonRequest } from '../../run-request.js'
import { type AgentsChoice, chooseAgents } from '../peers/index.js'
import { swarmOfManifest } from './swarm-scenario.js'

export interface ContinuedRun {
  readonly kind: 'continued'
  /** The directory of the run, or of this process's shard of it. */
  readonly path: string
  readonly scenario: Scenario
  readonly agents: AgentsChoice
  readonly barMs: number
}

/** The options of a request that concern a continued run. */
interface Continuation extends CommonRequest {
  readonly fromRun?: string | undefined
}

export async function planContinuedRun(path: string, request: Continuation): Promise<ContinuedRun> {
  const { manifest } = RunDirectory.read(path)
  refuseChanges(request, manifest, path)
  const { scenario } = await swarmOfManifest(manifest, request.scenario)
  if (scenario.name !== manifest.scenario) throw otherRun(path, `scenario ${manifest.scenario}`, scenario.name)
  const agents = chooseAgents(manifest.request?.agents as string | undefined)
  return { kind: 'continued', path, scenario, agents, barMs: manifest.parameters.barMs as number }
}

const kept = ['seed', 'timeframe', 'pairs', 'instruments', 'profile', 'allowLosingTarget', 'fromRun'] as const

/** A continued run keeps what it began with. */
function refuseChanges(request: Continuation, manifest: Manifest, path: string): void {
  if (manifest.verb !== 'live') throw otherRun(path, 'the directory of a live run', `one of mycelia ${manifest.verb}`)
  const changed = kept.find(name => request[name] !== undefined && !sameAsBefore(name, request, manifest))
  if (changed !== undefined) throw fixed(changed)
  if (!agrees(request.params ?? {}, manifest)) throw fixed('set')
}

/** Repeating the command continues the run, so its options must equal those in the manifest. */
function sameAsBefore(name: (typeof kept)[number], request: Continuation, manifest: Manifest): boolean {
  if (name === 'seed') return request.seed === manifest.seed
  if (name === 'fromRun') return manifest.request?.fromRun !== undefined
  if (name === 'profile') return agrees({ profiles: request.profile }, manifest)
  return name === 'allowLosingTarget' && agrees({ allowLosingTarget: request.allowLosingTarget }, manifest)
}

function agrees(params: Readonly<Record<string, unknown>>, { parameters }: Manifest): boolean {
  return Object.entries(params).every(([key, value]) => JSON.stringify(parameters[key]) === JSON.stringify(value))
}

function fixed(name: string): OperatorError {
  return new OperatorError({
    what: `${name} of a run that is continued`,
    expected: 'what it began with',
    got: 'another value',
    next: 'Leave it out, or name a new directory with `out`.',
  })
}

function otherRun(path: string, expected: string, got: string): OperatorError {
  return new OperatorError({ what: `\`out\` ${path}`, expected, got, next: 'Name another directory.' })
}
