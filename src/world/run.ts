/** A simulated run from request to result: planned whole, then driven step by step with its records on disk. */

import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { OperatorError, useSha256 } from '../core/index.js'
import { checkpointInfo, resume, type SimulateOptions, type Simulation, simulate } from '../model/index.js'
import { type Manifest, type OutputsPosition, RunDirectory, RunOutputs, rebuildSpool } from '../storage/index.js'
import { DeferredSink } from './deferred-sink.js'
import { packageManifest } from './package-info.js'
import { RunInProgress } from './run-in-progress.js'
import { checkedCount, planMarket, planRun, type RunPlan, scenarioOf } from './run-plan.js'
import { newManifest } from './run-record.js'
import type { RunRequest } from './run-request.js'
import type { RunResult } from './run-result.js'
import { isoNow, stopwatchMs } from './wall-clock.js'

/**
 * Runs or resumes a scenario. Throws `OperatorError` for bad input, before anything is made; afterwards `Interrupted`
 * (a checkpoint stands) or `RunFailed` with what failed as its cause.
 */
export async function run(request: RunRequest): Promise<RunResult> {
  useSha256((...parts) => {
    const hash = createHash('sha256')
    for (const part of parts) hash.update(part)
    return new Uint8Array(hash.digest())
  })
  const inProgress = request.resume === undefined ? await begin(request) : await resumeRun(request, request.resume)
  return inProgress.run(request)
}

async function begin(request: RunRequest): Promise<RunInProgress> {
  const plan = await planRun(request)
  const sink = new DeferredSink<RunOutputs>()
  const sim = simulate(plan.scenario, {
    seed: plan.seed,
    params: plan.params,
    sink,
    stopwatch: stopwatchMs,
    inputDigests: Object.values(plan.market?.inputs ?? {}),
    ...source(plan),
    ...checks(request),
  })
  for (const note of plan.market?.notes ?? []) request.onNote?.(note)
  const { out, root } = request
  const place = { ...(out === undefined ? {} : { out }), ...(root === undefined ? {} : { root }) }
  const directory = RunDirectory.create({ scenario: plan.scenario.name, seed: plan.seed, startedAt: isoNow(), ...place })
  try {
    return opened(directory, plan, outputs => {
      sink.open(outputs)
      const manifest = newManifest(plan, directory.runId)
      directory.writeManifest(manifest)
      const started = new RunInProgress({ plan, sim, directory, outputs, manifest, resumed: false })
      started.checkpoint()
      return started
    })
  } catch (error) {
    // Without a first checkpoint the run cannot be resumed, so its directory is removed.
    rmSync(directory.path, { recursive: true, force: true })
    throw error
  }
}

async function resumeRun(request: RunRequest, path: string): Promise<RunInProgress> {
  const directory = RunDirectory.resume(path)
  try {
    const { manifest } = directory
    if (manifest.endReason !== undefined) throw cannotResume(manifest)
    const { step, bytes, passedOver } = directory.loadCheckpoint()
    for (const note of [...passedOver, ...changes(manifest)]) request.onNote?.(note)
    const plan = await planAgain(request, manifest, bytes)
    if (plan.steps < step) throw fewerSteps(plan.steps, step)
    await rebuildSpool(directory.path, (checkpointInfo(bytes).sink as OutputsPosition).tables)
    return opened(directory, plan, outputs => {
      const sim = resume(plan.scenario, bytes, {
        sink: outputs,
        stopwatch: stopwatchMs,
        ...source(plan),
        ...checks(request),
      }) as Simulation
      directory.removeResults()
      directory.writeManifest({ ...manifest, status: 'running', request: plan.request })
      return new RunInProgress({ plan, sim, directory, outputs, manifest, resumed: true })
    })
  } catch (error) {
    directory.close()
    throw error
  }
}

/** The plan of a run that is resumed: its recorded request, with the number of steps that is requested now. */
async function planAgain(request: RunRequest, manifest: Manifest, checkpoint: Uint8Array): Promise<RunPlan> {
  const { seed, params, inputDigests } = checkpointInfo(checkpoint)
  const recorded = { ...manifest.request }
  const loaded = await scenarioOf(request.scenario ?? (recorded.scenario as string))
  const { scenario, code } = loaded
  if (scenario.name !== manifest.scenario) throw otherScenario(scenario.name, manifest)
  if (code !== undefined && code !== recorded.code) request.onNote?.('The scenario file has changed since the run began.')
  const steps = request.steps ?? (recorded.steps as number | undefined) ?? Number.POSITIVE_INFINITY
  if (request.steps !== undefined) recorded.steps = checkedCount('`steps`', request.steps)
  const where = {
    market: request.market ?? (recorded.market as string | undefined),
    moats: request.moats ?? (recorded.moats as string | undefined),
    from: recorded.from as number | undefined,
    to: recorded.to as number | undefined,
    timezone: recorded.timezone as string | undefined,
  }
  const market = await planMarket(scenario, where, Number(seed), params)
  const digests = Object.values(market?.inputs ?? {})
  if (digests.join() !== inputDigests.join()) throw otherFiles(manifest)
  return { scenario, seed: Number(seed), params, steps, market, request: recorded }
}

function checks({ checkLooking, checkResume = false }: RunRequest): Pick<SimulateOptions, 'checkLooking' | 'checkResume'> {
  return { checkLooking: checkLooking === true ? true : 'first', checkResume }
}

function source({ market }: RunPlan): { source?: NonNullable<RunPlan['market']>['source'] } {
  return market === undefined ? {} : { source: market.source }
}

/** Opens what the run writes; everything is closed again where `use` fails. */
function opened<T>(directory: RunDirectory, plan: RunPlan, use: (outputs: RunOutputs) => T): T {
  let outputs: RunOutputs | undefined
  try {
    outputs = RunOutputs.open(directory, { trading: plan.market !== undefined })
    return use(outputs)
  } catch (error) {
    outputs?.close()
    directory.close()
    throw error
  }
}

/** Changes since the run began that may give it another digest than an uninterrupted one. */
function changes({ versions }: Manifest): string[] {
  const notes: string[] = []
  const major = (version = '') => version.split('.')[0]
  if (major(versions.node) !== major(process.version))
    notes.push(`Begun under Node ${versions.node}, this is ${process.version}.`)
  const { version } = packageManifest()
  if (versions.mycelia !== version) notes.push(`Begun by mycelia ${versions.mycelia}, this is ${version}.`)
  return notes
}

function cannotResume(manifest: Manifest): OperatorError {
  return new OperatorError({
    what: `resuming run ${manifest.runId}`,
    expected: 'one that can continue',
    got: `one that came to its own end after ${manifest.steps} steps: ${manifest.endReason}`,
    next: 'Start a new run.',
  })
}

function fewerSteps(got: number, done: number): OperatorError {
  return new OperatorError({ what: '`steps`', expected: `at least the ${done} steps that are done`, got })
}

function otherScenario(got: string, manifest: Manifest): OperatorError {
  return new OperatorError({
    what: `resuming run ${manifest.runId}`,
    expected: `scenario ${manifest.scenario}`,
    got,
    next: 'Leave the scenario out: the run knows it.',
  })
}

function otherFiles(manifest: Manifest): OperatorError {
  return new OperatorError({
    what: `resuming run ${manifest.runId}`,
    expected: 'the market files it began with',
    got: 'files with other contents',
    next: 'Give their place with `market` and `moats`; manifest.json lists their SHA-256.',
  })
}
