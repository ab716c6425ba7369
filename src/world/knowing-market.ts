/** What a market says of itself, such as the causes planted in it, told to whoever looks at the model it drives. */

import { setMarketBehind } from '../agents/index.js'
import type { Simulation } from '../model/index.js'
import type { PreparedMarket } from './market.js'

/** The same simulation: begun, resumed or branched, on its market. */
export function knowingMarket(sim: Simulation, market: PreparedMarket | undefined): Simulation {
  if (market !== undefined) setMarketBehind(sim.model, market.source)
  return sim
}
