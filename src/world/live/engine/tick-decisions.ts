/** What a tick puts into the tables of the ledger: the same whether it is run or replayed. */

import type { Swarm } from '../../../agents/index.js'
import type { ChangedPortfolio, TickDecisions } from '../../../storage/index.js'
import { portfolioNames } from '../../../trading/index.js'
import { changedPortfolio } from './changed-portfolio.js'
import type { TickFacts } from './tick-facts.js'

/** Call it after the tick. */
export function tickDecisions(tick: number, model: Swarm, facts: TickFacts): TickDecisions {
  const { decisions, recordHead, fills, trades, halts } = facts
  // The first tick of a run writes every portfolio.
  const moved = tick === 1 ? portfolioNames : new Set(fills.map(fill => fill.portfolio))
  return { tick, step: model.steps, decisions, record: recordHead, fills, trades, halts, portfolios: changed(model, moved) }
}

/** Every portfolio of a shard that trades; of another none. */
export function allPortfolios(model: Swarm): ChangedPortfolio[] {
  return changed(model, portfolioNames)
}

function changed(model: Swarm, names: Iterable<string>): ChangedPortfolio[] {
  const trader = model.traders.at(0)
  if (trader === undefined || trader.idle) return []
  const wanted = new Set<string>(names)
  return portfolioNames.filter(name => wanted.has(name)).map(name => changedPortfolio(trader.portfolios[name], model.now))
}
