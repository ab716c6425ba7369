/** The machinery behind a model: population, streams, planned events, bus, requests, failures. User code meets it through Model and Agent. */

import { Bus, type Handler, type Topic } from '../bus/index.js'
import {
  closest,
  hashName,
  type NotSaveable,
  OperatorError,
  type Rng,
  type Root,
  refusePromise,
  rootOf,
  Stream,
} from '../core/index.js'
import { ActivationLoop, type DueEvent, EventQueue, ModelClock, repeatTime, Status, schedulerLimits } from '../scheduler/index.js'
import { Agent, type AgentModel, removed } from './agent.js'
import { constructionContext } from './construction-context.js'
import { type AgentFailure, Failures, type Quarantined } from './failures.js'
import { type Looker, RefusingRoot, refuseToAct, StreamStates } from './looking.js'
import { unsaveableIn } from './payload.js'
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
  /** What agents' own streams draw from; while somebody looks, one that refuses. */
  root: Root
  readonly names: TypeNames
  readonly clock = new ModelClock()
  readonly queue = new EventQueue()
  readonly requests = new Requests()
  readonly failures = new Failures(this)
  readonly bus = new Bus((error, subscriber) => this.failures.failedById(error, subscriber))
  readonly population: Population = new Population(this, this.bus)
  readonly prefetch: Prefetch<Agent>
  readonly loop: ActivationLoop<Agent>
  readonly streams = new Map<string, Stream>()
  /** The stream sets and spaces draw from when none is given. */
  order: Rng
  stopReason: string | undefined
  looking = false
  /** False where nothing outside the model could ever answer a request. */
  isAnswered = true
  private wiring = false
  lookedAtBy: Looker = 'a reporter'
  /** The model; set before anything can ask for it. */
  declare model: KernelModel
  private readonly subscriptions = new Map<Agent, (() => void)[]>()
  private readonly ownRoot: Root
  private readonly refusingRoot: Root = new RefusingRoot(this)
  private readonly streamStates = new StreamStates()

  constructor(
    readonly seed: number | string,
    readonly params: unknown,
    readonly agents: AgentClasses = {},
  ) {
    this.names = new TypeNames(agents)
    this.ownRoot = rootOf(seed)
    this.root = this.ownRoot
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
      rng = new Stream(this.ownRoot, hashName(`stream:${name}`), 0)
      if (this.looking) rng.borrowed = true
      else this.streams.set(name, rng)
    }
    return rng
  }

  /**
   * Runs code that only reads, such as reporters. Its default draws come from a stream of this step alone (`ordinal`: or of another
   * moment), the streams it reaches by name are put back, a type it mentions is not remembered, and it cannot draw from an agent's own
   * stream nor change the population or the planned events. A look within a look is part of the outer one.
   */
  look<R>(f: () => R, by: Looker = 'a reporter', ordinal = this.clock.steps): R {
    if (this.looking) return f()
    const { order, bus } = this
    this.streamStates.take(this.streams)
    this.order = lookStream(this.ownRoot, ordinal)
    this.root = this.refusingRoot
    this.looking = true
    this.lookedAtBy = by
    bus.mutedBy = by
    try {
      return f()
    } finally {
      this.streamStates.putBack(this.streams)
      this.order = order
      this.root = this.ownRoot
      this.looking = false
      bus.mutedBy = undefined
    }
  }

  /** Runs code that must find the streams by name as the run left them, even while somebody looks: what saves the state. */
  asTheRunLeftIt<R>(f: () => R): R {
    if (!this.looking) return f()
    const moved = new StreamStates()
    moved.take(this.streams)
    this.streamStates.putBack(this.streams)
    try {
      return f()
    } finally {
      moved.putBack(this.streams, true)
    }
  }

  /** Throws if code that only looks tries to change the run. */
  assertActing(what: string): void {
    if (this.looking) refuseToAct(what, this.lookedAtBy)
  }

  /** Lets an agent, or the model, subscribe. A resume does the same. */
  wire(target: { wire(): void }): void {
    const before = this.wiring
    this.wiring = true
    try {
      target.wire()
    } finally {
      this.wiring = before
    }
  }

  /** For a class without a `wire()`: a subscription made elsewhere would be gone after a resume, without a word. */
  assertWiring(target: object, topic: Topic<never>): void {
    if (this.wiring || this.looking) return
    throw new OperatorError({
      what: `on("${topic.name}") of ${describe(target)}`,
      expected: 'a call within wire()',
      next: 'Move it there: wire() runs after spawn and again after a resume, which knows of no other subscription.',
    })
  }

  subscribe<T>(agent: Agent, topic: Topic<T>, handler: Handler<T>): void {
    if (!agent.alive) throw removed(agent, `on("${topic.name}")`)
    if (agent.wire === Agent.prototype.wire) this.assertWiring(agent, topic as Topic<never>)
    const undo = this.bus.subscribe(topic, agent.id, bound(agent, topic, handler))
    const known = this.subscriptions.get(agent)
    if (known === undefined) this.subscriptions.set(agent, [undo])
    else known.push(undo)
  }

  silence(agent: Agent): void {
    if (this.subscriptions.size === 0) return
    for (const undo of this.subscriptions.get(agent) ?? []) undo()
    this.subscriptions.delete(agent)
  }

  /** Plans a call so long from now. */
  planAfter(target: object, delay: number, method: string, payload: unknown, priority: number): number {
    if (!(delay >= 0 && Number.isFinite(delay))) throw this.refusedDelay(target, delay, method)
    return this.plan(target, this.clock.now + delay, method, payload, priority)
  }

  plan(target: object, time: number, method: string, payload: unknown, priority: number): number {
    this.checkPlan(target, time, method, payload, priority)
    return this.queue.plan({ time, priority, target, method, payload, every: 0 })
  }

  repeat(target: object, period: number, method: string, payload: unknown, priority: number): number {
    if (!(period > 0 && Number.isFinite(period))) throw this.refusedPeriod(target, period, method)
    const start = this.clock.now
    const time = repeatTime(start, period, 1)
    this.checkPlan(target, time, method, payload, priority)
    return this.queue.plan({ time, priority, target, method, payload, every: period, start, round: 1 })
  }

  private checkPlan(target: object, time: number, method: string, payload: unknown, priority: number): void {
    if (this.looking) this.assertActing(`event "${method}"`)
    if (target instanceof Agent && !target.alive) throw removed(target, `event "${method}"`)
    if (!(time >= this.clock.now && Number.isFinite(time))) throw this.refusedTime(target, time, method)
    if (typeof priority !== 'number' || Number.isNaN(priority))
      throw new OperatorError({ what: `priority of ${this.eventOf(target, method)}`, expected: 'a number', got: priority })
    if (typeof (target as Record<string, unknown>)[method] !== 'function')
      throw noMethod(this.eventOf(target, method), target, method)
    const unsaveable = unsaveableIn(payload, this.model)
    if (unsaveable !== undefined) throw refusedPayload(this.eventOf(target, method), unsaveable)
  }

  private refusedTime(target: object, time: number, method: string): OperatorError {
    return new OperatorError({
      what: this.eventOf(target, method),
      expected: `a finite time from ${this.clock.now} on`,
      got: time,
      next: 'at(time) is absolute; after(delay) counts from now.',
    })
  }

  private refusedDelay(target: object, delay: number, method: string): OperatorError {
    return new OperatorError({
      what: `after() of ${this.eventOf(target, method)} at ${this.clock.now}`,
      expected: 'a finite delay ≥ 0',
      got: delay,
      next: 'An event that is never to come need not be planned.',
    })
  }

  private refusedPeriod(target: object, period: number, method: string): OperatorError {
    return new OperatorError({
      what: `every() of ${this.eventOf(target, method)} at ${this.clock.now}`,
      expected: 'a finite period > 0',
      got: period,
      next: 'For one call use after(delay).',
    })
  }

  private eventOf(target: object, method: string): string {
    return `event "${method}" of ${describe(target)}`
  }

  cancel(handle: number): boolean {
    this.assertActing('cancel()')
    return this.queue.cancel(handle, isAwaited)
  }

  ask(target: Agent, kind: string, payload: unknown, method: string): number {
    if (this.looking) this.assertActing(`ask("${kind}")`)
    if (!target.alive) throw removed(target, `ask("${kind}")`)
    if (typeof (target as unknown as Record<string, unknown>)[method] !== 'function')
      throw noMethod(`ask("${kind}") of ${target.key}`, target, method)
    const unsaveable = unsaveableIn(payload, this.model)
    if (unsaveable !== undefined) throw refusedPayload(`ask("${kind}") of ${target.key}`, unsaveable)
    if (!this.isAnswered) throw unanswered(kind, target)
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
    if (this.model.params !== this.params) throw replacedParameters()
    this.failures.failViolators()
    this.population.settle()
  }
}

/** What is drawn by default while somebody looks. */
function lookStream(root: Root, ordinal: number): Stream {
  const stream = new Stream(root, lookFamily, ordinal)
  stream.borrowed = true
  return stream
}

function endless(event: DueEvent): OperatorError {
  return new OperatorError({
    what: `events of one instant (the last was "${event.method}" at ${event.time})`,
    expected: `at most ${schedulerLimits.eventsPerTick}`,
    next: 'An event that plans itself again with no delay never ends.',
  })
}

function replacedParameters(): OperatorError {
  return new OperatorError({
    what: 'the model replaced its params',
    expected: 'the parameters that the run began with, of which its digest and its checkpoints speak',
    next: 'Keep what changes in a field of the model.',
  })
}

function refusedPayload(what: string, { path, got }: NotSaveable): OperatorError {
  return new OperatorError({
    what: `${what}: ${path} is ${got}`,
    expected: 'plain data, typed arrays, Map, Set or agents',
    next: 'It is saved with the run until it is delivered: name a method instead of a function, and give data.',
  })
}

/** A handler as a method of who subscribes. */
export function bound<T>(target: object, topic: Topic<T>, handler: Handler<T>): Handler<T> {
  const got: unknown = handler
  if (typeof got === 'function') return handler.bind(target)
  throw new OperatorError({
    what: `on("${topic.name}") of ${describe(target)}`,
    expected: 'a function of a message',
    got: got ?? String(got),
    next: 'Write: this.on(topic, this.hear), with a method hear(message).',
  })
}

function noMethod(what: string, target: object, got: unknown): OperatorError {
  const own = methodsOf(target)
  const near = typeof got === 'string' ? closest(got, own) : undefined
  const next = near === undefined ? `Its methods: ${own.join(', ') || 'none'}.` : `Did you mean "${near}"?`
  const method = typeof got === 'function' ? `the function ${got.name || '(anonymous)'}` : (got ?? String(got))
  return new OperatorError({ what, expected: 'the name of a method', got: method, next })
}

/** The names of the methods of a class, those that Agent and Model have for overriding among them only where it does so. */
function methodsOf(target: object): string[] {
  const names: string[] = []
  for (let at: object = Object.getPrototypeOf(target) as object; isOfUser(at); at = Object.getPrototypeOf(at) as object)
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (typeof value === 'function' && name !== 'constructor') names.push(name)
  return names
}

/** Not the base class itself, Agent or Model, whose prototype is the last but one. */
function isOfUser(prototype: object): boolean {
  const next = Object.getPrototypeOf(prototype) as object | null
  return next !== null && Object.getPrototypeOf(next) !== null
}

function unanswered(kind: string, target: Agent): OperatorError {
  return new OperatorError({
    what: `ask("${kind}") of ${target.key}`,
    expected: 'something that answers, and this simulation has neither a request handler nor a source',
    next: 'Override requestHandler() of the model, or give simulate() a `requestHandler`: { answer, save, restore }.',
  })
}

/** False for the events of an agent that was removed or is quarantined: they never fire, and no checkpoint keeps them. */
export function isAwaited(target: object): boolean {
  return !(target instanceof Agent) || !target.idle || target._status === Status.unspawned
}

function describe(target: object): string {
  return target instanceof Agent ? target.key : 'the model'
}
