/** The machinery behind a model: population, streams, queue, bus, requests, failures. User code meets it through Model and Agent. */

import { Bus, type Handler, type Topic } from '../bus/index.js'
import { BrokenInvariant, hashName, MyceliaError, OperatorError, Rng, type Root, rootOf } from '../core/index.js'
import { EventQueue, ModelClock, type PlannedEvent, schedulerLimits } from '../scheduler/index.js'
import { Agent, type AgentClass, agentBirth, type Birth, Status } from './agent.js'
import { AgentSet } from './agent-set.js'
import { birthplace } from './birth.js'
import { Foresight } from './foresight.js'
import type { Model } from './model.js'
import { Requests } from './requests.js'
import { Turns } from './turns.js'
import { type AgentClasses, TypeNames } from './type-names.js'

/** Everything known of one type of agents. */
export interface Kind {
  readonly name: string
  readonly kind: AgentClass
  readonly set: AgentSet
  /** Calls the constructor; made once, so that a birth makes no closure. */
  readonly make: () => Agent
  /** Whether the class has a `wire()` of its own. */
  readonly wires: boolean
  nextOrdinal: number
}

/** An agent that was stopped by the model's rule, and why. */
export interface Quarantined {
  readonly agent: string
  readonly step: number
  readonly reason: string
}

/** An agent failed: names agent, step and seed. */
export class AgentFailure extends MyceliaError {
  override name = 'AgentFailure'
}

const lookFamily = hashName('stream:look')

export const kernelBirth = birthplace<Kernel>('Models')

export class Kernel {
  readonly root: Root
  readonly clock = new ModelClock()
  readonly queue = new EventQueue()
  readonly bus: Bus
  readonly requests = new Requests()
  readonly foresight: Foresight
  readonly turns = new Turns(this)
  readonly names: TypeNames
  readonly kinds = new Map<string, Kind>()
  private readonly kindsByClass = new Map<AgentClass, Kind>()
  /** The one asked for last: births, and deaths, come in rows. */
  private lastKind: Kind | undefined
  /** Sets that have holes. */
  readonly holed: { settle(): void }[] = []
  /** Agents that left or were put to rest so far: while it stands still, nobody in an iteration has gone. */
  gone = 0
  /** True once an agent stays in its set and is not called. */
  someRest = false
  readonly streams = new Map<string, Rng>()
  readonly quarantined: Quarantined[] = []
  /** The stream sets and spaces draw from when none is given. */
  order: Rng
  steps = 0
  nextId = 1
  stopReason: string | undefined
  private looking = false
  /** The model; set before anything can ask for it. */
  declare model: Model
  private readonly birth: Birth = { model: undefined as unknown as Model, id: 0, ordinal: 0, taken: false }
  private readonly subscriptions = new Map<Agent, (() => void)[]>()

  constructor(
    readonly seed: number | string,
    readonly params: unknown,
    readonly scenario: { readonly agents?: AgentClasses | undefined },
  ) {
    this.names = new TypeNames(scenario.agents)
    this.root = rootOf(seed)
    this.foresight = new Foresight(this.root)
    this.order = this.stream('order')
    this.bus = new Bus((error, subscriber) => this.failedById(error, subscriber))
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
   * Runs what must only look, such as reporters: what it draws by default comes from a stream of this step alone, what it
   * mentions is not remembered, and it cannot change the population or the plans.
   */
  look<R>(f: () => R): R {
    const { order } = this
    this.order = Rng.derive(this.root, lookFamily, this.steps)
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

  kindOf(kind: AgentClass): Kind {
    const { lastKind } = this
    return lastKind !== undefined && lastKind.kind === kind ? lastKind : this.findKind(kind)
  }

  private findKind(kind: AgentClass): Kind {
    const known = this.kindsByClass.get(kind) ?? this.newKind(kind)
    if (!this.looking) this.lastKind = known
    return known
  }

  private newKind(kind: AgentClass): Kind {
    const name = this.names.of(kind)
    let known = this.kinds.get(name)
    if (known === undefined) {
      known = { name, kind, set: new AgentSet(this, [], true), make: () => new kind(), wires: hasWire(kind), nextOrdinal: 0 }
      if (this.looking) return known
      nameType(kind, name)
      this.kinds.set(name, known)
      this.kindsByClass.set(kind, known)
    } else if (known.kind !== kind) {
      throw new OperatorError({ what: `two classes of agents are called "${name}"`, next: 'Give one of them a `static type`.' })
    }
    return known
  }

  subscribe<T>(agent: Agent, topic: Topic<T>, handler: Handler<T>): void {
    const undo = this.bus.subscribe(topic, agent.id, handler)
    const known = this.subscriptions.get(agent)
    if (known === undefined) this.subscriptions.set(agent, [undo])
    else known.push(undo)
  }

  spawn<A extends Agent>(n: number, kind: AgentClass<A>, fieldsOf: ((i: number) => Partial<A>) | undefined): A[] {
    const known = this.kindOf(kind)
    if (n !== n >>> 0) throw new OperatorError({ what: `spawn of ${known.name}`, expected: 'a count ≥ 0 and below 2³²', got: n })
    // Its whole room at once: a list that grows to a million leaves as much again behind, in several pieces, for the collector.
    const born = new Array<A>(n)
    for (let i = 0; i < n; i++) born[i] = this.bear(known, fieldsOf?.(i)) as A
    if (known.wires) for (const agent of born) agent.wire()
    return born
  }

  spawnOne<A extends Agent>(kind: AgentClass<A>, fields: Partial<A> | undefined): A {
    const known = this.kindOf(kind)
    const agent = this.bear(known, fields) as A
    if (known.wires) agent.wire()
    return agent
  }

  private bear(known: Kind, fields: object | undefined): Agent {
    if (this.looking) this.assertActing(`spawn of ${known.name}`)
    const { birth } = this
    birth.taken = false
    birth.model = this.model
    const id = this.nextId++
    birth.id = id
    birth.ordinal = known.nextOrdinal++
    birth.taken = false
    const agent = agentBirth.during(birth, known.make)
    if (fields !== undefined) assign(agent, fields as Record<string, unknown>)
    if (agent.id !== id) throw ownsIdentity(known.name)
    known.set.add(agent)
    agent._status = Status.active
    return agent
  }

  remove(agent: Agent): void {
    if (!agent.alive) return
    if (this.looking) this.assertActing(`remove() of ${agent.key}`)
    if (agent._status === Status.unborn) throw unborn(agent)
    this.silence(agent)
    agent.home?.forget(agent)
    agent._status = Status.removed
    this.gone++
    this.bus.ring()
    this.kindOf(agent.constructor as AgentClass).set.lose()
  }

  repeat(target: Agent | Model, period: number, method: string, payload: unknown, priority: number): number {
    if (!(period > 0)) throw new OperatorError({ what: `every() of event "${method}"`, expected: 'a period > 0', got: period })
    return this.plan(target, this.clock.now + period, method, payload, period, priority)
  }

  plan(target: Agent | Model, time: number, method: string, payload: unknown, every: number, priority: number): number {
    if (this.looking) this.assertActing(`event "${method}"`)
    if (Number.isNaN(priority))
      throw new OperatorError({ what: `priority of event "${method}"`, expected: 'a number', got: priority })
    if (!(time >= this.clock.now))
      throw new OperatorError({ what: `event "${method}"`, expected: `a time from ${this.clock.now} on`, got: time })
    if (typeof (target as unknown as Record<string, unknown>)[method] !== 'function')
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

  /** Fires all events due at `time`, those planned meanwhile included; events of agents that are gone fall out of the queue. */
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
  call(target: object, method: string, payload: unknown): void {
    if (target instanceof Agent && target.idle) return
    try {
      ;(target as Record<string, (payload: unknown) => void>)[method]?.(payload)
    } catch (error) {
      this.failed(error, target instanceof Agent ? target : undefined)
    }
    this.bus.drain()
  }

  /** What the model's rule says when an agent fails: stop the run, or go on without the agent. */
  failed(error: unknown, agent: Agent | undefined): void {
    // An agent answers for its own errors alone: not for one already judged, nor for what a tap could not write down.
    const judged = error instanceof AgentFailure || error === this.bus.tapFailure
    if (agent === undefined || judged || error instanceof BrokenInvariant) throw error
    const reason = error instanceof Error ? error.message : String(error)
    const where = `${agent.key} (id ${agent.id}) failed at step ${this.steps}, seed ${String(this.seed)}: ${reason}`
    const failure = new AgentFailure(where, { cause: error })
    if (this.model.onAgentFailure(agent, failure) !== 'quarantine') throw failure
    this.quarantine(agent, reason)
  }

  quarantine(agent: Agent, reason: string): void {
    if (agent.idle) return
    this.rest(agent)
    this.quarantined.push({ agent: agent.key, step: this.steps, reason })
  }

  /** An agent that another process runs: it keeps its place, its ordinal and its streams, and is not called here. */
  rest(agent: Agent): void {
    if (agent.idle) return
    agent._status = Status.quarantined
    this.someRest = true
    this.gone++
    this.bus.ring()
    this.silence(agent)
  }

  /** Every living agent, type by type. */
  *living(): Iterable<Agent> {
    for (const kind of this.kinds.values()) yield* kind.set
  }

  endTick(): void {
    if (this.bus.offenders.size > 0) this.judgeOffenders()
    // A checkpoint knows no holes, and how often `random` draws depends on them: so none outlives a tick.
    for (let set = this.holed.pop(); set !== undefined; set = this.holed.pop()) set.settle()
  }

  private judgeOffenders(): void {
    for (const [id, reason] of this.bus.offenders) {
      const agent = this.byId(id)
      if (agent !== undefined) this.failed(new MyceliaError(reason), agent)
    }
  }

  /** Throws where somebody who must only look wants to change the run. */
  assertActing(what: string): void {
    if (!this.looking) return
    throw new OperatorError({ what: `${what} by a reporter`, expected: 'reporters that only look', next: 'Do it in a step.' })
  }

  private byId(id: number): Agent | undefined {
    for (const agent of this.living()) if (agent.id === id) return agent
    return undefined
  }

  private failedById(error: unknown, id: number): void {
    this.failed(error, this.byId(id))
  }

  private silence(agent: Agent): void {
    if (this.subscriptions.size === 0) return
    for (const undo of this.subscriptions.get(agent) ?? []) undo()
    this.subscriptions.delete(agent)
  }
}

/** As Object.assign, which is a call into the engine. */
function assign(agent: Agent, fields: Record<string, unknown>): void {
  for (const name in fields) (agent as unknown as Record<string, unknown>)[name] = fields[name]
}

function hasWire(kind: AgentClass): boolean {
  return kind.prototype.wire !== Agent.prototype.wire
}

/**
 * Each class keeps its own, so that a subclass never draws from its parent's streams. It keeps one for good, so that runs side by
 * side do not rename each other's agents.
 */
function nameType(kind: AgentClass, name: string): void {
  const { prototype } = kind
  if (!Object.hasOwn(prototype, '_type'))
    Object.defineProperties(prototype, { _type: { value: name }, _family: { value: hashName(`agent:${name}`) } })
  else if (prototype._type !== name) throw renamed(prototype._type, name)
}

function renamed(before: string, name: string): OperatorError {
  return new OperatorError({
    what: `a class of agents that another scenario calls "${before}" is called "${name}"`,
    expected: 'one name in all scenarios',
    next: `Use the same name, or a subclass: class ${name} extends ${before} {}.`,
  })
}

function ownsIdentity(type: string): OperatorError {
  return new OperatorError({ what: `${type} sets its own id`, next: 'The kernel gives it: rename the field.' })
}

function unborn(agent: Agent): OperatorError {
  return new OperatorError({
    what: `remove() of ${agent.key}`,
    expected: 'an agent that has been born',
    next: 'Do not spawn it, or let it leave in `wire()`.',
  })
}

function endless(event: PlannedEvent): OperatorError {
  return new OperatorError({
    what: `events of one instant (the last was "${event.method}" at ${event.time})`,
    expected: `at most ${schedulerLimits.eventsPerTick}`,
    next: 'An event that plans itself anew with no delay never ends.',
  })
}

function describe(target: Agent | Model): string {
  return target instanceof Agent ? target.key : 'the model'
}
