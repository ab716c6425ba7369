/** Runs that people watch and play with, each in a run directory of its own: what they do to it is written down, and it replays. */

import { rmSync } from 'node:fs'
import { BrokenInvariant, MyceliaError, OperatorError } from '../../core/index.js'
import { resume, type Simulation, type TickInput } from '../../model/index.js'
import { type Beginning, type BranchPoint, forgetting, type Handing, type Runs, takesOrders } from '../../view/index.js'
import { knowingMarket } from '../knowing-market.js'
import { commandInput } from '../live/operator-command.js'
import { useNodeSha256 } from '../node-sha256.js'
import { afterFailure, beginPlanned } from '../run.js'
import { closeInterrupted, reportOf, shutdown } from '../run-close.js'
import { Interrupted, type RunFailed } from '../run-errors.js'
import type { RunInProgress } from '../run-in-progress.js'
import { planRun, type RunPlan, worldOf } from '../run-plan.js'
import type { RunRequest } from '../run-request.js'
import type { RunResult } from '../run-result.js'
import { finishRun } from '../run-results.js'
import { stopwatchMs } from '../wall-clock.js'
import { orderOf } from './order-of.js'
import { SpareMarkets } from './spare-markets.js'

/** What is told of a run directory that was left behind. */
export interface LeftRun {
  readonly runDir: string
  readonly steps: number
  readonly result?: RunResult
  /** Why there is no result. */
  readonly error?: RunFailed | Interrupted
}

/** The run that goes on, and what is needed to look at its past. */
interface Open {
  readonly run: RunInProgress
  readonly markets: SpareMarkets
  readonly started: number
  /** Who hears of its rows; nobody on the way to a branch. */
  readonly rows: { to: Handing | undefined }
}

/**
 * To be prepared before each command that begins, resumes or branches a run, because that may take long:
 *
 * ```ts
 * await runs.prepare({ seed: 8 })
 * session.command({ do: 'reset', seed: 8 })
 * ```
 */
export class RecordedRuns implements Runs {
  private planned: RunPlan | undefined
  private open: Open | undefined
  /** At the step of a branch, until that is commanded. */
  private branching: Open | undefined
  /** The run that goes on, or the one that ended last: its past is looked at. */
  private latest: Open | undefined
  /** What became of the latest. */
  private left: LeftRun | undefined
  /** Reports being written, and failures being recorded. */
  private readonly closing = new Set<Promise<void>>()

  /** `endsAsPlanned`: each run ends after the steps of its plan; otherwise nowhere. */
  constructor(
    private readonly request: RunRequest,
    private readonly onLeft: (left: LeftRun) => void,
    private readonly endsAsPlanned = false,
  ) {}

  get lastStep(): number {
    return this.endsAsPlanned ? this.begun().run.parts.plan.steps : Number.POSITIVE_INFINITY
  }

  /** The directory of the run that goes on. */
  get runDir(): string | undefined {
    return this.open?.run.parts.directory.path
  }

  /** Plans the run that `start` begins. Throws an `OperatorError` for what is wrong with it. */
  async prepare({ seed, params }: Beginning): Promise<void> {
    useNodeSha256()
    const { request } = this
    this.planned = await planRun({
      ...request,
      ...(seed !== undefined && { seed: wholeSeed(seed) }),
      ...(params !== undefined && { params: { ...request.params, ...params } }),
    })
  }

  /** Prepares a market, where there is one, for a look at the past. */
  async preparePast(): Promise<void> {
    await this.latest?.markets.fill()
  }

  start(_: Beginning, handing: Handing): Simulation {
    const plan = this.planned
    if (plan === undefined) throw new BrokenInvariant('a watched run was started before it was prepared')
    const open = this.opening(plan, handing)
    this.planned = undefined
    return this.begin(open)
  }

  resume(checkpoint: Uint8Array, handing: Handing): Simulation {
    const { run, markets } = this.begun()
    const { scenario, market } = run.parts.plan
    const own = market === undefined ? undefined : markets.take()
    const sim = resume(scenario, checkpoint, { sink: forgetting(handing), ...worldOf({ market: own }) }) as Simulation
    return knowingMarket(sim, own)
  }

  /** Makes the run that goes on from a past step. Rejects where the signal comes first; nothing is left then. */
  async prepareBranch(point: BranchPoint, signal: AbortSignal): Promise<void> {
    const { run, markets } = this.begun()
    const { plan } = run.parts
    await markets.fill()
    const market = plan.market === undefined ? undefined : markets.take()
    await this.prepareBranchOf({ ...plan, market }, point, signal)
  }

  /** As `prepareBranch`, from a run of another place; the plan's market must be at its beginning. */
  async prepareBranchOf(plan: RunPlan, point: BranchPoint, signal: AbortSignal): Promise<void> {
    this.dropBranch()
    this.branching = this.opening(plan)
    try {
      await makeWay(this.branching.run, point, signal)
    } catch (error) {
      this.dropBranch()
      throw error
    }
  }

  branch({ step }: BranchPoint, handing: Handing): Simulation {
    const { branching } = this
    if (branching?.run.wholeStep.step !== step) throw new BrokenInvariant('a branch was begun before it was prepared')
    this.branching = undefined
    branching.rows.to = handing
    branching.run.parts.directory.becomeLatest()
    return this.begin(branching)
  }

  inputsAfter(): readonly TickInput[] {
    return []
  }

  assertTakesInputs(): void {}

  heard(): void {
    this.open?.run.hear()
  }

  stepped(ms: number): void {
    if (this.open === undefined) return
    const { run } = this.open
    const from = stopwatchMs()
    run.stepMade(this.request.checkpointEvery)
    run.parts.directory.becomeLatest()
    run.workedMs += ms + stopwatchMs() - from
  }

  /** Throws what keeps the results from being written; it is recorded then. */
  finish(): void {
    const { open } = this
    if (open === undefined) return
    const { run, started } = open
    const { directory, outputs } = run.parts
    let result: RunResult
    try {
      result = finishRun(run, started)
    } catch (error) {
      this.fail(open, error, run.wholeStep.step)
      throw error
    }
    this.open = undefined
    shutdown(outputs, directory)
    this.tell(open, { result })
    this.track(reportOf(directory.path), 'the report')
  }

  failed(error: unknown): void {
    if (this.open !== undefined) this.fail(this.open, error, this.open.run.wholeStep.step + 1)
  }

  orderOf(order: Readonly<Record<string, unknown>>): TickInput {
    const { scenario } = this.opened().run.sim
    if (takesOrders(scenario)) return commandInput(orderOf(order))
    throw new OperatorError({ what: 'an order of an operator', expected: 'a run that trades', got: scenario.name })
  }

  /**
   * Ends the run that goes on: its results are written, or where `by` stops one before the end of its plan, a checkpoint to continue from.
   * Resolves when nothing is being written any more, with what became of the latest run; undefined where no step of it was made.
   */
  async close(by?: string): Promise<LeftRun | undefined> {
    this.dropBranch()
    const { open } = this
    const isEarly = this.endsAsPlanned && open !== undefined && open.run.wholeStep.step < this.lastStep
    if (isEarly && by !== undefined && hasSteps(open)) this.stop(open, by)
    else this.leave()
    await Promise.all(this.closing)
    return this.left
  }

  private opening(plan: RunPlan, handing?: Handing): Open {
    const rows: Open['rows'] = { to: handing }
    const run = beginPlanned(plan, this.request, table => rows.to?.(table))
    return { run, markets: new SpareMarkets(plan), started: stopwatchMs(), rows }
  }

  /** The run before is left only once another has begun. */
  private begin(open: Open): Simulation {
    this.leave()
    this.open = open
    this.latest = open
    this.left = undefined
    return open.run.sim
  }

  /** A run of which no step was made leaves nothing. */
  private leave(): void {
    const { open } = this
    if (open === undefined) return
    try {
      if (hasSteps(open)) return this.finish()
      this.open = undefined
      remove(open)
    } catch {
      // It is recorded, and told as what became of the run.
    }
  }

  private stop(open: Open, by: string): void {
    const { run, started } = open
    const { step } = run.wholeStep
    try {
      run.checkpoint()
    } catch (error) {
      return this.fail(open, error, step)
    }
    this.open = undefined
    const error = closeInterrupted(run.parts, new Interrupted(by, step, run.parts.directory.path), started)
    this.tell(open, { error })
  }

  /** `step`: the one it broke in. */
  private fail(open: Open, broken: unknown, step: number): void {
    this.open = undefined
    const { run, started } = open
    const recorded = afterFailure(run.parts, { broken, whole: run.wholeStep, step }, undefined, {}, started)
    this.track(
      recorded.then(error => this.tell(open, { error })),
      'the record of a failure',
    )
  }

  private tell(open: Open, end: Pick<LeftRun, 'result' | 'error'>): void {
    const { wholeStep, parts } = open.run
    const left = { runDir: parts.directory.path, steps: wholeStep.step, ...end }
    if (this.latest === open) this.left = left
    this.onLeft(left)
  }

  private dropBranch(): void {
    if (this.branching !== undefined) remove(this.branching)
    this.branching = undefined
  }

  private track(work: Promise<void>, what: string): void {
    const done = work
      .catch(error => this.request.onNote?.(`${what}: ${error instanceof Error ? error.message : String(error)}`))
      .finally(() => this.closing.delete(done))
    this.closing.add(done)
  }

  private begun(): Open {
    if (this.latest !== undefined) return this.latest
    throw new BrokenInvariant('the past of a watched run was asked for before it began')
  }

  private opened(): Open {
    if (this.open !== undefined) return this.open
    throw new OperatorError({ what: 'a run that has ended', expected: 'one that goes on', next: 'Begin anew with reset.' })
  }
}

function hasSteps({ run }: Open): boolean {
  return run.sim.model.steps > 0
}

function remove({ run }: Open): void {
  const { outputs, directory } = run.parts
  shutdown(outputs, directory)
  rmSync(directory.path, { recursive: true, force: true })
}

/** A run directory holds a run from its first step, so the way to a branch is made again, with the inputs that came then. */
async function makeWay(run: RunInProgress, { step, inputs }: BranchPoint, signal: AbortSignal): Promise<void> {
  for (const [after, input] of inputs) {
    await run.stepsAgain(after, signal, {})
    if (!signal.aborted) run.input(input)
  }
  await run.stepsAgain(step, signal, {})
  if (signal.aborted) throw new Interrupted(String(signal.reason), 0, '')
  const made = run.wholeStep.step
  if (made !== step) throw new MyceliaError(`Made again, the run ends at step ${made}, before step ${step}.`)
}

function wholeSeed(seed: number | string): number {
  const value = Number(seed)
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new OperatorError({ what: 'seed', expected: 'a safe integer ≥ 0', got: seed })
}
