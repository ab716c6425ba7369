/** What a tick puts into the tables of the ledger: the same whether it is run or replayed. */

import type { LiveModel } from '../../../agents/index.js'
import type { ChangedPortfolio, TickDecisions } from '../../../storage/index.js'
import { changedPortfolio } from './changed-portfolio.js'
import type { TickFacts } from './tick-facts.js'

/** Call it after the tick. */
export function tickDecisions(tick: number, model: LiveModel, facts: TickFacts): TickDecisions {
  const { decisions, recordHead, fills, trades, halts } = facts
  // The first tick of a run writes every portfolio.
  const moved = new Set<string>(fills.map(fill => fill.portfolio))
  const portfolios = allPortfolios(model).filter(({ state }) => tick === 1 || moved.has(state.portfolio))
  return { tick, step: model.steps, decisions, record: recordHead, fills, trades, halts, portfolios }
}

/** Every portfolio of a shard that trades; of another none. */
export function allPortfolios(model: LiveModel): ChangedPortfolio[] {
  return model.portfolios.map(portfolio => changedPortfolio(portfolio, model.now))
}
