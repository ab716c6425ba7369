/** A scenario of a spot and a futures portfolio in a few words: a name, and the market. */

import type { NewsMarketOptions, SyntheticOptions } from '../../market/index.js'
import { defineScenario, type Scenario } from '../../model/index.js'
import { spotFuturesCollect } from './collect.js'
import { FuturesAgent } from './futures.js'
import { Narrator } from './narrator.js'
import { spotFuturesSchema } from './parameters.js'
import { SpotAgent } from './spot.js'
import { SpotFutures } from './spot-futures.js'
import { spotFuturesPanels } from './view.js'

/** What `spotFuturesScenario` takes. */
export interface SpotFuturesScenarioOptions {
  readonly name: string
  readonly title: string
  /** The market a plain `run` makes. */
  readonly market: SyntheticOptions | NewsMarketOptions
  readonly steps?: number
}

/** Makes a scenario of two portfolios side by side. */
export function spotFuturesScenario({
  name,
  title,
  market,
  steps = 10_000,
}: SpotFuturesScenarioOptions): Scenario<SpotFutures, typeof spotFuturesSchema> {
  return defineScenario({
    name,
    title,
    model: SpotFutures,
    agents: { Narrator, SpotAgent, FuturesAgent },
    params: spotFuturesSchema,
    collect: spotFuturesCollect,
    view: { charts: ['spot_equity', 'futures_equity', 'margin', 'insurance_fund'], panels: { ...spotFuturesPanels } },
    steps,
    worlds: { run: { market } },
  })
}
