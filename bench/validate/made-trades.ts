/** Trades and intents made by hand, where a rule of the gate is measured and no market is needed. */

import type { Account, Intent, Trade } from '../../src/trading/index.js'

const noFeatures = { rsi: null, macd: null, bollinger: null, atr: null, volume: null, regime: 1, trend: null } as const

/** A long trade of 100 USD without costs that earned `pnlE6`. */
export function madeTrade(entryTime: number, exitTime: number, pnlE6: number): Trade {
  return { ...tradeOfHundred, entryTime, exitTime, pnlE6, exitNotionalE6: tradeOfHundred.entryNotionalE6 + pnlE6 }
}

const tradeOfHundred: Trade = {
  tradeId: 'made',
  portfolio: 'mycelial',
  pair: 'A',
  direction: 1,
  style: 'DAY',
  agent: 'made',
  pattern: null,
  ideaIds: [],
  entryTime: 0,
  exitTime: 0,
  entryPriceUsd: 100,
  exitPriceUsd: 100,
  qtyE8: 1e8,
  entryNotionalE6: 100e6,
  exitNotionalE6: 100e6,
  feesE6: 0,
  slippageE6: 0,
  borrowE6: 0,
  pnlE6: 0,
  reason: 'horizon',
  collision: false,
  confidence: 1,
  prediction: null,
  crossMoatScore: 0,
  barsHeld: 1,
  features: noFeatures,
}

/** An account of this equity without positions. */
export function madeAccount(equityE6: number): Account {
  return {
    startE6: equityE6,
    equityE6: () => equityE6,
    grossE6: () => 0,
    openCount: () => 0,
    eachExposure: () => undefined,
    market: () => ({ priceUsd: 100, barTime: 0, barMs: 1, flags: 0 }),
    position: () => null,
    doubt: () => null,
  }
}

/** To buy `qtyE8` at 100 USD and close it an hour later. */
export function madeIntent(time: number, qtyE8: number): Intent {
  return {
    pair: 'A',
    direction: 1,
    qtyE8,
    priceUsd: 100,
    time,
    reduces: false,
    renews: false,
    opposes: false,
    freesE6: 0,
    slippage: 0,
    confidence: 1,
    agreeing: 1,
    decidedAt: time,
    expiresAt: time,
    closesAt: time + 3_600_000,
    strategy: 'mycelial',
    instrument: { lotE8: 1, minQtyE8: 1, minCostE6: 0, tickUsd: 0 },
  }
}
