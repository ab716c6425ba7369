/** What a message of another process must be beyond its shape: which agents publish it, in whose name, and that it contradicts nothing in itself. */

import type { Topic } from '../../bus/index.js'
import { type Bar, type OutsideMoat, outsideMoats } from '../../market/index.js'
import {
  BaselineIdeas,
  CrossMoatSignals,
  DoubtedTicks,
  ExchangeTerms,
  Fills,
  type Idea,
  IdeaDrafts,
  ideaProblem,
  LeadingPolicies,
  MarketData,
  MarketHistories,
  MarketRevisions,
  MarketTicks,
  Marks,
  MycelialIdeas,
  moatData,
  type PairHistory,
  PatternLog,
  Recollections,
  Recommendations,
  SynthesizedTrades,
  SystemControl,
  type Trade,
  TradeConfirmations,
} from '../../trading/index.js'
import {
  ApprovalVerdicts,
  Candidates,
  ConfirmationTasks,
  ConfirmationVerdicts,
  ConsensusPolicies,
  FoldReports,
  Retirements,
  ShareReports,
} from './topics.js'

export interface ForeignRule {
  /** Types of the agents that publish on the topic. Analysts of every class count as `TechnicalAnalysis`. */
  readonly by: readonly string[]
  /** The field that holds the publisher's own key. */
  readonly own: string | undefined
  /** The field whose value no two messages share. */
  readonly once: string | undefined
  /** What is wrong in what it says; undefined where nothing is. */
  readonly contradiction: ((message: unknown) => string | undefined) | undefined
}

interface RuleOf<T> {
  readonly by: readonly string[]
  readonly own?: keyof T & string
  readonly once?: keyof T & string
  readonly contradiction?: (message: T) => string | undefined
}

function rule<T>({ name }: Topic<T>, { by, own, once, contradiction }: RuleOf<T>): [string, ForeignRule] {
  return [name, { by, own, once, contradiction: contradiction as ForeignRule['contradiction'] }]
}

const learner = ['PatternLearner']
const trader = ['Trading']
const miners: Readonly<Record<OutsideMoat, string>> = {
  code: 'RepoScrape',
  logistics: 'LogisticsMiner',
  government: 'GovtDataMiner',
  corporations: 'CorpDataMiner',
  network: 'NetworkMiner',
}

/** By the topic's name, or its family's. */
const rules: ReadonlyMap<string, ForeignRule> = new Map([
  rule(MarketData, { by: ['DataMiner'], contradiction: barProblem }),
  rule(MarketRevisions, { by: ['DataMiner'], contradiction: barProblem }),
  rule(MarketTicks, { by: ['DataMiner'] }),
  rule(DoubtedTicks, { by: ['DataMiner'] }),
  rule(ExchangeTerms, { by: ['DataMiner'] }),
  rule(MarketHistories, { by: ['DataMiner'], contradiction: historyProblem }),
  ...outsideMoats.map(moat => rule(moatData[moat], { by: [miners[moat]] })),
  rule(CrossMoatSignals, { by: learner }),
  rule(LeadingPolicies, { by: learner, own: 'learner' }),
  rule(IdeaDrafts, { by: learner, own: 'agent', once: 'id', contradiction: idea => sourced(idea, 'mycelial') }),
  rule(MycelialIdeas, { by: learner, own: 'agent', once: 'id', contradiction: idea => sourced(idea, 'mycelial') }),
  rule(BaselineIdeas, {
    by: ['TechnicalAnalysis'],
    own: 'agent',
    once: 'id',
    contradiction: idea => sourced(idea, 'baseline'),
  }),
  rule(Recollections, { by: ['Memory'], contradiction: ({ idea }) => sourced(idea, 'mycelial') }),
  rule(Recommendations, { by: ['MarketExplorer'], own: 'explorer' }),
  rule(Candidates, { by: learner }),
  rule(FoldReports, { by: learner }),
  rule(Retirements, { by: learner }),
  rule(ConfirmationTasks, { by: ['MycelialInstigator'] }),
  rule(ConfirmationVerdicts, { by: ['MycelialInstigator'] }),
  rule(ShareReports, { by: ['DeepResearch'] }),
  rule(ApprovalVerdicts, { by: ['DeepResearch'] }),
  rule(PatternLog, { by: ['PatternLearner', 'MycelialInstigator', 'DeepResearch'], own: 'agent' }),
  rule(ConsensusPolicies, { by: ['RiskManagement'] }),
  rule(SystemControl, { by: ['Trading', 'RiskManagement'] }),
  rule(Marks, { by: trader }),
  rule(Fills, { by: trader }),
  rule(TradeConfirmations, { by: trader, once: 'tradeId', contradiction: tradeProblem }),
  rule(SynthesizedTrades, { by: trader, once: 'tradeId', contradiction: tradeProblem }),
])

/** The rule of a topic, by its name or that of a member of its family. A topic without one is for its own process. */
export function foreignRule(topic: string): ForeignRule | undefined {
  const colon = topic.indexOf(':')
  return rules.get(colon < 0 ? topic : topic.slice(0, colon))
}

function barProblem({ open, high, low, close }: Bar): string | undefined {
  if (low > Math.min(open, close)) return 'low'
  return high < Math.max(open, close) ? 'high' : undefined
}

/** Bars of one pair, each newer than the one before. */
function historyProblem({ pair, bars }: PairHistory): string | undefined {
  const isNext = (bar: Bar, i: number) => bar.pair === pair && bar.time > (bars[i - 1]?.time ?? 0)
  return bars.every((bar, i) => isNext(bar, i) && barProblem(bar) === undefined) ? undefined : 'bars'
}

function sourced(idea: Idea, source: Idea['source']): string | undefined {
  return idea.source === source ? ideaProblem(idea) : 'source'
}

function tradeProblem({ entryTime, exitTime }: Trade): string | undefined {
  return exitTime < entryTime ? 'exitTime' : undefined
}
