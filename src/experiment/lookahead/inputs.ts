/** The inputs of a scenario, written down so that they can be given again with another future. */

import { type MarketTick, TickMarket } from '../../market/index.js'
import { Model, type Scenario, type SimulateOptions, type Source, type SourceTick, simulate } from '../../model/index.js'
import type { planRun } from '../../world/index.js'

/** What came in, and how to give it to the scenario again. */
export interface Inputs {
  readonly ticks: readonly SourceTick[]
  /** The place among the ticks of every step. */
  readonly steps: readonly number[]
  /** The scenario with these ticks as its market. */
  scenarioOn(ticks: readonly SourceTick[]): Scenario
  /** The option `source` of a simulation, where the model does not make its own. */
  sourceOn(ticks: readonly SourceTick[]): Pick<SimulateOptions, 'source'>
}

type Plan = Awaited<ReturnType<typeof planRun>>

/** The inputs of at most so many steps; undefined for a model without any. */
export function inputsOf(plan: Plan, most: number): Inputs | undefined {
  const { scenario, market } = plan
  if (market === undefined) return ofOwnSource(plan, most)
  const { pairs, barMs } = market.source
  const asMarket = (ticks: readonly SourceTick[]) => ({ kind: 'ticks', ticks: ticks as readonly MarketTick[], pairs, barMs })
  return {
    ...taken(market.source, most),
    scenarioOn: ticks => ({ ...scenario, worlds: { run: { market: asMarket(ticks) } } }),
    sourceOn: ticks => (makesItsSource(scenario) ? {} : { source: new TickMarket(asMarket(ticks)) }),
  }
}

/** A model that makes a source is asked for it, as in `simulate`: the source it returns may add to the market's ticks. */
function makesItsSource({ model }: Scenario): boolean {
  return model.prototype.source !== Model.prototype.source
}

/** Of a model whose source is its own altogether. */
function ofOwnSource({ scenario, seed, params }: Plan, most: number): Inputs | undefined {
  let own: Source | undefined
  const withSource = (change: (source: Source | undefined) => Source | undefined): Scenario => {
    class Checked extends scenario.model {
      override source(world?: unknown): Source | undefined {
        return change(super.source(world))
      }
    }
    return { ...scenario, model: Checked }
  }
  simulate(
    withSource(source => {
      own = source
      return source
    }),
    { seed, params, collect: false },
  )
  if (own === undefined) return undefined
  return {
    ...taken(own, most),
    scenarioOn: ticks => withSource(() => new TickMarket({ ticks: ticks as readonly MarketTick[], pairs: [], barMs: 0 })),
    sourceOn: () => ({}),
  }
}

function taken(source: Source, most: number): Pick<Inputs, 'ticks' | 'steps'> {
  const ticks: SourceTick[] = []
  const steps: number[] = []
  while (steps.length < most) {
    const tick = source.next()
    if (tick === undefined) break
    if (tick.step) steps.push(ticks.length)
    ticks.push(tick)
  }
  return { ticks, steps }
}
