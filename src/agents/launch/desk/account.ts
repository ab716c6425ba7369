/** A user of a desk: paper money and positions, as the risk gate sees them. */

import type { TimeMs, UsdE6 } from '../../../core/index.js'
import type { Lamports, TokenUnits } from '../../../exchange/index.js'
import { type Account, type Gate, type HeldPosition, newGate, type PairMarket } from '../../../trading/index.js'
import { userGateRules, userLimitsOf } from '../user-limits.js'
import type { DeskPolicy, SeenUser } from './seen.js'

/** What is held of a token. */
export interface DeskPosition {
  tokens: TokenUnits
  /** What was paid, the fee included. */
  paid: Lamports
  since: TimeMs
  /** Highest price since then. */
  peak: number
  readonly risk: number
  readonly confidence: number
  /** What the creator held at the entry. */
  readonly creatorShare: number | null
}

/** Prices as they were seen last, lamports for a base unit. */
export type Prices = ReadonlyMap<string, { readonly price: number; readonly time: TimeMs }>

export class DeskUser implements Account {
  readonly stake: Lamports
  readonly gate: Gate
  lamports: Lamports
  profit: Lamports = 0
  readonly positions = new Map<string, DeskPosition>()

  constructor(
    readonly key: string,
    seen: SeenUser,
    policy: DeskPolicy,
    private readonly prices: Prices,
  ) {
    this.stake = seen.cash
    this.lamports = seen.cash
    this.gate = newGate('user', key, userLimitsOf(policy), userGateRules)
  }

  get startE6(): UsdE6 {
    return this.stake
  }

  equityE6(): UsdE6 {
    return this.lamports + this.grossE6()
  }

  grossE6(): UsdE6 {
    let sum = 0
    this.eachExposure((_, value) => {
      sum += value
    })
    return sum
  }

  openCount(): number {
    return this.positions.size
  }

  eachExposure(visit: (pair: string, valueE6: UsdE6) => void): void {
    for (const [mint, { tokens }] of this.positions) visit(mint, Math.round((this.prices.get(mint)?.price ?? 0) * tokens))
  }

  market(mint: string): PairMarket | undefined {
    return marketIn(this.prices, mint)
  }

  position(mint: string): HeldPosition | null {
    const held = this.positions.get(mint)
    return held === undefined ? null : { direction: 1, entryTime: held.since, closesAt: Number.POSITIVE_INFINITY }
  }

  doubt(): null {
    return null
  }
}

/** The market of a token as gates see it: its price in thousandths of SOL for a hundred base units. */
export function marketIn(prices: Prices, mint: string): PairMarket | undefined {
  const seen = prices.get(mint)
  return seen === undefined ? undefined : { priceUsd: seen.price * 100, barTime: seen.time, barMs: 0, flags: 0 }
}
