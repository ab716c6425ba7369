/** Inputs that only a live world gives: warming up, a doubtful link or clock, another market, agents in other processes. */

import type { TimeMs } from '../../core/index.js'
import type { RollingWindow } from '../../discovery/index.js'
import { type Bar, InstrumentTable } from '../../market/index.js'
import type { Agent, AgentSet, Model, Simulation } from '../../model/index.js'
import {
  demandsSame,
  type InstrumentRules,
  type LimitParameters,
  type Limits,
  limitsOf,
  type PairTerms,
  type TradingRules,
  type TrendState,
  trendRestart,
} from '../../trading/index.js'
import { Analyst } from './analyst.js'
import type { DataMiner } from './data-miner.js'
import type { Memory } from './memory.js'
import type { PatternLearner } from './pattern-learner.js'
import type { RiskManagement } from './risk-management.js'
import type { SwarmParameters } from './swarm-parameters.js'
import type { Trading } from './trading.js'

export type LiveInput =
  /** Bars of the past follow (true), or they are over (false). */
  | { readonly kind: 'warmup'; readonly on: boolean }
  /** Since then messages may be missing, or another process may run our agents: exits only. Null ends it. */
  | { readonly kind: 'link'; readonly since: number | null }
  /** Since then this machine's clock is more than a bar away from the exchange's: exits only. Null ends it. */
  | { readonly kind: 'clock'; readonly since: number | null }
  /** From then until now this process did not run, or slept: nobody watched the market. */
  | { readonly kind: 'unwatched'; readonly since: number }
  /** What the exchange demands of orders in a pair from now on. */
  | { readonly kind: 'rules'; readonly pair: string; readonly rules: TradingRules }
  /** Bars of a pair from before its first live one, that could not be had at the start: they are observed, and nobody decides on them. */
  | { readonly kind: 'history'; readonly pair: string; readonly bars: readonly Bar[] }

/** What the live inputs change. */
export interface LiveState {
  warming: boolean
  linkDownSince: number | null
  clockOffSince: TimeMs | undefined
  /** Undefined where no clock was ever wrong: so simulated runs have no such field. */
  clocksOff: Map<string, TimeMs> | undefined
  readonly rules: Map<string, InstrumentRules>
  readonly params: LimitParameters & Pick<SwarmParameters, 'instruments'>
  readonly traders: AgentSet<Trading>
  watchedSince: number | undefined
  readonly now: number
  readonly miners: AgentSet<DataMiner>
}

/** The parts of the swarm that start again in another market. */
export interface MarketState extends LiveState {
  limits: Limits
  readonly pairs: readonly string[]
  readonly stale: Map<string, number>
  readonly rollingWindow: RollingWindow
  readonly trend: TrendState | null
  readonly memories: AgentSet<Memory>
  readonly learners: AgentSet<PatternLearner>
  readonly riskManagers: AgentSet<RiskManagement>
}

export function takeLive(swarm: LiveState, input: LiveInput): void {
  switch (input.kind) {
    case 'warmup':
      return warm(swarm, input.on)
    case 'link':
      swarm.linkDownSince = input.since
      if (input.since === null) swarm.watchedSince = swarm.now
      for (const miner of watching(swarm)) miner.outage(input.since)
      return
    case 'unwatched':
      swarm.watchedSince = swarm.now
      for (const miner of watching(swarm)) miner.gap(input.since, swarm.now)
      return
    case 'clock':
      swarm.clockOffSince = input.since ?? undefined
      for (const miner of watching(swarm)) miner.agree({ clockOffSince: input.since })
      return
    case 'rules':
      return minerOf(swarm, input.pair)?.agree({ rules: input.rules })
    case 'history':
      return minerOf(swarm, input.pair)?.history(input.bars)
  }
}

/** Entries and orders obey a pair's terms from now on, in whichever process they were heard first. */
export function takeTerms(swarm: LiveState, { pair, rules, clockOffSince }: PairTerms): void {
  if (rules !== null) setRules(swarm, pair, rules)
  if (clockOffSince === null) swarm.clocksOff?.delete(pair)
  else {
    swarm.clocksOff ??= new Map()
    swarm.clocksOff.set(pair, clockOffSince)
  }
}

/** Orders from now on obey them; one that waits keeps its quantity. What the user wrote of an instrument stays in force. */
function setRules({ rules, traders, params }: LiveState, pair: string, demanded: TradingRules): void {
  const before = rules.get(pair)
  if (before === undefined || demandsSame(before, demanded) || new InstrumentTable(params.instruments).isOwn(pair)) return
  const after = { ...demanded, ...(before.session === undefined ? {} : { session: before.session }) }
  rules.set(pair, after)
  for (const trader of traders) trader.demand(pair, after)
}

/** Nobody watched the bars of before: what was reached in them is left at a price of today. */
function warm(swarm: LiveState, on: boolean): void {
  swarm.warming = on
  for (const miner of watching(swarm)) {
    miner.watch()
    miner.outage(on ? 0 : null)
  }
}

function minerOf(swarm: LiveState, pair: string): DataMiner | undefined {
  return watching(swarm).find(miner => miner.pair === pair)
}

/** The miners that work in this process. */
function watching({ miners }: LiveState): DataMiner[] {
  return [...miners].filter(miner => !miner.idle)
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
  swarm.clockOffSince = undefined
  swarm.clocksOff = undefined
  swarm.watchedSince = undefined
  swarm.stale.clear()
  for (const miner of swarm.miners) {
    miner.lastClose = 0
    miner.staleSince = null
    miner.guard = undefined
    if (miner.terms !== undefined) miner.terms = { ...miner.terms, clockOffSince: null }
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
