/** The publisher's side: it numbers the messages of each topic, keeps the last one for questions, and makes the heartbeats. */

import { envelopeOverhead, type Outgoing } from './envelope.js'
import { transportLimits as limits } from './limits.js'
import type { Beat } from './link-message.js'

/** Why a message gets no seq. */
export type Unstamped = 'oversized' | 'crowdedTopics'

export class Outbox {
  /** Last messages forgotten to keep within `limits.snapshotLength`. */
  forgotten = 0
  private readonly seqs = new Map<string, number>()
  private readonly lastMessages = new Map<string, Outgoing>()
  private readonly earlierEpochs = new Set<string>()
  private keptLength = 0
  private beatLength = 0

  constructor(readonly epoch: string) {}

  /** Gives a message its epoch and seq. It is sent only after the commit. */
  stamp(topic: string, data: unknown, time: number): Outgoing | Unstamped {
    const text = JSON.stringify(data) ?? 'null'
    if (text.length > limits.messageLength - envelopeOverhead || topic.length > limits.nameLength) return 'oversized'
    const before = this.seqs.get(topic)
    if (before === undefined && !this.admits(topic)) return 'crowdedTopics'
    const seq = (before ?? 0) + 1
    this.seqs.set(topic, seq)
    return { topic, epoch: this.epoch, seq, time, data: text }
  }

  /** Remembers a message as its topic's last, and an earlier start's epoch as our own. */
  remember(message: Outgoing): void {
    if (message.epoch !== this.epoch) this.earlierEpochs.add(message.epoch)
    const before = this.lastMessages.get(message.topic)
    if (before !== undefined && isNewer(before, message, this.epoch)) return
    this.keptLength += message.data.length - (before?.data.length ?? 0)
    this.lastMessages.set(message.topic, message)
    while (this.keptLength > limits.snapshotLength) this.forgetOldest()
  }

  /** The last messages of these topics, as they were first sent. */
  snapshot(topics: readonly string[]): Outgoing[] {
    return topics.flatMap(topic => this.lastMessages.get(topic) ?? [])
  }

  beat(everyMs: number, answer: boolean): Beat {
    return { kind: 'beat', everyMs, answer, last: Object.fromEntries(this.seqs) }
  }

  /** True for this start's epoch and those of the starts whose messages were announced again. */
  isOwn(epoch: string): boolean {
    return epoch === this.epoch || this.earlierEpochs.has(epoch)
  }

  /** Every topic is named in every beat, and a beat must fit in one message. */
  private admits(topic: string): boolean {
    const length = this.beatLength + topic.length + 24
    if (this.seqs.size >= limits.topics || length > limits.messageLength - envelopeOverhead) return false
    this.beatLength = length
    return true
  }

  private forgetOldest(): void {
    for (const [topic, message] of this.lastMessages) {
      this.lastMessages.delete(topic)
      this.keptLength -= message.data.length
      this.forgotten++
      return
    }
  }
}

/** Messages of one topic are sent in order of seq; those of an earlier start precede. */
function isNewer(kept: Outgoing, next: Outgoing, present: string): boolean {
  if (kept.epoch === next.epoch) return kept.seq > next.seq
  return kept.epoch === present
}
