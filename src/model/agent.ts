/** An agent: a plain object with public fields and a `step()`. What it owns is plain data or references to agents. */

import type { Handler, Topic } from '../bus/index.js'
import { BrokenInvariant, OperatorError, type Rng, type Root } from '../core/index.js'
import { Status } from '../scheduler/index.js'
import { AgentRng } from './agent-rng.js'
import type { AgentSet } from './agent-set.js'
import { constructionContext } from './construction-context.js'
import type { Answerable, EventArguments, Seen } from './event-types.js'
import type { Repetition } from './repetition.js'
import { type BaseClass, guardGetters } from './reserved-names.js'
import { inspected, showAgent } from './show.js'

/** A class of agents. The scenario's `agents` name its type, or else its `static type` does. */
export interface AgentClass<A extends Agent = Agent> {
  new (): A
  readonly type?: string
  readonly prototype: A
}

/** A model as any agent sees it; `Agent<Town>` sees all of `Town`. */
export interface AgentModel {
  readonly params: unknown
  readonly steps: number
  readonly now: number
  readonly rng: Rng
  readonly agents: AgentSet<Agent>
  stream(name: string): Rng
  agentsOf<A extends Agent>(type: AgentClass<A>): AgentSet<A>
  spawn<A extends Agent>(type: AgentClass<A>, fields?: Partial<A>): A
  spawn<A extends Agent>(n: number, type: AgentClass<A>, fieldsOf?: (i: number) => Partial<A>): A[]
  stop(reason: string): void
  /** @internal */
  readonly _kernel: AgentKernel
}

/** @internal What an agent needs of the kernel. */
export interface AgentKernel {
  readonly root: Root
  readonly bus: { publish<T>(topic: Topic<T>, message: NoInfer<T>, from: number): void }
  readonly population: { remove(agent: Agent): void }
  subscribe<T>(agent: Agent, topic: Topic<T>, handler: Handler<T>): void
  readonly planning: AgentPlanning
}

/** @internal What an agent needs to plan calls of its methods. */
export interface AgentPlanning {
  after(target: Agent, delay: number, method: string, payload: unknown, priority: number): number
  at(target: Agent, time: number, method: string, payload: unknown, priority: number): number
  every(target: Agent, period: number | Repetition, method: string, payload: unknown, priority: number): number
  cancel(handle: number): boolean
  ask(target: Agent, kind: string, payload: unknown, method: string): number
}

/** The space an agent stands in, as far as the kernel must know it. */
export interface AgentHome {
  /** Takes a removed agent off the space. */
  forget(agent: Agent): void
}

/** @internal What `spawn` hands to the constructor of one agent. */
export interface Birth {
  model: AgentModel
  id: number
  ordinal: number
  taken: boolean
}

// Its own name: a getter that reads an imported one is not made part of its caller.
const gone = Status.removed

/** @internal */
export const agentBirth = constructionContext<Birth>('Agents', howToSpawn)

/** The fields that the constructor writes. */
const written: ReadonlySet<string> = new Set(['id', '_home', '_spot', 'model', 'ordinal', '_draws'])

/** @internal Fields the kernel writes: not part of what an agent saves by itself. */
export const kernelFields: ReadonlySet<string> = new Set([...written, '_status'])

/**
 * The base of every agent: public fields and a `step()`, no constructor arguments. Made by `spawn`, removed by `remove()`. What it keeps is
 * plain data, typed arrays, `Map`, `Set` and references to agents; anything else makes a checkpoint fail, naming type and field.
 */
// The order of assignment is the order in memory: what a step touches lies next to the subclass's own fields. `declare`: a plain
// declaration would define every field a second time, in a place all classes share. The kernel's own fields begin with _, so
// that a user's agent may have fields called `status`, `spot` or `home`.
export abstract class Agent<M extends AgentModel = AgentModel> {
  /** Unique in the run, ascending in order of birth, never reused. */
  declare readonly id: number
  /** @internal The space it stands in; written by that space alone. */
  declare readonly _home: AgentHome | undefined
  /** @internal Where its home keeps it; written by that space alone. */
  declare readonly _spot: number
  declare readonly model: M
  /** Number within the type, from 0: with the type's name the agent's key in streams and ids. */
  declare readonly ordinal: number
  /** @internal How many numbers it has drawn from its stream. */
  declare _draws: number
  /** @internal Written after the constructor, so that it lies behind the class's fields in memory, where Prefetch reads it. */
  declare _status: number
  /** @internal The name of its type, kept by each class's own prototype. */
  declare readonly _type: string
  /** @internal The family its stream belongs to, a hash of that name: kept likewise. */
  declare readonly _family: number

  constructor() {
    const birth = agentBirth.take(this)
    if (birth.taken) throw new BrokenInvariant(`Agents are made by the kernel: use spawn(), not new.${howToSpawn(this)}`)
    birth.taken = true
    this.id = birth.id
    this._home = undefined
    this._spot = -1
    this.model = birth.model as M
    this.ordinal = birth.ordinal
    this._draws = 0
  }

  /** False once removed. */
  get alive(): boolean {
    return this._status !== Status.removed
  }

  /** True while the kernel does not call it: in its constructor, and once removed or quarantined. */
  get idle(): boolean {
    return this._status !== Status.active
  }

  /** The name of its type. */
  get type(): string {
    return this._type
  }

  /** `Type-ordinal`: stable whatever other types exist. */
  get key(): string {
    return `${this.type}-${this.ordinal}`
  }

  /** The agent's own stream: no other draws shift it. Refused once removed, which a stream kept in a variable from before does not notice. */
  get rng(): Rng {
    if (this._status === gone) throw removed(this, 'a draw')
    return new AgentRng(this)
  }

  /** What the agent does in one step. */
  step(): void {}

  /** Declares subscriptions; runs after spawn and again after restore. */
  wire(): void {}

  /** Subscribes a method; to be called in `wire()`. */
  on<T>(topic: Topic<T>, handler: Handler<T>): void {
    this.model._kernel.subscribe(this, topic, handler)
  }

  publish<T>(topic: Topic<T>, message: NoInfer<T>): void {
    if (this._status === gone) throw removed(this, `a message on "${topic.name}"`)
    this.model._kernel.bus.publish(topic, message, this.id)
  }

  /**
   * Calls `this[method](payload)` once, `delay` from now (ms in trading worlds, steps in framework models). Returns a handle. The payload
   * is what the method takes: a method without a parameter is given none.
   */
  after<T, K extends keyof this & string>(
    this: Seen<T>,
    delay: number,
    method: K,
    ...payload: EventArguments<T[K & keyof T]>
  ): number
  after(delay: number, method: string, payload?: unknown, priority = 0): number {
    return this.model._kernel.planning.after(this, delay, method, payload, priority)
  }

  /** Calls `this[method](payload)` once, at that time. */
  at<T, K extends keyof this & string>(this: Seen<T>, time: number, method: K, ...payload: EventArguments<T[K & keyof T]>): number
  at(time: number, method: string, payload?: unknown, priority = 0): number {
    return this.model._kernel.planning.at(this, time, method, payload, priority)
  }

  /** Calls the method every `period` (> 0), first after one period; `{ period, start, end, count }` says when first, and when or after how many calls no more. */
  every<T, K extends keyof this & string>(
    this: Seen<T>,
    period: number | Repetition,
    method: K,
    ...payload: EventArguments<T[K & keyof T]>
  ): number
  every(period: number | Repetition, method: string, payload?: unknown, priority = 0): number {
    return this.model._kernel.planning.every(this, period, method, payload, priority)
  }

  cancel(handle: number): boolean {
    return this.model._kernel.planning.cancel(handle)
  }

  /** Sends a request to the world; `this[method](answer)` is called in a later tick. */
  ask<T, K extends keyof this & string>(this: Seen<T>, kind: string, payload: unknown, method: K & Answerable<T, K>): number
  ask(kind: string, payload: unknown, method: string): number {
    return this.model._kernel.planning.ask(this, kind, payload, method)
  }

  /** `Wolf-12 (id 40) { energy: 7, age: 3 }`. */
  toString(): string {
    return showAgent(this, kernelFields)
  }

  /** @internal */
  [inspected](): string {
    return String(this)
  }

  /** Leaves the model: its set, its space, its topics and its planned events. */
  remove(): void {
    this.model._kernel.population.remove(this)
  }
}

function howToSpawn({ constructor: { name } }: object): string {
  const type = name || 'Person'
  return ` Write this.spawn(${type}) in the model, or this.model.spawn(${type}) in an agent.`
}

/** @internal What a removed agent may not do. Its fields can be read, it may be removed again, and its cancel() is false. */
export function removed(agent: Agent, what: string): OperatorError {
  return new OperatorError({
    what: `${what} by ${agent.key} at step ${agent.model.steps}`,
    expected: 'a living agent, and it was removed',
    next: 'Do it before remove(), or look at agent.alive first.',
  })
}

// The status while the constructor runs.
Agent.prototype._status = Status.unspawned

/** @internal What a class of agents may override, and what not. */
export const agentBase: BaseClass = {
  noun: 'agent',
  prototype: Agent.prototype,
  overridable: new Set(['constructor', 'step', 'wire', 'toString']),
  written,
  kept: new Set(['_type', '_family']),
}
guardGetters(agentBase)
