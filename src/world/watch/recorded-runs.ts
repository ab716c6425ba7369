/** Runs that people watch and play with, each in a run directory of its own: what they do to it is written down, and it replays. */

import { rmSync } from 'node:fs'
import { BrokenInvariant, OperatorError } from '../../core/index.js'
import { resume, type Simulation, type TickInput } from '../../model/index.js'
import { type Beginning, type BranchPoint, forgetting, type Handing, type Runs, takesOrders } from '../../view/index.js'
import { knowingMarket } from '../knowing-market.js'
import { commandInput } from '../live/operator-command.js'
import { useNodeSha256 } from '../node-sha256.js'
import { afterFailure, beginPlanned } from '../run.js'
import { reportOf, shutdown } from '../run-close.js'
import { failureOf } from '../run-failure.js'
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
  /** Undefined where the run failed. */
  readonly result?: RunResult
}

/** The run that goes on, and what is needed to look at its past. */
interface Open {
  readonly run: RunInProgress
  readonly markets: SpareMarkets
  readonly started: number
}

/**
 * To be prepared before each command that begins or resumes a run, because a market is prepared asynchronously:
 *
 * ```ts
 * await runs.prepare({ seed: 8 })
 * session.command({ do: 'reset', seed: 8 })
 * ```
 */
export class RecordedRuns implements Runs {
  private planned: RunPlan | undefined
  private open: Open | undefined
  /** The run that goes on, or the one that ended last: its past is looked at. */
  private latest: Open | undefined
  /** Reports being written, and failures being recorded. */
  private readonly closing = new Set<Promise<void>>()

  /** `lastStep`: where each run ends by itself; default: nowhere. */
  constructor(
    private readonly request: RunRequest,
    private readonly onLeft: (left: LeftRun) => void,
    readonly lastStep = Number.POSITIVE_INFINITY,
  ) {}

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

  /** Prepares a market, where there is one, for a look at the past or a branch. */
  async preparePast(): Promise<void> {
    await this.latest?.markets.fill()
  }

  start(_: Beginning, handing: Handing): Simulation {
    const plan = this.planned
    if (plan === undefined) throw new BrokenInvariant('a watched run was started before it was prepared')
    return this.begin(plan, handing)
  }

  resume(checkpoint: Uint8Array, handing: Handing): Simulation {
    const { run, markets } = this.begun()
    const { scenario, market } = run.parts.plan
    const own = market === undefined ? undefined : markets.take()
    const sim = resume(scenario, checkpoint, { sink: forgetting(handing), ...worldOf({ market: own }) }) as Simulation
    return knowingMarket(sim, own)
  }

  branch(point: BranchPoint, handing: Handing): Simulation {
    const { run, markets } = this.begun()
    const { plan } = run.parts
    const market = plan.market === undefined ? undefined : markets.take()
    return this.branchOf({ ...plan, market }, point, handing)
  }

  /** A run directory holds a run from its first step, so the way to the branch is made again into the new one. As `branch`, from a run of another place; the plan's market must be at its beginning. */
  branchOf(plan: RunPlan, { step, inputs }: BranchPoint, handing: Handing): Simulation {
    const sim = this.begin(plan, handing)
    for (const [after, input] of inputs) {
      this.makeSteps(sim, after)
      sim.input(input)
    }
    this.makeSteps(sim, step)
    return sim
  }

  inputsAfter(): readonly TickInput[] {
    return []
  }

  assertTakesInputs(): void {}

  heard(): void {
    this.open?.run.hear()
  }

  stepped(): void {
    this.open?.run.stepMade()
  }

  finish(): void {
    this.leave()
  }

  failed(error: unknown): void {
    const { open } = this
    if (open === undefined) return
    this.open = undefined
    const { run, started } = open
    const step = run.wholeStep.step
    const failure = failureOf(error, step + 1, run.parts.plan.seed)
    const recorded = afterFailure(run.parts, { broken: error, whole: run.wholeStep, step: step + 1 }, undefined, {}, started)
    const { path } = run.parts.directory
    this.track(
      recorded.then(() => this.onLeft({ runDir: path, steps: step })),
      failure.message,
    )
  }

  orderOf(order: Readonly<Record<string, unknown>>): TickInput {
    const { scenario } = this.opened().run.sim
    if (takesOrders(scenario)) return commandInput(orderOf(order))
    throw new OperatorError({ what: 'an order of an operator', expected: 'a run that trades', got: scenario.name })
  }

  /** Ends the run that goes on: its results are written. Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    this.leave()
    await Promise.all(this.closing)
  }

  private begin(plan: RunPlan, handing: Handing): Simulation {
    this.leave()
    const run = beginPlanned(plan, this.request, handing)
    this.open = { run, markets: new SpareMarkets(plan), started: stopwatchMs() }
    this.latest = this.open
    this.planned = undefined
    return run.sim
  }

  /** A run of which no step was made leaves nothing. */
  private leave(): void {
    const { open } = this
    if (open === undefined) return
    this.open = undefined
    const { directory, outputs } = open.run.parts
    if (open.run.sim.model.steps === 0) {
      shutdown(outputs, directory)
      rmSync(directory.path, { recursive: true, force: true })
      return
    }
    const result = finishRun(open.run, open.started)
    shutdown(outputs, directory)
    this.onLeft({ runDir: directory.path, steps: result.steps, result })
    this.track(reportOf(directory.path), 'the report')
  }

  private makeSteps(sim: Simulation, to: number): void {
    while (sim.model.steps < to && sim.step()) this.stepped()
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

function wholeSeed(seed: number | string): number {
  const value = Number(seed)
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new OperatorError({ what: 'seed', expected: 'a safe integer ≥ 0', got: seed })
}
