/**
 * Keeps what a broken run did. Its simulation stopped within a step and cannot be saved, so the steps since the last
 * checkpoint are made again, up to the last whole one; a checkpoint is taken there and the tables are finished.
 */

import { asSentence, MyceliaError } from '../core/index.js'
import { resume, type Simulation } from '../model/index.js'
import type { Manifest } from '../storage/index.js'
import { keepStateOf } from './last-state.js'
import type { RunHooks } from './run-hooks.js'
import { type OpenRun, RunInProgress, type WholeStep } from './run-in-progress.js'
import { worldOf } from './run-plan.js'
import { chanceOf, factsOf, resultOf } from './run-results.js'

/** What was kept of a broken run. */
export interface Kept {
  /** The last step whose rows and state are on disk. */
  readonly step: number
  /** Summary and the like, as far as they could be made. */
  readonly facts: Partial<Manifest>
  /** Why less was kept than was done, one sentence for the operator. */
  readonly less?: string
}

/** How far the run came: the step alone where its process died. */
export type LastWhole = Pick<WholeStep, 'step'> & Partial<WholeStep>

/** Never throws: the failure that ended the run is the one to report. */
export async function salvage(open: OpenRun, last: LastWhole, signal?: AbortSignal, hooks: RunHooks = {}): Promise<Kept> {
  // The tables are whole already where the run failed after its last step.
  if (open.outputs.isFinished) return { step: last.step, facts: {} }
  let why: unknown
  for (const to of [last, undefined]) {
    try {
      const kept = await upTo(open, to, signal, hooks)
      return why === undefined ? kept : { ...kept, less: lessBecause(why, kept.step, last.step) }
    } catch (error) {
      why ??= error
    }
  }
  const step = newestCheckpoint(open)
  return { step, facts: {}, less: lessBecause(why, step, last.step) }
}

/** Makes the steps again, or with no step to reach returns to the checkpoint itself. */
async function upTo(open: OpenRun, last: LastWhole | undefined, signal: AbortSignal | undefined, hooks: RunHooks): Promise<Kept> {
  const run = await fromCheckpoint(open)
  if (last !== undefined) {
    await run.stepsAgain(last.step, signal, hooks)
    requireSame(run.wholeStep, last)
  }
  run.checkpoint()
  const facts = await factsSoFar(run)
  open.outputs.finish()
  keepState(run)
  const { step } = run.wholeStep
  return last === undefined || step === last.step
    ? { step, facts }
    : { step, facts, less: `Making the steps again was stopped at step ${step}.` }
}

async function fromCheckpoint(open: OpenRun): Promise<RunInProgress> {
  const { plan, outputs, directory } = open
  const { bytes } = directory.loadCheckpoint()
  const again = { ...plan, market: await plan.remakeMarket() }
  const sim = resume(plan.scenario, bytes, { sink: outputs, ...worldOf(again) }) as Simulation
  return new RunInProgress({ ...open, plan: again, sim, resumed: true })
}

/** For its report, which does without where the disk is full. */
function keepState({ sim, parts: { directory, plan } }: RunInProgress): void {
  try {
    keepStateOf(sim, directory.path, plan.market !== undefined)
  } catch {
    // The failure that ended the run is the one to report.
  }
}

/** A model whose result cannot be told half-way has its tables nevertheless. */
async function factsSoFar(run: RunInProgress): Promise<Partial<Manifest>> {
  try {
    return factsOf(run, resultOf(run, undefined, chanceOf(run.parts).collisions))
  } catch {
    return {}
  }
}

function requireSame(again: WholeStep, before: LastWhole): void {
  for (const what of ['now', 'born', 'chain'] as const) {
    if (again.step !== before.step || before[what] === undefined || again[what] === before[what]) continue
    const from = 'something other than its seed, such as a variable outside the model'
    throw new MyceliaError(`made again, step ${again.step} was another: the model depends on ${from}`)
  }
}

function lessBecause(why: unknown, kept: number, done: number): string {
  const said = why instanceof Error ? why.message : String(why)
  return `Steps ${kept + 1} to ${done} could not be kept: ${asSentence(said.split('\n')[0] ?? '')}`
}

function newestCheckpoint({ directory }: OpenRun): number {
  try {
    return directory.loadCheckpoint().step
  } catch {
    return 0
  }
}
