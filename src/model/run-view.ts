/** What viewers, worlds and models may see of a run: its population and its failures, read-only. */

import type { Agent } from './agent.js'
import type { AgentSet } from './agent-set.js'
import type { Quarantined } from './failures.js'
import type { AgentClasses } from './type-names.js'

/** The living agents of a run; iterated type by type. */
export interface PopulationView extends Iterable<Agent> {
  /** Living agents. */
  readonly size: number
  /** Agents born so far: their ids run from 1 to this. */
  readonly born: number
  /** The living set of each type, in order of first mention. */
  readonly sets: ReadonlyMap<string, AgentSet<Agent>>
  /** How many of each type. */
  counts(): Record<string, number>
  /** Looks through all agents, and so does `byKey`: not for a step of a large model. */
  byId(id: number): Agent | undefined
  /** The agent of a key such as `Wolf-12`. */
  byKey(key: string): Agent | undefined
}

export interface RunView {
  readonly seed: number | string
  /** The scenario's classes of agents, by the names of their types. */
  readonly agents: AgentClasses
  readonly population: PopulationView
  /** The agents stopped by the model's rule, in that order. */
  readonly quarantined: readonly Quarantined[]
  /** True for an agent among them; one that is only suspended works in another process. */
  isQuarantined(agent: Agent): boolean
}
