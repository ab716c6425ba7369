/**
 * The receiver's state machine. It decides which messages are accepted, which topics are in doubt, and what to ask for.
 * It reads no clock and sends nothing; times are monotonic milliseconds that the caller gives.
 */

import { transportLimits as limits } from './limits.js'
import { Source } from './source.js'
import type { Track } from './track.js'

/** What became of a message. `sources`: one publisher too many. */
export type Verdict = 'new' | 'duplicate' | 'late' | 'conflict' | 'sources'

/** Why a topic cannot be trusted to be complete. */
export type Doubt = 'offline' | 'unheard' | 'silent' | 'conflict' | 'gap'

export interface TopicDoubt {
  readonly doubt: Doubt
  /** Monotonic ms. */
  readonly since: number
  /** The publisher it is about; undefined for the link itself. */
  readonly from: string | undefined
}

/** "Ask `to` for its last message of these topics." */
export interface Asking {
  readonly to: string
  readonly topics: readonly string[]
}

/** The parts of an envelope that the inbox needs. */
export interface Arriving {
  readonly topic: string
  readonly from: string
  readonly epoch: string
  readonly seq: number
  readonly t: number
}

export interface InboxOptions {
  /** Topics listened to. */
  readonly topics: readonly string[]
  /** Interval of a publisher's heartbeats, until it says another. */
  readonly beatMs: number
  /** Shortest time between two questions to one publisher. */
  readonly askMs: number
  /** Publishers that must be heard for any topic to be fresh, besides those that have been heard. */
  readonly peers: readonly string[]
}

/** A publisher without any topic is dropped after this many missed heartbeats. */
const guestBeats = 30

export class Inbox {
  /** Number of messages that were lost for good. */
  missed = 0
  /** Messages that a later heartbeat of their publisher knew nothing of. */
  withdrawn = 0
  /** True where questions are open: call {@link questions} soon. */
  isAsking = false
  readonly sources = new Map<string, Source>()
  private readonly beatsWanted = new Set<string>()
  private offlineSince: number | undefined
  private readonly bornAt: number

  constructor(
    private readonly options: InboxOptions,
    now: number,
  ) {
    this.bornAt = now
    this.offlineSince = now
  }

  /** A message of the ordinary stream. */
  message(e: Arriving, now: number): Verdict {
    const source = this.hear(e.from, now)
    if (source === undefined) return 'sources'
    const start = source.start(e.epoch, e.t, now)
    if (start === 'conflict') return 'conflict'
    if (start === 'past') return 'late'
    const track = this.trackOf(source, e.topic)
    const gap = track.gapBefore(e.seq)
    const arrival = track.arrive(e.seq, e.t, now)
    if (arrival === 'new') this.missed += gap
    // What was here before does not show that its publisher is still there.
    if (arrival !== 'duplicate') source.heardAt = now
    if (gap > 0 || start === 'new') this.isAsking = true
    return arrival
  }

  /** Whether a message is one more of its topic, by its number; false for what was here before and for earlier starts. */
  isNext({ from, epoch, topic, seq }: Arriving): boolean {
    const source = this.sources.get(from)
    if (source === undefined) return true
    if (source.isPast(epoch)) return false
    return source.epoch !== epoch || seq > (source.present(topic)?.last ?? 0)
  }

  /** Whether a message comes after others that are missing, and no heartbeat has said yet that there are so many. */
  leaps({ from, epoch, topic, seq }: Arriving): boolean {
    const source = this.sources.get(from)
    if (source === undefined) return false
    if (source.epoch !== epoch) return seq > 1
    const track = source.present(topic)
    if (track === undefined) return source.isKnown && seq > 1
    return track.gapBefore(seq) > 0 && seq > track.expected
  }

  /** The publisher is asked for a heartbeat, which puts nothing in doubt. */
  askForBeat(from: string): void {
    this.beatsWanted.add(from)
    this.isAsking = true
  }

  /** False for a control message that is no newer than the last one. One of an unknown publisher or start is the first. */
  isFirstLink({ from, epoch, seq }: Arriving): boolean {
    const source = this.sources.get(from)
    return source === undefined || source.epoch !== epoch || source.isFirst(seq)
  }

  /** A message came whose contents are refused. It changes nothing but that its number is no gap. */
  refused({ from, epoch, topic, seq }: Arriving): void {
    const source = this.sources.get(from)
    if (source?.epoch === epoch) this.trackOf(source, topic).refuse(seq)
  }

  /** A publisher's last message, sent again on request. That of an earlier start counts while the new start has none. */
  snapshot(e: Arriving, now: number): Verdict {
    const source = this.hear(e.from, now)
    if (source === undefined) return 'sources'
    const track = e.epoch === source.epoch ? this.trackOf(source, e.topic) : source.tracks.get(e.topic)
    if (track === undefined || track.epoch !== e.epoch) return 'late'
    const gap = track.gapBefore(e.seq)
    const arrival = track.recover(e.seq, e.t)
    if (arrival === 'new') this.missed += gap
    if (arrival === 'new') source.heardAt = now
    return arrival
  }

  /** A publisher's heartbeat: the last seq of each topic of its present start. `answer`: it closes an answer to us. */
  beat(
    beat: { from: string; epoch: string; t: number; everyMs: number; last: Readonly<Record<string, number>>; answer: boolean },
    now: number,
  ): Verdict {
    const source = this.hear(beat.from, now)
    if (source === undefined) return 'sources'
    const start = source.start(beat.epoch, beat.t, now)
    if (start === 'conflict') return 'conflict'
    if (start === 'past') return 'late'
    source.beatMs = beat.everyMs
    source.heardAt = now
    this.beatsWanted.delete(beat.from)
    for (const topic of this.options.topics) {
      const last = Object.hasOwn(beat.last, topic) ? beat.last[topic] : undefined
      this.retract(source.present(topic), last ?? 0, beat.t)
      if (last !== undefined) this.trackOf(source, topic).onHeartbeat(last, now)
      else if (beat.answer) this.giveUpEarlier(source, topic)
    }
    source.becomeKnown()
    if (beat.answer) source.openSince = undefined
    this.isAsking = true
    return 'new'
  }

  /** The connection broke: every topic is in doubt. */
  offline(now: number): void {
    this.offlineSince ??= now
  }

  /** Every subscription is in place again. Each publisher gets a question about what it sent meanwhile. */
  online(now: number): void {
    this.dropSilentGuests(this.offlineSince ?? now)
    this.offlineSince = undefined
    this.isAsking = true
    for (const source of this.sources.values()) {
      source.openSince ??= now
      source.askedAt = now
      // No publisher could be heard while the connection was down: silence counts from now.
      source.heardAt = now
    }
  }

  /** A publisher leaves for good. What its heartbeats announced and never came is missed. */
  leave(name: string): void {
    this.beatsWanted.delete(name)
    for (const track of this.sources.get(name)?.tracks.values() ?? []) this.missed += track.giveUp()
    this.sources.delete(name)
  }

  /** This process itself did nothing for `ms`: that time does not count as the publishers' silence. */
  forgive(ms: number): void {
    for (const source of this.sources.values()) source.heardAt += ms
  }

  /** Takes the questions that are due. {@link isAsking} stays true while any of them has no answer. */
  questions(now: number): Asking[] {
    const due: Asking[] = []
    this.isAsking = false
    if (this.offlineSince !== undefined) return due
    for (const source of this.sources.values()) {
      const topics = source.silentSince(now) === undefined ? this.openTopics(source) : []
      if (topics.length === 0 && !this.beatsWanted.has(source.name)) continue
      this.isAsking = true
      if (now - source.askedAt < this.options.askMs) continue
      source.askedAt = now
      due.push({ to: source.name, topics })
    }
    return due
  }

  /** Why a topic is in doubt and since when; undefined where it is fresh. The gravest reason comes first. */
  doubt(topic: string, now: number): TopicDoubt | undefined {
    if (this.offlineSince !== undefined) return { doubt: 'offline', since: this.offlineSince, from: undefined }
    for (const peer of this.options.peers) {
      if (!this.sources.has(peer)) return { doubt: 'unheard', since: this.bornAt, from: peer }
    }
    for (const source of this.sources.values()) {
      if (!this.matters(source, topic, now)) continue
      const doubt = doubtAbout(source, topic, now)
      if (doubt !== undefined) return { ...doubt, from: source.name }
    }
    return undefined
  }

  /** A publisher without a message on the topic matters only while it is new, or where it must be heard. */
  private matters(source: Source, topic: string, now: number): boolean {
    if (source.tracks.has(topic) || this.options.peers.includes(source.name)) return true
    return source.openSince !== undefined && now - source.heardAt <= guestBeats * source.beatMs
  }

  private retract(track: Track | undefined, last: number, t: number): void {
    if (track === undefined || track.last <= last) return
    this.missed -= track.retract(last, t)
    if (track.last === last) this.withdrawn++
  }

  private hear(name: string, now: number): Source | undefined {
    let source = this.sources.get(name)
    if (source === undefined) {
      if (this.sources.size >= limits.sources) this.dropSilentGuests(now)
      if (this.sources.size >= limits.sources) return undefined
      source = new Source(name, this.options.beatMs, now)
      this.sources.set(name, source)
    }
    return source
  }

  /** Drops the publishers that were silent at `time` already and never published on a topic. */
  private dropSilentGuests(time: number): void {
    for (const [name, source] of this.sources) {
      const isGuest = source.tracks.size === 0 && !this.options.peers.includes(name)
      if (isGuest && source.silentSince(time) !== undefined) this.sources.delete(name)
    }
  }

  private trackOf(source: Source, topic: string): Track {
    const present = source.present(topic)
    if (present !== undefined) return present
    const { track, lost } = source.open(topic)
    this.missed += lost
    return track
  }

  /** What an earlier start left open is lost once the publisher has answered, and its present start has nothing of the topic. */
  private giveUpEarlier(source: Source, topic: string): void {
    if (source.present(topic) === undefined) this.missed += source.tracks.get(topic)?.giveUp() ?? 0
  }

  private openTopics(source: Source): readonly string[] {
    if (source.openSince !== undefined) return this.options.topics
    const open: string[] = []
    for (const [topic, track] of source.tracks) if (track.doubtSince !== undefined) open.push(topic)
    return open
  }
}

function doubtAbout(source: Source, topic: string, now: number): { doubt: Doubt; since: number } | undefined {
  const silent = source.silentSince(now)
  if (silent !== undefined) return { doubt: 'silent', since: silent }
  const conflict = source.conflictSince(now)
  if (conflict !== undefined) return { doubt: 'conflict', since: conflict }
  const since = source.openSince ?? source.tracks.get(topic)?.doubtSince
  return since === undefined ? undefined : { doubt: 'gap', since }
}
