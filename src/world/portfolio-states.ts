/** The portfolios of a trading model as the ledger keeps them; empty where the model does not trade. */

import { NetTrace, Swarm } from '../agents/index.js'
import type { Model } from '../model/index.js'
import type { PortfolioState } from '../storage/index.js'
import { type Portfolio, portfolioNames } from '../trading/index.js'

export function portfolioStates(model: Model): PortfolioState[] {
  return portfoliosOf(model).map(({ name: portfolio, startE6, cashE6 }) => ({ portfolio, startE6, cashE6, time: model.now }))
}

function portfoliosOf(model: Model): Portfolio[] {
  if (model instanceof NetTrace) return [...model.traders].map(trader => trader.portfolio)
  const trader = model instanceof Swarm ? model.traders.at(0) : undefined
  return trader === undefined ? [] : portfolioNames.map(name => trader.portfolios[name])
}
