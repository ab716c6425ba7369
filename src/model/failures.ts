/** Failures of agents: what the model's rule says of each, and which agents are quarantined since. */

import { BrokenInvariant, MyceliaError } from '../core/index.js'
import type { Agent } from './agent.js'
import { explainWrite } from './parameters.js'

/** An agent failed: names agent, step and seed. */
export class AgentFailure extends MyceliaError {
  override name = 'AgentFailure'
  constructor(
    message: string,
    /** The agent's key, as `Person-7`. */
    readonly agent: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** An agent that was stopped by the model's rule, and why. */
export interface Quarantined {
  readonly agent: string
  readonly step: number
  readonly reason: string
}

/** The reason where another process quarantined the agent. */
export const lostElsewhere = 'quarantined in another process'

/** What the failures need of the kernel. */
export interface FailuresHost {
  readonly seed: number | string
  /** True while code only looks at the model: an agent that throws then has not failed. */
  readonly looking: boolean
  readonly params: unknown
  readonly clock: { readonly steps: number }
  readonly model: { onAgentFailure(agent: Agent, failure: AgentFailure): 'throw' | 'quarantine' }
  readonly bus: { readonly tapFailure: unknown; readonly violations: ReadonlyMap<number, string> }
  readonly population: { byId(id: number): Agent | undefined; suspend(agent: Agent): void } & Iterable<Agent>
}

export class Failures {
  readonly quarantined: Quarantined[] = []

  constructor(private readonly host: FailuresHost) {}

  /** What the model's rule says when an agent fails: stop the run, or continue without the agent. */
  failed(error: unknown, agent: Agent | undefined): void {
    const { bus, clock, seed, model, params } = this.host
    // The rule covers an agent's own errors: not one it has already ruled on, and not the failure of a tap.
    const notItsOwn = error instanceof AgentFailure || error === bus.tapFailure
    if (agent === undefined || notItsOwn || this.host.looking || error instanceof BrokenInvariant) throw error
    const explained = explainWrite(error, params)
    const reason = explained instanceof Error ? explained.message : String(explained)
    const where = `${agent.key} (id ${agent.id}) failed at step ${clock.steps}, seed ${String(seed)}: ${reason}`
    const failure = new AgentFailure(where, agent.key, { cause: error })
    if (model.onAgentFailure(agent, failure) !== 'quarantine') throw failure
    this.quarantine(agent, reason)
  }

  /** As `failed`, for an agent known by its id: a subscriber, or a publisher. */
  failedById(error: unknown, id: number): void {
    this.failed(error, this.host.population.byId(id))
  }

  quarantine(agent: Agent, reason: string): void {
    if (agent.idle) return
    this.host.population.suspend(agent)
    this.note(agent, reason)
  }

  /** Fails the agents that exceeded a cap of the bus, or published a refused message, in this tick. */
  failViolators(): void {
    const { bus, population } = this.host
    if (bus.violations.size === 0) return
    for (const [id, reason] of bus.violations) {
      const agent = population.byId(id)
      if (agent !== undefined) this.failed(new MyceliaError(reason), agent)
    }
  }

  /** Notes agents that another process has quarantined. Only an agent that is suspended here can fail elsewhere, and it is noted once. */
  lose(keys: readonly string[]): void {
    for (const agent of this.host.population)
      if (agent.idle && keys.includes(agent.key) && !this.has(agent)) this.note(agent, lostElsewhere)
  }

  /** True for a quarantined agent; an agent that is only suspended works in another process. */
  has(agent: Agent): boolean {
    return agent.idle && this.quarantined.some(q => q.agent === agent.key)
  }

  private note(agent: Agent, reason: string): void {
    this.quarantined.push({ agent: agent.key, step: this.host.clock.steps, reason })
  }
}
