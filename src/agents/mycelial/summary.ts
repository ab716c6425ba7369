/** The summary of a run of the swarm: the figures of the portfolios, patterns, ideas, collisions and halts. */

import { detectableEffects, type HypothesisSpace } from '../../discovery/index.js'
import { type AgentSet, type Model, runOf } from '../../model/index.js'
import {
  buyAndHoldMetrics,
  drawdownRule,
  type Metrics,
  matchedHold,
  type Portfolio,
  portfolioMetrics,
  portfolioNames,
  type Risk,
  type TrendState,
} from '../../trading/index.js'
import { baselineSummary } from './baseline-summary.js'
import type { Memory } from './memory.js'
import type { NetworkMiner } from './network-miner.js'
import { coreTypes } from './roster.js'
import { standardisationBars } from './search-progress.js'
import type { swarmSchema } from './swarm-parameters.js'
import type { Trading } from './trading.js'

/** A pattern in force, as its approval found it. */
export interface ApprovedPattern {
  readonly sign: 1 | -1
  readonly step: number
  readonly placebo: boolean
  /** Expected net return of one trade at the largest value of its driver. */
  readonly value: number
  /** False where the value does not pay for a round trip: known, not traded. */
  readonly traded: boolean
}

/** What the summary reads of the swarm. */
export interface SummarySource extends Model<typeof swarmSchema> {
  readonly trend: TrendState | null
  readonly confirmationFolds: number
  readonly approvalFolds: number
  readonly analysts: { readonly size: number }
  readonly hypotheses: HypothesisSpace
  readonly tested: number
  readonly patternCounts: Readonly<Record<string, number>>
  readonly approved: ReadonlyMap<string, ApprovedPattern>
  readonly networkMiner: NetworkMiner | undefined
  readonly traders: AgentSet<Trading>
  readonly memories: AgentSet<Memory>
  readonly risk: Pick<Risk, 'haltsBegun' | 'settings'> | undefined
  isPlacebo(driver: string): boolean
}

export function swarmSummary(model: SummarySource): Record<string, unknown> {
  const byType = runOf(model).population.counts()
  const ta = model.analysts.size
  const total = Object.values(byType).reduce((sum, n) => sum + n, 0)
  const core = [...coreTypes].reduce((sum, type) => sum + (byType[type] ?? 0), 0)
  return {
    agents: { byType, core, support: total - core - ta, ta },
    ...network(model),
    ...discoveries(model),
    ...trading(model),
    ...memory(model),
  }
}

/** What became of scans, where the swarm has a network moat. */
function network({ networkMiner: miner }: SummarySource) {
  if (miner === undefined) return {}
  const { values, scans: taken, rejected, strangers } = miner
  return { network: { values, scans: { taken, rejected: { unknownVantage: strangers, ...rejected } } } }
}

function discoveries(model: SummarySource) {
  const { patternCounts, approved } = model
  const { drivers } = model.hypotheses
  return {
    drivers: { total: drivers.length, placebo: drivers.filter(driver => model.isPlacebo(driver)).length },
    patterns: {
      hypothesisSpace: model.hypotheses.size,
      tested: model.tested,
      candidates: patternCounts.candidate ?? 0,
      confirmed: patternCounts.confirmed ?? 0,
      approved: patternCounts.approved ?? 0,
      detectable: detectable(model),
      inForce: [...approved].map(([pattern, { placebo, ...found }]) => ({ pattern, ...found, falseDiscovery: placebo })),
    },
  }
}

/** The weakest effect, by horizon, that the whole search would have approved with a chance of 0.8; none in too short a run. */
function detectable({ hypotheses, steps, params, confirmationFolds, approvalFolds }: SummarySource) {
  const bars = Math.max(0, steps - standardisationBars)
  const confirmations = params.confirmationsPer5000
  const design = { bars, hypotheses: hypotheses.size, confirmations, confirmationFolds, approvalFolds }
  return { power: 0.8, bars, effects: detectableEffects(hypotheses.horizons, design, 0.8) }
}

function trading(model: SummarySource) {
  const trader = model.traders.at(0)
  if (trader === undefined) return {}
  const portfolios = Object.fromEntries(portfolioNames.map(name => [name, portfolioSummary(trader.portfolios[name])]))
  const { risk } = model
  const begun = haltsBegun(model, trader)
  return {
    portfolios,
    tradable: tradableSince(trader),
    baseline: baselineSummary(model, trader),
    buyAndHold: flat(buyAndHoldMetrics(trader.buyAndHold)),
    buyAndHoldMatched: matchedHold(trader.buyAndHold, trader.portfolios.baseline.performance),
    ideas: trader.ideas.baseline + trader.ideas.mycelial,
    ideasBySource: { ...trader.ideas },
    fills: trader.fillCount,
    trades: trader.tradeCount,
    collisions: { seen: trader.collisions.seen },
    dataEnded: Array.from(trader.endedPairs, ([pair, ended]) => ({ pair, ...ended })),
    dataEndedLoss: model.params.dataEndedLoss,
    halts: Object.values(begun).reduce((sum, n) => sum + n, 0),
    ...(risk === undefined ? {} : { drawdownRule: drawdownRule(risk.settings) }),
    haltsByKind: begun,
  }
}

/** The end of the first bar on which the portfolios might trade, and the bars since: what every figure of theirs counts. */
function tradableSince({ hasBegun, buyAndHold }: Trading) {
  const { startTime, bars } = buyAndHold.performance
  return { since: hasBegun ? startTime : null, bars }
}

/** Locks begun by kind: the risk manager's, and those of the portfolios' gates. */
function haltsBegun({ risk }: SummarySource, { portfolios }: Trading): Record<string, number> {
  const begun: Record<string, number> = { ...risk?.haltsBegun }
  for (const name of portfolioNames)
    for (const [code, n] of Object.entries(portfolios[name].gate.begun)) begun[code] = (begun[code] ?? 0) + n
  return begun
}

/** Its metrics, and why ideas led to nothing. */
function portfolioSummary(portfolio: Portfolio): Record<string, unknown> {
  const ignoredBy = Object.fromEntries(Object.entries(portfolio.ignored).filter(([, n]) => n > 0))
  return { ...flat(portfolioMetrics(portfolio)), ignoredBy }
}

/** How memory changed the confidences of ideas, and with them what was entered and how large. */
function memory({ memories }: SummarySource) {
  const agent = memories.at(0)
  if (agent === undefined) return {}
  const { factors, ...effect } = agent.effect
  return { memory: { ideas: agent.requests, changed: factors.n, meanFactor: factors.n === 0 ? 1 : factors.mean, ...effect } }
}

/** Values by name, and why the undefined ones are null. */
function flat({ values, reasons }: Metrics): Record<string, unknown> {
  return { ...values, reasons }
}
