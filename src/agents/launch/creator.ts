/** Creator: launches tokens and buys of them first; of which kind a launch is, it alone knows, and sells accordingly. */

import { MINUTE_MS, type Rng, SECOND_MS, type TimeMs } from '../../core/index.js'
import { SOL, spotPrice } from '../../exchange/index.js'
import { isRug, type LaunchKind, manners } from './kinds.js'
import type { LaunchToken } from './token.js'
import { Trader } from './trader.js'

/** What a creator means to do with a token of its own. */
interface Plan {
  readonly token: LaunchToken
  /** From when on it sells. */
  readonly from: TimeMs
  /** It sells earlier at this many times the first price. */
  readonly target: number
  /** Pieces in which it sells, and the time between two. */
  readonly pieces: number
  readonly pauseMs: number
  sold: number
}

/** How often it looks at its tokens, and how often its wallets trade with each other. */
const [LOOK_MS, WASH_MS] = [2 * SECOND_MS, 7 * SECOND_MS]
/** They do so for so long. */
const WASHED_MS = 12 * MINUTE_MS
/** Where the kind does not show, rugs begin after what is scored. */
const LATE_MS = 16 * MINUTE_MS

export class Creator extends Trader {
  /** The wallets beside its own, which trade with each other. */
  static readonly wallets = 3
  /** The kind that it launches where nothing else is drawn. */
  bent: LaunchKind = 'honest'
  launches = 0
  /** Launches of which it has not sold most within the horizon, and the others. */
  good = 0
  bad = 0
  lastLaunch: TimeMs | null = null
  plans: Plan[] = []

  /** What it is known for: the share of good launches, one of each taken for granted. */
  get reputation(): number {
    return (this.good + 1) / (this.good + this.bad + 2)
  }

  launched(token: LaunchToken): void {
    const { rng } = this
    this.launches++
    this.lastLaunch = this.model.now
    const { devSol, washes } = manners[token.looks]
    const [least, most] = devSol
    this.buy(token, rng.between(least, most) * SOL, { slippage: null, priority: SOL / 100, inLaunch: true })
    if (this.plans.length === 0) this.after(this.slots(LOOK_MS), 'look')
    this.plans.push({ token, sold: 0, ...planFor(token, rng) })
    if (washes) this.after(this.slots(WASH_MS), 'wash', token.pair)
  }

  look(): void {
    this.plans = this.plans.filter(plan => this.goesOn(plan))
    if (this.plans.length > 0) this.after(this.slots(LOOK_MS), 'look')
  }

  /** Wallets of one owner buy and sell, so that it looks as if the token was traded. */
  wash(pair: string): void {
    const token = this.model.tokens.get(pair)
    if (token === undefined || token.rugged || this.model.now > token.launchedAt + WASHED_MS) return
    const wallet = 1 + this.rng.int(Creator.wallets)
    if ((token.holders.get(this.account(wallet)) ?? 0) > 0) this.sell(token, 1, { wallet })
    else this.buy(token, this.rng.between(0.1, 0.5) * SOL, { wallet })
    this.after(this.slots(WASH_MS), 'wash', pair)
  }

  override holds(token: LaunchToken): number {
    let held = super.holds(token)
    for (let wallet = 1; wallet <= Creator.wallets; wallet++) held += token.holders.get(this.account(wallet)) ?? 0
    return held
  }

  private goesOn(plan: Plan): boolean {
    const { token, from, target, pieces, pauseMs } = plan
    const { now } = this.model
    if (!this.model.tokens.has(token.pair)) return false
    const reached = spotPrice(token.curve) >= target * firstPrice(token)
    const isDue = plan.sold > 0 ? now >= plan.from + plan.sold * pauseMs : now >= from || reached
    if (!isDue) return true
    plan.sold++
    const left = pieces - plan.sold + 1
    this.sell(token, 1 / left, { priority: isRug(token.kind) ? SOL / 100 : 0 })
    if (plan.sold < pieces) return true
    for (let wallet = 1; wallet <= Creator.wallets; wallet++) this.sell(token, 1, { wallet })
    if (isRug(token.kind)) this.model.dump(token)
    return false
  }
}

function firstPrice({ curve }: LaunchToken): number {
  return curve.terms.virtualLamports / curve.terms.virtualTokens
}

/** When a kind of launch is sold. Where it does not show, every rug begins alike, after what is scored. */
function planFor({ kind, leaks, launchedAt }: LaunchToken, rng: Rng): Omit<Plan, 'token' | 'sold'> {
  const wait = rng.exponential()
  const target = rng.between(2.5, 12)
  const after = (ms: number) => launchedAt + Math.round(ms)
  if (!isRug(kind))
    return { from: after(30 * MINUTE_MS + wait * 30 * MINUTE_MS), target: 100, pieces: 10, pauseMs: 5 * MINUTE_MS }
  const slow = kind === 'slowRug' ? { pieces: 12, pauseMs: 20 * SECOND_MS } : { pieces: 1, pauseMs: 0 }
  if (!leaks) return { from: after(LATE_MS + wait * 10 * MINUTE_MS), target: Number.POSITIVE_INFINITY, ...slow }
  const least = kind === 'instantRug' ? 40 * SECOND_MS : 2 * MINUTE_MS
  return { from: after(least + wait * 6 * MINUTE_MS), target, ...slow }
}
