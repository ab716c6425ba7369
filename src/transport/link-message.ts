/** The control messages of the transport: heartbeats with the last seqs, questions, and their answers. */

import { isName, isWhole, type Outgoing } from './envelope.js'
import { transportLimits as limits } from './limits.js'

/** A heartbeat: it lists the last seqs, so that a lost message shows even where no other follows. */
export interface Beat {
  readonly kind: 'beat'
  /** The next one comes within this many milliseconds. */
  readonly everyMs: number
  /** Closes the answer to a question; the last messages went before it. */
  readonly answer: boolean
  /** Last seq of this start, by topic. */
  readonly last: Readonly<Record<string, number>>
}

/** Asks a publisher for its last message of each topic. */
export interface Question {
  readonly kind: 'question'
  readonly topics: readonly string[]
}

/** A publisher's last message of a topic, as it was first sent. */
export interface Snapshot extends Omit<Outgoing, 'data'> {
  readonly kind: 'snapshot'
  readonly data: unknown
}

/** The process will not come back under this name; its silence from now on means nothing. */
export interface Leave {
  readonly kind: 'leave'
}

export type LinkMessage = Beat | Question | Snapshot | Leave

/** The link message in an envelope's data; undefined where it is malformed. */
export function readLinkMessage(data: unknown): LinkMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { kind } = data as { kind?: unknown }
  if (kind === 'beat') return isBeat(data as Unsure<Beat>) ? (data as Beat) : undefined
  if (kind === 'question') return isQuestion(data as Unsure<Question>) ? (data as Question) : undefined
  if (kind === 'snapshot') return isSnapshot(data as Unsure<Snapshot>) ? (data as Snapshot) : undefined
  return kind === 'leave' ? { kind } : undefined
}

type Unsure<T> = Record<keyof T, unknown>

function isBeat({ everyMs, answer, last }: Unsure<Beat>): boolean {
  if (!isWhole(everyMs, 1) || typeof answer !== 'boolean') return false
  if (typeof last !== 'object' || last === null || Array.isArray(last)) return false
  const entries = Object.entries(last)
  return entries.length <= limits.topics && entries.every(([topic, seq]) => isName(topic) && isWhole(seq, 1))
}

function isQuestion({ topics }: Unsure<Question>): boolean {
  return Array.isArray(topics) && topics.length <= limits.topics && topics.every(isName)
}

function isSnapshot({ topic, epoch, seq, time, data }: Unsure<Snapshot>): boolean {
  return isName(topic) && isName(epoch) && isWhole(seq, 1) && isWhole(time, 0) && data !== undefined
}
