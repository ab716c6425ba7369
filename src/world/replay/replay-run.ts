/** Replays a simulated run: the scenario from its seed and first parameters, with the same inputs at the same steps, compared with what it left. */

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { OperatorError } from '../../core/index.js'
import { type Simulation, simulate } from '../../model/index.js'
import { type Manifest, RunDirectory } from '../../storage/index.js'
import { useNodeSha256 } from '../node-sha256.js'
import { planAgain, versionNotes } from '../plan-again.js'
import { inputDigestsOf, type RunPlan, worldOf } from '../run-plan.js'
import type { RunRequest } from '../run-request.js'
import { letOthersRun, stopwatchMs } from '../wall-clock.js'
import { HashSink } from './hash-sink.js'
import { givenInputs, type StepInputs } from './recorded-inputs.js'
import type { ReplayProgress } from './replay.js'
import { type Expected, expectedOf } from './run-expectation.js'

const difference = z.object({
  /** `run`, `digest` or `table`. */
  part: z.enum(['run', 'digest', 'table']),
  /** One sentence without its full stop. */
  what: z.string(),
})

/** What `replayRun` gives back, checked. */
export const runReplaySchema = z.object({
  scenario: z.string(),
  seed: z.number(),
  runDir: z.string(),
  /** What was recorded came out the same. */
  agrees: z.boolean(),
  verdict: z.enum(['agrees', 'differs', 'nothing']),
  differences: z.array(difference),
  /** What was compared. */
  replayed: z.object({ steps: z.number(), inputs: z.number(), tables: z.number() }),
  /** Of the replay, at the step of the comparison. */
  digest: z.string(),
  /** SHA-256 a table, of the replay. */
  outputs: z.record(z.string(), z.string()),
  /** The scenario's file is another one than the run began with. */
  codeChanged: z.boolean(),
  /** What else may make a difference: other versions. */
  notes: z.array(z.string()),
})

/** What `replayRun` gives back: whether a simulated run came out the same once more. */
export type RunReplay = z.infer<typeof runReplaySchema>

/** The options of `replayRun`. */
export interface RunReplayRequest extends Pick<RunRequest, 'scenario' | 'market' | 'moats'> {
  /** Called now and then with the steps made so far, and of how many. */
  readonly onProgress?: ((progress: ReplayProgress) => void) | undefined
}

/** Longest stretch of steps before others may run, ms. */
const sliceMs = 50

/** Whether a directory holds a simulated run. */
export function isSimulatedRun(runDir: string): boolean {
  return existsSync(join(runDir, 'manifest.json')) && RunDirectory.read(runDir).manifest.verb === 'run'
}

/**
 * Makes a simulated run again, with the inputs of its table `inputs`, and compares digest and tables; of a run that was stopped, the state
 * at its last checkpoint. Throws an `OperatorError` where the directory holds no such run, or one that goes on.
 */
export async function replayRun(runDir: string, request: RunReplayRequest = {}): Promise<RunReplay> {
  useNodeSha256()
  const directory = RunDirectory.read(resolve(runDir))
  const { manifest } = directory
  requireSimulated(directory, manifest)
  const { scenario, market, moats } = request
  const { plan, codeChanged } = await planAgain({ scenario, market, moats }, manifest)
  const expected = await expectedOf(directory, plan)
  const inputs = await givenInputs(directory.path, expected.step)
  const sink = new HashSink()
  const sim = startedAgain(plan, sink)
  const problem = await madeAgain(sim, expected, inputs, progressOf(request, expected.step))
  if (problem === undefined && expected.isFinished) sim.finish()
  else if (problem === undefined) sim.flush()
  const outputs = sink.outputs()
  const differences = problem === undefined ? differencesOf(expected, sim.digest, outputs) : [problem]
  const verdict = differences.length > 0 ? 'differs' : expected.isFinished || expected.step > 0 ? 'agrees' : 'nothing'
  return runReplaySchema.parse({
    scenario: manifest.scenario,
    seed: manifest.seed,
    runDir: directory.path,
    agrees: verdict === 'agrees',
    verdict,
    differences,
    replayed: {
      steps: sim.model.steps,
      inputs: inputs.reduce((sum, { inputs: all }) => sum + all.length, 0),
      tables: Object.keys(expected.outputs).length,
    },
    digest: sim.digest,
    outputs,
    codeChanged,
    notes: versionNotes(manifest),
  })
}

function requireSimulated(directory: RunDirectory, { verb }: Manifest): void {
  const what = `replaying ${directory.path}`
  if (verb !== 'run')
    throw new OperatorError({ what, expected: 'a simulated run', got: `one of mycelia ${verb}`, next: 'Call replay().' })
  if (!directory.isInUse) return
  const got = 'one that a process is running'
  throw new OperatorError({ what, expected: 'a run that has ended', got, next: 'Wait for its end, or stop it.' })
}

function startedAgain(plan: RunPlan, sink: HashSink): Simulation {
  const { scenario, seed, params } = plan
  return simulate(scenario, { seed, params, sink, inputDigests: inputDigestsOf(plan), ...worldOf(plan) }) as Simulation
}

/** Makes the steps; what kept it from making them all. */
async function madeAgain(
  sim: Simulation,
  { step: last, isFinished, endsWithData }: Expected,
  inputs: readonly StepInputs[],
  progress: (steps: number) => void,
): Promise<Difference | undefined> {
  let next = 0
  let since = stopwatchMs()
  try {
    for (;;) {
      const { steps } = sim.model
      for (; next < inputs.length && (inputs[next] as StepInputs).step <= steps; next++)
        if (!sim.finished) for (const input of (inputs[next] as StepInputs).inputs) sim.input(input)
      if (steps === last && !(isFinished && endsWithData)) return undefined
      if (steps > last) return differs('run', `the replay goes on after step ${last}, the last of the run`)
      if (!sim.step())
        return steps === last ? undefined : differs('run', `the replay ends at step ${steps} of ${last}: ${sim.endReason}`)
      if (stopwatchMs() - since < sliceMs) continue
      progress(sim.model.steps)
      await letOthersRun()
      since = stopwatchMs()
    }
  } catch (error) {
    return differs(
      'run',
      `after step ${sim.model.steps} the replay failed: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

type Difference = RunReplay['differences'][number]

function differs(part: Difference['part'], what: string): Difference {
  return { part, what: what.replace(/\.$/, '') }
}

function differencesOf({ digest, outputs, step }: Expected, got: string, tables: Readonly<Record<string, string>>): Difference[] {
  const found: Difference[] = []
  if (digest !== got) found.push(differs('digest', `the digest at step ${step} is ${got}, in the run it was ${digest}`))
  if (Object.keys(outputs).length === 0) return found
  for (const name of new Set([...Object.keys(outputs), ...Object.keys(tables)]))
    if (outputs[name] !== tables[name]) found.push(differs('table', tableText(name, outputs[name], tables[name])))
  return found
}

function tableText(name: string, before: string | undefined, now: string | undefined): string {
  if (now === undefined) return `the replay has no table ${name}`
  return before === undefined ? `the run has no table ${name}` : `table ${name} has other rows`
}

function progressOf({ onProgress }: RunReplayRequest, of: number): (ticks: number) => void {
  const started = stopwatchMs()
  return ticks => onProgress?.({ ticks, of, elapsedMs: stopwatchMs() - started })
}
