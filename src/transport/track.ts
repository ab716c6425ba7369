/** The receiver's record of one topic of one publisher: the last seq, what is missing, and since when it is in doubt. */

import { transportLimits as limits } from './limits.js'

export type Arrival = 'new' | 'duplicate' | 'late'

/** Last seq of a topic that may have begun before we listened, and whose first message has not come. */
const unknown = -1

export class Track {
  /** Highest seq seen. */
  last: number
  /** Highest seq the publisher says there is. */
  expected = 0
  /** Monotonic ms since when a gap, or a tail that a heartbeat announced, is open. */
  doubtSince: number | undefined = undefined
  private readonly missing = new Set<number>()

  /** `fromStart`: we listened before the publisher began the topic, so its first message has seq 1. */
  constructor(
    readonly epoch: string,
    fromStart: boolean,
  ) {
    this.last = fromStart ? 0 : unknown
  }

  get isBehind(): boolean {
    return this.expected > Math.max(0, this.last)
  }

  /** How many messages a new one with this seq shows to be missing. */
  gapBefore(seq: number): number {
    if (this.last !== unknown) return Math.max(0, seq - this.last - 1)
    // Messages from before the first heartbeat of the topic are not counted as missing.
    return this.expected === 0 ? 0 : Math.max(0, seq - this.expected - 1)
  }

  /** The next message of the ordinary stream. */
  arrive(seq: number, now: number): Arrival {
    if (seq <= this.last) return this.missing.delete(seq) ? 'late' : 'duplicate'
    if (this.gapBefore(seq) > 0) this.doubtSince ??= now
    this.advance(seq)
    return 'new'
  }

  /** The publisher's last message, sent again on request. Its first copy may still come, and counts as late then. */
  recover(seq: number): Arrival {
    if (seq <= this.last) return 'duplicate'
    this.advance(seq)
    this.remember(seq)
    return 'new'
  }

  /** A heartbeat says that `seq` is the last of its topic. The topic is in doubt until that message is here. */
  onHeartbeat(seq: number, now: number): void {
    this.expected = Math.max(this.expected, seq)
    if (this.isBehind) this.doubtSince ??= now
    else if (seq >= this.last) this.doubtSince = undefined
  }

  /** Gives up what the heartbeats announced and never came; returns the number of messages lost. */
  giveUp(): number {
    const lost = this.isBehind && this.last !== unknown ? this.expected - this.last : 0
    this.last = Math.max(this.last, this.expected)
    this.doubtSince = undefined
    return lost
  }

  private advance(seq: number): void {
    const gap = this.gapBefore(seq)
    for (let n = Math.max(seq - gap, seq - limits.missedRemembered); n < seq; n++) this.remember(n)
    this.last = seq
  }

  private remember(seq: number): void {
    if (this.missing.size >= limits.missedRemembered) this.missing.delete(this.missing.values().next().value as number)
    this.missing.add(seq)
  }
}
