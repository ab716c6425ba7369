/** Whose turn it is: calls the agents of a list one after another, drains the bus after each, and passes over those who have gone. */

import type { Rng } from '../core/index.js'
import { type Agent, Status } from './agent.js'
import { limits } from './foresight.js'
import type { Kernel } from './kernel.js'

/** Measured by the world's stopwatch, never acted upon. */
export interface Slowest {
  agent: string
  step: number
  ms: number
}

type Turn = (agent: Agent) => void

export class Turns {
  /** Injected by a world that wants to know who is slow; a simulation never acts on it. */
  stopwatch: (() => number) | undefined
  slowest: Slowest | undefined
  /** Copies for orders drawn anew: nested iterations each get their own. */
  private readonly spare: Agent[][] = []

  constructor(private readonly kernel: Kernel) {}

  /** Calls `f` for everybody in an order drawn anew. `whole`: none of them has been removed. */
  eachShuffled(members: readonly Agent[], rng: Rng, f: Turn, whole: boolean): void {
    const n = members.length
    const order = this.copied(members)
    rng.shuffle(order, n)
    this.each(order, n, f, whole)
    if (this.spare.length < 8) this.spare.push(order)
  }

  /** Where an old copy serves, it may be longer. */
  private copied(members: readonly Agent[]): Agent[] {
    const copy = this.spare.pop()
    if (copy === undefined) return members.slice()
    for (let i = 0; i < members.length; i++) copy[i] = members[i] as Agent
    return copy
  }

  /** Calls `f` for each of the first `n` agents of a list. `whole`: none of them has been removed. */
  each(list: readonly Agent[], n: number, f: Turn, whole: boolean): void {
    const { kernel, stopwatch } = this
    const { bus, foresight, gone } = kernel
    const call = stopwatch !== undefined && kernel.steps % 64 === 0 ? this.timed(f, stopwatch) : f
    const owed = bus.busy
    const known = whole && !kernel.someRest ? gone : -1
    const crowd = n >= limits.crowd
    for (let i = 0; i < n; ) {
      const to = crowd ? Math.min(i + limits.batch, n) : n
      if (crowd) foresight.look(list, i, to)
      i = kernel.gone === known ? this.callAll(list, i, to, call) : this.callLiving(list, i, to, call)
    }
    if (crowd) foresight.forget()
    // An iteration around this one has not yet seen what was rung for.
    if (owed || kernel.gone !== gone) bus.ring()
  }

  /**
   * Calls `f` for some, none of whom has gone; ends after one that fails or that makes somebody go, of which the bus's bell
   * tells. Gives where to go on. To look at everybody's status costs more than the call of a small step; and a function that
   * runs often is compiled better than a long loop, the better when it is told (| 0, === true) what its values are.
   */
  private callAll(list: readonly Agent[], from: number, to: number, f: Turn): number {
    const { kernel } = this
    const { bus, gone } = kernel
    const end = to | 0
    let i = from | 0
    try {
      for (; i < end; i++) {
        f(list[i] as Agent)
        if (bus.busy === true) {
          bus.drain()
          if (kernel.gone !== gone) return i + 1
        }
      }
    } catch (error) {
      this.failed(error, list[i])
      i++
    }
    return i
  }

  /** As `callAll`, passing over those who have gone. */
  private callLiving(list: readonly Agent[], from: number, to: number, f: Turn): number {
    const { bus } = this.kernel
    const end = to | 0
    let i = from | 0
    try {
      for (; i < end; i++) {
        const agent = list[i] as Agent
        if (agent._status !== Status.active) continue
        f(agent)
        if (bus.busy === true) bus.drain()
      }
    } catch (error) {
      this.failed(error, list[i])
      i++
    }
    return i
  }

  private failed(error: unknown, agent: Agent | undefined): void {
    this.kernel.failed(error, agent)
    this.kernel.bus.drain()
  }

  private timed(f: Turn, stopwatch: () => number): Turn {
    return agent => {
      const from = stopwatch()
      f(agent)
      const ms = stopwatch() - from
      if (this.slowest === undefined || ms > this.slowest.ms) this.slowest = { agent: agent.key, step: this.kernel.steps, ms }
    }
  }
}
