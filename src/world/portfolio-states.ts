/** The portfolios of a trading model as the ledger keeps them; empty where the model does not trade. */

import { Swarm } from '../agents/index.js'
import type { Model } from '../model/index.js'
import type { PortfolioState } from '../storage/index.js'
import { portfolioNames } from '../trading/index.js'

export function portfolioStates(model: Model): PortfolioState[] {
  const trader = model instanceof Swarm ? model.traders.at(0) : undefined
  if (trader === undefined) return []
  return portfolioNames.map(portfolio => {
    const { startE6, cashE6 } = trader.portfolios[portfolio]
    return { portfolio, startE6, cashE6, time: model.now }
  })
}
