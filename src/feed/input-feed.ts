/** A feed beside the market's: named, and asked for what waits. A scenario lists such feeds; each one's inputs are journalled. */

import type { MarketInput, NetInput } from '../market/index.js'

/** An input of such a feed: a signal of a moat, what is known of the network, or a message of its own as plain data, which the model publishes as `FeedMessages`. */
export type FeedInput =
  | Extract<MarketInput, { kind: 'signal' }>
  | NetInput
  | { readonly kind: 'message'; readonly message: unknown }

/** The state of one feed. */
export interface FeedState {
  readonly state: 'starting' | 'live' | 'stale' | 'failed'
  /** Time of its last data, ms since 1970, UTC; null before the first. */
  readonly lastDataAt: number | null
}

/**
 * A feed besides the market's. No call but `start` and `stop` may wait. What it queues it must bound itself, and count in `counters`;
 * what it throws ends the feed, and not the run.
 */
export interface InputFeed {
  start(): void | Promise<void>
  /** Waiting inputs in order of arrival, at most `max`, or at most that many of each of its streams. The rest waits. */
  take(max: number): FeedInput[]
  state(): FeedState
  /** Everything counted so far, by name. */
  counters(): Readonly<Record<string, number>>
  stop(): Promise<void>
}
