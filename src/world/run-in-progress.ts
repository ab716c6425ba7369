/** One run between its first step and its last: slices of steps, checkpoints, and the step that was made whole last. */

import type { Simulation, TickInput } from '../model/index.js'
import type { Manifest, RunDirectory, RunOutputs } from '../storage/index.js'
import { Fills } from '../trading/index.js'
import { portfolioStates } from './portfolio-states.js'
import { Interrupted } from './run-errors.js'
import type { RunHooks } from './run-hooks.js'
import type { RunPlan } from './run-plan.js'
import type { RunRequest } from './run-request.js'
import { letOthersRun, stopwatchMs } from './wall-clock.js'

/** Longest stretch of steps before signals and progress are handled, ms. */
const sliceMs = 50
/** Default interval of checkpoints, in steps, and the shortest and longest time between two. */
const standardCheckpoint = { steps: 1_000, ms: 2_000, mostMs: 30_000 } as const

/** What a run writes to and was planned as; it outlives a simulation that broke. */
export interface OpenRun {
  readonly plan: RunPlan
  readonly directory: RunDirectory
  readonly outputs: RunOutputs
  readonly manifest: Manifest
}

export interface Parts extends OpenRun {
  readonly sim: Simulation
  /** Whether the run has a checkpoint already. */
  readonly resumed: boolean
}

/** A step that was made to its end, and what can be compared when it has been made again. */
export interface WholeStep {
  readonly step: number
  readonly now: number
  readonly born: number
  /** The digest's chain, as hexadecimal text. */
  readonly chain: string
}

export class RunInProgress {
  readonly sim: Simulation
  private readonly first: number
  /** The step of the newest checkpoint; −1 before the first. */
  private savedStep: number
  private savedAt = stopwatchMs()
  private portfoliosMoved = true
  /** Whether an input waits that no checkpoint holds. */
  private heard = false
  private whole: Omit<WholeStep, 'chain'> & { chain: Uint8Array }
  /** Time spent on steps and storage, ms. */
  workedMs = 0

  constructor(readonly parts: Parts) {
    const { sim, outputs, resumed } = parts
    this.sim = sim
    this.first = sim.model.steps
    this.savedStep = resumed ? this.first : -1
    this.whole = this.present()
    sim.tap((topic, message) => {
      if (topic === Fills) this.portfoliosMoved = true
      outputs.hear(topic, message, sim.model.steps)
    })
  }

  /** The last step that was made to its end. */
  get wholeStep(): WholeStep {
    return { ...this.whole, chain: Buffer.from(this.whole.chain).toString('hex') }
  }

  /** Makes the steps of the plan. Throws `Interrupted`, after a checkpoint, where the request's signal asks for it. */
  async steps(request: Pick<RunRequest, 'checkpointEvery' | 'onProgress' | 'signal'>, hooks: RunHooks): Promise<void> {
    const { plan, directory } = this.parts
    const reportProgress = () => request.onProgress?.(this.progress())
    reportProgress()
    while (this.whole.step < plan.steps && !this.sim.finished) {
      await letOthersRun()
      if (request.signal?.aborted === true) {
        this.checkpoint()
        throw new Interrupted(String(request.signal.reason), this.whole.step, directory.path)
      }
      this.slice(plan.steps, request.checkpointEvery, hooks)
      reportProgress()
    }
  }

  /** Hands an input in for the next tick; before that one a checkpoint keeps it, so that whoever makes the steps again has it too. */
  input(input: TickInput): void {
    this.sim.input(input)
    this.heard = true
  }

  /** Makes the steps up to this one again. Stops early, at a whole step, where the signal asks for it. */
  async stepsAgain(to: number, signal: AbortSignal | undefined, hooks: RunHooks): Promise<void> {
    while (this.whole.step < to && !this.sim.finished && signal?.aborted !== true) {
      await letOthersRun()
      this.slice(to, undefined, hooks)
    }
  }

  /** Steps for about `sliceMs`, checkpoints where they are due. */
  private slice(to: number, every: number | undefined, hooks: RunHooks): void {
    const { sim } = this
    const { model } = sim
    const started = stopwatchMs()
    let now = started
    while (now - started < sliceMs && model.steps < to && this.nextStep()) {
      if (this.portfoliosMoved) this.recordPortfolios()
      this.whole = this.present()
      hooks.onWhole?.(model.steps)
      now = stopwatchMs()
      if (this.isDue(model.steps, every, now)) this.checkpoint()
    }
    this.workedMs += stopwatchMs() - started
  }

  private nextStep(): boolean {
    if (this.heard) this.checkpoint()
    return this.sim.step()
  }

  private isDue(step: number, every: number | undefined, now: number): boolean {
    if (every !== undefined) return step % every === 0
    const since = now - this.savedAt
    return since >= standardCheckpoint.mostMs || (since >= standardCheckpoint.ms && step % standardCheckpoint.steps === 0)
  }

  /** Saves the state for a resume, after the rows that belong to it are on disk. */
  checkpoint(): void {
    const { directory } = this.parts
    const { steps } = this.sim.model
    if (this.savedStep === steps && !this.heard) return
    this.recordPortfolios()
    directory.saveCheckpoint(steps, this.sim.save())
    this.savedStep = steps
    this.heard = false
    this.savedAt = stopwatchMs()
  }

  recordPortfolios(): void {
    const states = portfolioStates(this.sim.model)
    if (states.length > 0) this.parts.outputs.setPortfolios(states)
    this.portfoliosMoved = false
  }

  stepsPerSecond(): number {
    const done = this.sim.model.steps - this.first
    return this.workedMs === 0 ? 0 : Math.round((done / this.workedMs) * 10_000) / 10
  }

  private present(): RunInProgress['whole'] {
    const { sim } = this
    return { step: sim.model.steps, now: sim.model.now, born: sim.population.born, chain: sim.chainValue }
  }

  private progress() {
    const { plan } = this.parts
    const of = Math.min(plan.steps, plan.market?.ticks ?? Number.POSITIVE_INFINITY)
    const { steps: step, now } = this.sim.model
    return { step, of: Number.isFinite(of) ? of : undefined, done: step - this.first, elapsedMs: this.workedMs, now }
  }
}
