/** Finished trades by hand, for tests of memory. */

import type { PastCase } from '../../src/memory/index.js'
import type { Trade, TradeContext } from '../../src/trading/index.js'

const features = { rsi: 50, macd: 0, bollinger: 0.5, atr: 0.01, volume: 1, regime: 1, trend: 0 } as const

/** A subject that is like others but for its RSI, and what `over` says. */
export function subjectOf(rsi: number | null, over: Partial<TradeContext> = {}): TradeContext {
  return { features: { ...features, rsi }, direction: 1, prediction: 0.001, crossMoatScore: 1, ...over }
}

export function tradeOf(tradeId: string, rsi: number, over: Partial<Trade> = {}): Trade {
  return {
    ...subjectOf(rsi),
    tradeId,
    portfolio: 'mycelial',
    pair: 'XXBTZUSD',
    style: 'DAY',
    agent: 'PatternLearner-1',
    pattern: 'code:commits|raw|1|XXBTZUSD|4',
    ideaIds: [],
    entryTime: 0,
    exitTime: 10,
    entryPriceUsd: 100,
    exitPriceUsd: 101,
    qtyE8: 1e8,
    entryNotionalE6: 100e6,
    exitNotionalE6: 101e6,
    feesE6: 0,
    slippageE6: 0,
    borrowE6: 0,
    pnlE6: 1e6,
    reason: 'horizon',
    collision: false,
    confidence: 0.6,
    barsHeld: 4,
    ...over,
  }
}

export function caseOf(tradeId: string, rsi: number, over: Partial<Trade> = {}, market = 'made', run = 'run-1'): PastCase {
  return { run, market, trade: tradeOf(tradeId, rsi, over), moats: ['code'] }
}

/** `count` cases, closed one after another from `from` on. */
export function casesFrom(from: number, count: number): PastCase[] {
  return Array.from({ length: count }, (_, i) =>
    caseOf(`t${from + i}`, (from + i) % 100, { exitTime: from + i, pnlE6: (from + i) % 2 === 0 ? 1e6 : -1e6 }),
  )
}
