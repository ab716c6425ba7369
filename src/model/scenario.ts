/** A scenario: model, parameters, what is collected, how it is drawn, and its worlds as plain data. */

import type { z } from 'zod'
import { type Holds, OperatorError } from '../core/index.js'
import type { Collect, Unknowns } from './collector.js'
import type { Model } from './model.js'
import type { Panel } from './panel.js'
import type { Tables, TablesOf } from './table-types.js'
import { type AgentClasses, TypeNames } from './type-names.js'

/** How one agent is drawn. */
export interface AgentStyle {
  color?: string
  /** Relative; 1 is a cell or a bird. */
  size?: number
  shape?: 'circle' | 'square' | 'arrow'
  /** Radians, for arrows. */
  angle?: number
  /** What its look says, for the legend: `infected`; default: its type. */
  label?: string
}

/** How a viewer or report may draw a model; plain functions of agents, never called by a run itself. */
export interface View<M extends Model, C extends AgentClasses = AgentClasses> {
  /** Names of model columns to chart. */
  charts?: readonly string[]
  /** Per type: how one agent looks. */
  agents?: { [K in keyof C]?: (agent: InstanceType<C[K]>) => AgentStyle }
  /** Per layer: its colours from least to most. */
  layers?: Record<string, { colors: readonly string[]; min?: number; max?: number }>
  /** The space agents stand in. */
  space?: (model: M) => unknown
  /** What stands beside the agents, by its title. */
  panels?: Record<string, Panel<M>>
}

/** What a scenario is defined by. */
export interface ScenarioOptions<M extends Model, P extends z.ZodType, C extends AgentClasses = AgentClasses> {
  /** Stable name in digests, folders and manifests; default: the title in kebab case. */
  name?: string
  title: string
  model: new () => M
  params: P
  /**
   * The model's classes of agents by the names of their types: `{ Person }`. The name is part of ids, streams, digests and checkpoints.
   * A class that has a `static type` may be left out, but then `collect` and `view` do not know it, and a resume finds it only where a
   * field of the model or its set-up mentions it.
   */
  agents?: C
  collect?: Collect<M, NoInfer<C>>
  view?: View<M, NoInfer<C>>
  /** What `run` and `live` should put around the model; plain data that only `world/` interprets. */
  worlds?: { run?: unknown; live?: unknown }
  /** Whether the model takes an operator’s orders where it is only simulated, too; what may trade live always does. */
  takesOrders?: boolean
  /** Steps a plain `run` takes. */
  steps?: number
}

/** What `defineScenario` returns and `simulate` and `run` take. */
export interface Scenario<M extends Model = Model, P extends z.ZodType = z.ZodType, T extends Tables = Tables>
  extends ScenarioOptions<M, P>,
    Holds<T> {
  readonly name: string
}

/**
 * Checks a scenario's name and the names of its types.
 * @throws OperatorError where a name is missing, given twice or not well formed.
 */
export function defineScenario<
  M extends Model,
  P extends z.ZodType,
  C extends AgentClasses = never,
  K extends Collect<M, C> = Record<never, never>,
>(options: ScenarioOptions<M, P, C> & { collect?: K & Unknowns<K, C> }): Scenario<M, P, TablesOf<K>> {
  const name =
    options.name ??
    options.title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new OperatorError({ what: 'scenario name', expected: 'small letters, digits and hyphens', got: name })
  // A wrong name is refused here, where it is written, and not only when a run begins.
  new TypeNames(options.agents)
  return { ...(options as unknown as ScenarioOptions<M, P>), name } as Scenario<M, P, TablesOf<K>>
}
