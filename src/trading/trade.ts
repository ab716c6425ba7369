/** Fills and finished trades, in exact integers, and why they happened. */

import type { QtyE8, TimeMs, UsdE6 } from '../core/index.js'
import type { Direction, Features, Style } from './idea.js'

/** The portfolios that trade: what analysts say, what the swarm says, and both combined. */
export const portfolioNames = ['baseline', 'mycelial', 'synthesized'] as const
/** The name of one of the three portfolios of a run. */
export type PortfolioName = (typeof portfolioNames)[number]

/** Why a position was closed. `end`: the run ended; `data-ended`: the pair's data ended before. */
export type ExitReason = 'horizon' | 'opposite' | 'stop' | 'target' | 'end' | 'data-ended'

/** One execution. */
export interface Fill {
  readonly portfolio: PortfolioName
  /** `portfolio:step:agent:n` of the trade it opens or closes. */
  readonly tradeId: string
  readonly pair: string
  readonly side: 'buy' | 'sell'
  readonly opens: boolean
  readonly time: TimeMs
  readonly priceUsd: number
  readonly qtyE8: QtyE8
  readonly notionalE6: UsdE6
  readonly feeE6: UsdE6
  /** What spread and slippage cost against the undisturbed price. */
  readonly slippageE6: UsdE6
}

/** A finished trade, published on `trade-confirmations` and stored in `trades.db`. */
export interface Trade {
  readonly tradeId: string
  readonly portfolio: PortfolioName
  readonly pair: string
  readonly direction: Direction
  readonly style: Style
  readonly agent: string
  readonly pattern: string | null
  readonly ideaIds: readonly string[]
  readonly entryTime: TimeMs
  readonly exitTime: TimeMs
  readonly entryPriceUsd: number
  readonly exitPriceUsd: number
  readonly qtyE8: QtyE8
  readonly entryNotionalE6: UsdE6
  readonly exitNotionalE6: UsdE6
  readonly feesE6: UsdE6
  readonly slippageE6: UsdE6
  readonly borrowE6: UsdE6
  /** After fees, slippage and borrow. */
  readonly pnlE6: UsdE6
  readonly reason: ExitReason
  readonly collision: boolean
  readonly confidence: number
  readonly prediction: number | null
  readonly crossMoatScore: number
  readonly barsHeld: number
  readonly features: Features
}

/** Why a portfolio makes no entries, and until when. */
export interface Halt {
  readonly portfolio: PortfolioName | 'all'
  readonly kind: 'drawdown' | 'contagion' | 'operator' | 'uncomputable' | 'compliance'
  readonly on: boolean
  readonly time: TimeMs
  readonly reason: string
  /** What ends it, in words: `operator reset`, `share < 60 % for 50 bars` … */
  readonly ends: string
}
