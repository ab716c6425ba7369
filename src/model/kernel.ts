/** The machinery behind a model: population, streams, planned events, bus, requests, failures. User code meets it through Model and Agent. */

import { Bus, type Handler, type Topic } from '../bus/index.js'
import { hashName, OperatorError, Rng, type Root, rootOf } from '../core/index.js'
import { ActivationLoop, EventQueue, ModelClock, type PlannedEvent, schedulerLimits } from '../scheduler/index.js'
import { Agent, type AgentModel } from './agent.js'
import { constructionContext } from './construction-context.js'
import { type AgentFailure, Failures, type Quarantined } from './failures.js'
import { refusePromise } from './guard.js'
import { Population } from './population.js'
import { Prefetch } from './prefetch.js'
import { Requests } from './requests.js'
import type { RunView } from './run-view.js'
import { type AgentClasses, TypeNames } from './type-names.js'

/** What the kernel needs of its model. */
export interface KernelModel extends AgentModel {
  onAgentFailure(agent: Agent, failure: AgentFailure): 'throw' | 'quarantine'
}

const lookFamily = hashName('stream:look')

export const kernelConstruction = constructionContext<Kernel>('Models')

export class Kernel implements RunView {
  readonly root: Root
  readonly names: TypeNames
  readonly clock = new ModelClock()
  readonly queue = new EventQueue()
  readonly requests = new Requests()
  readonly failures = new Failures(this)
  readonly bus = new Bus((error, subscriber) => this.failures.failedById(error, subscriber))
  readonly population: Population = new Population(this, this.bus)
  readonly prefetch: Prefetch<Agent>
  readonly loop: ActivationLoop<Agent>
  readonly streams = new Map<string, Rng>()
  /** The stream sets and spaces draw from when none is given. */
  order: Rng
  stopReason: string | undefined
  looking = false
  /** The model; set before anything can ask for it. */
  declare model: KernelModel
  private readonly subscriptions = new Map<Agent, (() => void)[]>()

  constructor(
    readonly seed: number | string,
    readonly params: unknown,
    readonly agents: AgentClasses = {},
  ) {
    this.names = new TypeNames(agents)
    this.root = rootOf(seed)
    this.prefetch = new Prefetch<Agent>(this.root)
    this.loop = new ActivationLoop<Agent>(this)
    this.order = this.stream('order')
  }

  get quarantined(): readonly Quarantined[] {
    return this.failures.quarantined
  }

  isQuarantined(agent: Agent): boolean {
    return this.failures.has(agent)
  }

  stream(name: string): Rng {
    let rng = this.streams.get(name)
    if (rng === undefined) {
      rng = Rng.derive(this.root, hashName(`stream:${name}`), 0)
      if (!this.looking) this.streams.set(name, rng)
    }
    return rng
  }

  /**
   * Runs code that only reads, such as reporters. Its default draws come from a stream of this step alone, a type it
   * mentions is not remembered, and it cannot change the population or the planned events.
   */
  look<R>(f: () => R): R {
    const { order } = this
    this.order = Rng.derive(this.root, lookFamily, this.clock.steps)
    this.looking = true
    this.bus.muted = true
    try {
      return f()
    } finally {
      this.order = order
      this.looking = false
      this.bus.muted = false
    }
  }

  /** Throws if a reporter tries to change the run. */
  assertActing(what: string): void {
    if (!this.looking) return
    throw new OperatorError({ what: `${what} by a reporter`, expected: 'reporters that only look', next: 'Do it in a step.' })
  }

  subscribe<T>(agent: Agent, topic: Topic<T>, handler: Handler<T>): void {
    const undo = this.bus.subscribe(topic, agent.id, handler)
    const known = this.subscriptions.get(agent)
    if (known === undefined) this.subscriptions.set(agent, [undo])
    else known.push(undo)
  }

  silence(agent: Agent): void {
    if (this.subscriptions.size === 0) return
    for (const undo of this.subscriptions.get(agent) ?? []) undo()
    this.subscriptions.delete(agent)
  }

  repeat(target: object, period: number, method: string, payload: unknown, priority: number): number {
    if (!(period > 0)) throw new OperatorError({ what: `every() of event "${method}"`, expected: 'a period > 0', got: period })
    return this.plan(target, this.clock.now + period, method, payload, period, priority)
  }

  plan(target: object, time: number, method: string, payload: unknown, every: number, priority: number): number {
    if (this.looking) this.assertActing(`event "${method}"`)
    if (Number.isNaN(priority))
      throw new OperatorError({ what: `priority of event "${method}"`, expected: 'a number', got: priority })
    if (!(time >= this.clock.now))
      throw new OperatorError({ what: `event "${method}"`, expected: `a time from ${this.clock.now} on`, got: time })
    if (typeof (target as Record<string, unknown>)[method] !== 'function')
      throw new OperatorError({ what: `event "${method}" of ${describe(target)}`, expected: 'the name of a method', got: method })
    return this.queue.plan({ time, priority, target, method, payload, every })
  }

  cancel(handle: number): boolean {
    this.assertActing('cancel()')
    return this.queue.cancel(handle)
  }

  ask(target: Agent, kind: string, payload: unknown, method: string): number {
    if (this.looking) this.assertActing(`ask("${kind}")`)
    return this.requests.add({ target, kind, payload, method, askedAt: this.clock.now })
  }

  /** Hands an answer to the agent that made the request. Ignores an unknown request and one already answered. */
  answer(id: number, value: unknown): void {
    const request = this.requests.take(id)
    if (request !== undefined) this.call(request.target, request.method, value)
  }

  /** Fires all events due at `time`, including those planned meanwhile. Events of removed agents are dropped. */
  fireDue(time: number): void {
    const { queue } = this
    let fired = 0
    for (let event = queue.popDue(time); event !== undefined; event = queue.popDue(time)) {
      if (event.every > 0 && event.target instanceof Agent && event.target.idle) queue.cancel(event.sequence)
      else this.call(event.target, event.method, event.payload)
      if (++fired > schedulerLimits.eventsPerTick) throw endless(event)
    }
  }

  /** Calls a method by name on an agent or the model, and drains. */
  private call(target: object, method: string, payload: unknown): void {
    if (target instanceof Agent && target.idle) return
    try {
      const returned = (target as Record<string, (payload: unknown) => unknown>)[method]?.(payload)
      if (typeof returned === 'object') refusePromise(returned, `${method}() of ${describe(target)}`)
    } catch (error) {
      this.failures.failed(error, target instanceof Agent ? target : undefined)
    }
    this.bus.drain()
  }

  endTick(): void {
    this.failures.failViolators()
    this.population.settle()
  }
}

function endless(event: PlannedEvent): OperatorError {
  return new OperatorError({
    what: `events of one instant (the last was "${event.method}" at ${event.time})`,
    expected: `at most ${schedulerLimits.eventsPerTick}`,
    next: 'An event that plans itself again with no delay never ends.',
  })
}

function describe(target: object): string {
  return target instanceof Agent ? target.key : 'the model'
}
