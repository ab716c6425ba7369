/** Inputs that only a live world gives: warming up, a doubtful link, another market, agents in other processes. */

import type { RollingWindow } from '../../discovery/index.js'
import type { Agent, AgentSet, Model, Simulation } from '../../model/index.js'
import { type LimitParameters, type Limits, limitsOf, type TrendState, trendRestart } from '../../trading/index.js'
import { Analyst } from './analyst.js'
import type { DataMiner } from './data-miner.js'
import type { Memory } from './memory.js'
import type { PatternLearner } from './pattern-learner.js'
import type { RiskManagement } from './risk-management.js'
import type { Trading } from './trading.js'

export type LiveInput =
  /** Bars of the past follow (true), or they are over (false). */
  | { readonly kind: 'warmup'; readonly on: boolean }
  /** Since then messages may be missing, or another process may run our agents: exits only. Null ends it. */
  | { readonly kind: 'link'; readonly since: number | null }
  /** From then until now this process did not run, or slept: nobody watched the market. */
  | { readonly kind: 'unwatched'; readonly since: number }

/** What the live inputs change. */
export interface LiveState {
  warming: boolean
  linkDownSince: number | null
  watchedSince: number | undefined
  readonly now: number
  readonly miners: AgentSet<DataMiner>
}

/** The parts of the swarm that start again in another market. */
export interface MarketState extends LiveState {
  readonly params: LimitParameters
  limits: Limits
  readonly pairs: readonly string[]
  readonly stale: Map<string, number>
  readonly rollingWindow: RollingWindow
  readonly trend: TrendState | null
  readonly memories: AgentSet<Memory>
  readonly learners: AgentSet<PatternLearner>
  readonly traders: AgentSet<Trading>
  readonly riskManagers: AgentSet<RiskManagement>
}

export function takeLive(swarm: LiveState, input: LiveInput): void {
  if (input.kind === 'warmup') return warm(swarm, input.on)
  if (input.kind === 'link') swarm.linkDownSince = input.since
  if (input.kind === 'unwatched' || input.since === null) swarm.watchedSince = swarm.now
  for (const miner of swarm.miners) {
    if (miner.idle) continue
    if (input.kind === 'link') miner.outage(input.since)
    else miner.gap(input.since, swarm.now)
  }
}

/** Nobody watched the bars of before: what was reached in them is left at a price of today. */
function warm(swarm: LiveState, on: boolean): void {
  swarm.warming = on
  for (const miner of swarm.miners) {
    if (miner.idle) continue
    miner.watch()
    miner.outage(on ? 0 : null)
  }
}

/**
 * Moves the swarm to another market. Learnt state, indicators and the rolling window go on, but no return spans the change.
 * Money, orders, halts and their counters start again, under the limits of the parameters. No agent waits for an earlier answer.
 */
export function enterMarket(sim: Simulation<Model & MarketState>, now: number): void {
  const swarm = sim.model
  sim.rebase(now)
  swarm.warming = false
  swarm.linkDownSince = null
  swarm.watchedSince = undefined
  swarm.stale.clear()
  for (const miner of swarm.miners) {
    miner.lastClose = 0
    miner.staleSince = null
    miner.guard = undefined
  }
  for (let pair = 0; pair < swarm.pairs.length; pair++) swarm.rollingWindow.breakOff(pair)
  if (swarm.trend !== null) trendRestart(swarm.trend)
  for (const memory of swarm.memories) memory.waiting.clear()
  for (const learner of swarm.learners) if (learner.finance !== null) learner.finance.consensusPolicy = null
  swarm.limits = limitsOf(swarm.params)
  for (const trader of swarm.traders) trader.reopen()
  for (const riskManager of swarm.riskManagers) riskManager.reopen()
}

/** Suspends the agents that another process runs. Analysts of every class count as `TechnicalAnalysis`. */
export function shareAgents(sim: Simulation<Model>, isLocal: (agent: { type: string; ordinal: number }) => boolean): void {
  const typeOf = (agent: Agent) => (agent instanceof Analyst ? 'TechnicalAnalysis' : agent.type)
  for (const agent of sim.population) if (!isLocal({ type: typeOf(agent), ordinal: agent.ordinal })) sim.suspend(agent)
}
