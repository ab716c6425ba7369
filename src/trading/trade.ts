/** Fills and finished trades, in exact integers, and why they happened. */

import { BrokenInvariant, type QtyE8, type TimeMs, type UsdE6 } from '../core/index.js'
import type { Direction, Features, Style } from './idea.js'

/** The portfolios that trade: what analysts say, what the swarm says, and both combined. */
export const portfolioNames = ['baseline', 'mycelial', 'synthesized'] as const
/** The name of one of the three portfolios of a swarm; another system's portfolio has a name of its own. */
export type PortfolioName = (typeof portfolioNames)[number]

/** The portfolio of a swarm that a record names. */
export function swarmPortfolio(name: string): PortfolioName {
  const found = portfolioNames.find(known => known === name)
  if (found === undefined) throw new BrokenInvariant(`a swarm has no portfolio ${name}`)
  return found
}

/** Why a position was closed. `liquidation`: its margin no longer sufficed, and the exchange closed it; `end`: the run ended; `data-ended`: the pair's data ended before; `operator`: an operator closed it. */
export type ExitReason = 'horizon' | 'opposite' | 'stop' | 'target' | 'liquidation' | 'end' | 'data-ended' | 'operator'

/** All of them. */
export const exitReasons = [
  'horizon',
  'opposite',
  'stop',
  'target',
  'liquidation',
  'end',
  'data-ended',
  'operator',
] as const satisfies readonly ExitReason[]

/** One execution. */
export interface Fill {
  readonly portfolio: string
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

/** The order a fill is of: a trade has one that opens it and one that closes it. */
export function orderId(tradeId: string, opens: boolean): string {
  return `${tradeId}:${opens ? 'entry' : 'exit'}`
}

/** A finished trade, published on `trade-confirmations` and stored in `trades.db`. */
export interface Trade {
  readonly tradeId: string
  readonly portfolio: string
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

/** A lock: why entries are stopped, where, and until when. */
export interface Halt {
  /** Unique in a run: whose it is, its kind, its pair and the instant at which it began. */
  readonly id: string
  /** The portfolio, user or operator it stops; `all`: every portfolio. */
  readonly portfolio: string
  /** The pair it stops entries in; null: every pair. */
  readonly pair: string | null
  /** The code of the rule that began it, `operator` or `uncomputable`. */
  readonly kind: string
  readonly on: boolean
  /** When it began; of one that is over, when it ended. */
  readonly time: TimeMs
  /** The recorded instant at which it ends by itself; null: it ends by what `ends` says. */
  readonly until: TimeMs | null
  readonly reason: string
  /** What ends it, in words: `operator reset`, `share < 60 % for 50 bars` … */
  readonly ends: string
}

/** What a lock decided. One of all pairs without an instant has the form it had before locks of pairs. */
export function haltFact({ portfolio, kind, time, reason, ends, on, pair, until }: Halt): unknown {
  const fact = { portfolio, kind, time, reason, ends, on }
  return pair === null && until === null ? fact : { ...fact, pair, until }
}
