/** What feeds besides the market's say to a live swarm: each message as plain data, with the name of its feed. */

import { topic } from '../../bus/index.js'
import type { TimeMs } from '../../core/index.js'

/** A message of a feed. */
export interface FeedMessage {
  /** The feed, by the name that the scenario lists. */
  readonly feed: string
  /** When the model received it. */
  readonly time: TimeMs
  readonly message: unknown
}

/** Messages of the feeds that a live run has besides the market's and the moats'. They stay in the process that received them. */
export const FeedMessages = topic<FeedMessage>('feed-messages')
