/** The interface of a market feed to a live run: waiting inputs, whether a bar is final, the state of each pair. No call blocks. */

import type { TimeMs } from '../core/index.js'
import type { Bar, MarketInput } from '../market/index.js'

/** The state of a pair. `missing`: not listed. `refused`: listed, but the subscription was. `syncing`: being back-filled. */
export type PairState = 'missing' | 'refused' | 'offline' | 'syncing' | 'live' | 'stale'

/** The state of one pair at a feed. */
export interface PairStatus {
  readonly pair: string
  readonly state: PairState
  /** Time of the last data, null before the first. */
  readonly lastDataAt: TimeMs | null
  /** Since when it has been stale, else null. */
  readonly staleSince: TimeMs | null
  /** Every interval before this one is final; null before the first. */
  readonly closedUntil: TimeMs | null
}

/** What a feed gives a live run before its first live bar. */
export interface LiveStart {
  /** Pairs that will be served, in the order requested. */
  readonly pairs: readonly string[]
  /** Pairs that will not, each with one sentence. */
  readonly missing: readonly { readonly pair: string; readonly reason: string }[]
  /** Closed bars from before the start, by time and then in the order of pairs: the warm-up. */
  readonly history: readonly Bar[]
}

/** What the exchange demands of orders in a pair, as its list has it today; prices in the quote currency. */
export interface ListedRules {
  readonly pair: string
  readonly tickSize: number
  readonly lotDecimals: number
  readonly orderMin: number
  readonly costMin: number
}

/** Bars of a pair from before its first live bar that could only be had after the start. */
export interface LateHistory {
  readonly pair: string
  readonly bars: readonly Bar[]
}

/**
 * The world's loop: `take` what waits; when `now()` has passed the end of a bar, step as soon as `barFinal` holds for
 * every pair, or after its grace call `closeBars(barEnd)` and `take` again.
 */
export interface LiveFeed {
  readonly barMs: number
  /** Loads what it needs; `start` does so too. */
  prepare?(): Promise<void>
  /** Connects and collects the warm-up. It waits for an exchange that is away as long as that takes, or until `stop`. */
  start(): Promise<LiveStart>
  /** Waiting inputs in order of arrival, at most `maxPerPair` of each pair; the rest wait. */
  take(maxPerPair: number): MarketInput[]
  /** Number of waiting inputs. */
  waiting(): number
  /** The time bars are closed by: the wall clock's, unless it jumped away from the exchange's. */
  now(): TimeMs
  /** True when the pair's bar ending at `barEnd` is final, or the pair is not live and need not be waited for. */
  barFinal(pair: string, barEnd: TimeMs): boolean
  /** Makes every live pair's bars up to `barEnd` final; an interval without trades becomes a filled bar. */
  closeBars(barEnd: TimeMs): void
  status(): readonly PairStatus[]
  /** The history of the next pair that has one waiting; its live bars follow it. */
  takeHistory?(): LateHistory | undefined
  /** What the exchange demands of orders, where it said so since the last call. */
  takeRules?(): readonly ListedRules[]
  /** How far this machine's clock is ahead of the exchange's, ms; null: not known. */
  clockOffsetMs?(): number | null
  /** Everything counted so far, by name. */
  counters(): Readonly<Record<string, number>>
  stop(): Promise<void>
}
