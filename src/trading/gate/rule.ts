/** What a rule of the risk gate is: a small pure function of an intent, an account and limits, and how it is described. */

import type { QtyE8, TimeMs, UsdE6 } from '../../core/index.js'
import type { InstrumentRules } from '../../exchange/index.js'
import type { Bar } from '../../market/index.js'
import type { Direction } from '../idea.js'
import type { Fill, Trade } from '../trade.js'
import type { LimitSpecs, LimitsOf } from './limit.js'

/** What is asked of the gate: to buy or to sell so much of a pair at about this price. */
export interface Intent {
  readonly pair: string
  readonly direction: Direction
  /** The quantity that is wanted. */
  readonly qtyE8: QtyE8
  /** The last known price; NaN where there is none. */
  readonly priceUsd: number
  readonly time: TimeMs
  /** It makes a position smaller: no rule is asked, and nothing prevents it. */
  readonly reduces: boolean
  /** It extends a position and trades nothing: it takes no room. */
  readonly renews: boolean
  /** It ends a position or a waiting entry of the other direction, and buys nothing: few rules bind it (`bindsExits`). */
  readonly opposes: boolean
  /** What leaves at the price that fills this, at its last close: that room becomes free. */
  readonly freesE6: UsdE6
  /** By how much its fill is worse than its price, as a share: half the spread, and the slippage. */
  readonly slippage: number
  /** Of the signal behind it, in [0, 1]. */
  readonly confidence: number
  /** Independent signals that agree: moats, and the idea of the other kind. */
  readonly agreeing: number
  readonly decidedAt: TimeMs
  readonly expiresAt: TimeMs
  /** The end of its horizon. */
  readonly closesAt: TimeMs
  /** The strategy behind it: the source of its ideas. */
  readonly strategy: string
  /** What the exchange demands of orders in the pair. */
  readonly instrument: InstrumentRules
}

/** A pair as the account sees it. */
export interface PairMarket {
  readonly priceUsd: number
  /** Start and length of the last existing bar; −1 and 0 before the first. */
  readonly barTime: TimeMs
  readonly barMs: number
  /** Flags of the last bar. */
  readonly flags: number
}

/** A position as the account sees it. */
export interface HeldPosition {
  readonly direction: Direction
  readonly entryTime: TimeMs
  /** The end of its horizon: it leaves at the first open at or after that. */
  readonly closesAt: TimeMs
}

/** The account that an intent is judged for: a portfolio, or all portfolios of a user or an operator. */
export interface Account {
  readonly startE6: UsdE6
  /** What a position is worth for each dollar of its margin; absent: 1, it is paid in full. */
  readonly leverage?: number
  /** NaN where a held pair has no price. */
  equityE6(): UsdE6
  /** Σ |value| of positions, and the room that waiting entries keep; NaN as above. */
  grossE6(): UsdE6
  /** Positions and waiting entries. */
  openCount(): number
  /** Calls `visit` with each pair that has a position or a waiting entry, and its signed value, in order of entry. */
  eachExposure(visit: (pair: string, valueE6: UsdE6) => void): void
  market(pair: string): PairMarket | undefined
  /** The position held in a pair, of several the youngest; null: none. */
  position(pair: string): HeldPosition | null
  /** Why no entry may be made in this pair whatever the limits are: `stalePair`, `linkDown`, `clockOff`, `unwatched`; null: none. */
  doubt(pair: string): string | null
}

/** A lock that a rule begins. */
export interface Pause {
  /** The pair it holds in; null: in all. */
  readonly pair: string | null
  /** The instant at which it ends; null: an operator ends it. */
  readonly until: TimeMs | null
  readonly reason: string
}

/** signal: judged before a signal becomes an intent · entry: judged of every intent that is not a reduction. */
export type Stage = 'signal' | 'entry'

/**
 * A rule of the gate. `L`: its limits, by name; the first one switches it on, and a rule without limits is always on. `S`: what it
 * keeps between intents, as plain data that a checkpoint can save.
 */
export interface RuleOptions<L extends LimitSpecs, S> {
  /** Stable: it stands in records and files. */
  readonly code: string
  readonly stage?: Stage
  readonly limits: L
  /** What is compared with the limit, and its unit. */
  readonly unit: string
  /** What happens at exactly the limit. */
  readonly boundary: string
  /** Of a rule that begins locks: what ends one, in words. */
  readonly lockEnds?: string
  /** Who uses such a rule, or where its formula comes from. */
  readonly source: string
  /** What an intent beyond the limit becomes; a profile may say otherwise. Default: refuse. */
  readonly excess?: 'refuse' | 'shrink'
  /** Of a rule of signals: it also binds a signal that only ends a position or a waiting entry. Default: it does not. */
  readonly bindsExits?: boolean
  /**
   * Whether what it allows at an order also bounds what the fill costs, at whatever price. Default: that of a rule that shrinks does.
   */
  boundsFill?(intent: Intent, limits: LimitsOf<L>, own: S): boolean
  /** What it keeps, before anything has happened. */
  begin?(limits: LimitsOf<L>): S
  /**
   * The code of another rule that keeps the same: where both are on, they have one state. Its hooks then receive everything twice, and
   * must not mind.
   */
  readonly keepsWith?: string
  /**
   * The most it allows of an intent, in 1e-8 units: Infinity is all of it, 0 or NaN none. Pure. A rule that only pauses leaves it out.
   */
  allows?(intent: Intent, account: Account, limits: LimitsOf<L>, own: S): number
  /** What the record says was compared with the limit, in `unit`. */
  measures?(intent: Intent, account: Account, limits: LimitsOf<L>, own: S): number
  /** The limit in that unit, where it is not the first one of `limits`; `mostE8` is what the rule allowed. */
  bound?(mostE8: number, intent: Intent, account: Account, limits: LimitsOf<L>, own: S): number
  /** Looks at the account at the end of a step and before every intent; a pause begins a lock. */
  watch?(own: S, account: Account, time: TimeMs, limits: LimitsOf<L>): Pause | null
  /** Called after a step has ended and been watched. */
  onStep?(own: S, account: Account, time: TimeMs, limits: LimitsOf<L>): void
  /** Called when an intent has become an order; its quantity is what was allowed. */
  onEntry?(own: S, intent: Intent, limits: LimitsOf<L>): void
  onBar?(own: S, bar: Bar, limits: LimitsOf<L>): Pause | null
  onFill?(own: S, fill: Fill, limits: LimitsOf<L>): Pause | null
  /** Called after this rule has refused an intent that was wanted, so that it can follow what came of it. */
  onRefused?(own: S, intent: Intent, limits: LimitsOf<L>): void
  onTrade?(own: S, trade: Trade, limits: LimitsOf<L>): Pause | null
}

/** A rule whose limits and state are its own business. */
export interface Rule extends RuleOptions<LimitSpecs, unknown> {
  readonly stage: Stage
  readonly excess: 'refuse' | 'shrink'
  boundsFill(intent: Intent, limits: LimitsOf<LimitSpecs>, own: unknown): boolean
}

/** Types a rule by its limits and its state. */
export function defineRule<L extends LimitSpecs, S = undefined>(options: RuleOptions<L, S>): Rule & { readonly limits: L } {
  const boundsFill = () => options.excess === 'shrink'
  return { stage: 'entry', excess: 'refuse', boundsFill, ...options } as unknown as Rule & { readonly limits: L }
}
