/** The summary of a latency run: signals and what came of them, hypotheses, calibration, the portfolio, and the staff. */

import type { AgentSet } from '../../model/index.js'
import { portfolioMetrics, signalsNeeded } from '../../trading/index.js'
import { testHypotheses } from './hypotheses.js'
import type { LatencySignal } from './latency-signal.js'
import type { NetTrader } from './net-trader.js'
import type { Orchestrator } from './orchestrator.js'
import type { OutsideRecord } from './outside.js'
import { calibrationError } from './reliability.js'
import type { Scanner } from './scanner.js'

/** What the summary reads of a latency model. */
export interface SummarySource {
  readonly strangers: number
  readonly outside?: OutsideRecord
  readonly scanners: AgentSet<Scanner>
  readonly detectors: AgentSet<LatencySignal>
  readonly traders: AgentSet<NetTrader>
  readonly orchestrators: AgentSet<Orchestrator>
}

/** The accuracy that a latency system claims to need. */
const CLAIMED = 0.55

export function netTraceSummary(model: SummarySource): Record<string, unknown> {
  const trader = model.traders.at(0)
  const orchestrator = model.orchestrators.at(0)
  const rejected: Record<string, number> = { unknownVantage: model.strangers }
  for (const scanner of model.scanners)
    for (const [reason, n] of Object.entries(scanner.rejected)) rejected[reason] = (rejected[reason] ?? 0) + n
  const { matured, right } = orchestrator?.posted ?? { matured: 0, right: 0 }
  return {
    scans: { taken: model.scanners.sum(scanner => scanner.scans), rejected },
    ...(model.outside === undefined
      ? {}
      : { postedSignals: { taken: model.outside.taken, rejected: { ...model.outside.rejected }, matured, right } }),
    ...(orchestrator === undefined
      ? {}
      : {
          accuracy: {
            matured: orchestrator.matured,
            right: orchestrator.right,
            share: orchestrator.matured === 0 ? null : orchestrator.right / orchestrator.matured,
            /** Signals that tell this share of right ones from a coin’s. */
            neededFor55: signalsNeeded(CLAIMED),
            unjudged: orchestrator.unjudged,
          },
          calibrationError: calibrationError(orchestrator.reliability),
          hypotheses: testHypotheses(orchestrator.hypotheses),
          staff: { ...orchestrator.staff, now: model.detectors.size },
        }),
    ...(trader === undefined
      ? {}
      : {
          latencySignals: { ...trader.signals },
          portfolio: portfolioOf(trader.portfolio),
          fills: trader.fillCount,
          trades: trader.tradeCount,
          haltsByKind: { ...trader.portfolio.gate.begun },
        }),
  }
}

function portfolioOf(portfolio: Parameters<typeof portfolioMetrics>[0]): Record<string, unknown> {
  const { values, reasons } = portfolioMetrics(portfolio)
  return { ...values, reasons, ignoredBy: { ...portfolio.ignored } }
}
