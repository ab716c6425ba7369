/** A live run as it will be, checked whole before anything is made on disk: scenario, parameters, where it comes from. */

import { Swarm } from '../../../agents/index.js'
import { MINUTE_MS, OperatorError } from '../../../core/index.js'
import { checkpointInfo, parseParameters, rebaseCheckpoint, type Scenario } from '../../../model/index.js'
import { type Manifest, RunDirectory } from '../../../storage/index.js'
import { brokerSchema, riskSchema } from '../../../trading/index.js'
import type { LoadedScenario } from '../../load-scenario.js'
import { pairNotes } from '../../pairs.js'
import { checkedSeed, scenarioOf, withOptions } from '../../run-plan.js'
import { type AgentsChoice, chooseAgents } from './agents-choice.js'
import type { LiveRequest } from './request.js'

export interface LivePlan {
  readonly scenario: Scenario
  readonly seed: number
  /** Checked and complete. */
  readonly params: Record<string, unknown> & { readonly barMs: number; readonly pairs: readonly string[] }
  readonly agents: AgentsChoice
  /** The experienced swarm to begin with, re-based; undefined: a new one. */
  readonly experience: Uint8Array | undefined
  /** For the digest: what the run begins from. */
  readonly inputDigests: readonly string[]
  /** For the manifest: enough to build all this again. */
  readonly request: Record<string, unknown>
}

export async function planLive(asked: LiveRequest): Promise<LivePlan> {
  const agents = chooseAgents(asked.agents)
  if (asked.fromRun !== undefined) return planFromRun(asked, asked.fromRun, agents)
  if (asked.scenario === undefined) throw nothingToRun()
  const loaded = await scenarioOf(asked.scenario)
  requireSwarm(loaded.scenario)
  const params = parseParameters(loaded.scenario.params, liveParams(loaded.scenario, asked)) as LivePlan['params']
  for (const note of pairNotes(asked, params)) asked.onNote?.(note)
  return {
    scenario: loaded.scenario,
    seed: checkedSeed(asked.seed ?? 1),
    params,
    agents,
    experience: undefined,
    inputDigests: ['live'],
    request: requestOf(loaded, asked, undefined),
  }
}

/** What a live run's own manifest says it is: for going on and for replaying. */
export async function scenarioOfManifest({ request }: Manifest, given: LiveRequest['scenario']): Promise<LoadedScenario> {
  const loaded = await scenarioOf(given ?? (request?.scenario as string | undefined))
  requireSwarm(loaded.scenario)
  return loaded
}

async function planFromRun(asked: LiveRequest, path: string, agents: AgentsChoice): Promise<LivePlan> {
  const run = RunDirectory.read(path)
  const { manifest } = run
  if (manifest.verb !== 'run') throw notSimulated(path, manifest.verb)
  const loaded = await scenarioOfManifest(manifest, asked.scenario)
  if (loaded.scenario.name !== manifest.scenario) throw otherScenario(loaded.scenario.name, manifest)
  for (const option of ['seed', 'pairs', 'instruments'] as const) if (asked[option] !== undefined) throw keeps(`--${option}`)
  const { bytes, passedOver } = run.loadCheckpoint()
  for (const note of passedOver) asked.onNote?.(note)
  const { seed, params: before } = checkpointInfo(bytes)
  const changes = liveParams(loaded.scenario, asked)
  for (const name of Object.keys(changes)) if (!mayChange.has(name)) throw keeps(`parameter "${name}"`)
  const params = parseParameters(loaded.scenario.params, { ...before, ...changes }) as LivePlan['params']
  const inputDigests = ['live', manifest.digest ?? manifest.runId]
  return {
    scenario: loaded.scenario,
    seed: Number(seed),
    params,
    agents,
    experience: rebaseCheckpoint(bytes, { params, inputDigests }),
    inputDigests,
    request: requestOf(loaded, asked, run.path),
  }
}

/** What an experienced swarm may do otherwise from now on: trade, and mind its risks. The rest is what it has learnt with. */
const mayChange = new Set(['barMs', 'minConfidence', ...Object.keys(brokerSchema.shape), ...Object.keys(riskSchema.shape)])

/** Live, orders fill on ticks and a bar is a minute unless somebody says otherwise. */
function liveParams(scenario: Scenario, { params, pairs, instruments, timeframe }: LiveRequest): Record<string, unknown> {
  const given = withOptions(scenario, { params, pairs, instruments, timeframe })
  return { barMs: MINUTE_MS, fillOn: 'ticks', ...given }
}

function requireSwarm(scenario: Scenario): void {
  const { prototype } = scenario.model
  if (prototype === Swarm.prototype || prototype instanceof Swarm) return
  throw new OperatorError({
    what: `scenario ${scenario.name}`,
    expected: 'a scenario that trades',
    got: 'one without a market',
    next: 'Try: mycelia live trifecta.',
  })
}

function requestOf({ ref, code }: LoadedScenario, asked: LiveRequest, fromRun: string | undefined): Record<string, unknown> {
  const all = { scenario: ref, code, fromRun, agents: asked.agents }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

function nothingToRun(): OperatorError {
  return new OperatorError({
    what: 'scenario',
    expected: 'a name or a file, --from-run, or --out with a live run to go on with',
    next: 'Try: mycelia live trifecta.',
  })
}

function notSimulated(path: string, verb: string): OperatorError {
  return new OperatorError({
    what: `--from-run ${path}`,
    expected: 'a simulated run',
    got: `one of mycelia ${verb}`,
    next: 'To go on with a live run, give its directory with --out.',
  })
}

function otherScenario(got: string, { runId, scenario }: Manifest): OperatorError {
  return new OperatorError({
    what: `--from-run ${runId}`,
    expected: `scenario ${scenario}`,
    got,
    next: 'Leave the scenario out.',
  })
}

function keeps(option: string): OperatorError {
  return new OperatorError({
    what: `${option} with --from-run`,
    expected: 'the swarm to keep what it has learnt with',
    next: 'Leave it out, or simulate a run with it first.',
  })
}
