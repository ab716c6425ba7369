/** The machinery behind a model: population, streams, queue, bus, requests, failures. User code meets it through Model and Agent. */

import { Bus, type Handler, type Topic } from '../bus/index.js'
import { BrokenInvariant, hashName, MyceliaError, OperatorError, Rng, type Root, rootOf } from '../core/index.js'
import { EventQueue, ModelClock } from '../scheduler/index.js'
import { Agent, type AgentClass, agentBirth, Status, typeName } from './agent.js'
import { AgentSet } from './agent-set.js'
import { birthplace } from './birth.js'
import type { Model } from './model.js'
import { Requests } from './requests.js'

/** Everything known of one type of agents. */
export interface Kind {
  readonly name: string
  readonly kind: AgentClass
  readonly set: AgentSet
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

/** Measured by the world's stopwatch, never acted upon. */
export interface Slowest {
  agent: string
  step: number
  ms: number
}

export const kernelBirth = birthplace<Kernel>('Models')

export class Kernel {
  readonly root: Root
  readonly clock = new ModelClock()
  readonly queue = new EventQueue()
  readonly bus: Bus
  readonly requests = new Requests()
  readonly kinds = new Map<string, Kind>()
  readonly streams = new Map<string, Rng>()
  readonly quarantined: Quarantined[] = []
  /** The stream sets and spaces draw from when none is given. */
  order: Rng
  steps = 0
  nextId = 1
  stopReason: string | undefined
  /** Injected by a world that wants to know who is slow; a simulation never acts on it. */
  stopwatch: (() => number) | undefined
  slowest: Slowest | undefined
  /** The model; set before anything can ask for it. */
  declare model: Model
  private readonly spare: Agent[][] = []
  private readonly subscriptions = new Map<Agent, (() => void)[]>()

  constructor(
    readonly seed: number | string,
    readonly params: unknown,
    readonly scenario: unknown,
  ) {
    this.root = rootOf(seed)
    this.order = this.stream('order')
    this.bus = new Bus((error, subscriber) => this.failedById(error, subscriber))
  }

  stream(name: string): Rng {
    let rng = this.streams.get(name)
    if (rng === undefined) {
      rng = Rng.derive(this.root, hashName(`stream:${name}`), 0)
      this.streams.set(name, rng)
    }
    return rng
  }

  kindOf(kind: AgentClass): Kind {
    const name = typeName(kind)
    let known = this.kinds.get(name)
    if (known === undefined) {
      known = { name, kind, set: new AgentSet(this, [], true), nextOrdinal: 0 }
      this.kinds.set(name, known)
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
    if (!Number.isSafeInteger(n) || n < 0)
      throw new OperatorError({ what: `spawn of ${typeName(kind)}`, expected: 'a count ≥ 0', got: n })
    const known = this.kindOf(kind)
    const wires = kind.prototype.wire !== Agent.prototype.wire
    const born: A[] = []
    const birth = { model: this.model, id: 0, ordinal: 0 }
    agentBirth.during(birth, () => {
      for (let i = 0; i < n; i++) {
        birth.id = this.nextId++
        birth.ordinal = known.nextOrdinal++
        const agent = new kind()
        if (fieldsOf !== undefined) Object.assign(agent, fieldsOf(i))
        known.set.add(agent)
        born.push(agent)
      }
    })
    if (wires) for (const agent of born) agent.wire()
    return born
  }

  remove(agent: Agent): void {
    if (!agent.alive) return
    this.silence(agent)
    agent.home?.forget(agent)
    agent.status = Status.removed
    this.kindOf(agent.constructor as AgentClass).set.lose()
  }

  plan(target: Agent | Model, time: number, method: string, payload: unknown, every: number, priority: number): number {
    if (!(time >= this.clock.now))
      throw new OperatorError({ what: `event "${method}"`, expected: `a time from ${this.clock.now} on`, got: time })
    if (typeof (target as unknown as Record<string, unknown>)[method] !== 'function')
      throw new OperatorError({ what: `event "${method}" of ${describe(target)}`, expected: 'the name of a method', got: method })
    return this.queue.plan({ time, priority, target, method, payload, every })
  }

  ask(target: Agent, kind: string, payload: unknown, method: string): number {
    return this.requests.add({ target, kind, payload, method, askedAt: this.clock.now })
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

  /** Calls `f` for each agent of a scratch list, shuffling as it goes where a stream is given; drains after each. */
  callEach(list: Agent[], n: number, f: (agent: Agent) => void, rng: Rng | undefined): void {
    if (this.stopwatch !== undefined && this.steps % 64 === 0) f = this.timed(f, this.stopwatch)
    const { bus } = this
    let i = 0
    while (i < n) {
      try {
        for (; i < n; i++) {
          if (rng !== undefined) {
            const j = i + rng.int(n - i)
            const t = list[i] as Agent
            list[i] = list[j] as Agent
            list[j] = t
          }
          const agent = list[i] as Agent
          if (agent.status !== Status.active) continue
          f(agent)
          if (bus.busy) bus.drain()
        }
      } catch (error) {
        this.failed(error, list[i])
        bus.drain()
        i++
      }
    }
  }

  /** A scratch copy of a list: nested iterations each get their own. */
  borrow(members: readonly Agent[]): Agent[] {
    const scratch = this.spare.pop() ?? []
    const n = members.length
    for (let i = 0; i < n; i++) scratch[i] = members[i] as Agent
    return scratch
  }

  giveBack(scratch: Agent[]): void {
    if (this.spare.length < 8) this.spare.push(scratch)
  }

  /** What the model's rule says when an agent fails: stop the run, or go on without the agent. */
  failed(error: unknown, agent: Agent | undefined): void {
    if (agent === undefined || error instanceof BrokenInvariant) throw error
    const reason = error instanceof Error ? error.message : String(error)
    const where = `${agent.key} (id ${agent.id}) failed at step ${this.steps}, seed ${String(this.seed)}: ${reason}`
    const failure = new AgentFailure(where, { cause: error })
    if (this.model.onAgentFailure(agent, failure) !== 'quarantine') throw error instanceof MyceliaError ? error : failure
    this.quarantine(agent, reason)
  }

  quarantine(agent: Agent, reason: string): void {
    if (agent.idle) return
    agent.status = Status.quarantined
    this.silence(agent)
    this.quarantined.push({ agent: agent.key, step: this.steps, reason })
  }

  /** An agent that another process runs: it keeps its place, its ordinal and its streams, and is not called here. */
  rest(agent: Agent): void {
    if (agent.idle) return
    agent.status = Status.quarantined
    this.silence(agent)
  }

  /** Every living agent, by id. */
  *living(): Iterable<Agent> {
    for (const kind of this.kinds.values()) yield* kind.set
  }

  endTick(): void {
    for (const [id, reason] of this.bus.offenders) {
      const agent = this.byId(id)
      if (agent !== undefined) this.failed(new MyceliaError(reason), agent)
    }
  }

  endStep(): void {
    for (const kind of this.kinds.values()) kind.set.compact()
  }

  private byId(id: number): Agent | undefined {
    for (const agent of this.living()) if (agent.id === id) return agent
    return undefined
  }

  private failedById(error: unknown, id: number): void {
    this.failed(error, this.byId(id))
  }

  private silence(agent: Agent): void {
    for (const undo of this.subscriptions.get(agent) ?? []) undo()
    this.subscriptions.delete(agent)
  }

  private timed(f: (agent: Agent) => void, stopwatch: () => number): (agent: Agent) => void {
    return agent => {
      const from = stopwatch()
      f(agent)
      const ms = stopwatch() - from
      if (this.slowest === undefined || ms > this.slowest.ms) this.slowest = { agent: agent.key, step: this.steps, ms }
    }
  }
}

function describe(target: Agent | Model): string {
  return target instanceof Agent ? target.key : 'the model'
}
