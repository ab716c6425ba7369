/** What every account of the launch world has: lamports, positions, and a way to buy and sell. */

import type { TimeMs } from '../../core/index.js'
import { type Lamports, spotPrice, type TokenUnits, tokensFor } from '../../exchange/index.js'
import { Agent } from '../../model/index.js'
import type { LaunchOrder, LaunchWorld } from './ports.js'
import { inSlots } from './slots.js'
import type { LaunchToken } from './token.js'

/** What a trader holds of a token. */
export interface Position {
  readonly token: LaunchToken
  /** What it paid for what it holds, fees included. */
  paid: Lamports
  since: TimeMs
  /** Highest price since then. */
  peak: number
}

/** How hasty a trader is. */
export type Haste = Partial<Pick<LaunchOrder, 'priority' | 'delaySlots' | 'wallet' | 'inLaunch'>> & {
  /** By how much worse than seen the price may be, as a share; null: by any. */
  readonly slippage?: number | null
}

/** A settled fill. */
export interface Settlement {
  readonly token: LaunchToken
  readonly side: 'buy' | 'sell'
  readonly tokens: TokenUnits
  /** Paid with the fee, or received without it. */
  readonly lamports: Lamports
  readonly held: TokenUnits
  /** What it cost that the order moved the price, in lamports. */
  readonly slippage: Lamports
  readonly time: TimeMs
}

/** By how much worse the price may usually be. */
export const SLIPPAGE = 0.15

export abstract class Trader extends Agent<LaunchWorld> {
  lamports: Lamports = 0
  /** What it began with; it never pays in more than makes it that again. */
  stake: Lamports = 0
  positions = new Map<string, Position>()
  /** Gains less losses of what was sold. */
  profit: Lamports = 0

  /** The account of one of its wallets; the first has the agent's own name. */
  account(wallet = 0): string {
    return wallet === 0 ? this.key : `${this.key}/${wallet}`
  }

  /** A time in whole slots. */
  slots(ms: number): TimeMs {
    return inSlots(ms, this.model.params.slotMs)
  }

  /** Buys for so many lamports, fee included. */
  buy(token: LaunchToken, lamports: Lamports, haste: Haste = {}): void {
    const paid = Math.min(Math.floor(lamports), this.lamports)
    const tokens = paid > 0 ? tokensFor(token.curve, paid) : 0
    if (tokens === 0) return
    const { slippage = SLIPPAGE } = haste
    const limit = slippage === null ? null : Math.floor(paid * (1 + slippage))
    this.model.send(this, { token, side: 'buy', tokens, limit, ...hasteOf(haste) })
  }

  /** Sells a share of what one of its wallets holds. */
  sell(token: LaunchToken, share: number, haste: Haste = {}): void {
    const held = token.holders.get(this.account(haste.wallet)) ?? 0
    const tokens = share === 1 ? held : Math.floor(held * share)
    if (tokens === 0) return
    const { slippage = null } = haste
    const limit = slippage === null ? null : Math.floor(spotPrice(token.curve) * tokens * (1 - slippage))
    this.model.send(this, { token, side: 'sell', tokens, limit, ...hasteOf(haste) })
  }

  /** Takes a fill of its own. */
  settle({ token, side, tokens, lamports, held, time }: Settlement): void {
    const price = spotPrice(token.curve)
    const position = this.positions.get(token.pair)
    if (side === 'buy') {
      this.lamports -= lamports
      if (position === undefined) this.positions.set(token.pair, { token, paid: lamports, since: time, peak: price })
      else position.paid += lamports
      return
    }
    this.lamports += lamports
    if (position === undefined) return
    const cost = held === tokens ? position.paid : Math.floor((position.paid * tokens) / held)
    position.paid -= cost
    this.profit += lamports - cost
    if (held === tokens) this.positions.delete(token.pair)
  }

  /** All that its wallets hold of a token. */
  holds(token: LaunchToken): TokenUnits {
    return token.holders.get(this.key) ?? 0
  }

  /** An order of its own came to nothing. */
  lapse(_pair: string): void {}

  /** A token is no longer traded: what it paid for it is lost. */
  writeOff(pair: string): void {
    const position = this.positions.get(pair)
    if (position === undefined) return
    this.profit -= position.paid
    this.positions.delete(pair)
  }
}

function hasteOf({ priority = 0, delaySlots = 0, wallet = 0, inLaunch = false }: Haste): Omit<Required<Haste>, 'slippage'> {
  return { priority, delaySlots, wallet, inLaunch }
}
