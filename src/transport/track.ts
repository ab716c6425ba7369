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
  /** The publisher's time of the message with the highest seq, and how many messages its seq showed to be missing. */
  private lastAt = Number.NEGATIVE_INFINITY
  private lastGap = 0
  private readonly missing = new Set<number>()
  /** Numbers of messages that came and were refused. They are no gaps, and a sound message of the number may still come. */
  private readonly refused = new Set<number>()

  /** `fromStart`: we listened before the publisher began the topic, so its first message has seq 1. */
  constructor(
    readonly epoch: string,
    fromStart: boolean,
  ) {
    this.last = fromStart ? 0 : unknown
  }

  get isBehind(): boolean {
    return this.expected > Math.max(0, this.last) && !this.refused.has(this.expected)
  }

  /** How many messages a new one with this seq shows to be missing. */
  gapBefore(seq: number): number {
    // Messages from before the first heartbeat of the topic are not counted as missing.
    if (this.last === unknown && this.expected === 0) return 0
    const from = this.last === unknown ? this.expected : this.last
    let refused = 0
    for (const n of this.refused) if (n > from && n < seq) refused++
    return Math.max(0, seq - from - 1 - refused)
  }

  /** A message came, and its contents were refused. */
  refuse(seq: number): void {
    if (seq > this.last && this.refused.size < limits.refusedRemembered) this.refused.add(seq)
  }

  /** The next message of the ordinary stream. */
  arrive(seq: number, t: number, now: number): Arrival {
    if (seq <= this.last) return this.missing.delete(seq) ? 'late' : 'duplicate'
    if (this.gapBefore(seq) > 0) this.doubtSince ??= now
    this.advance(seq, t)
    return 'new'
  }

  /** The publisher's last message, sent again on request. Its first copy may still come, and counts as late then. */
  recover(seq: number, t: number): Arrival {
    if (seq <= this.last) return 'duplicate'
    this.advance(seq, t)
    this.remember(seq)
    return 'new'
  }

  /** A heartbeat says that `seq` is the last of its topic. The topic is in doubt until that message is here. */
  onHeartbeat(seq: number, now: number): void {
    this.expected = seq
    if (this.isBehind) this.doubtSince ??= now
    else if (seq >= this.last) this.doubtSince = undefined
  }

  /**
   * A heartbeat that was made after the last message, and knows of none with its seq, shows that somebody else made that message. The
   * topic's own messages count again; returns how many had been called missing for it.
   */
  retract(seq: number, t: number): number {
    if (this.last <= seq || t <= this.lastAt) return 0
    const { lastGap } = this
    this.last = seq
    this.lastGap = 0
    this.missing.clear()
    return lastGap
  }

  /** Gives up what the heartbeats announced and never came; returns the number of messages lost. */
  giveUp(): number {
    const lost = this.isBehind && this.last !== unknown ? this.expected - this.last : 0
    this.last = Math.max(this.last, this.expected)
    this.doubtSince = undefined
    return lost
  }

  private advance(seq: number, t: number): void {
    const gap = this.gapBefore(seq)
    this.lastGap = gap
    this.lastAt = t
    for (const n of this.refused) if (n <= seq) this.refused.delete(n)
    for (let n = Math.max(seq - gap, seq - limits.missedRemembered); n < seq; n++) this.remember(n)
    this.last = seq
  }

  private remember(seq: number): void {
    if (this.missing.size >= limits.missedRemembered) this.missing.delete(this.missing.values().next().value as number)
    this.missing.add(seq)
  }
}
