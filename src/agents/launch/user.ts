/** User: somebody for whom the trade-agent decides: consents, limits and positions, and when a position is left. */

import { SECOND_MS, type TimeMs } from '../../core/index.js'
import { type Lamports, phaseOf, spotPrice } from '../../exchange/index.js'
import type { Gate } from '../../trading/index.js'
import type { Consent } from './consent.js'
import { hasJustBought, noteSale } from './coordination.js'
import { reasonToSell } from './exits.js'
import type { Assignment } from './experiment.js'
import type { ProfileName } from './leaving.js'
import type { LaunchToken } from './token.js'
import { UserTrades } from './topics.js'
import { type Position, type Settlement, SLIPPAGE, Trader } from './trader.js'

/** What was known when a position was entered. */
export interface Entry {
  readonly decision: string
  readonly risk: number
  readonly confidence: number
  /** What it belongs to in an experiment; undefined: there is none. */
  readonly assignment?: Assignment
}

const LOOK_MS = 4 * SECOND_MS

export class User extends Trader {
  profile: ProfileName = 'scalper'
  /** What an entry is worth before anything makes it smaller. */
  baseSize: Lamports = 0
  consents: Consent[] = []
  declare gate: Gate
  /** The gate of all users of its operator. */
  declare operator: Gate
  /** What orders that wait may cost, and what positions were entered for, by pair. */
  waiting = new Map<string, Lamports>()
  entries = new Map<string, Entry>()
  /** Positions that are being left, and why. */
  leaving = new Map<string, string>()

  /** Whether there is a consent to trade a token now. */
  agreesTo(token: LaunchToken, time: TimeMs): boolean {
    const phase = phaseOf(token.curve)
    const names: readonly string[] = ['all', phase, token.pair]
    return this.consents.some(({ category, from, until }) => names.includes(category) && time >= from && time < until)
  }

  /** Enters a token for so many lamports at most: what the gates allowed. */
  enter(token: LaunchToken, lamports: Lamports, entry: Entry): void {
    this.waiting.set(token.pair, lamports)
    this.entries.set(token.pair, entry)
    this.buy(token, lamports / (1 + SLIPPAGE))
  }

  /** Sells all that is held of a token, whatever its price; false where that is on its way already. */
  leave(token: LaunchToken, reason: string): boolean {
    if (this.leaving.has(token.pair)) return false
    this.leaving.set(token.pair, reason)
    // While it is on its way nobody else of the operator is granted a purchase.
    noteSale(this.operator, token.pair, this.model.now)
    this.sell(token, 1)
    return true
  }

  look(): void {
    for (const position of this.positions.values()) {
      position.peak = Math.max(position.peak, spotPrice(position.token.curve))
      const reason = this.reasonToLeave(position)
      if (reason !== null) this.leave(position.token, reason)
    }
    if (this.positions.size > 0) this.after(this.slots(LOOK_MS), 'look')
  }

  override settle(settlement: Settlement): void {
    const { token, side, tokens, lamports, slippage, time } = settlement
    const { pair } = token
    const [before, profit] = [this.positions.get(pair), this.profit]
    if (side === 'buy' && this.positions.size === 0) this.after(this.slots(LOOK_MS), 'look')
    super.settle(settlement)
    const { decision = '', risk = 0, confidence = 0, assignment } = this.entries.get(pair) ?? {}
    const sold = side === 'sell'
    const reason = sold ? (this.leaving.get(pair) ?? '') : 'entry'
    this.waiting.delete(pair)
    if (sold) noteSale(this.operator, pair, time)
    if (!this.positions.has(pair)) this.forget(pair)
    const [pnl, heldMs] = sold ? [this.profit - profit, time - (before?.since ?? time)] : [null, null]
    const of = { user: this.key, pair, action: side, tokens, lamports, time, pnl, slippage, heldMs }
    if (pnl !== null && assignment !== undefined) this.model.noteOutcome(assignment, pnl / (lamports - pnl))
    this.publish(UserTrades, { ...of, risk, confidence, decision, reason })
  }

  override lapse(pair: string): void {
    this.waiting.delete(pair)
    this.leaving.delete(pair)
    if (!this.positions.has(pair)) this.entries.delete(pair)
  }

  override writeOff(pair: string): void {
    super.writeOff(pair)
    this.forget(pair)
  }

  private forget(pair: string): void {
    this.entries.delete(pair)
    this.leaving.delete(pair)
  }

  /** Why a position is left now; null: it is held. */
  private reasonToLeave({ token, paid, since, peak }: Position): string | null {
    const { now } = this.model
    const { risk = 0 } = this.entries.get(token.pair) ?? {}
    const held = { token, profile: this.profile, risk, paid, tokens: this.holds(token), since, peak }
    const mustWait = hasJustBought(this.operator, token.pair, now)
    return reasonToSell(held, { price: spotPrice(token.curve), now, mustWait })
  }
}
