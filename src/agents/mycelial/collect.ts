/** What a run of the swarm writes down: equity and contagion per bar, ideas, trades, cross-moat signals, prices, learners. */

import { fromUsdE6 } from '../../core/index.js'
import { type AgentReporters, type Collect, rowsOf } from '../../model/index.js'
import {
  BaselineIdeas,
  type Book,
  CrossMoatSignals,
  equityE6,
  holdEquityE6,
  MarketData,
  MycelialIdeas,
  TradeConfirmations,
} from '../../trading/index.js'
import type { PatternLearner } from './pattern-learner.js'
import type { SwarmAgents } from './roster.js'
import type { Swarm } from './swarm.js'

const equity = (pick: (model: Swarm) => Book | undefined) => (model: Swarm) => {
  const book = pick(model)
  return book === undefined ? null : fromUsdE6(equityE6(book))
}

const halted = (pick: (model: Swarm) => Book | undefined) => (model: Swarm) => (pick(model)?.halts.size ?? 0) > 0

const learner: AgentReporters<PatternLearner> = {
  moat: l => l.moat,
  published: l => l.published,
  tested: l => l.finance?.book.counters.tested ?? null,
  candidates: l => l.finance?.book.counters.candidates ?? null,
  imitated: l => l.finance?.imitated ?? null,
  leads: l => l.finance?.policy ?? null,
}

export const swarmCollect: Collect<Swarm, SwarmAgents> = {
  model: {
    time: m => m.now,
    baseline: equity(m => m.traders.at(0)?.books.baseline),
    mycelial: equity(m => m.traders.at(0)?.books.mycelial),
    synthesized: equity(m => m.traders.at(0)?.books.synthesized),
    hold: m => {
      const hold = m.traders.at(0)?.hold
      return hold === undefined ? null : fromUsdE6(holdEquityE6(hold))
    },
    baselineHalted: halted(m => m.traders.at(0)?.books.baseline),
    mycelialHalted: halted(m => m.traders.at(0)?.books.mycelial),
    synthesizedHalted: halted(m => m.traders.at(0)?.books.synthesized),
    contagion: m => m.risk?.share ?? null,
    candidates: m => m.patternCounts.candidate ?? 0,
    confirmed: m => m.patternCounts.confirmed ?? 0,
    approved: m => m.approved.size,
    analysts: m => m.analysts.size,
  },
  agents: { PatternLearner: { every: 250, columns: learner } },
  messages: {
    ideas: rowsOf({
      topics: [BaselineIdeas, MycelialIdeas],
      columns: [
        'id',
        'source',
        'agent',
        'pair',
        'direction',
        'confidence',
        'decided_at',
        'expires_at',
        'horizon_bars',
        'bar_ms',
        'style',
        'pattern',
        'moats',
        'prediction',
        'regime',
      ],
      row: i => [
        i.id,
        i.source,
        i.agent,
        i.pair,
        i.direction,
        i.confidence,
        i.decidedAt,
        i.expiresAt,
        i.horizonBars,
        i.barMs,
        i.style,
        i.pattern,
        i.moats.join(' '),
        i.prediction,
        i.features.regime,
      ],
    }),
    trades: rowsOf({
      topics: [TradeConfirmations],
      columns: [
        'trade_id',
        'book',
        'pair',
        'direction',
        'agent',
        'pattern',
        'entry_time',
        'exit_time',
        'entry_price',
        'exit_price',
        'qty_e8',
        'pnl_e6',
        'fees_e6',
        'slippage_e6',
        'reason',
        'collision',
        'confidence',
        'bars_held',
      ],
      row: t => [
        t.tradeId,
        t.book,
        t.pair,
        t.direction,
        t.agent,
        t.pattern,
        t.entryTime,
        t.exitTime,
        t.entryPriceUsd,
        t.exitPriceUsd,
        t.qtyE8,
        t.pnlE6,
        t.feesE6,
        t.slippageE6,
        t.reason,
        t.collision,
        t.confidence,
        t.barsHeld,
      ],
    }),
    signals: rowsOf({
      topics: [CrossMoatSignals],
      columns: ['time', 'moat', 'driver', 'z', 'placebo'],
      // The other transform follows from this one's differences.
      row: s => (s.transform === 'level' ? [s.time, s.moat, s.driver, s.z, s.placebo] : undefined),
    }),
    prices: rowsOf({
      topics: [MarketData],
      columns: ['time', 'pair', 'close', 'flags'],
      row: b => [b.time + b.barMs, b.pair, b.close, b.flags],
    }),
  },
}
