/** One run between its first step and its result: slices of steps, checkpoints, the end, and what is written about it. */

import { MyceliaError } from '../core/index.js'
import type { Simulation } from '../model/index.js'
import { writeReport } from '../report/index.js'
import type { Manifest, RunDirectory, RunOutputs } from '../storage/index.js'
import { Fills } from '../trading/index.js'
import { chanceCollisions } from './chance.js'
import { portfolioStates } from './portfolio-states.js'
import { Interrupted, RunFailed } from './run-errors.js'
import type { RunPlan } from './run-plan.js'
import { ended, tryWriteManifest } from './run-record.js'
import type { RunRequest } from './run-request.js'
import { type RunResult, runResultSchema } from './run-result.js'
import { letOthersRun, stopwatchMs } from './wall-clock.js'

/** Longest stretch of steps before signals and progress are handled, ms. */
const sliceMs = 50
/** Default interval of checkpoints, in steps, and the shortest time between two. */
const standardCheckpoint = { steps: 1_000, ms: 2_000 } as const

export interface Parts {
  readonly plan: RunPlan
  readonly sim: Simulation
  readonly directory: RunDirectory
  readonly outputs: RunOutputs
  readonly manifest: Manifest
  /** Whether the run has a checkpoint already. */
  readonly resumed: boolean
}

export class RunInProgress {
  private readonly first: number
  /** The step of the newest checkpoint; −1 before the first. */
  private savedStep: number
  private savedAt = 0
  private portfoliosMoved = true
  private workedMs = 0

  constructor(private readonly parts: Parts) {
    const { sim, outputs, resumed } = parts
    this.first = sim.model.steps
    this.savedStep = resumed ? this.first : -1
    sim.tap((topic, message) => {
      if (topic === Fills) this.portfoliosMoved = true
      outputs.hear(topic, message, sim.model.steps)
    })
  }

  /** Runs to the end and writes the results; on any failure the directory is closed with its last checkpoint. */
  async run(request: RunRequest): Promise<RunResult> {
    const { directory, outputs } = this.parts
    const started = stopwatchMs()
    let result: RunResult
    try {
      await this.steps(request)
      result = this.finish(started)
    } catch (error) {
      const status = error instanceof Interrupted ? 'interrupted' : 'failed'
      tryWriteManifest(directory, this.ended(status, started))
      throw error instanceof Interrupted ? error : new RunFailed(directory.path, error)
    } finally {
      shutdown(outputs, directory)
    }
    await report(directory.path)
    return result
  }

  private async steps(request: RunRequest): Promise<void> {
    const { sim, plan, directory } = this.parts
    const reportProgress = () => request.onProgress?.(this.progress())
    reportProgress()
    while (sim.model.steps < plan.steps && !sim.finished) {
      await letOthersRun()
      if (request.signal?.aborted === true) {
        this.checkpoint()
        throw new Interrupted(String(request.signal.reason), sim.model.steps, directory.path)
      }
      this.slice(request.checkpointEvery)
      reportProgress()
    }
  }

  /** Steps for about `sliceMs`, checkpoints where they are due. */
  private slice(every: number | undefined): void {
    const { sim, plan } = this.parts
    const { model } = sim
    const started = stopwatchMs()
    let now = started
    while (now - started < sliceMs && model.steps < plan.steps && sim.step()) {
      if (this.portfoliosMoved) this.recordPortfolios()
      now = stopwatchMs()
      if (model.steps % (every ?? standardCheckpoint.steps) !== 0) continue
      if (every !== undefined || now - this.savedAt >= standardCheckpoint.ms) this.checkpoint()
    }
    this.workedMs += stopwatchMs() - started
  }

  /** Saves the state for a resume, after the rows that belong to it are on disk. */
  checkpoint(): void {
    const { sim, directory } = this.parts
    const { steps } = sim.model
    if (this.savedStep === steps) return
    this.recordPortfolios()
    directory.saveCheckpoint(steps, sim.save())
    this.savedStep = steps
    this.savedAt = stopwatchMs()
  }

  private recordPortfolios(): void {
    const states = portfolioStates(this.parts.sim.model)
    if (states.length > 0) this.parts.outputs.setPortfolios(states)
    this.portfoliosMoved = false
  }

  /** The last checkpoint is taken before the end of the model, so that a resume with more steps continues as an uninterrupted run does. */
  private finish(started: number): RunResult {
    const { sim, plan, outputs, directory } = this.parts
    const from = stopwatchMs()
    this.checkpoint()
    const ownEnd = sim.endReason
    sim.finish()
    this.recordPortfolios()
    const chance = this.chance()
    outputs.finish()
    this.workedMs += stopwatchMs() - from - chance.ms
    const result = this.result(chance.collisions)
    const manifest: Manifest = {
      ...this.ended('finished', started),
      ...(ownEnd === undefined ? {} : { endReason: ownEnd }),
      digest: result.digest,
      outputs: result.outputs,
      summary: JSON.parse(JSON.stringify(result)),
      quarantined: sim.quarantined.map(each => ({ ...each })),
      ...(plan.market === undefined ? {} : { realism: plan.market.source.realism().map(row => ({ ...row })) }),
    }
    directory.writeManifest(manifest)
    return result
  }

  private chance(): { collisions: number; ms: number } {
    const { plan, outputs } = this.parts
    const from = stopwatchMs()
    if (plan.market === undefined) return { collisions: 0, ms: 0 }
    const { collisionWindowMs } = plan.params as { collisionWindowMs?: number }
    return { collisions: chanceCollisions(outputs, plan.seed, collisionWindowMs), ms: stopwatchMs() - from }
  }

  private result(byChance: number): RunResult {
    const { sim, plan, outputs, directory } = this.parts
    const { agents, collisions, ...summary } = sim.model.summary()
    const rejected = plan.market?.rejected ?? {}
    return runResultSchema.parse({
      scenario: plan.scenario.name,
      seed: plan.seed,
      steps: sim.model.steps,
      agents: { byType: byType(sim), core: 0, support: 0, ta: 0, ...(agents as object | undefined) },
      stepsPerSecond: this.stepsPerSecond(),
      digest: sim.digest,
      outputs: outputs.outputs(),
      runDir: directory.path,
      counters: { ...sim.counters, rejected },
      rejectedInputs: plan.market?.rejectedInputs ?? 0,
      ...summary,
      ...(collisions === undefined ? {} : { collisions: { ...(collisions as object), byChance } }),
    })
  }

  private stepsPerSecond(): number {
    const done = this.parts.sim.model.steps - this.first
    return this.workedMs === 0 ? 0 : Math.round((done / this.workedMs) * 10_000) / 10
  }

  private ended(status: Manifest['status'], started: number): Manifest {
    const { manifest, sim, plan } = this.parts
    const wallTimeMs = Math.round(stopwatchMs() - started)
    return { ...ended(manifest, { status, steps: sim.model.steps, wallTimeMs }), request: plan.request }
  }

  private progress() {
    const { sim, plan } = this.parts
    const of = Math.min(plan.steps, plan.market?.ticks ?? Number.POSITIVE_INFINITY)
    const { steps: step, now } = sim.model
    return { step, of: Number.isFinite(of) ? of : undefined, done: step - this.first, elapsedMs: this.workedMs, now }
  }
}

function byType({ model }: Simulation): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const agent of model.agents) counts[agent.type] = (counts[agent.type] ?? 0) + 1
  return counts
}

/** A report that fails does not fail the run: `mycelia report` can make it later. */
async function report(path: string): Promise<void> {
  try {
    await writeReport(path)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new MyceliaError(`The run is finished, but not its report: ${why} Try again with: mycelia report ${path}`, { cause })
  }
}

/** Storage that failed may fail again when it is closed; only the first failure is reported. */
function shutdown(outputs: RunOutputs, directory: RunDirectory): void {
  try {
    outputs.close()
  } catch {
    // Reported already, or nothing was left to write.
  }
  directory.close()
}
