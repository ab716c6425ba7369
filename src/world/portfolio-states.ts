/** The portfolios of a trading model as the ledger keeps them; empty where the model does not trade. */

import { NetTrace, Swarm } from '../agents/index.js'
import type { Model } from '../model/index.js'
import type { PortfolioState } from '../storage/index.js'

export function portfolioStates(model: Model): PortfolioState[] {
  const portfolios = model instanceof Swarm || model instanceof NetTrace ? model.portfolios : []
  return portfolios.map(({ name: portfolio, startE6, cashE6 }) => ({ portfolio, startE6, cashE6, time: model.now }))
}
