/** The port a live world uses to exchange messages with other processes; it never blocks and counts every loss. */

import type { Outgoing } from './envelope.js'
import type { Doubt } from './inbox.js'

/** A message of another process, as an input of a later tick; plain data for the journal. */
export interface MessageInput {
  readonly kind: 'message'
  readonly topic: string
  readonly from: string
  readonly epoch: string
  readonly seq: number
  /** Publisher's wall time, ms since 1970 UTC. */
  readonly t: number
  readonly data: unknown
}

/** Whether a topic can be trusted to be complete. */
export interface TopicState {
  readonly topic: string
  readonly fresh: boolean
  /** Why not: the link is down, a peer was never heard or fell silent, two publishers share a name, messages are missing. */
  readonly doubt: Doubt | undefined
  /** Wall time since when, ms since 1970 UTC. */
  readonly staleSince: number | undefined
  /** The publisher it is about. */
  readonly from: string | undefined
}

export interface TransportStart {
  readonly up: boolean
  /** One sentence for a person; where `up` is false it says what is missing and what continues nevertheless. */
  readonly message: string
}

/**
 * A tick in a live world: `take` → run the tick → `stamp` what leaves → commit, outbox included → `send`. After a restart
 * the ledger's unannounced messages go in as `unannounced`: they are sent first, as they were, and precede the new epoch.
 */
export interface Transport {
  readonly name: string
  readonly epoch: string
  /** Resolves once up, or after `startMs` at the latest, and keeps retrying. Rejects where retrying cannot help. */
  start(): Promise<TransportStart>
  /** Gives a message its epoch and seq; nothing leaves. Undefined (and counted) where it is too long, or a topic too many. */
  stamp(topic: string, data: unknown): Outgoing | undefined
  /** Sends stamped messages, after their commit; returns how many were handed to the wire. The others are counted, not kept. */
  send(messages: readonly Outgoing[]): number
  /** `stamp` and `send` at once, for what needs no commit. True where it was handed to the wire. */
  publish(topic: string, data: unknown): boolean
  /** Waiting messages: those that prove themselves, then the others, oldest first. */
  take(atMost: number): MessageInput[]
  /** Those that prove themselves alone. */
  takeProven(): MessageInput[]
  readonly waiting: number
  state(topic: string): TopicState
  /** Every topic listened to that is in doubt. */
  stale(): TopicState[]
  /** Judges the messages of publishers who were unknown again, once claims were read; returns how many still wait. */
  judgeAgain(): number
  /** Publishers seen using one name with two epochs at once. */
  conflicts(): readonly string[]
  counters(): Readonly<Record<string, number>>
  /** Announces that this process will not come back under its name. A process that may come back must not call it. */
  leave(): void
  close(): Promise<void>
}
