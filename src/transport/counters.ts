/** The counters of the transport. Every message that is not delivered adds to one of them. */

import { type RejectReason, rejectReasons } from './envelope.js'

/** What was received is accepted (and not recovered), a duplicate, late, an echo, a conflict, crowded, rejected, or one of the control messages. */
export interface TransportCounters {
  /** Given a seq. Sent = handed to the wire + unsent; and for each listener: stamped = accepted + missed, once all is quiet. */
  stamped: number
  /** Handed to the wire. */
  sent: number
  /** Not handed to the wire, because it was down or full. They are not kept: a listener sees the gap. */
  unsent: number
  /** Longer than a message may be; got no seq. */
  oversized: number
  /** On a topic beyond `limits.topics`; got no seq. */
  crowdedTopics: number
  /** Last messages forgotten because `limits.snapshotLength` was reached. */
  snapshotsForgotten: number
  /** Texts that came in on the wire. */
  received: number
  /** Handed on to the world. */
  accepted: number
  /** Of these, through a publisher's answer to a question. */
  recovered: number
  /** Seen before. */
  duplicates: number
  /** Came after a newer one and were dropped; already counted as missed, or as recovered. */
  late: number
  /** Never handed on: gaps in the seq. */
  missed: number
  /** Messages in a publisher's name that its next heartbeat knew nothing of. What they made the topic's own look like is undone. */
  withdrawn: number
  /** Took longer than `slowMs` from publisher to here, by their clocks. */
  slow: number
  /** Our own messages coming back. */
  echoes: number
  /** From a second publisher of a name, or from an earlier start that still runs. */
  conflicts: number
  /** Found the queue to the world full; later also seen as a gap. */
  crowded: number
  beatsSent: number
  beatsReceived: number
  answersReceived: number
  farewellsReceived: number
  questionsSent: number
  questionsAnswered: number
  /** Asked again too soon. */
  questionsIgnored: number
  /** Reconnects after which all subscriptions were in place. */
  ups: number
  downs: number
  /** Timers that fired much too late, because the process was busy. */
  stalls: number
}

export function zeroCounters(): TransportCounters {
  return {
    stamped: 0,
    sent: 0,
    unsent: 0,
    oversized: 0,
    crowdedTopics: 0,
    snapshotsForgotten: 0,
    received: 0,
    accepted: 0,
    recovered: 0,
    duplicates: 0,
    late: 0,
    missed: 0,
    withdrawn: 0,
    slow: 0,
    echoes: 0,
    conflicts: 0,
    crowded: 0,
    beatsSent: 0,
    beatsReceived: 0,
    answersReceived: 0,
    farewellsReceived: 0,
    questionsSent: 0,
    questionsAnswered: 0,
    questionsIgnored: 0,
    ups: 0,
    downs: 0,
    stalls: 0,
  }
}

export function zeroRejects(): Record<RejectReason, number> {
  return Object.fromEntries(rejectReasons.map(reason => [reason, 0])) as Record<RejectReason, number>
}

/** One flat table for logs, metrics and results: rejections as `rejected.<reason>`, the wire's own as `wire.<name>`. */
export function flatCounters(
  counters: TransportCounters,
  rejected: Readonly<Record<RejectReason, number>>,
  wire: Readonly<Record<string, number>>,
): Record<string, number> {
  const flat: Record<string, number> = { ...counters }
  for (const [reason, n] of Object.entries(rejected)) flat[`rejected.${reason}`] = n
  for (const [name, n] of Object.entries(wire)) flat[`wire.${name}`] = n
  return flat
}
