/** A simulated run from request to result: planned whole, then driven step by step with its records on disk. */

import { rmSync } from 'node:fs'
import { OperatorError, type Table } from '../core/index.js'
import { checkpointInfo, resume, type Simulation, simulate } from '../model/index.js'
import {
  type Manifest,
  type OutputsPosition,
  RunDirectory,
  RunOutputs,
  rebuildSpool,
  requireDatabases,
} from '../storage/index.js'
import { DeferredSink } from './deferred-sink.js'
import { knowingMarket } from './knowing-market.js'
import { useNodeSha256 } from './node-sha256.js'
import { planAgain, versionNotes } from './plan-again.js'
import { closeFailed, closeInterrupted, goingOn, reportOf, shutdown } from './run-close.js'
import { Interrupted, type RunFailed } from './run-errors.js'
import { failureOf } from './run-failure.js'
import { OpenRunHandle } from './run-handle.js'
import type { RunHooks } from './run-hooks.js'
import { type OpenRun, RunInProgress, type WholeStep } from './run-in-progress.js'
import { checksOf, inputDigestsOf, planRun, type RunPlan, worldOf } from './run-plan.js'
import { newManifest } from './run-record.js'
import type { RunRequest } from './run-request.js'
import type { RunResult } from './run-result.js'
import { finishRun } from './run-results.js'
import { salvage } from './salvage.js'
import { placedError, placesOf } from './source-places.js'
import { isoNow, stopwatchMs } from './wall-clock.js'

/**
 * Runs or resumes a scenario. Throws `OperatorError` for bad input, before anything is made; afterwards `Interrupted`
 * (a checkpoint stands) or `RunFailed` with what failed as its cause (the whole steps are kept, and a checkpoint of the last).
 */
export async function run(request: RunRequest): Promise<RunResult> {
  return runWith(request, {})
}

/** As {@link run}, heard by the process around it. */
export async function runWith(request: RunRequest, hooks: RunHooks): Promise<RunResult> {
  useNodeSha256()
  const started = stopwatchMs()
  let begun = request.resume === undefined ? await begin(request) : await resumeRun(request, request.resume)
  const { plan, directory, outputs, manifest } = begun.parts
  hooks.onWhole?.(begun.wholeStep.step)
  hooks.onBegun?.(directory.path)
  const open: OpenRun = { plan, directory, outputs, manifest }
  const driving = driven(begun, request, hooks, started)
  // A broken simulation must not be held in memory while its steps are made again.
  begun = undefined as unknown as RunInProgress
  const end = await driving
  if ('broken' in end) throw await afterFailure(open, end, request.signal, hooks, started)
  if (end.result instanceof Interrupted) throw closeInterrupted(open, end.result, started)
  shutdown(outputs, directory)
  await reportOf(directory.path)
  return end.result
}

/** How a run broke. */
interface Broken {
  readonly broken: unknown
  readonly whole: WholeStep
  /** The step it broke in. */
  readonly step: number
}

/** Makes the steps and the results; every failure is a value, so that no stack keeps the broken simulation. */
async function driven(
  run: RunInProgress,
  request: RunRequest,
  hooks: RunHooks,
  started: number,
): Promise<{ result: RunResult | Interrupted } | Broken> {
  let ending = 1
  const handle = new OpenRunHandle(run)
  try {
    request.onBegun?.(handle)
    await run.steps(request, hooks)
    ending = 0
    return { result: finishRun(run, started) }
  } catch (error) {
    if (error instanceof Interrupted) return { result: error }
    return { broken: error, whole: run.wholeStep, step: run.wholeStep.step + ending }
  } finally {
    handle.close()
  }
}

/** What is kept of a run that broke, and the error that says so. */
export async function afterFailure(
  open: OpenRun,
  { broken, whole, step }: Broken,
  signal: AbortSignal | undefined,
  hooks: RunHooks,
  started: number,
): Promise<RunFailed> {
  const failure = failureOf(broken, step, open.plan.seed)
  const kept = await salvage(open, whole, signal, hooks)
  return closeFailed(open, failure, kept, broken, started)
}

async function begin(request: RunRequest): Promise<RunInProgress> {
  const plan = await planRun(request)
  for (const note of plan.market?.notes ?? []) request.onNote?.(note)
  return beginPlanned(plan, request)
}

/** Begins a planned run in a directory of its own. `handing` hears of rows before they leave memory. */
export function beginPlanned(plan: RunPlan, request: RunRequest, handing?: (table: Table) => void): RunInProgress {
  if (plan.market !== undefined) requireDatabases()
  const sink = new DeferredSink<RunOutputs>(handing)
  const sim = setUp(plan, request, sink)
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

/** Makes the model; what its set-up throws is named with the place in the user's source. */
function setUp(plan: RunPlan, request: RunRequest, sink: DeferredSink<RunOutputs>): Simulation {
  try {
    const sim = simulate(plan.scenario, {
      seed: plan.seed,
      params: plan.params,
      sink,
      inputDigests: inputDigestsOf(plan),
      ...worldOf(plan),
      ...checksOf(request),
    })
    return knowingMarket(sim, plan.market)
  } catch (error) {
    throw placedError(error, placesOf(error)[0]?.place)
  }
}

async function resumeRun(request: RunRequest, path: string): Promise<RunInProgress> {
  const directory = RunDirectory.resume(path)
  try {
    const { manifest } = directory
    const own = ownEnd(manifest)
    if (own !== undefined) throw cannotResume(manifest, own)
    const { step, bytes, passedOver } = directory.loadCheckpoint()
    for (const note of [...passedOver, ...versionNotes(manifest)]) request.onNote?.(note)
    const { plan, codeChanged } = await planAgain(request, manifest)
    if (codeChanged) request.onNote?.('The scenario file has changed since the run began.')
    if (plan.steps < step) throw fewerSteps(plan.steps, step)
    await rebuildSpool(directory.path, (checkpointInfo(bytes).sink as OutputsPosition).tables)
    return opened(directory, plan, outputs => {
      const again = resume(plan.scenario, bytes, { sink: outputs, ...worldOf(plan), ...checksOf(request) }) as Simulation
      const sim = knowingMarket(again, plan.market)
      directory.removeResults()
      directory.writeManifest(goingOn(manifest, plan.request))
      return new RunInProgress({ plan, sim, directory, outputs, manifest: goingOn(manifest, plan.request), resumed: true })
    })
  } catch (error) {
    directory.close()
    throw error
  }
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

/** Why a run came to an end of its own, after which nothing follows. */
function ownEnd({ ended, endReason }: Manifest): string | undefined {
  return ended?.by === 'model' || ended?.by === 'data' ? ended.why : endReason
}

function cannotResume(manifest: Manifest, why: string): OperatorError {
  return new OperatorError({
    what: `resuming run ${manifest.runId}`,
    expected: 'one that can continue',
    got: `one that came to its own end after ${manifest.steps} steps: ${why}`,
    next: 'Start a new run.',
  })
}

function fewerSteps(got: number, done: number): OperatorError {
  return new OperatorError({ what: '`steps`', expected: `at least the ${done} steps that are done`, got })
}
