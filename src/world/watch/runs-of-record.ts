/** A run that was recorded, made again to be looked at, with the inputs that came then. Whoever goes on from a step of it begins a run of their own. */

import { OperatorError } from '../../core/index.js'
import { resume, type Simulation, simulate, type TickInput } from '../../model/index.js'
import type { Manifest } from '../../storage/index.js'
import { type Beginning, type BranchPoint, forgetting, type Handing, type Runs } from '../../view/index.js'
import { knowingMarket } from '../knowing-market.js'
import type { PreparedMarket } from '../market.js'
import { givenInputs, type StepInputs } from '../replay/recorded-inputs.js'
import { inputDigestsOf, type RunPlan, worldOf } from '../run-plan.js'
import type { RunRequest } from '../run-request.js'
import { type LeftRun, RecordedRuns } from './recorded-runs.js'
import { SpareMarkets } from './spare-markets.js'

export class RunsOfRecord implements Runs {
  private readonly markets: SpareMarkets
  /** Whether the run made again ended as the record did; undefined before its end, and for a record without a digest. */
  agrees: boolean | undefined

  /** True once a run of the viewer's own goes on in the record's place. */
  private isLeft = false
  private isBegun = false

  private constructor(
    private readonly plan: RunPlan,
    /** Infinite where the record ended with its data: what follows the last step is made again too. */
    private readonly steps: number,
    private readonly digest: string | null,
    private readonly inputs: ReadonlyMap<number, readonly TickInput[]>,
    /** Where runs of the viewer's own go. */
    private readonly own: RecordedRuns,
  ) {
    this.markets = new SpareMarkets(plan, plan.market)
  }

  /** `path`: the run's directory. */
  static async of(
    { path, plan, manifest }: { readonly path: string; readonly plan: RunPlan; readonly manifest: Manifest },
    request: RunRequest,
    onLeft: (left: LeftRun) => void,
  ): Promise<RunsOfRecord> {
    const inputs = new Map((await givenInputs(path, manifest.steps)).map(({ step, inputs: all }: StepInputs) => [step, all]))
    const { market, moats, from, to, timezone, scenario } = plan.request as Partial<RunRequest>
    const recorded = { market, moats, from, to, timezone, scenario }
    const own = new RecordedRuns({ ...recorded, ...definedOf(request) }, onLeft)
    const steps = manifest.ended?.by === 'data' ? Number.POSITIVE_INFINITY : manifest.steps
    return new RunsOfRecord(plan, steps, manifest.digest, inputs, own)
  }

  get beginning(): Beginning {
    return { seed: this.plan.seed, params: this.plan.params }
  }

  get lastStep(): number {
    return this.isLeft ? this.own.lastStep : this.steps
  }

  /** Plans the run that follows the record. */
  async prepare(beginning: Beginning): Promise<void> {
    await (this.isBegun ? this.own.prepare(beginning) : this.markets.fill())
  }

  async preparePast(): Promise<void> {
    await (this.isLeft ? this.own.preparePast() : this.markets.fill())
  }

  /** The record first; a reset leaves it. */
  start(beginning: Beginning, handing: Handing): Simulation {
    if (this.isBegun) {
      this.isLeft = true
      return this.own.start(beginning, handing)
    }
    this.isBegun = true
    const { scenario, seed, params, knowledge } = this.plan
    const inputDigests = inputDigestsOf(this.plan)
    const own = this.market()
    const given = {
      seed,
      params,
      ...beginning,
      sink: forgetting(handing),
      inputDigests,
      ...worldOf({ knowledge, market: own }),
    }
    return knowingMarket(simulate(scenario, given) as Simulation, own)
  }

  resume(checkpoint: Uint8Array, handing: Handing): Simulation {
    if (this.isLeft) return this.own.resume(checkpoint, handing)
    const own = this.market()
    const given = { sink: forgetting(handing), ...worldOf({ market: own }) }
    return knowingMarket(resume(this.plan.scenario, checkpoint, given) as Simulation, own)
  }

  async prepareBranch(point: BranchPoint, signal: AbortSignal): Promise<void> {
    if (this.isLeft) return this.own.prepareBranch(point, signal)
    await this.markets.fill()
    return this.own.prepareBranchOf({ ...this.plan, market: this.market() }, point, signal)
  }

  branch(point: BranchPoint, handing: Handing): Simulation {
    const sim = this.own.branch(point, handing)
    this.isLeft = true
    return sim
  }

  inputsAfter(step: number): readonly TickInput[] {
    return this.isLeft ? [] : (this.inputs.get(step) ?? [])
  }

  heard(): void {
    if (this.isLeft) this.own.heard()
  }

  stepped(ms: number): void {
    if (this.isLeft) this.own.stepped(ms)
  }

  failed(error: unknown): void {
    if (this.isLeft) this.own.failed(error)
  }

  finish(sim: Simulation): void {
    if (this.isLeft) return this.own.finish()
    sim.finish()
    if (this.digest !== null) this.agrees = sim.digest === this.digest
  }

  orderOf(order: Readonly<Record<string, unknown>>): TickInput {
    this.assertTakesInputs()
    return this.own.orderOf(order)
  }

  assertTakesInputs(): void {
    if (this.isLeft) return
    throw new OperatorError({
      what: 'an input of a run',
      expected: 'a run that goes on',
      got: 'a record',
      next: 'Go back to a step and resume from there; that run takes inputs.',
    })
  }

  /** Ends the run of the viewer's own, where there is one. */
  close(by?: string): Promise<LeftRun | undefined> {
    return this.own.close(by)
  }

  private market(): PreparedMarket | undefined {
    return this.plan.market === undefined ? undefined : this.markets.take()
  }
}

/** What the request says; what it leaves open is as recorded. */
function definedOf(request: RunRequest): RunRequest {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined))
}
