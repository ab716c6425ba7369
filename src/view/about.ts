/** What a viewer is told of a run once: its scenario, its parameters and what can be asked. */

import type { Scenario, Simulation } from '../model/index.js'
import type { PanelDescription } from './panels.js'
import type { ParameterDescription } from './parameters.js'

/** The part `about`. */
export interface About {
  readonly scenario: string
  readonly title: string
  readonly seed: number | string
  /** Values in force. */
  readonly params: Readonly<Record<string, unknown>>
  readonly parameters: readonly ParameterDescription[]
  /** Steps a plain run takes; null where the scenario names none. */
  readonly steps: number | null
  readonly layers: readonly {
    readonly name: string
    readonly colors: readonly string[]
    readonly min?: number
    readonly max?: number
  }[]
  /** Columns of the table `model`, which `series/model` answers with; those the scenario would chart come first. */
  readonly columns: readonly string[]
  readonly charts: readonly string[]
  readonly panels: readonly PanelDescription[]
  /** Whether commands of an operator (halt, close, lock) mean something here. */
  readonly trades: boolean
  /** What is not shown as it is, because of a limit: agents with the look of others, messages that no panel heard of. */
  readonly beyondLimits: { readonly agents: number; readonly messages: number }
}

/** What of it may differ from look to look, or is read elsewhere. */
export type AboutParts = Pick<About, 'parameters' | 'columns' | 'panels' | 'beyondLimits'>

export function aboutOf(sim: Simulation, { parameters, columns, panels, beyondLimits }: AboutParts): About {
  const { scenario, model, seed } = sim
  const { view = {} } = scenario
  return {
    scenario: scenario.name,
    title: scenario.title,
    seed,
    params: model.params as Record<string, unknown>,
    parameters,
    steps: scenario.steps ?? null,
    layers: Object.entries(view.layers ?? {}).map(([name, layer]) => ({ name, ...layer })),
    columns,
    charts: view.charts ?? [],
    panels,
    trades: takesOrders(scenario),
    beyondLimits,
  }
}

/** Whether a scenario's model takes an operator's orders: whoever may trade live may be ordered to, in any world. */
export function takesOrders({ worlds, takesOrders: takes = false }: Pick<Scenario, 'worlds' | 'takesOrders'>): boolean {
  return takes || worlds?.live !== undefined
}
