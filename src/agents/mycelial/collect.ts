/** The tables of a run of the swarm: equity and contagion per bar, ideas, trades, cross-moat signals, prices, learners. */

import { fromUsdE6, type ReadColumn, type ReadColumns, strictly } from '../../core/index.js'
import { type Collect, rowsOf } from '../../model/index.js'
import {
  BaselineIdeas,
  buyAndHoldEquityE6,
  CrossMoatSignals,
  Decisions,
  decisionColumns,
  equityE6,
  Fills,
  fillColumns,
  IdeaPatternLinks,
  ideaColumns,
  ideaPatternColumns,
  isHalted,
  linksOf,
  lockColumns,
  MarketData,
  MarketRevisions,
  MycelialIdeas,
  OrderEnds,
  orderColumns,
  type PortfolioName,
  portfolioNames,
  priceColumns,
  Recollections,
  recollectionColumns,
  SystemControl,
  signalColumns,
  staleMarks,
  TradeConfirmations,
  tradeColumns,
} from '../../trading/index.js'
import { commandColumns, OperatorActions } from './operator.js'
import type { PatternLearner } from './pattern-learner.js'
import type { Swarm } from './swarm.js'

const equity = (name: PortfolioName): ReadColumn<Swarm> => ({
  type: 'real',
  unit: 'USD',
  nullable: true,
  meaning: `Equity of the ${name} portfolio; null where it cannot be computed, and until the portfolios may trade.`,
  read: m => {
    const trader = m.traders.at(0)
    return trader?.hasBegun ? fromUsdE6(equityE6(trader.portfolios[name])) : null
  },
})

const halted = (name: PortfolioName): ReadColumn<Swarm> => ({
  type: 'boolean',
  meaning: `Whether the ${name} portfolio makes no entries.`,
  read: m => {
    const portfolio = m.traders.at(0)?.portfolios[name]
    return portfolio !== undefined && isHalted(portfolio)
  },
})

/** The columns of the table `model` of a swarm. */
const swarmColumns = {
  time: { type: 'time', meaning: 'The model’s clock: the end of the bar.', read: m => m.now },
  baseline: equity('baseline'),
  mycelial: equity('mycelial'),
  synthesized: equity('synthesized'),
  buy_and_hold: {
    type: 'real',
    unit: 'USD',
    nullable: true,
    meaning: 'Equity of buy-and-hold; null until the portfolios may trade.',
    read: m => {
      const trader = m.traders.at(0)
      return trader?.hasBegun ? fromUsdE6(buyAndHoldEquityE6(trader.buyAndHold)) : null
    },
  },
  baseline_halted: halted('baseline'),
  mycelial_halted: halted('mycelial'),
  synthesized_halted: halted('synthesized'),
  contagion: {
    type: 'real',
    unit: 'share of learners',
    nullable: true,
    meaning: 'Learners that follow the commonest policy; null before the risk manager has looked.',
    read: m => m.risk?.share,
  },
  candidates: { type: 'integer', meaning: 'Patterns announced so far.', read: m => m.patternCounts.candidate ?? 0 },
  confirmed: { type: 'integer', meaning: 'Patterns confirmed so far.', read: m => m.patternCounts.confirmed ?? 0 },
  approved: { type: 'integer', meaning: 'Patterns in force.', read: m => m.approved.size },
  analysts: { type: 'integer', meaning: 'Technical analysts there are.', read: m => m.analysts.size },
  stale_marks: {
    type: 'integer',
    meaning: 'Positions of the three portfolios that are marked at a close a bar old or older: their pair had no bar.',
    read: m => {
      const trader = m.traders.at(0)
      return trader === undefined ? 0 : portfolioNames.reduce((sum, name) => sum + staleMarks(trader.portfolios[name], m.now), 0)
    },
  },
} satisfies ReadColumns<Swarm>

/** The columns of the table `agents:PatternLearner`. */
const learnerColumns = {
  moat: { type: 'text', meaning: 'The moat it learns of.', read: l => l.moat },
  published: { type: 'integer', meaning: 'Ideas it has made so far.', read: l => l.published },
  tested: {
    type: 'integer',
    nullable: true,
    meaning: 'Screens it has finished; null: it has no finance part.',
    read: l => l.finance?.tests.counters.tested,
  },
  candidates: {
    type: 'integer',
    nullable: true,
    meaning: 'Candidates it has announced; null as in `tested`.',
    read: l => l.finance?.tests.counters.candidates,
  },
  imitated: {
    type: 'integer',
    nullable: true,
    meaning: 'How often it took another’s policy; null as in `tested`.',
    read: l => l.finance?.imitated,
  },
  leads: { type: 'text', nullable: true, meaning: 'The policy it follows; null: none.', read: l => l.finance?.policy },
} satisfies ReadColumns<PatternLearner>

/** Steps from one row of the learners to the next. */
const learnersEvery = 250

/** What a run of the swarm writes down. */
export const swarmCollect: Collect<Swarm> = {
  model: strictly(swarmColumns),
  agents: { PatternLearner: { every: learnersEvery, columns: strictly(learnerColumns) } },
  messages: {
    ideas: rowsOf({ topics: [BaselineIdeas, MycelialIdeas], columns: strictly(ideaColumns) }),
    recollections: rowsOf({ topics: [Recollections], columns: strictly(recollectionColumns) }),
    trades: rowsOf({ topics: [TradeConfirmations], columns: strictly(tradeColumns) }),
    // The other transform follows from this one's differences.
    signals: rowsOf({
      topics: [CrossMoatSignals],
      rows: s => (s.transform === 'level' ? [s] : []),
      columns: strictly(signalColumns),
    }),
    prices: rowsOf({ topics: [MarketData], columns: strictly(priceColumns) }),
    revisions: rowsOf({ topics: [MarketRevisions], columns: strictly(priceColumns) }),
    idea_patterns: rowsOf({ topics: [IdeaPatternLinks], rows: linksOf, columns: strictly(ideaPatternColumns) }),
    fills: rowsOf({ topics: [Fills], columns: strictly(fillColumns) }),
    decisions: rowsOf({ topics: [Decisions], columns: strictly(decisionColumns), isChained: true }),
    orders: rowsOf({ topics: [OrderEnds], columns: strictly(orderColumns) }),
    locks: rowsOf({ topics: [SystemControl], columns: strictly(lockColumns) }),
    commands: rowsOf({ topics: [OperatorActions], columns: strictly(commandColumns) }),
  },
  roster: true,
}

/** What each table of a swarm is, in a sentence. */
export const swarmTables: Readonly<Record<string, string>> = {
  model: 'One row a step.',
  'agents:PatternLearner': `One row a learner, every ${learnersEvery} steps.`,
  ideas: 'One row an idea that was published.',
  recollections: 'One row an idea that memory was asked about: what it said, and the past trades that are most like it.',
  trades: 'One row a trade that was closed.',
  signals: 'One row a value of a moat’s stream, standardised.',
  prices: 'One row a bar, as it stood when it was decided on.',
  revisions: 'One row a correction of a bar that had been published: the whole bar as it should have been.',
  idea_patterns: 'One row a pattern behind a mycelial idea.',
  fills: 'One row an execution of an order.',
  decisions: 'One row a signal and the portfolio that received it, also where nothing was done.',
  orders: 'One row an order, at its end.',
  locks: 'One row a lock that begins, and one when it ends.',
  commands: 'One row a command of an operator to a run, also one that was refused.',
  roster: 'One row an agent, written when it first ends a step.',
}
