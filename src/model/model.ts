/** A model: a population, its parameters and one `step()` a reader understands as a sentence. */

import type { z } from 'zod'
import type { Handler, Topic } from '../bus/index.js'
import { OperatorError, type Rng } from '../core/index.js'
import type { RequestHandler, Source, TickInput } from '../scheduler/index.js'
import type { Agent, AgentClass } from './agent.js'
import { AgentSet } from './agent-set.js'
import type { EventArguments, Seen } from './event-types.js'
import type { AgentFailure } from './failures.js'
import { bound, type Kernel, kernelConstruction } from './kernel.js'
import type { Repetition } from './repetition.js'
import { type BaseClass, guardGetters } from './reserved-names.js'
import type { RunView } from './run-view.js'
import { inspected, showCounts, showParameters } from './show.js'

/**
 * The base of every model: override `setup()` to make the population and `step()` to call the agents in an order. What it keeps in
 * fields is saved with a run: plain data, agents, sets, spaces, layers and streams.
 */
export abstract class Model<P extends z.ZodType = z.ZodType> {
  /** @internal */
  readonly _kernel: Kernel
  /** The scenario's parameters, checked and complete. */
  readonly params: z.output<P>

  constructor() {
    this._kernel = kernelConstruction.take()
    this._kernel.model = this as unknown as Model
    this.params = this._kernel.params as z.output<P>
  }

  /** Makes the initial population; called once by the runner, never on resume. */
  setup(): void {}

  /** One step, after the tick's inputs and due events. */
  step(): void {}

  /** Ends the run: closes what is open. Called once, after the last step; a checkpoint made before it can be resumed. */
  finish(): void {}

  /** The result of a run, as plain data for manifests. */
  summary(): Record<string, unknown> {
    return {}
  }

  /** Declares the model's own subscriptions; runs before setup and again after restore. */
  wire(): void {}

  /** Takes one input of the world; models without a world never get any. */
  receive(_input: TickInput): void {}

  /** Where inputs come from when the caller of `simulate` names no source. `world`: what the scenario says of `worlds.run`. */
  source(_world?: unknown): Source | undefined {
    return undefined
  }

  /** Answers requests when the caller of `simulate` names no handler. */
  requestHandler(): RequestHandler | undefined {
    return undefined
  }

  /** The topic of a name, for messages from other processes. Undefined: the message is ignored. */
  topicNamed(_name: string): Topic<unknown> | undefined {
    return undefined
  }

  /** The rule for an agent that throws, exceeds a cap or publishes a refused message. By default the run stops. */
  onAgentFailure(_agent: Agent, _failure: AgentFailure): 'throw' | 'quarantine' {
    return 'throw'
  }

  /** Steps done. */
  get steps(): number {
    return this._kernel.clock.steps
  }

  /** Model time: ms in trading worlds, steps in framework models. */
  get now(): number {
    return this._kernel.clock.now
  }

  /** The `order` stream: what sets and spaces draw from by default. */
  get rng(): Rng {
    return this._kernel.order
  }

  /** A stream by name: its draws shift no other stream. */
  stream(name: string): Rng {
    return this._kernel.stream(name)
  }

  /** All living agents, type by type; a new set at each call. */
  get agents(): AgentSet<Agent> {
    return new AgentSet(this._kernel, [...this._kernel.population])
  }

  /** The living set of one type. */
  agentsOf<A extends Agent>(kind: AgentClass<A>): AgentSet<A> {
    return this._kernel.population.setOf(kind) as unknown as AgentSet<A>
  }

  spawn<A extends Agent>(kind: AgentClass<A>, fields?: Partial<A>): A
  spawn<A extends Agent>(n: number, kind: AgentClass<A>, fieldsOf?: (i: number) => Partial<A>): A[]
  spawn<A extends Agent>(
    first: number | AgentClass<A>,
    second?: AgentClass<A> | Partial<A>,
    fieldsOf?: (i: number) => Partial<A>,
  ): A | A[] {
    if (typeof first === 'number') return this._kernel.population.spawn(first, second as AgentClass<A>, fieldsOf)
    return this._kernel.population.spawnOne(first, second as Partial<A> | undefined)
  }

  /** Subscribes; to be called in `wire()`. */
  on<T>(topic: Topic<T>, handler: Handler<T>): void {
    if (this.wire === Model.prototype.wire) this._kernel.assertWiring(this, topic as Topic<never>)
    this._kernel.bus.subscribe(topic, 0, bound(this, topic, handler))
  }

  publish<T>(topic: Topic<T>, message: NoInfer<T>): void {
    this._kernel.bus.publish(topic, message, 0)
  }

  /** Calls `this[method](payload)` once, `delay` from now. Returns a handle. The payload is what the method takes. */
  after<T, K extends keyof this & string>(
    this: Seen<T>,
    delay: number,
    method: K,
    ...payload: EventArguments<T[K & keyof T]>
  ): number
  after(delay: number, method: string, payload?: unknown, priority = 0): number {
    return this._kernel.planning.after(this, delay, method, payload, priority)
  }

  /** Calls `this[method](payload)` once, at that time. */
  at<T, K extends keyof this & string>(this: Seen<T>, time: number, method: K, ...payload: EventArguments<T[K & keyof T]>): number
  at(time: number, method: string, payload?: unknown, priority = 0): number {
    return this._kernel.planning.at(this, time, method, payload, priority)
  }

  /** Calls the method every `period` (> 0), first after one period; `{ period, start, end, count }` says when first, and when or after how many calls no more. */
  every<T, K extends keyof this & string>(
    this: Seen<T>,
    period: number | Repetition,
    method: K,
    ...payload: EventArguments<T[K & keyof T]>
  ): number
  every(period: number | Repetition, method: string, payload?: unknown, priority = 0): number {
    return this._kernel.planning.every(this, period, method, payload, priority)
  }

  cancel(handle: number): boolean {
    return this._kernel.planning.cancel(handle)
  }

  /** The class, step, time and seed; the agents by type; the parameters. */
  toString(): string {
    const { clock, seed, population } = this._kernel
    return [
      `${this.constructor.name} at step ${clock.steps}, time ${clock.now}, seed ${seed}`,
      `  ${showCounts(population.counts())}`,
      `  parameters ${showParameters(this.params)}`,
    ].join('\n')
  }

  /** @internal */
  [inspected](): string {
    return String(this)
  }

  /** Ends the run after this step. */
  stop(reason: string): void {
    this._kernel.assertActing('stop()')
    if (typeof reason !== 'string') throw noReason(reason)
    this._kernel.stopReason ??= reason
  }
}

function noReason(got: unknown): OperatorError {
  return new OperatorError({
    what: 'stop(reason)',
    expected: 'a text that says why the run ends',
    got,
    next: "Write: this.stop('everybody is content').",
  })
}

/** @internal What a class of models may override, and what not. */
export const modelBase: BaseClass = {
  noun: 'model',
  prototype: Model.prototype,
  overridable: new Set([
    'constructor',
    'setup',
    'step',
    'finish',
    'summary',
    'wire',
    'receive',
    'source',
    'requestHandler',
    'topicNamed',
    'onAgentFailure',
    'toString',
  ]),
  written: new Set(['_kernel', 'params']),
  kept: new Set(),
}
guardGetters(modelBase)

/** What a model may ask about its own run; a function, so that a model may have fields of these names. */
export function runOf(model: Model): RunView {
  return model._kernel
}
