/** A scenario: model, parameters, what is collected, how it is drawn, and its worlds as plain data. */

import type { z } from 'zod'
import { OperatorError } from '../core/index.js'
import type { AgentClass } from './agent.js'
import type { AgentIn, Collect, OfAgent } from './collector.js'
import type { Model } from './model.js'

/** How one agent is drawn. */
export interface Look {
  color?: string
  /** Relative; 1 is a cell or a bird. */
  size?: number
  shape?: 'circle' | 'square' | 'arrow'
  /** Radians, for arrows. */
  angle?: number
}

/** How a viewer or report may draw a model; plain functions of agents, never called by a run itself. */
export interface View<M extends Model> {
  /** Names of model columns to chart. */
  charts?: readonly string[]
  /** Per type: how one agent looks. */
  agents?: Record<string, OfAgent<AgentIn<M>, Look>>
  /** Per layer: its colours from least to most. */
  layers?: Record<string, { colors: readonly string[]; min?: number; max?: number }>
  /** The space agents stand in. */
  space?: (model: M) => unknown
}

/** What a scenario is defined by. */
export interface ScenarioOptions<M extends Model, P extends z.ZodType> {
  /** Stable name in digests, folders and manifests; default: the title in kebab case. */
  name?: string
  title: string
  model: new () => M
  params: P
  /** Classes that are first spawned after set-up and have no set in the model's fields: a resume must know them. */
  agents?: readonly AgentClass[]
  collect?: Collect<M>
  view?: View<M>
  /** What `run` and `live` should put around the model; plain data that only `world/` interprets. */
  worlds?: { run?: unknown; live?: unknown }
  /** Steps a plain `run` takes. */
  steps?: number
}

/** What `defineScenario` returns and `simulate` and `run` take. */
export interface Scenario<M extends Model = Model, P extends z.ZodType = z.ZodType> extends ScenarioOptions<M, P> {
  readonly name: string
}

/** Makes a scenario of a model, its parameters and what is collected; throws an `OperatorError` for a name no folder can have. */
export function defineScenario<M extends Model, P extends z.ZodType>(options: ScenarioOptions<M, P>): Scenario<M, P> {
  const name =
    options.name ??
    options.title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new OperatorError({ what: 'scenario name', expected: 'small letters, digits and hyphens', got: name })
  return { ...options, name }
}
