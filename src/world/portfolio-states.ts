/** The portfolios of a trading model as the ledger keeps them; empty where the model does not trade. */

import { type LiveModel, NetTrace, Swarm } from '../agents/index.js'
import type { Model } from '../model/index.js'
import type { PortfolioState } from '../storage/index.js'

export function portfolioStates(model: Model): PortfolioState[] {
  return (tradingModel(model)?.portfolios ?? []).map(({ name: portfolio, startE6, cashE6 }) => ({
    portfolio,
    startE6,
    cashE6,
    time: model.now,
  }))
}

function tradingModel(model: Model): LiveModel | undefined {
  return model instanceof Swarm || model instanceof NetTrace ? model : undefined
}
