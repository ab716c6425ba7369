/** Trades, fills, portfolios and patterns whose sums are right; without a test runner, so that child processes can use them. */

import type { PortfolioState } from '../../src/storage/index.js'
import type { Fill, PatternRow, PortfolioName, Trade } from '../../src/trading/index.js'

export const start = Date.UTC(2024, 0, 1)
export const hour = 3_600_000

/** The i-th finished trade of a portfolio, its P&L right to the integer. */
export function trade(i: number, portfolio: PortfolioName = 'baseline'): Trade {
  const entryNotionalE6 = 2_000_000_000 + i * 17
  const exitNotionalE6 = entryNotionalE6 + ((i * 7_919) % 40_000_001) - 20_000_000
  const feesE6 = Math.round((entryNotionalE6 + exitNotionalE6) * 0.004)
  return {
    tradeId: `${portfolio}:${i}:TechnicalAnalysis-3:0`,
    portfolio,
    pair: 'SOLUSD',
    direction: 1,
    style: 'DAY',
    agent: 'TechnicalAnalysis-3',
    pattern: i % 2 === 0 ? null : 'SOLUSD|return|1|SOLUSD|4',
    ideaIds: [`TechnicalAnalysis-3:${i}:0`],
    entryTime: start + i * hour,
    exitTime: start + (i + 4) * hour,
    entryPriceUsd: 100 + i,
    exitPriceUsd: 101 + i,
    qtyE8: 2_000_000_000,
    entryNotionalE6,
    exitNotionalE6,
    feesE6,
    slippageE6: 100_000,
    borrowE6: 0,
    pnlE6: exitNotionalE6 - entryNotionalE6 - feesE6,
    reason: 'horizon',
    collision: false,
    confidence: 0.6,
    prediction: null,
    crossMoatScore: 0,
    barsHeld: 4,
    features: { rsi: 55, macd: null, bollinger: 0.5, atr: 0.02, volume: 1, regime: 1, trend: 0.5 },
  }
}

/** Its two fills. */
export function fillsOf(t: Trade): [Fill, Fill] {
  const fee = Math.round(t.entryNotionalE6 * 0.004)
  const both = { portfolio: t.portfolio, tradeId: t.tradeId, pair: t.pair, qtyE8: t.qtyE8, slippageE6: 50_000 }
  return [
    {
      ...both,
      side: 'buy',
      opens: true,
      time: t.entryTime,
      priceUsd: t.entryPriceUsd,
      notionalE6: t.entryNotionalE6,
      feeE6: fee,
    },
    {
      ...both,
      side: 'sell',
      opens: false,
      time: t.exitTime,
      priceUsd: t.exitPriceUsd,
      notionalE6: t.exitNotionalE6,
      feeE6: t.feesE6 - fee,
    },
  ]
}

export function portfolioAfter(trades: readonly Trade[], portfolio: PortfolioName = 'baseline'): PortfolioState {
  const own = trades.filter(t => t.portfolio === portfolio)
  const startE6 = 100_000_000_000
  return {
    portfolio,
    startE6,
    cashE6: own.reduce((cash, t) => cash + t.pnlE6, startE6),
    time: own.reduce((time, t) => Math.max(time, t.exitTime), start),
  }
}

export function pattern(i: number): PatternRow {
  return {
    pattern: `Python|level|${i}|SOLUSD|4`,
    status: 'candidate',
    step: 250 + i,
    time: start + i * hour,
    agent: 'PatternLearner-71',
    moat: 'Code',
    product: 'technology trends',
    signalType: 'repo-data',
    sign: -1,
    score: 2.5,
    value: 0.001,
    ageMinutes: 60,
    decayFactor: 0.98,
    placebo: true,
    features: { lag: i, driver: 'Python' },
    p: null,
    valueBasis: 'screened, biased',
    traded: false,
  }
}
