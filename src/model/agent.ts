/** An agent: a plain object with public fields and a `step()`. What it owns is plain data or references to agents. */

import type { Handler, Topic } from '../bus/index.js'
import { BrokenInvariant, type Rng } from '../core/index.js'
import { AgentRng } from './agent-rng.js'
import { birthplace } from './birth.js'
import type { Model } from './model.js'

/** A class of agents. Its type is called as the scenario's `agents` say, or by a `static type` of its own. */
export interface AgentClass<A extends Agent = Agent> {
  new (): A
  readonly type?: string
  readonly prototype: A
}

/** The space an agent stands in, as far as the kernel must know it. */
export interface Home {
  /** Takes a removed agent off the space. */
  forget(agent: Agent): void
}

/** @internal What `spawn` hands to the constructor; good for one agent. */
export interface Birth {
  model: Model
  id: number
  ordinal: number
  taken: boolean
}

/** @internal */
export const agentBirth = birthplace<Birth>('Agents')

/** Fields the kernel owns: not part of what an agent saves by itself. */
export const kernelFields: ReadonlySet<string> = new Set(['id', 'home', '_spot', 'model', 'ordinal', '_draws', '_status'])

/** Removed agents are out for good; quarantined ones, and those another process runs, live on uncalled. */
export const Status = { active: 0, quarantined: 1, removed: 2, unborn: 3 } as const

/**
 * The base of every agent: public fields and a `step()`, no constructor arguments. Made by `spawn`, removed by `remove()`. What it keeps is
 * plain data, typed arrays, `Map`, `Set` and references to agents; anything else makes a checkpoint fail, naming type and field.
 */
// The order of assignment is the order in memory: what a step touches lies next to the subclass's own fields. `declare`: a plain
// declaration would define every field a second time, in a place all classes share. The kernel's own fields begin with _, so
// that no field of a user's agent (`status`, `spot`) can take their place unnoticed.
export abstract class Agent<M extends Model = Model> {
  /** Unique in the run, ascending in order of birth, never reused. */
  declare readonly id: number
  /** @internal The space it stands in; written by that space alone. */
  declare readonly home: Home | undefined
  /** @internal Where its home keeps it; written by that space alone. */
  declare readonly _spot: number
  declare readonly model: M
  /** Number within the type, from 0: with the type's name the agent's key in streams and ids. */
  declare readonly ordinal: number
  /** @internal How many numbers it has drawn from its stream. */
  declare _draws: number
  /** @internal Written once the agent is born, and so behind the fields of its class in memory, which is what Foresight needs. */
  declare _status: number
  /** @internal The name of its type, kept by each class's own prototype. */
  declare readonly _type: string
  /** @internal The family its stream belongs to, a hash of that name: kept likewise. */
  declare readonly _family: number

  constructor() {
    const birth = agentBirth.take()
    if (birth.taken) throw new BrokenInvariant('Agents are made by the kernel: use spawn(), not new.')
    birth.taken = true
    this.id = birth.id
    this.home = undefined
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

  /** The agent's own stream: nobody else's draws shift it. */
  get rng(): Rng {
    return new AgentRng(this)
  }

  /** What the agent does in one step. */
  step(): void {}

  /** Declares subscriptions; runs after spawn and again after restore. */
  wire(): void {}

  /** Subscribes a method; to be called in `wire()`. */
  on<T>(topic: Topic<T>, handler: Handler<T>): void {
    this.model.kernel.subscribe(this, topic, handler.bind(this))
  }

  publish<T>(topic: Topic<T>, message: NoInfer<T>): void {
    this.model.kernel.bus.publish(topic, message, this.id)
  }

  /** Calls `this[method](payload)` once, `delay` from now (ms in trading worlds, steps in framework models). Returns a handle. */
  after<K extends keyof this & string>(delay: number, method: K, payload?: unknown, priority = 0): number {
    return this.model.kernel.plan(this, this.model.now + delay, method, payload, 0, priority)
  }

  at<K extends keyof this & string>(time: number, method: K, payload?: unknown, priority = 0): number {
    return this.model.kernel.plan(this, time, method, payload, 0, priority)
  }

  /** Calls the method every `period` (> 0), first after one period. */
  every<K extends keyof this & string>(period: number, method: K, payload?: unknown, priority = 0): number {
    return this.model.kernel.repeat(this, period, method, payload, priority)
  }

  cancel(handle: number): boolean {
    return this.model.kernel.cancel(handle)
  }

  /** Asks what only the world can answer; `this[method](answer)` is called in a later tick. */
  ask<K extends keyof this & string>(kind: string, payload: unknown, method: K): number {
    return this.model.kernel.ask(this, kind, payload, method)
  }

  /** Leaves the model: off its set, its space, its topics and its planned events. */
  remove(): void {
    this.model.kernel.remove(this)
  }
}

// As long as its constructor runs.
Agent.prototype._status = Status.unborn
