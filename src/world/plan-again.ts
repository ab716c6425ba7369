/** The plan of a run that exists: its recorded request, its seed and its parameters. */

import { checkedCount, OperatorError } from '../core/index.js'
import type { Manifest } from '../storage/index.js'
import { packageManifest } from './package-info.js'
import { checkWarnings, knowledgeFor, planMarket, type RunPlan, scenarioOf } from './run-plan.js'
import type { RunRequest } from './run-request.js'

export interface PlannedAgain {
  readonly plan: RunPlan
  /** Whether a user's file is another one than the run began with. */
  readonly codeChanged: boolean
}

/** The plan of a run that is resumed or replayed: its recorded request, with the number of steps that is requested now. The parameters are its first ones. */
export async function planAgain(request: RunRequest, manifest: Manifest): Promise<PlannedAgain> {
  const { seed, parameters: params, inputs } = manifest
  const recorded = { ...manifest.request }
  const loaded = await scenarioOf(request.scenario ?? (recorded.scenario as string))
  const { scenario, code } = loaded
  checkWarnings(loaded, request)
  if (scenario.name !== manifest.scenario) throw otherScenario(scenario.name, manifest)
  const steps = request.steps ?? (recorded.steps as number | undefined) ?? Number.POSITIVE_INFINITY
  if (request.steps !== undefined) recorded.steps = checkedCount('`steps`', request.steps)
  const where = {
    market: request.market ?? (recorded.market as string | undefined),
    moats: request.moats ?? (recorded.moats as string | undefined),
    scans: request.scans ?? (recorded.scans as string | undefined),
    from: recorded.from as number | undefined,
    to: recorded.to as number | undefined,
    timezone: recorded.timezone as string | undefined,
  }
  const remakeMarket = () => planMarket(scenario, where, seed, params)
  const market = await remakeMarket()
  const digests = Object.values(market?.inputs ?? {})
  if (digests.join() !== Object.values(inputs).join()) throw otherFiles(manifest)
  const first: RunPlan = { scenario, seed, params, steps, market, remakeMarket, request: recorded }
  const plan = recorded.knowledge === undefined ? first : await knowingAgain(first, manifest)
  return { plan, codeChanged: code !== undefined && code !== recorded.code }
}

/** The plan with what the run began with: the earlier run must still be there, and say the same. */
async function knowingAgain(plan: RunPlan, { runId, request }: Manifest): Promise<RunPlan> {
  const path = String(request?.knowledge)
  const knowledge = await knowledgeFor(plan, path)
  if (knowledge.digest === request?.knowledgeDigest) return { ...plan, knowledge }
  throw new OperatorError({
    what: `run ${runId}`,
    expected: `what it began with of ${path}`,
    got: 'other trades or patterns there',
    next: 'The earlier run was made anew, or has gone on since; this one can only be looked at.',
  })
}

/** Changes since the run began that may give it another digest than an uninterrupted one. */
export function versionNotes({ versions }: Manifest): string[] {
  const notes: string[] = []
  const major = (version = '') => version.split('.')[0]
  if (major(versions.node) !== major(process.version))
    notes.push(`Begun under Node ${versions.node}, this is ${process.version}.`)
  const { version } = packageManifest()
  if (versions.mycelia !== version) notes.push(`Begun by mycelia ${versions.mycelia}, this is ${version}.`)
  return notes
}

function otherScenario(got: string, manifest: Manifest): OperatorError {
  return new OperatorError({
    what: `run ${manifest.runId}`,
    expected: `scenario ${manifest.scenario}`,
    got,
    next: 'Leave the scenario out: the run knows it.',
  })
}

function otherFiles(manifest: Manifest): OperatorError {
  return new OperatorError({
    what: `run ${manifest.runId}`,
    expected: 'the market files it began with',
    got: 'files with other contents',
    next: 'Give their place with `market` and `moats`; manifest.json lists their SHA-256.',
  })
}
