/** The machinery behind a model: population, streams, planned events, bus, requests, failures. User code meets it through Model and Agent. */

import { Bus, type Handler, type Topic } from '../bus/index.js'
import { hashName, OperatorError, type Rng, type Root, rootOf, Stream } from '../core/index.js'
import { ActivationLoop, EventQueue, ModelClock } from '../scheduler/index.js'
import { Agent, type AgentModel, removed } from './agent.js'
import { constructionContext } from './construction-context.js'
import { type AgentFailure, Failures, type Quarantined } from './failures.js'
import { type Looker, RefusingRoot, refuseToAct, StreamStates } from './looking.js'
import { describe, Planning } from './planning.js'
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
  readonly planning = new Planning(this)
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
    public params: unknown,
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

  /** Puts other parameters in force, for the model too. */
  setParameters(params: unknown): void {
    this.params = params
    Object.assign(this.model, { params })
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

function replacedParameters(): OperatorError {
  return new OperatorError({
    what: 'the model replaced its params',
    expected: 'the parameters that the run began with, of which its digest and its checkpoints speak',
    next: 'Keep what changes in a field of the model.',
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
