/** A launch scenario in a few words: a name, and which parameters begin otherwise. */

import { defineScenario, type Scenario, withDefaults } from '../../model/index.js'
import { Bundler } from './bundler.js'
import { launchCollect } from './collect.js'
import { CopyTrader } from './copy-trader.js'
import { Creator } from './creator.js'
import { LaunchModel } from './launch-model.js'
import { type LaunchOptions, launchSchema } from './launch-parameters.js'
import { MomentumTrader } from './momentum-trader.js'
import { NoiseTrader } from './noise-trader.js'
import { launchPanels } from './panels.js'
import { Sniper } from './sniper.js'
import { Supporter } from './supporter.js'
import { TradeAgent } from './trade-agent.js'
import { User } from './user.js'
import { Whale } from './whale.js'

/** What `launchScenario` takes. */
export interface LaunchScenarioOptions {
  readonly name: string
  readonly title: string
  /** Parameters that differ from the standard ones. */
  readonly params?: LaunchOptions
  readonly steps?: number
}

/** Makes a scenario of token launches. */
export function launchScenario({
  name,
  title,
  params = {},
  steps = 9_000,
}: LaunchScenarioOptions): Scenario<LaunchModel, typeof launchSchema> {
  return defineScenario({
    name,
    title,
    model: LaunchModel,
    agents: { Creator, Sniper, Bundler, Whale, MomentumTrader, CopyTrader, NoiseTrader, Supporter, User, TradeAgent },
    params: withDefaults(launchSchema, params),
    collect: launchCollect,
    view: { charts: ['living', 'graduated', 'trades', 'on_curves'], panels: { ...launchPanels } },
    takesOrders: true,
    steps,
  })
}
