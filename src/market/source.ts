/** What a market hands the model: the inputs of successive ticks. Synchronous; its state is plain and saveable. */

import type { TimeMs } from '../core/index.js'
import type { Bar, MarketTrade, MoatSignal } from './candle.js'
import type { NetScan } from './net/scan.js'
import type { Headline } from './news/headline.js'

/** One input of a trading world, in the order it is delivered. Everything here can be journalled as it stands. */
export type MarketInput =
  | { readonly kind: 'bar'; readonly bar: Bar }
  /** A closed bar as the source has corrected it. What was decided on the bar as it stood stays decided. */
  | { readonly kind: 'revision'; readonly bar: Bar }
  | { readonly kind: 'trade'; readonly trade: MarketTrade }
  | { readonly kind: 'signal'; readonly signal: MoatSignal }
  | { readonly kind: 'scan'; readonly scan: NetScan }
  | { readonly kind: 'headline'; readonly headline: Headline }
  | { readonly kind: 'gap'; readonly pair: string; readonly from: TimeMs; readonly to: TimeMs }
  | { readonly kind: 'stale'; readonly pair: string; readonly since: TimeMs | null }

/** The inputs of one instant. */
export interface MarketTick {
  readonly time: TimeMs
  /** True where a base bar closed, so that agents step. */
  readonly step: boolean
  readonly inputs: readonly MarketInput[]
}

/** A simulated market (made or replayed from files): hands out ticks one by one until it ends. */
export interface MarketSource {
  readonly barMs: number
  readonly pairs: readonly string[]
  /** The next tick, or undefined at the end of data. */
  next(): MarketTick | undefined
  /** Plain state after the ticks handed out so far. */
  save(): unknown
  restore(state: unknown): void
  /** What the manifest should say: planted causes, chosen files and their digests, placebo streams … */
  describe(): Record<string, unknown>
}
