/** The activation loop: calls the agents of a list one after another, drains the bus after each, and skips agents that are not active. */

import type { Rng } from '../core/index.js'
import type { Clock } from './clock.js'

/** A removed agent never returns. A quarantined agent, or one that another process runs, stays in its set but is not called. */
export const Status = { active: 0, quarantined: 1, removed: 2, unspawned: 3 } as const

/** What the loop needs of an agent. */
export interface Callable {
  readonly key: string
  /** @internal One of `Status`: only active agents are called. */
  readonly _status: number
}

/** What the loop needs of the bus. */
export interface LoopBus {
  /** True while a message waits, and from a `requestDrain()` to the next drain. */
  readonly busy: boolean
  requestDrain(): void
  drain(): void
}

/** What the loop needs of the prefetch, which reads agents before their turn. */
export interface LoopPrefetch<A> {
  /** The smallest list that is read ahead, in agents. */
  readonly crowd: number
  /** Agents read, and then called, in one go. */
  readonly batch: number
  read(list: readonly A[], from: number, to: number): void
  forget(): void
}

/** What the loop needs of the population. */
export interface LoopPopulation {
  /** Removals and suspensions so far. While it does not change, every agent of an iteration is still active. */
  readonly departures: number
  /** True once an agent stays in its set and is not called. */
  readonly someSuspended: boolean
}

export interface ActivationLoopParts<A> {
  readonly clock: Clock
  readonly bus: LoopBus
  readonly prefetch: LoopPrefetch<A>
  readonly population: LoopPopulation
  readonly failures: { failed(error: unknown, agent: A | undefined): void }
}

/** Measured by the world's stopwatch, never acted upon. */
export interface Slowest {
  agent: string
  step: number
  ms: number
}

type Call<A> = (agent: A) => void

export class ActivationLoop<A extends Callable = Callable> {
  /** Injected by a world that wants to know which agent is slow; a simulation never acts on it. */
  stopwatch: (() => number) | undefined
  slowest: Slowest | undefined
  /** Copies for random orders: nested iterations each get their own. */
  private readonly spare: A[][] = []
  private readonly population: LoopPopulation
  private readonly bus: LoopBus

  constructor(private readonly parts: ActivationLoopParts<A>) {
    this.population = parts.population
    this.bus = parts.bus
  }

  /** Calls `f` for every agent in a random order. `whole`: none of them has been removed. */
  eachShuffled(members: readonly A[], rng: Rng, f: Call<A>, whole: boolean): void {
    const n = members.length
    const order = this.copied(members)
    rng.shuffle(order, n)
    this.each(order, n, f, whole)
    if (this.spare.length < 8) this.spare.push(order)
  }

  /** A copy of the list. A reused copy may be longer than the list. */
  private copied(members: readonly A[]): A[] {
    const copy = this.spare.pop()
    if (copy === undefined) return members.slice()
    for (let i = 0; i < members.length; i++) copy[i] = members[i] as A
    return copy
  }

  /** Calls `f` for each of the first `n` agents of a list. `whole`: none of them has been removed. */
  each(list: readonly A[], n: number, f: Call<A>, whole: boolean): void {
    const { population, stopwatch, bus } = this
    const { prefetch, clock } = this.parts
    const { departures } = population
    const call = stopwatch !== undefined && clock.steps % 64 === 0 ? this.timed(f, stopwatch) : f
    const owed = bus.busy
    const known = whole && !population.someSuspended ? departures : -1
    const crowd = n >= prefetch.crowd
    for (let i = 0; i < n; ) {
      const to = crowd ? Math.min(i + prefetch.batch, n) : n
      if (crowd) prefetch.read(list, i, to)
      i = population.departures === known ? this.callAll(list, i, to, call) : this.callActive(list, i, to, call)
    }
    if (crowd) prefetch.forget()
    // This loop's drain cleared `busy`; an outer loop must still drain and see the departures.
    if (owed || population.departures !== departures) bus.requestDrain()
  }

  /**
   * Calls `f` for some agents, all of them active. Stops after an agent that fails or that removes or suspends one, and returns
   * where to continue. A departure requests a drain, so this loop reads no agent's status: that read costs more than the call of
   * a small step. The function is short because V8 compiles one that runs often better than a long loop; `| 0` and `=== true`
   * tell V8 the types of the values.
   */
  private callAll(list: readonly A[], from: number, to: number, f: Call<A>): number {
    const { population, bus } = this
    const { departures } = population
    const end = to | 0
    let i = from | 0
    try {
      for (; i < end; i++) {
        f(list[i] as A)
        if (bus.busy === true) {
          bus.drain()
          if (population.departures !== departures) return i + 1
        }
      }
    } catch (error) {
      this.failed(error, list[i])
      i++
    }
    return i
  }

  /** As `callAll`, but skips agents that are not active. */
  private callActive(list: readonly A[], from: number, to: number, f: Call<A>): number {
    const { bus } = this
    const end = to | 0
    let i = from | 0
    try {
      for (; i < end; i++) {
        const agent = list[i] as A
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

  private failed(error: unknown, agent: A | undefined): void {
    this.parts.failures.failed(error, agent)
    this.bus.drain()
  }

  private timed(f: Call<A>, stopwatch: () => number): Call<A> {
    return agent => {
      const from = stopwatch()
      f(agent)
      const ms = stopwatch() - from
      if (this.slowest === undefined || ms > this.slowest.ms)
        this.slowest = { agent: agent.key, step: this.parts.clock.steps, ms }
    }
  }
}
