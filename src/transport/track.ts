/** The receiver's account of one publisher's one topic: which seq came last, what is missing, and since when it is in doubt. */

import { transportLimits as limits } from './limits.js'

export type Arrival = 'new' | 'duplicate' | 'late'

/** Last seq of a track whose first message has not come, and which may have begun before we listened. */
const unknown = -1

export class Track {
  /** Highest seq seen. */
  last: number
  /** Highest seq the publisher says there is. */
  expected = 0
  /** Monotonic ms since when a gap, or a tail the publisher told of, is unhealed. */
  doubtSince: number | undefined = undefined
  private readonly missing = new Set<number>()

  /** `fromStart`: we heard this publisher before it began the topic, so that seq 1 is the first there is. */
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
    // What came before the publisher first told us of the topic was before our time.
    return this.expected === 0 ? 0 : Math.max(0, seq - this.expected - 1)
  }

  /** The next message of the ordinary stream. */
  arrive(seq: number, now: number): Arrival {
    if (seq <= this.last) return this.missing.delete(seq) ? 'late' : 'duplicate'
    if (this.gapBefore(seq) > 0) this.doubtSince ??= now
    this.advance(seq)
    return 'new'
  }

  /** The publisher's last message, sent again because we asked; its first copy may still come, and is late then. */
  recover(seq: number): Arrival {
    if (seq <= this.last) return 'duplicate'
    this.advance(seq)
    this.remember(seq)
    return 'new'
  }

  /** The publisher says `seq` is the last of its topic. In step with it, all doubt is over. */
  told(seq: number, now: number): void {
    this.expected = Math.max(this.expected, seq)
    if (this.isBehind) this.doubtSince ??= now
    else if (seq >= this.last) this.doubtSince = undefined
  }

  /** Nothing more will come of what the publisher told of: returns how many messages that loses. */
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
