/** A new live run, checked: its scenario, its parameters, and the simulated run whose swarm goes live, where there is one. */

import { MINUTE_MS, OperatorError } from '../../../core/index.js'
import { systemClock, type WallClock } from '../../../feed/index.js'
import { checkpointInfo, parseParameters, rebaseCheckpoint, type Scenario } from '../../../model/index.js'
import { type Manifest, RunDirectory } from '../../../storage/index.js'
import { brokerSchema, gateSchema, riskSchema } from '../../../trading/index.js'
import { type Knowledge, knowledgeFrom, knowledgeNote, realTime } from '../../knowledge.js'
import type { LoadedScenario } from '../../load-scenario.js'
import { pairNotes } from '../../pairs.js'
import { checkedSeed, withOptions } from '../../run-plan.js'
import type { CommonRequest } from '../../run-request.js'
import type { AgentsChoice } from '../peers/index.js'
import { livePairsFor } from './live-pairs.js'
import { isSwarm, liveScenario, requireSwarm, scenarioOfManifest } from './live-scenario.js'

type SwarmParameters = Record<string, unknown> & { readonly barMs: number; readonly pairs: readonly string[] }

export interface NewRun {
  readonly kind: 'new'
  readonly scenario: Scenario
  readonly seed: number
  /** Checked and complete. */
  readonly params: SwarmParameters
  readonly barMs: number
  readonly agents: AgentsChoice
  /** Checkpoint of the experienced swarm to begin with, re-based; undefined: a new swarm. */
  readonly experience: Uint8Array | undefined
  /** What an earlier run learnt, where a new swarm begins with it. */
  readonly knowledge?: Knowledge | undefined
  /** For the digest: what the run begins from. */
  readonly inputDigests: readonly string[]
  /** For the manifest: enough to build all this again. */
  readonly request: Record<string, unknown>
  /** The directory that the operator named, of the whole run where it is split; undefined: a new one under `root`. */
  readonly out: string | undefined
  readonly root: string | undefined
}

/** What a request may say of a new run. */
interface NewRunRequest extends CommonRequest {
  readonly fromRun?: string | undefined
  readonly agents?: string | undefined
  readonly overrides?: { readonly clock?: WallClock | undefined } | undefined
}

export async function planNewRun(request: NewRunRequest, agents: AgentsChoice): Promise<NewRun> {
  const { fromRun, out, root } = request
  const swarm = fromRun === undefined ? knowing(await newSwarm(request), request) : await experiencedSwarm(request, fromRun)
  const { loaded, params, fromDirectory, ...rest } = swarm
  return {
    kind: 'new',
    scenario: loaded.scenario,
    params,
    barMs: params.barMs,
    agents,
    request: manifestRequest(loaded, agents, fromDirectory, swarm.knowledge),
    out,
    root,
    ...rest,
  }
}

/** What a run starts with, and where that comes from. */
interface StartingSwarm extends Pick<NewRun, 'seed' | 'params' | 'experience' | 'knowledge' | 'inputDigests'> {
  readonly loaded: LoadedScenario
  /** Directory of the simulated run, where there is one. */
  readonly fromDirectory: string | undefined
}

async function newSwarm(request: NewRunRequest): Promise<StartingSwarm> {
  if (request.scenario === undefined) throw nothingToRun()
  const loaded = await liveScenario(request.scenario)
  requireSwarm(loaded.scenario, { agents: request.agents, knowledge: request.knowledge })
  const given = liveParams(loaded.scenario, request)
  const parsed = parseParameters(loaded.scenario.params, given) as SwarmParameters
  for (const note of pairNotes(request, parsed)) request.onNote?.(note)
  const pairs = given.pairs === undefined ? livePairsFor(parsed) : undefined
  const params = pairs === undefined ? parsed : { ...parsed, pairs }
  const seed = checkedSeed(request.seed ?? 1)
  return { loaded, seed, params, experience: undefined, inputDigests: ['live'], fromDirectory: undefined }
}

/** A new swarm with what an earlier run learnt, where the request names one. */
function knowing(swarm: StartingSwarm, { knowledge: path, onNote, overrides }: NewRunRequest): StartingSwarm {
  if (path === undefined) return swarm
  const begins = (overrides?.clock ?? systemClock()).now()
  const knowledge = knowledgeFrom(path, { name: realTime, begins })
  onNote?.(knowledgeNote(knowledge))
  const params = { ...swarm.params, knownPatterns: knowledge.patterns }
  return { ...swarm, params, knowledge, inputDigests: [...swarm.inputDigests, knowledge.digest] }
}

async function experiencedSwarm(request: NewRunRequest, path: string): Promise<StartingSwarm> {
  const run = RunDirectory.read(path)
  const { manifest } = run
  if (manifest.verb !== 'run') throw notSimulated(path, manifest.verb)
  const loaded = await scenarioOfManifest(manifest, request.scenario)
  if (loaded.scenario.name !== manifest.scenario) throw otherScenario(loaded.scenario.name, manifest)
  requireSwarm(loaded.scenario, { fromRun: path })
  const { bytes, passedOver } = run.loadCheckpoint()
  for (const note of passedOver) request.onNote?.(note)
  const { seed, params: before } = checkpointInfo(bytes)
  const params = parseParameters(loaded.scenario.params, { ...before, ...allowedChanges(loaded, request) }) as SwarmParameters
  const inputDigests = ['live', manifest.digest ?? manifest.runId]
  const experience = rebaseCheckpoint(bytes, { params, inputDigests })
  return { loaded, seed: Number(seed), params, experience, inputDigests, fromDirectory: run.path }
}

/** Parameters that an experienced swarm may change: trading and risk limits. What it has learnt depends on all the others. */
const changeable = new Set([
  'barMs',
  'minConfidence',
  ...[brokerSchema, riskSchema, gateSchema].flatMap(({ shape }) => Object.keys(shape)),
])

function allowedChanges({ scenario }: LoadedScenario, request: NewRunRequest): Record<string, unknown> {
  for (const option of ['seed', 'pairs', 'instruments', 'knowledge'] as const)
    if (request[option] !== undefined) throw keeps(`\`${option}\``)
  const changes = liveParams(scenario, request)
  for (const name of Object.keys(changes)) if (!changeable.has(name)) throw keeps(`parameter "${name}"`)
  return changes
}

/** The defaults of a live run: a bar is a minute, and the swarm's orders fill on ticks. */
function liveParams(
  scenario: Scenario,
  { params, pairs, instruments, timeframe, profile, allowLosingTarget }: NewRunRequest,
): Record<string, unknown> {
  const given = withOptions(scenario, { params, pairs, instruments, timeframe, profile, allowLosingTarget })
  const fills = isSwarm(scenario) ? { fillOn: 'ticks' } : {}
  return { barMs: MINUTE_MS, ...fills, ...given }
}

function manifestRequest(
  { ref, code }: LoadedScenario,
  { text }: AgentsChoice,
  fromRun: string | undefined,
  knowledge: Knowledge | undefined,
) {
  const all = { scenario: ref, code, fromRun, agents: text, knowledge: knowledge?.path, knowledgeDigest: knowledge?.digest }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

function nothingToRun(): OperatorError {
  return new OperatorError({
    what: 'scenario',
    expected: 'a name or a file, `fromRun`, or `out` with a live run to continue',
    next: 'Try: mycelia live trifecta.',
  })
}

function notSimulated(path: string, verb: string): OperatorError {
  return new OperatorError({
    what: `\`fromRun\` ${path}`,
    expected: 'a simulated run',
    got: `one of mycelia ${verb}`,
    next: 'To continue a live run, give its directory with `out`.',
  })
}

function otherScenario(got: string, { runId, scenario }: Manifest): OperatorError {
  return new OperatorError({
    what: `\`fromRun\` ${runId}`,
    expected: `scenario ${scenario}`,
    got,
    next: 'Leave the scenario out.',
  })
}

function keeps(option: string): OperatorError {
  return new OperatorError({
    what: `${option} with \`fromRun\``,
    expected: 'the swarm to keep what it has learnt with',
    next: 'Leave it out, or simulate a run with it first.',
  })
}
