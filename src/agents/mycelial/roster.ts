/** The roster: all types of agents in the order in which they spawn and step, and which belong to the 121. */

import { OperatorError } from '../../core/index.js'
import { type DiscoverySignal, financeSignals, moatSignal } from '../../discovery/index.js'
import { type Moat, outsideMoats } from '../../market/index.js'
import type { AgentClass, AgentClasses } from '../../model/index.js'
import { teams } from '../../trading/index.js'
import { Analyst } from './analyst.js'
import { Builder } from './builder.js'
import { Bystander } from './bystander.js'
import { CorpDataMiner } from './corp-data-miner.js'
import { DataMiner } from './data-miner.js'
import { DeepResearch } from './deep-research.js'
import { financeLearnerState } from './finance-learner-state.js'
import { GovtDataMiner } from './govt-data-miner.js'
import { LogisticsMiner } from './logistics-miner.js'
import { MarketExplorer } from './market-explorer.js'
import { Memory } from './memory.js'
import { moatLearnerState } from './moat-learner-state.js'
import type { MoatMiner } from './moat-miner.js'
import { MycelialInstigator } from './mycelial-instigator.js'
import { NetworkMiner } from './network-miner.js'
import { PatternLearner } from './pattern-learner.js'
import type { SwarmModel } from './ports.js'
import { RepoScrape } from './repo-scrape.js'
import { RiskManagement } from './risk-management.js'
import { learnersOf, type SwarmParameters, streamsOf } from './swarm-parameters.js'
import { Trading } from './trading.js'

/** A class of analysts under the name of its type. */
export type Analysts = Readonly<Record<string, AgentClass<Analyst>>>

/** Types that step before the analysts: they observe, learn and deploy. */
const beforeAnalysts = {
  DataMiner,
  RepoScrape,
  LogisticsMiner,
  GovtDataMiner,
  CorpDataMiner,
  PatternLearner,
  MycelialInstigator,
  DeepResearch,
  MarketExplorer,
  Builder,
}

/** Types that step after them: they trade and watch. */
const afterAnalysts = { Memory, Trading, RiskManagement, Bystander }

/** Types that listen and never step. */
const listeners = { NetworkMiner }

/** The types that a swarm may have. */
export type SwarmAgents = typeof beforeAnalysts & typeof afterAnalysts & typeof listeners

/** The types of a swarm by name, in the order of steps. */
export function swarmAgents(analysts: Analysts): SwarmAgents {
  return { ...beforeAnalysts, ...analysts, ...afterAnalysts, ...listeners }
}

export function stepOrder(analyst: AgentClass<Analyst>): AgentClass[] {
  return [...Object.values<AgentClass>(beforeAnalysts), analyst, ...Object.values<AgentClass>(afterAnalysts)]
}

/** What Builder deploys: the class of analysts among a scenario's agents. */
export function analystIn(agents: AgentClasses = {}): AgentClass<Analyst> {
  const found = Object.values(agents).find(isAnalyst)
  if (found === undefined)
    throw new OperatorError({
      what: 'agents of a swarm',
      expected: 'a class that extends Analyst',
      next: 'Make the scenario with swarmScenario({ analysts: { Momentum } }).',
    })
  return found
}

function isAnalyst(kind: AgentClass): kind is AgentClass<Analyst> {
  return kind.prototype instanceof Analyst
}

/** One class, under a name that no type of the swarm has. */
export function assertOneAnalyst(analysts: Analysts): void {
  const names = Object.keys(analysts)
  if (names.length !== 1)
    throw new OperatorError({
      what: 'analysts of a swarm',
      expected: 'one class by its name, { Momentum }',
      got: names.length,
      next: 'Give each strategy a scenario of its own, and compare their runs.',
    })
  const taken = Object.keys(swarmAgents({})).find(name => names.includes(name))
  if (taken !== undefined)
    throw new OperatorError({
      what: `analysts.${taken} of a swarm`,
      expected: 'a name that no type of the swarm has',
      got: taken,
    })
}

/** The types whose counts add up to 121. */
export const coreTypes: ReadonlySet<string> = new Set(['DataMiner', 'PatternLearner', 'Trading', 'RiskManagement', 'Builder'])

export const moatMinerTypes: Readonly<Record<Moat, AgentClass<MoatMiner>>> = {
  code: RepoScrape,
  logistics: LogisticsMiner,
  government: GovtDataMiner,
  corporations: CorpDataMiner,
}

/** Every driver the swarm's learners can publish or read: moat learner n publishes signal n of its moat. */
export function signalsOf(params: SwarmParameters): DiscoverySignal[] {
  const signals: DiscoverySignal[] = []
  const [streams, learners] = [streamsOf(params), learnersOf(params)]
  for (const moat of outsideMoats) {
    const most = streams[moat].length * 2
    for (let n = 0; n < Math.min(learners[moat], most); n++) signals.push(moatSignal(moat, streams[moat], n))
  }
  return [...signals, ...financeSignals()]
}

/** Spawns all agents in the order of the roster. */
export function spawnRoster(model: SwarmModel): void {
  const { params } = model
  model.spawn(Math.min(params.dataMiners, model.pairs.length), DataMiner, i => ({ pair: model.pairs[i] as string }))
  spawnMoatMiners(model)
  spawnLearners(model)
  model.spawn(params.instigators, MycelialInstigator)
  model.spawn(params.researchers, DeepResearch)
  const perTeam = params.explorersPerTeam
  model.spawn(perTeam * teams.length, MarketExplorer, i => ({
    team: teams[Math.floor(i / perTeam)] ?? 'DAY',
    member: i % perTeam,
  }))
  model.spawn(params.builders, Builder)
  model.spawn(params.memories, Memory)
  model.spawn(params.traders, Trading)
  model.spawn(params.riskManagers, RiskManagement)
  model.spawn(params.bystanders, Bystander)
}

function spawnMoatMiners(model: SwarmModel): void {
  const { params } = model
  model.spawn(params.repoScrapes, RepoScrape)
  model.spawn(params.logisticsMiners, LogisticsMiner)
  model.spawn(params.govtDataMiners, GovtDataMiner)
  model.spawn(params.corpDataMiners, CorpDataMiner)
  if (params.network !== undefined) model.spawn(NetworkMiner)
}

function spawnLearners(model: SwarmModel): void {
  const { params, hypotheses } = model
  const { financeLearners } = params
  for (let i = 0; i < financeLearners; i++) {
    const learner = model.spawn(PatternLearner)
    learner.finance = financeLearnerState(
      hypotheses,
      { ordinal: i, learners: financeLearners, folds: model.confirmationFolds },
      learner.rng,
    )
    learner.wire()
  }
  const [streams, learners] = [streamsOf(params), learnersOf(params)]
  for (const moat of outsideMoats) {
    const signals = streams[moat].length * 2
    model.spawn(learners[moat], PatternLearner, n => ({
      moat,
      stream: n < signals ? moatLearnerState(moatSignal(moat, streams[moat], n)) : null,
    }))
  }
}
