/** What only a live world tells the swarm: warming up, a link in doubt, another market, agents that other processes run. */

import type { RollingWindow } from '../../discovery/index.js'
import type { Agent, AgentSet, Model, Simulation } from '../../model/index.js'
import { Analyst } from './analyst.js'
import type { DataMiner } from './data-miner.js'
import type { Memory } from './memory.js'
import type { PatternLearner } from './pattern-learner.js'
import type { RiskManagement } from './risk-management.js'
import type { Trading } from './trading.js'

export type LiveInput =
  /** Bars of the past follow (true), or they are over (false). */
  | { readonly kind: 'warmup'; readonly on: boolean }
  /** Messages may be missing, or another process may have our agents, since then: exits only. Null: all is well again. */
  | { readonly kind: 'link'; readonly since: number | null }

/** What the live inputs change. */
export interface LiveState {
  warming: boolean
  linkDownSince: number | null
}

/** The parts of the swarm that begin again in another market. */
export interface MarketState extends LiveState {
  readonly pairs: readonly string[]
  readonly stale: Map<string, number>
  readonly rollingWindow: RollingWindow
  readonly miners: AgentSet<DataMiner>
  readonly memories: AgentSet<Memory>
  readonly learners: AgentSet<PatternLearner>
  readonly traders: AgentSet<Trading>
  readonly riskManagers: AgentSet<RiskManagement>
}

export function takeLive(swarm: LiveState, input: LiveInput): void {
  if (input.kind === 'warmup') swarm.warming = input.on
  else swarm.linkDownSince = input.since
}

/**
 * The swarm enters another market, experienced: what was learnt, the indicators and the rolling window go on; no return spans the
 * change, money, orders, halts and what was counted of them begin again, and no agent waits for an answer of before.
 */
export function enterMarket(sim: Simulation<Model & MarketState>, now: number): void {
  const swarm = sim.model
  sim.rebase(now)
  swarm.warming = false
  swarm.linkDownSince = null
  swarm.stale.clear()
  for (const miner of swarm.miners) {
    miner.lastClose = 0
    miner.staleSince = null
  }
  for (let pair = 0; pair < swarm.pairs.length; pair++) swarm.rollingWindow.breakOff(pair)
  for (const memory of swarm.memories) memory.waiting.clear()
  for (const learner of swarm.learners) if (learner.finance !== null) learner.finance.consensusPolicy = null
  for (const trader of swarm.traders) trader.reopen()
  for (const riskManager of swarm.riskManagers) riskManager.reopen()
}

/** The agents another process runs are suspended here. Whatever class the analysts are of, they go by `TechnicalAnalysis`. */
export function shareAgents(sim: Simulation<Model>, isLocal: (agent: { type: string; ordinal: number }) => boolean): void {
  const typeOf = (agent: Agent) => (agent instanceof Analyst ? 'TechnicalAnalysis' : agent.type)
  for (const agent of sim.population) if (!isLocal({ type: typeOf(agent), ordinal: agent.ordinal })) sim.suspend(agent)
}
