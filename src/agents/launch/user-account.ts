/** A user as the risk gate sees it. Its money is thousandths of SOL and its quantities hundreds of tokens, as at the venue. */

import type { UsdE6 } from '../../core/index.js'
import { type Lamports, spotPrice } from '../../exchange/index.js'
import type { Account, HeldPosition, InstrumentRules, PairMarket } from '../../trading/index.js'
import type { LaunchWorld } from './ports.js'
import type { LaunchToken } from './token.js'
import type { Position } from './trader.js'

/** Whose account it is. */
export interface AccountOwner {
  readonly model: LaunchWorld
  readonly stake: Lamports
  readonly lamports: Lamports
  readonly positions: ReadonlyMap<string, Position>
  /** What orders that wait may cost, by pair. */
  readonly waiting: ReadonlyMap<string, Lamports>
  holds(token: LaunchToken): number
}

/** What a curve demands of orders: whole base units, and nothing else. */
export const curveRules: InstrumentRules = { lotE8: 1, minQtyE8: 1, minCostE6: 0, tickUsd: 0 }

/** A position of a curve has no horizon that the gate must know. */
const noEnd = Number.POSITIVE_INFINITY

export class UserAccount implements Account {
  constructor(private readonly user: AccountOwner) {}

  get startE6(): UsdE6 {
    return this.user.stake
  }

  equityE6(): UsdE6 {
    return this.user.lamports + this.valueE6()
  }

  grossE6(): UsdE6 {
    let sum = this.valueE6()
    for (const lamports of this.user.waiting.values()) sum += lamports
    return sum
  }

  openCount(): number {
    return this.user.positions.size + this.user.waiting.size
  }

  eachExposure(visit: (pair: string, valueE6: UsdE6) => void): void {
    for (const { token } of this.user.positions.values())
      visit(token.pair, Math.round(spotPrice(token.curve) * this.user.holds(token)))
    for (const [pair, lamports] of this.user.waiting) visit(pair, lamports)
  }

  market(pair: string): PairMarket | undefined {
    return marketOf(this.user.model, pair)
  }

  position(pair: string): HeldPosition | null {
    const position = this.user.positions.get(pair)
    return position === undefined ? null : { direction: 1, entryTime: position.since, closesAt: noEnd }
  }

  doubt(): null {
    return null
  }

  private valueE6(): UsdE6 {
    let sum = 0
    for (const { token } of this.user.positions.values()) sum += Math.round(spotPrice(token.curve) * this.user.holds(token))
    return sum
  }
}

function marketOf(model: LaunchWorld, pair: string): PairMarket | undefined {
  const token = model.tokens.get(pair)
  if (token === undefined) return undefined
  return { priceUsd: spotPrice(token.curve) * 100, barTime: token.lastTradeAt, barMs: 0, flags: 0 }
}

/** All users of an operator together. What no rule of an operator reads is not summed. */
export class OperatorAccount implements Account {
  readonly startE6 = 0

  constructor(private readonly model: LaunchWorld) {}

  equityE6(): UsdE6 {
    return 0
  }

  grossE6(): UsdE6 {
    return 0
  }

  openCount(): number {
    return 0
  }

  eachExposure(): void {}

  market(pair: string): PairMarket | undefined {
    return marketOf(this.model, pair)
  }

  position(): null {
    return null
  }

  doubt(): null {
    return null
  }
}
