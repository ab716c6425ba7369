/** The summary of a spot and a futures portfolio. */

import { fromUsdE6 } from '../../core/index.js'
import type { AgentSet } from '../../model/index.js'
import { portfolioMetrics, type RegimeDetector } from '../../trading/index.js'
import type { FuturesAgent } from './futures.js'
import type { Narrator } from './narrator.js'
import { type SpotAgent, spotFeatures } from './spot.js'

/** What is read of the model. */
export interface SummarySource {
  readonly spots: AgentSet<SpotAgent>
  readonly futures: AgentSet<FuturesAgent>
  readonly narrators: AgentSet<Narrator>
  readonly detector: RegimeDetector
}

export function spotFuturesSummary({ spots, futures, narrators, detector }: SummarySource): Record<string, unknown> {
  const [spot, future] = [spots.at(0), futures.at(0)]
  const { regime, switches, fits } = detector
  const { read = 0, unread = {} } = narrators.at(0) ?? {}
  return {
    headlines: { read, unread: { ...unread } },
    regime: { now: regime, switches, fits },
    ...(spot === undefined ? {} : { spot: spotSummary(spot) }),
    ...(future === undefined ? {} : { futures: futuresSummary(future) }),
  }
}

function spotSummary({ portfolio, gains, looks, unlikely, unlearnt, fillCount, tradeCount }: SpotAgent): Record<string, unknown> {
  const { values, reasons } = portfolioMetrics(portfolio)
  const weights = Object.fromEntries(spotFeatures.map((name, i) => [name, gains.weights[i]]))
  return {
    ...values,
    reasons,
    ignoredBy: { ...portfolio.ignored },
    fills: fillCount,
    trades: tradeCount,
    haltsByKind: { ...portfolio.gate.begun },
    model: { looks, unlikely, learnt: gains.outcomes, unlearnt, weights },
  }
}

function futuresSummary(agent: FuturesAgent): Record<string, unknown> {
  const { house, market, gate, fillCount, tradeCount, fundingE6, equityE6 } = agent
  return {
    equity: fromUsdE6(equityE6),
    fills: fillCount,
    trades: tradeCount,
    fundingPaid: fromUsdE6(fundingE6),
    liquidations: house.liquidations,
    insuranceFund: fromUsdE6(house.fundE6),
    fees: fromUsdE6(house.feesE6),
    staleMarks: house.staleMarks,
    badPrices: market.badPrices,
    badFunding: market.badFunding,
    cancelled: { ...market.orders.cancelled },
    haltsByKind: { ...gate.begun },
  }
}
