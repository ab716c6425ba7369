/** A made run of 60 days with trades in three portfolios, whose figures a test can compute by itself. */

import type { Cell } from '../../src/core/index.js'
import { hour, pattern, start } from '../storage/makers.js'
import { madeRun } from './report-runs.js'

type Row = Record<string, Cell>

const bars = 60 * 24
/** The same as any other way to make numbers that look like chance. */
const wave = (i: number, k: number) => Math.sin(i / (11 + 7 * k)) + Math.cos(i * (0.37 + k / 9))

const portfolios = ['baseline', 'mycelial', 'synthesized'] as const
const patterns = ['code:Rust|level|0|SOLUSD|4', 'code:Go|change|1|XBTUSD|1'] as const

export const model: Row[] = Array.from({ length: bars }, (_, i) => ({
  step: i + 1,
  time: start + (i + 1) * hour,
  baseline: 100_000 + 400 * wave(i, 1) + i,
  mycelial: 100_000 + 250 * wave(i, 2) - i / 3,
  synthesized: 100_000 + 60 * wave(i, 3),
  buy_and_hold: 100_000 + 2_000 * wave(i, 0) + 5 * i,
  baseline_halted: false,
  mycelial_halted: i > 100 && i < 120,
  synthesized_halted: false,
  contagion: 0.4,
}))

export const prices: Row[] = Array.from({ length: bars }, (_, i) => i).flatMap(i =>
  ['SOLUSD', 'XBTUSD'].map((pair, k): Row => {
    const close = 100 * (k + 1) + 5 * wave(i, k)
    return {
      step: i + 1,
      time: start + (i + 1) * hour,
      pair,
      close,
      flags: 0,
      open: close - 0.5,
      high: close + 1 + k,
      low: close - 2,
      volume: 10 + (i % 5),
    }
  }),
)

export const trades: Row[] = Array.from({ length: 90 }, (_, i) => {
  const [portfolio = 'baseline', direction] = [portfolios[i % 3], i % 4 === 0 ? -1 : 1]
  const [entry, held] = [20 + i * 14, 3 + (i % 9)]
  const pair = i % 2 === 0 ? 'SOLUSD' : 'XBTUSD'
  const id = `${portfolio}:${entry}:PatternLearner-${i % 4}:0`
  return {
    step: entry + held,
    trade_id: id,
    portfolio,
    pair,
    direction,
    agent: `PatternLearner-${i % 4}`,
    pattern: portfolio === 'baseline' ? null : (patterns[i % 2] ?? null),
    entry_time: start + entry * hour,
    exit_time: start + (entry + held) * hour,
    entry_price: 100 + (i % 7),
    exit_price: 101 + (i % 5),
    pnl_e6: ((i * 7_919) % 101) * 1_000_000 - 45_000_000,
    fees_e6: 8_000_000,
    slippage_e6: 1_500_000 + i * 1_000,
    borrow_e6: direction === -1 ? 200_000 : 0,
    entry_notional_e6: 2_000_000_000 + i * 10_000_000,
    exit_notional_e6: 2_000_000_000,
    reason: i % 5 === 0 ? 'stop' : 'horizon',
    bars_held: held,
    idea_id: `PatternLearner-${i % 4}:${entry}:0`,
  }
})

const ideas: Row[] = trades.map(({ idea_id, agent, pair, direction, entry_time, pattern: name }) => ({
  id: String(idea_id),
  source: name === null ? 'baseline' : 'mycelial',
  agent: String(agent),
  pair: String(pair),
  direction: Number(direction),
  confidence: 0.7,
  decided_at: Number(entry_time) - hour,
  horizon_bars: 4,
  bar_ms: hour,
  prediction: 0.004,
  regime: 1,
  atr: 0.01,
  pattern: name ?? null,
  moats: 'code',
}))

const decisions: Row[] = trades.map((trade, i) => ({
  id: i + 1,
  time: Number(trade.entry_time) - hour,
  portfolio: String(trade.portfolio),
  pair: String(trade.pair),
  direction: Number(trade.direction),
  agent: String(trade.agent),
  pattern: trade.pattern ?? null,
  idea_id: String(trade.idea_id),
  confidence: 0.7,
  rsi: 40 + (i % 30),
  macd: 0.01,
  bollinger: 0.5,
  trend: 1.5,
  outcome: 'entry',
  wanted_e8: 2e8,
  allowed_e8: 2e8,
  rules_passed: 9,
  findings: null,
  order_id: `${trade.trade_id}:entry`,
  trade_id: String(trade.trade_id),
}))

export const signals: Row[] = Array.from({ length: bars }, (_, i) => i).flatMap(i =>
  ['code:Rust', 'code:Go'].map(
    (driver, k): Row => ({
      time: start + (i + 1) * hour,
      moat: 'code',
      driver,
      z: Math.round(100 * wave(i, k)) / 100,
      placebo: false,
    }),
  ),
)

export const figures = {
  return: 0.0123,
  trades: 30,
  winRate: 0.6,
  expectancyReturn: 0.0004,
  expectancyReturn95: 0.002,
  reasons: {},
}

/** In a directory that the caller removes. */
export function quantRun(out: string): string {
  const found = patterns.flatMap(name => {
    const row = { ...pattern(1), pattern: name, agent: 'PatternLearner-3', placebo: false, traded: true }
    return [
      { ...row, status: 'candidate' as const, step: 240, score: 2.6, p: null },
      { ...row, status: 'confirmed' as const, step: 900, score: 3.4, p: null, agent: 'Instigator-0' },
      { ...row, status: 'approved' as const, step: 1_300, score: 2.9, p: 0.0312, agent: 'DeepResearch-1' },
    ]
  })
  const retired = { ...(found.at(-1) as (typeof found)[number]), status: 'retired' as const, step: 1_400, p: null }
  return madeRun({
    out,
    tables: { model, prices, trades, ideas, decisions, signals },
    patterns: [...found, retired],
    manifest: {
      steps: bars,
      summary: {
        portfolios: { baseline: figures, mycelial: figures, synthesized: figures },
        buyAndHold: { return: 0.07, reasons: {} },
        patterns: { hypothesisSpace: 9_000, tested: 43_000, candidates: 190, confirmed: 60, approved: 2 },
      },
    },
  })
}
