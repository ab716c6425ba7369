/** A running simulation: drives ticks in their defined order, collects, digests, saves and resumes. */

import type { z } from 'zod'
import type { Tap } from '../bus/index.js'
import { ByteWriter, Chain, encodeExact, OperatorError, refusePromise, type Table, toHex, writeFact } from '../core/index.js'
import {
  type AlignInput,
  type AnswerInput,
  type LostInput,
  type RemoteInput,
  type RequestHandler,
  type Source,
  type SourceTick,
  type TickInput,
  TickScheduler,
} from '../scheduler/index.js'
import type { Agent } from './agent.js'
import { decodeState, encodeState, firstDifference } from './checkpoint.js'
import { Collector } from './collector.js'
import { classNamed, construct } from './construct-model.js'
import { guarded } from './guard.js'
import { type ChangeInput, type InputRow, rowOf } from './input-rows.js'
import { Kernel } from './kernel.js'
import { LookCheck } from './look-check.js'
import type { Looker } from './looking.js'
import { type Model, modelBase } from './model.js'
import {
  assertResumeOptions,
  assertRunOptions,
  assertSimulateOptions,
  type ResumeOptions,
  type RunOptions,
  type SimulateOptions,
} from './options.js'
import { noInput, OutsideInputs } from './outside-inputs.js'
import { changedParameters, explainWrite, parseParameters } from './parameters.js'
import { probeState } from './probe-state.js'
import type { WaitingRequests } from './requests.js'
import { refuseReservedMethods } from './reserved-names.js'
import { type ResumableRun, ResumeCheck } from './resume-check.js'
import type { PopulationView, RunView } from './run-view.js'
import { identity, type RunState, readSaved, type Saved } from './saved.js'
import type { Scenario } from './scenario.js'
import { inspected, showCounts, showParameters } from './show.js'
import type { Tables } from './table-types.js'
import type { AgentClasses } from './type-names.js'

/** The number of steps between two that hash the whole state into the digest's chain, so that it covers models without topics. */
const stepsPerStateHash = 1_000

/** The name of one of the parameters `P`, any text where they are not known, and its value. */
export type ParameterMove<P> = unknown extends P ? [key: string, value: unknown] : [key: keyof P & string, value: unknown]

/** Starts a scenario: parameters checked, population set up, nothing stepped yet. */
export function simulate<M extends Model, P extends z.ZodType, T extends Tables = Tables>(
  scenario: Scenario<M, P, T>,
  options: SimulateOptions<P> = {},
): Simulation<M, T> {
  assertSimulateOptions(options)
  return guarded(options.guard, () => Simulation.start(scenario, options as unknown as SimulateOptions))
}

/** Continues from what `save()` wrote, as if nothing had happened. */
export function resume<M extends Model, P extends z.ZodType, T extends Tables = Tables>(
  scenario: Scenario<M, P, T>,
  checkpoint: Uint8Array,
  options: ResumeOptions = {},
): Simulation<M, T> {
  assertResumeOptions(options)
  return guarded(options.guard, () => Simulation.resume(scenario, checkpoint, options))
}

/** A run of a scenario that can be stepped, looked at, saved and resumed; made by `simulate` and `resume`. */
export class Simulation<M extends Model = Model, T extends Tables = Tables> implements RunView {
  private readonly facts = new ByteWriter()
  private ended = false
  private stepping = false
  /** True from a step's first change of the state to its last, and for ever where something threw between. */
  private halfMade = false
  private readonly collector: Collector
  private readonly lookCheck: LookCheck | undefined
  private readonly resumeCheck: ResumeCheck | undefined
  private readonly outside: OutsideInputs

  private constructor(
    readonly scenario: Scenario,
    readonly model: M,
    private readonly kernel: Kernel,
    private readonly chain: Chain,
    private readonly scheduler: TickScheduler,
    private readonly options: SimulateOptions,
  ) {
    kernel.bus.tap((topic, message) => {
      if (!topic.fact) return
      this.facts.text(topic.name)
      writeFact(this.facts, topic.factOf(message))
    })
    kernel.loop.stopwatch = options.stopwatch
    kernel.population.heapProbe = options.heapProbe
    const { checkLooking = false, checkResume = false } = options
    this.lookCheck =
      checkLooking === false
        ? undefined
        : new LookCheck(kernel, checkLooking, state => this.twin({ ...this.saved(), state }).kernel)
    const collect = options.collect === false ? undefined : scenario.collect
    this.collector = new Collector(kernel, collect, options.sink, this.lookCheck)
    this.resumeCheck = checkResume ? new ResumeCheck(this.resumable()) : undefined
    this.outside = new OutsideInputs(scenario, model)
  }

  /** @internal */
  static start<M extends Model, P extends z.ZodType, T extends Tables>(
    scenario: Scenario<M, P, T>,
    options: SimulateOptions,
  ): Simulation<M, T> {
    const { seed = 1 } = options
    const params = parseParameters(scenario.params, options.params)
    const kernel = new Kernel(seed, params, scenario.agents)
    const model = construct(scenario.model, kernel)
    const chain = Chain.of(identity(scenario, params, seed, options.inputDigests))
    const sim = new Simulation<M, T>(
      scenario as unknown as Scenario,
      model,
      kernel,
      chain,
      schedulerOf(scenario, model, kernel, options),
      options,
    )
    sim.inStep(() => {
      kernel.wire(model)
      refusePromise(model.setup(), 'setup()')
      kernel.bus.drain()
      kernel.endTick()
    })
    sim.hashFacts(kernel.clock.now)
    sim.collectSetUp()
    sim.resumeCheck?.begin()
    return sim
  }

  /** @internal */
  static resume<M extends Model, P extends z.ZodType, T extends Tables>(
    scenario: Scenario<M, P, T>,
    checkpoint: Uint8Array,
    options: SimulateOptions,
  ): Simulation<M, T> {
    const saved = readSaved(checkpoint)
    if (saved.scenario !== scenario.name)
      throw new OperatorError({ what: 'checkpoint', expected: `one of scenario "${scenario.name}"`, got: saved.scenario })
    const kernel = new Kernel(saved.seed, parseParameters(scenario.params, saved.params), scenario.agents)
    refuseReservedMethods(scenario.model, modelBase)
    const model = Object.create(scenario.model.prototype) as M
    Object.assign(model, { _kernel: kernel, params: kernel.params })
    kernel.model = model
    decodeState(kernel, saved.state, name => classNamed(name, scenario, kernel))
    const scheduler = schedulerOf(scenario, model, kernel, options)
    scheduler.restore(saved)
    const all = { ...options, inputDigests: saved.inputDigests }
    const sim = new Simulation<M, T>(scenario as unknown as Scenario, model, kernel, new Chain(saved.chain), scheduler, all)
    sim.collector.load(saved.rows)
    if (saved.outside !== undefined) sim.outside.load(saved.outside)
    if (saved.sink !== null) options.sink?.truncate(saved.sink)
    kernel.wire(model)
    for (const agent of kernel.population) if (!agent.idle) kernel.wire(agent)
    sim.resumeCheck?.begin()
    return sim
  }

  /** Advances to the end of the next step; false where the data or the model have ended. */
  step(): boolean {
    this.betweenSteps('step()')
    while (!this.finished) {
      const tick = this.scheduler.next()
      if (tick === undefined) {
        this.ended = true
        return false
      }
      this.tick(tick)
      if (tick.step) return true
    }
    return false
  }

  /** Steps until `steps` are done, `until` holds, or there is nothing more to do. Returns the steps done. */
  run(options: RunOptions<M> = {}): number {
    this.betweenSteps('run()')
    assertRunOptions(options)
    const { steps = this.stepsLeft, until, onStep } = options
    if (!(steps >= 0 && (Number.isInteger(steps) || steps === Number.POSITIVE_INFINITY))) throw noCount(steps)
    let done = 0
    while (done < steps && this.step()) {
      done++
      if (onStep !== undefined) this.watch('onStep', onStep)
      if (until !== undefined && this.watch('until', until)) break
    }
    return done
  }

  /**
   * Moves a parameter that its schema marks by `.meta({ changeable: true })`. It is an input of the next tick, and in force there before
   * anything else happens. To be called between steps.
   * @throws OperatorError where the parameter is unknown or stays as it is, or the value is refused; nothing has changed then.
   */
  change(...[key, value]: ParameterMove<M['params']>): void {
    this.input({ kind: 'change', key, value } as TickInput)
  }

  /**
   * Hands an input in from outside, plain data that the model's `receive` takes first in the next tick. It joins the digest, and is a row
   * of the table `inputs`. To be called between steps.
   */
  input(input: TickInput): void {
    this.kernel.assertActing('input()')
    this.betweenSteps('input()')
    if (this.finished) throw noInput('an input', 'a run that goes on', this.endReason)
    this.outside.add(input)
  }

  /** Steps to the scenario's `steps`; Infinity where it names none. */
  private get stepsLeft(): number {
    const { steps = Number.POSITIVE_INFINITY } = this.scenario
    return Math.max(0, steps - this.kernel.clock.steps)
  }

  /** Runs code of the model: marks that a step is being made, guards it where that is asked, and explains a write to a parameter. */
  private inStep<R>(f: () => R): R {
    this.stepping = true
    try {
      return guarded(this.options.guard, f)
    } catch (error) {
      throw explainWrite(error, this.kernel.params)
    } finally {
      this.stepping = false
    }
  }

  /**
   * Refuses a call inside a step, and one after a step that threw: some of its changes are made and others not, so that nothing that follows
   * would be a run of the model.
   */
  private betweenSteps(what: string): void {
    const { now, steps } = this.kernel.clock
    if (this.stepping) {
      this.kernel.assertActing(what)
      throw new OperatorError({
        what: `${what} of a simulation inside its own step ${steps}`,
        expected: 'a call between two steps',
        next: 'Let the step end: run({ until }) looks after each, and plan with at() or after() what comes later.',
      })
    }
    if (this.halfMade)
      throw new OperatorError({
        what: `${what} of a simulation that threw at time ${now}, in step ${steps}`,
        expected: 'one whose last step was made to its end',
        next: 'Mend what threw, and resume() the last checkpoint or simulate() anew.',
      })
  }

  /** One instant: inputs one by one, due events, and on a step the model's `step()`; the bus drains in between. */
  tick(tick: SourceTick): void {
    this.betweenSteps('tick()')
    const given = this.outside.take()
    this.inStep(() => this.advance(given.length === 0 ? tick : { ...tick, given }))
  }

  private advance(tick: SourceTick): void {
    const { time, step, inputs } = tick
    const { kernel, model } = this
    if (kernel.looking) kernel.assertActing('a step')
    kernel.clock.advance(time)
    this.halfMade = true
    kernel.bus.beginTick()
    if (tick.given !== undefined) for (const input of tick.given) this.takeGiven(input)
    for (const input of inputs) this.deliver(input)
    kernel.planning.fireDue(time)
    if (step) {
      kernel.clock.steps++
      const returned: unknown = model.step()
      if (returned !== undefined) refusePromise(returned, 'step()')
      kernel.bus.drain()
    }
    kernel.endTick()
    this.hashFacts(time)
    // What follows only looks: where it throws, the step was made all the same.
    this.halfMade = false
    if (step) this.endStep()
    this.collector.endTick()
    this.resumeCheck?.tick(tick)
  }

  /** Ends the run: the model closes what is open, and what that decides joins the digest. */
  finish(): void {
    this.kernel.assertActing('finish()')
    this.betweenSteps('finish()')
    this.resumeCheck?.finish()
    this.inStep(() => {
      this.halfMade = true
      this.kernel.bus.beginTick()
      refusePromise(this.model.finish(), 'finish()')
      this.kernel.bus.drain()
      this.kernel.endTick()
    })
    this.hashFacts(this.kernel.clock.now)
    this.halfMade = false
    this.flush()
  }

  /**
   * Runs code that only reads the model, such as a viewer's functions. It undoes draws from streams by name and first mentions of a
   * type, and throws where the code draws from an agent's own stream or would change the run.
   */
  look<R>(f: (model: M) => R): R {
    return this.watch('a view', f)
  }

  private watch<R>(by: Looker, f: (model: M) => R): R {
    const { kernel, lookCheck } = this
    const look = () => kernel.look(() => f(this.model), by)
    return lookCheck === undefined || kernel.looking ? look() : lookCheck.around(by, look)
  }

  /** Sees every message published from now on, and changes nothing. Returns the undo. */
  tap(tap: Tap): () => void {
    return this.kernel.bus.tap(tap)
  }

  /** True once the model has stopped or the data ended. */
  get finished(): boolean {
    return this.ended || this.kernel.stopReason !== undefined
  }

  /** Why the run has ended, or undefined before that. */
  get endReason(): string | undefined {
    return this.kernel.stopReason ?? (this.ended ? 'end of data' : undefined)
  }

  get seed(): number | string {
    return this.kernel.seed
  }

  get counters() {
    return {
      ...this.kernel.bus.counters,
      inputs: { taken: this.outside.taken },
      requests: { ...this.kernel.requests.counters },
      quarantined: this.kernel.quarantined.length,
    }
  }

  get quarantined() {
    return [...this.kernel.quarantined]
  }

  isQuarantined(agent: Agent): boolean {
    return this.kernel.isQuarantined(agent)
  }

  /** The scenario's classes of agents, by the names of their types. */
  get agents(): AgentClasses {
    return this.kernel.agents
  }

  /** The living agents: how many, by type, by key. */
  get population(): PopulationView {
    return this.kernel.population
  }

  /** When the next planned event is due; Infinity if none is planned. */
  get nextEventTime(): number {
    return this.kernel.queue.nextTime()
  }

  /** Stops calling an agent here, because another process runs it: it keeps its place, its ordinal and its streams. */
  suspend(agent: Agent): void {
    this.kernel.assertActing(`suspend() of ${agent.key}`)
    this.kernel.population.suspend(agent)
  }

  /** Continues at another model time, earlier ones included: a checkpoint enters another market. */
  rebase(now: number): void {
    this.kernel.assertActing('rebase()')
    this.kernel.clock.rebase(now)
  }

  get slowest() {
    return this.kernel.loop.slowest
  }

  /** Requests that wait for an answer: a world that answers asynchronously reads them here. */
  get requests(): WaitingRequests {
    return this.kernel.requests
  }

  /** The digest of the run so far, its present state mixed in; reading it changes nothing. */
  get digest(): string {
    return this.chain.reported(this.kernel.clock.now, encodeState(this.kernel))
  }

  /** The chain's own value, which a journal keeps beside a tick. */
  get chainValue(): Uint8Array {
    return this.chain.value()
  }

  /** A collected table, where it is kept in memory; `inputs`: what came from outside. */
  table(name: 'inputs'): Table<InputRow>
  table<N extends keyof T & string>(name: N): Table<T[N]>
  table<N extends string>(name: string extends N ? N : never): Table
  table(name: string): Table {
    return this.collector.table(name)
  }

  get tables(): ReadonlyMap<string, Table> {
    return this.collector.tables
  }

  /** Scenario, seed, step and time; the agents by type; the parameters; what was quarantined; why it ended. */
  toString(): string {
    const { scenario, kernel, endReason } = this
    const { clock, seed, population, quarantined } = kernel
    const lines = [
      `Simulation of ${scenario.name}, seed ${seed}, step ${clock.steps}, time ${clock.now}`,
      `  ${showCounts(population.counts())}`,
      `  parameters ${showParameters(kernel.params)}`,
    ]
    if (quarantined.length > 0) lines.push(`  ${quarantined.length} quarantined, the last ${quarantined.at(-1)?.agent}`)
    if (endReason !== undefined) lines.push(`  ended: ${endReason}`)
    return lines.join('\n')
  }

  /** @internal */
  [inspected](): string {
    return String(this)
  }

  /** Hands collected rows to the sink. */
  flush(): void {
    this.assertNotCollecting('flush()')
    this.collector.flush()
  }

  /** A checkpoint: everything a resume needs, as bytes. To be called between steps. */
  save(): Uint8Array {
    this.assertNotCollecting('save()')
    this.betweenSteps('save()')
    this.flush()
    return encodeExact({
      ...this.saved(),
      ...this.scheduler.save(),
      rows: this.collector.save(),
      sink: this.options.sink?.position() ?? null,
      outside: this.outside.save(),
    } satisfies Saved)
  }

  /** A reporter meets tables whose rows are half written; `onStep` and a view do not. */
  private assertNotCollecting(what: string): void {
    const { kernel } = this
    if (kernel.looking && kernel.lookedAtBy === 'a reporter') kernel.assertActing(what)
  }

  /** The parts of a checkpoint that are the run's own. */
  private saved(): RunState {
    const { kernel, options } = this
    return {
      scenario: this.scenario.name,
      seed: kernel.seed,
      params: kernel.params as Record<string, unknown>,
      inputDigests: options.inputDigests ?? [],
      state: encodeState(kernel, 'exact'),
      chain: this.chain.value(),
    }
  }

  /** What a check of resumes asks of this run. */
  private resumable(): ResumableRun {
    return {
      steps: () => this.kernel.clock.steps,
      save: () => this.saved(),
      differenceAfter: (saved, ticks) => this.differenceAfter(saved, ticks),
    }
  }

  /** A second run in memory, which has no inputs of its own and writes nothing down. */
  private twin(saved: RunState): Simulation {
    const checkpoint = encodeExact({ ...saved, source: null, answer: null, rows: nothingCollected, sink: null })
    return Simulation.resume(this.scenario, checkpoint, { source: nothingToCome, requestHandler: noAnswers, collect: false })
  }

  /** In what a checkpoint of this run, resumed and given the ticks since, differs from it. */
  private differenceAfter(saved: RunState, ticks: readonly SourceTick[]): string | undefined {
    const twin = this.twin(saved)
    for (const tick of ticks) twin.tick(tick)
    const path = firstDifference(this.kernel, encodeState(twin.kernel, 'exact'), 'exact')
    return path ?? (toHex(twin.chainValue) === toHex(this.chainValue) ? undefined : 'the messages')
  }

  /** An input from outside: a fact and a row before it does anything. */
  private takeGiven(input: TickInput): void {
    const { kernel, options } = this
    this.facts.text('inputs')
    writeFact(this.facts, input)
    const { now: time, steps: step } = kernel.clock
    if (options.collect !== false) this.collector.input({ step, time, ...rowOf(input, kernel.params as Record<string, unknown>) })
    this.deliver(input)
  }

  private deliver(input: TickInput): void {
    const { kernel, model } = this
    switch (input.kind) {
      case 'answer': {
        const { request, value } = input as AnswerInput
        return kernel.planning.answer(request, value)
      }
      case 'change': {
        const { key, value } = input as ChangeInput
        kernel.params = changedParameters(this.scenario.params, kernel.params, key, value)
        Object.assign(model, { params: kernel.params })
        model.receive(input)
        break
      }
      case 'align':
        return kernel.clock.align((input as AlignInput).step)
      case 'lost':
        return kernel.failures.lose((input as LostInput).agents)
      case 'remote':
        this.publishRemote(input as RemoteInput)
        break
      default:
        model.receive(input)
    }
    if (kernel.bus.busy) kernel.bus.drain()
  }

  private publishRemote({ topic: name, agent, message }: RemoteInput): void {
    const topic = this.model.topicNamed(name)
    if (topic !== undefined) this.kernel.bus.publish(topic, message, agent)
  }

  /** The row of step 0: the state after set-up. A market's tables begin with its first bar. */
  private collectSetUp(): void {
    if (this.scheduler.hasSource) return
    this.collector.step(this.model)
  }

  private hashFacts(time: number): void {
    if (this.facts.length === 0) return
    this.chain.extend(time, this.facts.written())
    this.facts.clear()
  }

  private endStep(): void {
    const { kernel } = this
    const { steps } = kernel.clock
    if (isPowerOfTwo(steps)) probeState(kernel)
    if (steps % stepsPerStateHash === 0) this.chain.extend(kernel.clock.now, encodeState(kernel))
    this.collector.step(this.model)
  }
}

/** What a resumed run gets its ticks from while it is checked: they are the checked run's. */
const nothingToCome: Source = { next: () => undefined, save: () => null, restore: () => {}, describe: () => ({}) }
const noAnswers: RequestHandler = { answer: () => null, save: () => null, restore: () => {} }
const nothingCollected = { tables: [], enrolled: 0 }

function isPowerOfTwo(n: number): boolean {
  return (n & (n - 1)) === 0
}

function noCount(steps: unknown): OperatorError {
  return new OperatorError({
    what: 'run({ steps })',
    expected: 'a whole number ≥ 0',
    got: steps,
    next: 'Leave it out to run to the end of the scenario.',
  })
}

/** The source and request handler of a run: its options', else the model's own. */
function schedulerOf(scenario: Pick<Scenario, 'worlds'>, model: Model, kernel: Kernel, options: SimulateOptions): TickScheduler {
  const { source = model.source(scenario.worlds?.run), requestHandler = model.requestHandler(), answerDelayMs } = options
  const { clock, queue, requests } = kernel
  kernel.isAnswered = source !== undefined || requestHandler !== undefined
  return new TickScheduler({ clock, queue, requests, source, requestHandler, answerDelayMs })
}
