/** The receiver's record of one publisher: its present start, its earlier ones, when it was last heard, its topics. */

import { transportLimits as limits } from './limits.js'
import { Track } from './track.js'

/** `new`: a start not heard of before. `past`: an old message of an earlier start. `conflict`: an earlier start still publishes. */
export type Start = 'present' | 'new' | 'past' | 'conflict'

export class Source {
  epoch = ''
  /** Monotonic ms. */
  heardAt: number
  askedAt = Number.NEGATIVE_INFINITY
  conflictAt = Number.NEGATIVE_INFINITY
  /** Monotonic ms since when a question about everything is open: after a first contact, a new start, a reconnect. */
  openSince: number | undefined
  /** The interval of its heartbeats. */
  beatMs: number
  readonly tracks = new Map<string, Track>()
  private readonly past: string[] = []
  /** Number of its last control message. */
  private lastLink = 0
  private startedAt = 0
  /** A heartbeat has listed all its topics, so a topic that begins later begins at seq 1. */
  isKnown = false

  constructor(
    readonly name: string,
    beatMs: number,
    now: number,
  ) {
    this.heardAt = now
    this.beatMs = beatMs
  }

  /** Which start a message belongs to; a new one becomes the present. `t` is the publisher's time of the message. */
  start(epoch: string, t: number, now: number): Start {
    if (epoch === this.epoch) return 'present'
    if (this.past.includes(epoch)) return this.ofThePast(t, now)
    if (this.epoch !== '') this.past.push(this.epoch)
    if (this.past.length > limits.epochs) this.past.shift()
    this.isKnown = this.epoch !== ''
    this.epoch = epoch
    this.lastLink = 0
    this.startedAt = t
    this.openSince ??= now
    return 'new'
  }

  /** The track of a topic in the present start; undefined before the topic's first message. */
  present(topic: string): Track | undefined {
    const track = this.tracks.get(topic)
    return track?.epoch === this.epoch ? track : undefined
  }

  /** Opens a track in the present start; returns it, and the number of messages that the earlier start has lost. */
  open(topic: string): { track: Track; lost: number } {
    const lost = this.tracks.get(topic)?.giveUp() ?? 0
    const track = new Track(this.epoch, this.isKnown)
    this.tracks.set(topic, track)
    return { track, lost }
  }

  /** A heartbeat has listed every topic of the present start. */
  becomeKnown(): void {
    this.isKnown = true
  }

  /** Monotonic ms since when three beats are overdue, or undefined. */
  silentSince(now: number): number | undefined {
    const due = this.heardAt + 3 * this.beatMs
    return now > due ? due : undefined
  }

  /** Monotonic ms since when two publishers use the name, or undefined. */
  conflictSince(now: number): number | undefined {
    return now - this.conflictAt <= 3 * this.beatMs ? this.conflictAt : undefined
  }

  /** True for an earlier start. */
  isPast(epoch: string): boolean {
    return epoch !== this.epoch && this.past.includes(epoch)
  }

  /** False for a control message that was here before, or is older than one that was. */
  isFirst(linkSeq: number): boolean {
    if (linkSeq <= this.lastLink) return false
    this.lastLink = linkSeq
    return true
  }

  private ofThePast(t: number, now: number): Start {
    if (t <= this.startedAt) return 'past'
    this.conflictAt = now
    return 'conflict'
  }
}
