/** A trading scenario in a few words: a name, a market, and what differs from the swarm's defaults. */

import type { NetworkMarketOptions, SyntheticOptions } from '../../market/index.js'
import { defineScenario, type Scenario, withDefaults } from '../../model/index.js'
import { type Rule, withOwnRules } from '../../trading/index.js'
import { swarmCollect } from './collect.js'
import { type Analysts, assertOneAnalyst, swarmAgents } from './roster.js'
import { Swarm } from './swarm.js'
import { type SwarmParameters, swarmSchema } from './swarm-parameters.js'
import { TechnicalAnalysis } from './technical-analysis.js'
import { swarmView } from './view/index.js'

/** What `swarmScenario` takes. */
export interface SwarmScenarioOptions {
  readonly name: string
  readonly title: string
  /** The class of analysts that Builder deploys, by its name: `{ Momentum }`; default: `{ TechnicalAnalysis }`. */
  readonly analysts?: Analysts
  /** Rules of the risk gate, besides the house's: `defineRule`. */
  readonly rules?: readonly Rule[]
  /** The market a plain `run` makes; the option `market` replaces it. */
  readonly market: (SyntheticOptions & { readonly kind: 'synthetic' }) | NetworkMarketOptions
  /** Parameters with another default than the swarm's. */
  readonly defaults?: Partial<SwarmParameters>
  readonly steps?: number
  /** The feeds of a live run, by name: the market's and any others; default: kraken, moats. */
  readonly feeds?: readonly string[]
}

/** Makes a scenario of the swarm: a name, a market, and parameters with other defaults. */
export function swarmScenario({
  name,
  title,
  analysts = { TechnicalAnalysis },
  rules = [],
  market,
  defaults = {},
  steps = 5_000,
  feeds = ['kraken', 'moats'],
}: SwarmScenarioOptions): Scenario<Swarm, typeof swarmSchema> {
  assertOneAnalyst(analysts)
  return defineScenario({
    name,
    title,
    model: rules.length === 0 ? Swarm : swarmWith(rules),
    agents: swarmAgents(analysts),
    params: withDefaults(swarmSchema, defaults),
    collect: swarmCollect,
    view: swarmView,
    steps,
    worlds: { run: { market }, live: { feeds: [...feeds], transport: 'redis' } },
  })
}

/** A swarm whose portfolios are judged by these rules too. */
function swarmWith(rules: readonly Rule[]): typeof Swarm {
  const all = withOwnRules(rules)
  return class extends Swarm {
    override get gateRules(): readonly Rule[] {
      return all
    }
  }
}
