/** The Mycelial model: the 121 agents and their support, the ports they use, and how a tick's inputs reach them. */

import type { Topic } from '../../bus/index.js'
import { OperatorError, type TimeMs } from '../../core/index.js'
import {
  type Assignment,
  approvalFolds,
  assignmentOf,
  HypothesisSpace,
  ownerOf,
  protocol,
  type RollingWindow,
  type StageTable,
} from '../../discovery/index.js'
import { InstrumentTable, type MarketInput, type MarketSource, type Moat, marketOf, scenarioMarket } from '../../market/index.js'
import { type Agent, type AgentClass, Model, type RequestHandler, runOf, type TickInput } from '../../model/index.js'
import {
  type AnalysisState,
  barsAfter,
  CrossMoatSignals,
  ExchangeTerms,
  gateLocks,
  type Halt,
  haltsInForce,
  houseRules,
  type InstrumentRules,
  instrumentRules,
  isGateLock,
  type Limits,
  limitsOf,
  MarketData,
  MarketHistories,
  PatternLog,
  type PatternStatus,
  type Portfolio,
  portfolioNames,
  type Rule,
  type TrendState,
  trendOnStep,
  trendState,
} from '../../trading/index.js'
import type { LiveModel, LiveProgress } from '../live-model.js'
import { withNetwork } from '../network-parameters.js'
import type { Analyst } from './analyst.js'
import {
  type Blackboard,
  blackboard,
  observeApproval,
  observeBar,
  observeConfirmation,
  observeConfirmationTask,
  observeGap,
  observeHistory,
  observeRetirement,
  observeSignal,
} from './blackboard.js'
import { DataMiner } from './data-miner.js'
import { DeepResearch } from './deep-research.js'
import { memoryRequestHandler } from './exact-memory.js'
import { FeedMessages } from './feed-messages.js'
import { type LiveInput, takeLive, takeTerms } from './live-inputs.js'
import { setMarketBehind } from './market-behind.js'
import { Memory } from './memory.js'
import type { MoatMiner } from './moat-miner.js'
import { MycelialInstigator } from './mycelial-instigator.js'
import { NetworkMiner } from './network-miner.js'
import { type OperatorCommand, type OperatorRecord, takeCommand } from './operator.js'
import { PatternLearner } from './pattern-learner.js'
import type { ForcedHypothesis, SwarmModel } from './ports.js'
import { RiskManagement } from './risk-management.js'
import { analystIn, moatMinerTypes, signalsOf, spawnRoster, stepOrder } from './roster.js'
import { searchProgress } from './search-progress.js'
import { type ApprovedPattern, swarmSummary } from './summary.js'
import type { SwarmParameters, swarmSchema } from './swarm-parameters.js'
import { TechnicalAnalysis } from './technical-analysis.js'
import { ApprovalVerdicts, ConfirmationTasks, ConfirmationVerdicts, Retirements, swarmTopics } from './topics.js'
import { Trading } from './trading.js'

/** What a trading world hands the swarm besides the market's inputs. */
export type SwarmInput =
  | MarketInput
  | LiveInput
  | { readonly kind: 'operator'; readonly command: OperatorCommand }
  | { readonly kind: 'feed'; readonly feed: string; readonly message: unknown }

/** The swarm as a model: 121 agents that look for patterns, test them, and trade beside a baseline. */
export class Swarm extends Model<typeof swarmSchema> implements SwarmModel {
  pairs: readonly string[] = []
  /** @internal */
  rules = new Map<string, InstrumentRules>()
  /** @internal */
  hypotheses = new HypothesisSpace({
    signals: signalsOf(this.params),
    pairs: namesOf(this.params),
    limit: this.params.hypothesisLimit,
  })
  /** @internal */
  seen: Blackboard = blackboard(this.hypotheses, this.newTrend())
  /** @internal */
  assignment: Assignment = assignmentOf(this.hypotheses, this.stream('deal'), this.knownHypotheses())
  /** @internal */
  assigned = new Int32Array(256)
  /** The limits that hold for every portfolio. */
  limits: Limits = limitsOf(this.params, this.gateRules)
  /** @internal */
  forced: ForcedHypothesis[] = []
  /** @internal */
  financeOrdinals: number[] = []
  /** @internal */
  financeRanks = new Int32Array(0)
  /** @internal Ordinal of the publishing learner, by pair. */
  publishers: (number | undefined)[] = []
  /** @internal */
  instigatorOrdinals: number[] = []
  /** @internal */
  researcherOrdinals: number[] = []
  /** Rows written per status: how far the swarm has come. */
  patternCounts: Partial<Record<PatternStatus, number>> = {}
  /** Approved and still in force, by the hypothesis's name. */
  approved = new Map<string, ApprovedPattern>()
  /** @internal */
  lost = 0
  /** @internal Live: the bars come from the past, and nothing is traded on them. */
  warming = false
  /** @internal Live: pairs whose data has been silent, and since when; no entries there. */
  stale = new Map<string, number>()
  /** @internal Live: since when the link to other processes has been in doubt; no entries meanwhile. */
  linkDownSince: number | null = null
  /** @internal Live: since when this machine's clock has been more than a bar away from the exchange's; no entries here. */
  clockOffSince: TimeMs | undefined
  /** @internal Live: pairs whose bars end by a wrong clock, and since when; no entries there. Undefined where none ever did. */
  clocksOff: Map<string, TimeMs> | undefined = undefined
  /** @internal Live: what operators said, and what came of it; absent before the first command. */
  operator?: OperatorRecord
  /** @internal Live: since when this process watches the market again after it did not. */
  watchedSince: TimeMs | undefined

  /** @internal */
  readonly miners = this.agentsOf(DataMiner)
  /** @internal */
  readonly learners = this.agentsOf(PatternLearner)
  /** @internal */
  readonly instigators = this.agentsOf(MycelialInstigator)
  /** @internal */
  readonly researchers = this.agentsOf(DeepResearch)
  /** @internal */
  readonly memories = this.agentsOf(Memory)
  /** @internal */
  readonly riskManagers = this.agentsOf(RiskManagement)
  /** @internal */
  readonly traders = this.agentsOf(Trading)
  readonly analysts = this.agentsOf(this.analystType)

  /** @internal All agents by type, in the order of steps. */
  readonly order = stepOrder(this.analystType).map(type => this.agentsOf(type))

  setup(): void {
    const { params } = this
    this.pairs = this.hypotheses.pairs
    const table = new InstrumentTable(params.instruments)
    for (const pair of this.pairs) this.rules.set(pair, instrumentRules(table.instrument(pair)))
    this.forced = params.forcedHypotheses.map(text => parseForced(text, this.hypotheses))
    this.setFinance(Array.from({ length: params.financeLearners }, (_, i) => i))
    this.instigatorOrdinals = Array.from({ length: params.instigators }, (_, i) => i)
    this.researcherOrdinals = Array.from({ length: params.researchers }, (_, i) => i)
    spawnRoster(this)
  }

  /** The model subscribes first, so that the blackboard holds a message before any agent receives it. */
  wire(): void {
    const { seen } = this
    this.on(MarketData, bar => observeBar(seen, bar))
    this.on(MarketHistories, history => observeHistory(seen, history))
    this.on(ExchangeTerms, terms => takeTerms(this, terms))
    this.on(CrossMoatSignals, signal => observeSignal(seen, signal))
    this.on(ConfirmationTasks, confirmationTask => observeConfirmationTask(seen, confirmationTask.confirmation.hypothesis))
    this.on(ConfirmationVerdicts, verdict => observeConfirmation(seen, verdict))
    this.on(ApprovalVerdicts, verdict => observeApproval(seen, verdict))
    this.on(Retirements, ({ hypothesis }) => observeRetirement(seen, hypothesis))
    this.on(PatternLog, row => {
      this.patternCounts[row.status] = (this.patternCounts[row.status] ?? 0) + 1
      const { sign, step, placebo, value, traded } = row
      if (row.status === 'approved') this.approved.set(row.pattern, { sign, step, placebo, value, traded })
      else this.approved.delete(row.pattern)
    })
  }

  step(): void {
    if (runOf(this).quarantined.length > this.lost) this.countLiving()
    this.seen.rollingWindow.advance(this.steps)
    if (this.seen.trend !== null) trendOnStep(this.seen.trend)
    for (const agents of this.order) agents.do(a => a.step())
    this.seen.closes.fill(Number.NaN)
  }

  override receive(input: TickInput): void {
    const given = input as SwarmInput
    switch (given.kind) {
      case 'bar':
        return this.minerOf(given.bar.pair)?.bar(given.bar)
      case 'revision':
        return this.minerOf(given.bar.pair)?.revision(given.bar)
      case 'trade':
        return this.minerOf(given.trade.pair)?.trade(given.trade)
      case 'signal':
        return this.moatMinerOf(given.signal.moat)?.signal(given.signal)
      case 'stale':
        if (given.since === null) this.stale.delete(given.pair)
        else this.stale.set(given.pair, given.since)
        return this.minerOf(given.pair)?.stale(given.since)
      case 'gap':
        for (const trader of this.traders) trader.gap(given.pair, given.to)
        observeGap(this.seen, given.pair)
        return this.minerOf(given.pair)?.gap(given.from, given.to)
      case 'feed':
        return this.publish(FeedMessages, { feed: given.feed, time: this.now, message: given.message })
      case 'scan':
        return active(this.networkMiner)?.scan(given.scan)
      case 'headline':
        return
      case 'operator':
        return takeCommand(this, given.command)
      default:
        return takeLive(this, given)
    }
  }

  override finish(): void {
    for (const trader of this.traders) trader.closeAll()
  }

  override source(world?: unknown): MarketSource {
    const { hypotheses, params } = this
    const market = scenarioMarket(withNetwork(marketOf({ run: world }) ?? {}, params.network ?? {}), {
      pairs: hypotheses.pairs,
      barMs: params.barMs,
      seed: runOf(this).seed,
    })
    setMarketBehind(this, market)
    return market
  }

  override requestHandler(): RequestHandler {
    return memoryRequestHandler()
  }

  override topicNamed(name: string): Topic<unknown> | undefined {
    return swarmTopics.find(name)
  }

  /** Quarantines an agent that throws, floods or publishes nonsense, so that the other 120 go on. */
  override onAgentFailure(): 'quarantine' {
    return 'quarantine'
  }

  override summary(): Record<string, unknown> {
    return swarmSummary(this)
  }

  /** What Builder deploys: the analysts of the scenario. */
  get analystType(): AgentClass<Analyst> {
    return analystIn(runOf(this).agents)
  }

  get barMs(): number {
    return this.params.barMs
  }

  /** @internal */
  get rollingWindow(): RollingWindow {
    return this.seen.rollingWindow
  }

  /** @internal */
  get closes(): Float64Array {
    return this.seen.closes
  }

  /** @internal */
  get turnovers(): Float64Array {
    return this.seen.turnovers
  }

  /** @internal */
  get stages(): StageTable {
    return this.seen.stages
  }

  /** @internal */
  get trend(): TrendState | null {
    return this.seen.trend
  }

  /** @internal */
  get confirmationFolds(): number {
    return this.params.confirmationRule === 'one' ? 1 : protocol.folds
  }

  /** @internal */
  get approvalFolds(): number {
    return approvalFolds(this.params.researchers)
  }

  /** The rules of the portfolios' gates, in the order in which they are asked. */
  get gateRules(): readonly Rule[] {
    return houseRules
  }

  get roundTripCost(): number {
    const { feeRate, halfSpread, slippage } = this.params
    return 2 * (feeRate + halfSpread + slippage)
  }

  /** @internal A memory in another process counts too. */
  get remembers(): boolean {
    for (const memory of this.memories) if (!this.isLost(memory)) return true
    return false
  }

  /** @internal False once the risk manager is quarantined: losses are not computed then, nor operators' orders taken. */
  get hasRiskManager(): boolean {
    for (const riskManager of this.riskManagers) if (this.isLost(riskManager)) return false
    return true
  }

  /** Patterns of earlier runs that this one may hold too: a name that its space lacks is passed over. */
  private knownHypotheses(): number[] {
    return this.params.knownPatterns.map(name => this.hypotheses.find(name)).filter(hypothesis => hypothesis !== undefined)
  }

  /** The trends that TechnicalAnalysis follows; none where it votes instead, or a strategy of the user's stands in its place. */
  private newTrend(): TrendState | null {
    const { baselineRule, baselineSkill: skill, baselineGate, baselineMinHold: minHold } = this.params
    if (baselineRule === 'talkative' || !isTrendFollower(this.analystType)) return null
    return trendState(namesOf(this.params).length, {
      skill,
      leastMove: baselineGate * this.roundTripCost,
      tradeCost: this.roundTripCost,
      minHold,
    })
  }

  /** @internal */
  financeRank(ordinal: number): number {
    return this.financeRanks[ordinal] ?? -1
  }

  /** @internal */
  publisherFor(pairIndex: number): number | undefined {
    return this.publishers[pairIndex]
  }

  pairIndex(pair: string): number {
    return this.seen.pairs.get(pair) ?? -1
  }

  barFromNow(pair: string, bars: number): TimeMs {
    const rules = this.rules.get(pair)
    return rules === undefined ? this.now + bars * this.barMs : barsAfter(rules, this.now, bars, this.barMs)
  }

  analysis(pair: string): AnalysisState {
    const state = this.seen.analyses[this.pairIndex(pair)]
    if (state === undefined) throw new OperatorError({ what: `pair "${pair}"`, expected: 'one of the model’s pairs', got: pair })
    return state
  }

  /** @internal */
  isPlacebo(driver: string): boolean {
    return this.seen.placebos.has(driver)
  }

  /** Hypotheses tested so far, over all learners. */
  get tested(): number {
    return this.learners.sum(l => l.finance?.tests.counters.tested ?? 0)
  }

  /** @internal The risk manager's state, where there is a risk manager. */
  get risk() {
    return this.riskManagers.at(0)?.risk
  }

  /** Every lock in force: the risk manager's, and those of the portfolios' gates. */
  get locks(): Halt[] {
    const trader = this.traders.at(0)
    const gates = trader === undefined ? [] : portfolioNames.flatMap(name => gateLocks(trader.portfolios[name]))
    return [...(this.risk === undefined ? [] : haltsInForce(this.risk)), ...gates]
  }

  /** @internal */
  get portfolios(): readonly Portfolio[] {
    const trader = this.traders.at(0)
    return trader === undefined || trader.idle ? [] : portfolioNames.map(name => trader.portfolios[name])
  }

  /** @internal */
  get guards(): LiveModel['guards'] {
    return [...this.miners].flatMap(({ pair, guard }) => (guard === undefined ? [] : [{ pair, guard }]))
  }

  /** @internal */
  get progress(): LiveProgress {
    const trader = this.traders.at(0)
    return {
      ideas: { ...trader?.ideas },
      collisions: trader?.collisions.seen ?? 0,
      approved: this.approved.size,
      patterns: { ...this.patternCounts },
      dataEnded: Array.from(trader?.endedPairs ?? [], ([pair, ended]) => ({ pair, ...ended })),
      search: searchProgress(this),
    }
  }

  /** @internal */
  watches(pair: number): boolean {
    return this.miners.at(pair)?.idle === false
  }

  /** @internal */
  holds(lock: Halt): boolean {
    return (isGateLock(lock) ? this.traders : this.riskManagers).at(0)?.idle === false
  }

  /** @internal The miner of the network moat, where the run has one: a type is not mentioned where it is not asked for. */
  get networkMiner(): NetworkMiner | undefined {
    return this.params.network === undefined ? undefined : this.agentsOf(NetworkMiner).at(0)
  }

  private minerOf(pair: string): DataMiner | undefined {
    return active(this.miners.at(this.pairIndex(pair)))
  }

  private moatMinerOf(moat: Moat): MoatMiner | undefined {
    return active(this.agentsOf(moatMinerTypes[moat]).at(0))
  }

  /** Derives the ranks for assignments, and each pair's publisher, from the live finance learners. */
  private setFinance(ordinals: number[]): void {
    this.financeOrdinals = ordinals
    this.financeRanks = new Int32Array(this.params.financeLearners).fill(-1)
    ordinals.forEach((ordinal, rank) => {
      this.financeRanks[ordinal] = rank
    })
    this.publishers = this.hypotheses.pairs.map((_, pair) => ownerOf(pair, ordinals))
  }

  private countLiving(): void {
    this.lost = runOf(this).quarantined.length
    this.setFinance(this.learners.where(l => l.finance !== null && !this.isLost(l)).map(l => l.ordinal))
    this.instigatorOrdinals = this.instigators.where(i => !this.isLost(i)).map(i => i.ordinal)
    this.researcherOrdinals = this.researchers.where(r => !this.isLost(r)).map(r => r.ordinal)
  }

  /** Only a quarantined agent is lost; a suspended one works in another process. */
  private isLost(agent: Agent): boolean {
    return runOf(this).isQuarantined(agent)
  }
}

function isTrendFollower(type: AgentClass<Analyst>): boolean {
  return type === TechnicalAnalysis || type.prototype instanceof TechnicalAnalysis
}

function active<A extends Agent>(agent: A | undefined): A | undefined {
  return agent === undefined || agent.idle ? undefined : agent
}

/** The model's names of the pairs, each once. Any alias is accepted; an unknown name is refused. */
function namesOf({ pairs, instruments }: SwarmParameters): string[] {
  const table = new InstrumentTable(instruments)
  return [...new Set(pairs.map(pair => table.instrument(pair).pair))]
}

function parseForced(text: string, hypotheses: HypothesisSpace): ForcedHypothesis {
  const at = text.lastIndexOf('|')
  const sign = text.slice(at + 1)
  if (sign !== '+' && sign !== '-')
    throw new OperatorError({ what: 'a forced hypothesis', expected: 'driver|transform|lag|pair|horizon|+ or …|-', got: text })
  return { hypothesis: hypotheses.indexOf(text.slice(0, at)), sign: sign === '+' ? 1 : -1 }
}
