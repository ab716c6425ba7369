/** The end of a run that made its steps: its results are written, and a manifest that tells of them. */

import { grouped } from '../core/index.js'
import type { Simulation } from '../model/index.js'
import type { Manifest, RunEnd } from '../storage/index.js'
import type { Controls } from '../trading/index.js'
import { type CollisionsByChance, chanceCollisions } from './chance.js'
import { type ControlParameters, runControls } from './controls.js'
import { keepStateOf } from './last-state.js'
import type { RecordedMarket } from './recorded-market.js'
import type { OpenRun, RunInProgress } from './run-in-progress.js'
import { ended } from './run-record.js'
import { type RunResult, runResultSchema } from './run-result.js'
import { stopwatchMs } from './wall-clock.js'

/** The last checkpoint is taken before the end of the model, so that a resume with more steps continues as an uninterrupted run does. */
export function finishRun(run: RunInProgress, started: number): RunResult {
  const { sim } = run
  const { outputs, directory, plan, manifest } = run.parts
  const from = stopwatchMs()
  run.checkpoint()
  const end = endOf(sim)
  sim.finish()
  keepStateOf(sim, directory.path, plan.market !== undefined)
  run.recordPortfolios()
  const chance = chanceOf(run.parts)
  const controls = controlsOfRun(run.parts)
  outputs.finish()
  run.workedMs += stopwatchMs() - from - chance.ms - controls.ms
  const result = resultOf(run, end, chance.collisions, controls.controls)
  directory.writeManifest({
    ...ended(manifest, { status: 'finished', steps: result.steps, wallTimeMs: Math.round(stopwatchMs() - started) }),
    request: plan.request,
    ended: end,
    digest: result.digest,
    outputs: result.outputs,
    records: outputs.records(),
    ...factsOf(run, result),
  })
  return result
}

/** The parts of a manifest that describe what the run did, whole or in part. */
export function factsOf(
  { sim, parts }: RunInProgress,
  result: RunResult,
): Pick<Manifest, 'summary' | 'quarantined' | 'realism' | 'realismBars'> {
  const { market } = parts.plan
  return {
    summary: JSON.parse(JSON.stringify(result)),
    quarantined: sim.quarantined.map(each => ({ ...each })),
    ...(market === undefined ? {} : realismOf(market.source)),
  }
}

function realismOf(source: RecordedMarket): Pick<Manifest, 'realism' | 'realismBars'> {
  const { realism, realismBars } = source.realism()
  return { realism: realism.map(row => ({ ...row })), realismBars }
}

/** Why no further step follows. */
function endOf(sim: Simulation): RunEnd {
  const { endReason, model } = sim
  if (endReason === undefined) return { by: 'steps', why: stepsDone(model.steps) }
  return { by: endReason === 'end of data' ? 'data' : 'model', why: endReason }
}

function stepsDone(steps: number): string {
  return steps === 1 ? 'the step asked for is done' : `the ${grouped(steps)} steps asked for are done`
}

/** The collisions that chance alone would make, and how long it took to know. */
export function chanceOf({ plan, outputs }: OpenRun): { collisions?: CollisionsByChance; ms: number } {
  const from = stopwatchMs()
  if (plan.market === undefined) return { ms: 0 }
  const { collisionWindowMs } = plan.params as { collisionWindowMs?: number }
  return { collisions: chanceCollisions(outputs, plan.seed, collisionWindowMs), ms: stopwatchMs() - from }
}

/** What the same trades earn at random moments, and others' trades instead of the synthesized ones; and how long it took to know. */
function controlsOfRun({ plan, outputs }: OpenRun): { controls?: Controls; ms: number } {
  const from = stopwatchMs()
  if (plan.market === undefined) return { ms: 0 }
  const controls = runControls(outputs, plan.seed, plan.params as unknown as ControlParameters)
  return { controls, ms: stopwatchMs() - from }
}

export function resultOf(
  run: RunInProgress,
  end: RunEnd | undefined,
  byChance: CollisionsByChance | undefined,
  controls?: Controls,
): RunResult {
  const { sim } = run
  const { plan, outputs, directory } = run.parts
  const { agents, collisions, ...summary } = sim.model.summary()
  const rejected = plan.market?.rejected ?? {}
  return runResultSchema.parse({
    scenario: plan.scenario.name,
    seed: plan.seed,
    steps: sim.model.steps,
    agents: { byType: byType(sim), core: 0, support: 0, ta: 0, ...(agents as object | undefined) },
    stepsPerSecond: run.stepsPerSecond(),
    digest: sim.digest,
    outputs: outputs.outputs(),
    runDir: directory.path,
    ...(end === undefined ? {} : { ended: end }),
    counters: { ...sim.counters, rejected },
    rejectedInputs: plan.market?.rejectedInputs ?? 0,
    ...summary,
    ...(controls === undefined ? {} : { controls }),
    ...(collisions === undefined ? {} : { collisions: { ...byChance, ...(collisions as object) } }),
  })
}

function byType({ model }: Simulation): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const agent of model.agents) counts[agent.type] = (counts[agent.type] ?? 0) + 1
  return counts
}
