/** The receiving half: every text becomes a waiting message, or adds one to a counter. */

import { type Admission, everybody } from './admission.js'
import type { TransportClock } from './clock.js'
import type { TransportCounters } from './counters.js'
import { type Envelope, envelopeVersion, linkChannel, parseEnvelope, type RejectReason } from './envelope.js'
import { Inbox, type InboxOptions, type Verdict } from './inbox.js'
import { transportLimits as limits } from './limits.js'
import type { Snapshot } from './link-message.js'
import { MessageQueue } from './message-queue.js'
import { isSigned, type Signer } from './signature.js'
import type { TopicState } from './transport.js'
import { type Arrival, WaitingRoom } from './waiting-room.js'

/** Why a message is refused by what it says; undefined where it is good. It is asked of each message of an ordinary topic before it is accounted. */
export type MessageCheck = (topic: string, data: unknown, from: string) => string | undefined

export interface ReceiverOptions extends InboxOptions {
  readonly name: string
  readonly prefix: string
  readonly clock: TransportClock
  readonly slowMs: number
  readonly check?: MessageCheck | undefined
  readonly admission?: Admission | undefined
  readonly signer?: Signer | undefined
  /** Called with each message that is accepted. */
  readonly onAccepted?: ((topic: string, data: unknown, from: string) => void) | undefined
  readonly onWaiting?: (() => void) | undefined
}

/** What the endpoint does with envelopes other than another process's ordinary messages. */
export interface Others {
  /** One with our own name. */
  own(envelope: Envelope): void
  /** One on the link channel. */
  link(envelope: Envelope): void
  /** A publisher whose name two processes use. */
  conflict(name: string): void
}

export class Receiver {
  readonly inbox: Inbox
  readonly queue: MessageQueue
  /** Messages that prove themselves: what crowds the others does not crowd them. */
  readonly guests: MessageQueue
  private readonly room = new WaitingRoom()
  /** Messages after a gap that no heartbeat has confirmed. */
  private readonly leaps = new WaitingRoom()
  private readonly admission: Admission
  /** Topic of each channel listened to. */
  private readonly topicOf: ReadonlyMap<string, string>

  constructor(
    private readonly options: ReceiverOptions,
    private readonly counts: TransportCounters,
    private readonly rejected: Record<RejectReason, number>,
    private readonly others: Others,
  ) {
    this.admission = options.admission ?? everybody
    this.inbox = new Inbox(options, options.clock.monotonic())
    this.queue = new MessageQueue(limits.waiting, options.onWaiting)
    this.guests = new MessageQueue(limits.guestsWaiting, options.onWaiting)
    this.topicOf = new Map(options.topics.map(topic => [options.prefix + topic, topic]))
  }

  get channels(): string[] {
    return [...this.topicOf.keys()]
  }

  text(channel: string, text: string): void {
    this.counts.received++
    const opened = this.opened(channel, text)
    const envelope = typeof opened === 'string' ? opened : parseEnvelope(opened.text)
    if (typeof envelope === 'string') return this.reject(envelope)
    if (envelope.from === this.options.name) return this.others.own(envelope)
    if (envelope.topic !== linkChannel && this.topicOf.get(channel) !== envelope.topic) return this.reject('topic')
    this.admit({ channel, envelope, length: text.length, since: this.options.clock.monotonic() })
  }

  /** Claims were read: the messages that wait are judged again, in order. Returns how many still wait. */
  judgeAgain(): number {
    for (const arrival of this.room.takeAll()) this.admit(arrival)
    return this.room.size
  }

  /** A publisher's heartbeat says how many messages there are: those that waited for it count, or were made by somebody else. */
  heartbeat(from: string, t: number): void {
    const now = this.options.clock.monotonic()
    for (const arrival of this.leaps.takeAll()) {
      const { envelope, since } = arrival
      const isOver = now - since >= limits.unknownMs || (envelope.from === from && t > envelope.t)
      if (!this.inbox.leaps(envelope)) this.publisher(envelope)
      else if (isOver || !this.leaps.add(arrival)) this.reject('order')
    }
  }

  /** A last message within an answer. One that is known already is dropped without being counted. */
  snapshot(from: string, { topic, epoch, seq, time: t, data }: Snapshot): void {
    if (!this.options.topics.includes(topic)) return this.reject('topic')
    if (this.queue.isFull) return void this.counts.crowded++
    const envelope = { v: envelopeVersion, topic, from, epoch, seq, t, data } as const
    const standing = this.admission.judge(envelope, this.inbox.sources.get(from)?.epoch)
    if (standing !== 'publisher') return this.reject(standing === 'guest' || standing === 'unknown' ? 'sender' : standing)
    if (this.isRefused(envelope)) return
    const verdict = this.inbox.snapshot(envelope, this.options.clock.monotonic())
    if (verdict !== 'new') return
    this.counts.recovered++
    this.accept(envelope)
  }

  reject(reason: RejectReason): void {
    this.rejected[reason]++
  }

  /** Counts a message that is not accepted. */
  dropped(from: string, verdict: Exclude<Verdict, 'new'>): void {
    if (verdict === 'sources') return this.reject('sources')
    if (verdict === 'duplicate') this.counts.duplicates++
    if (verdict === 'late') this.counts.late++
    if (verdict !== 'conflict') return
    this.counts.conflicts++
    this.others.conflict(from)
  }

  state(topic: string): TopicState {
    const { clock } = this.options
    const now = clock.monotonic()
    const doubt = this.inbox.doubt(topic, now)
    if (doubt === undefined) return { topic, fresh: true, doubt: undefined, staleSince: undefined, from: undefined }
    const staleSince = Math.trunc(clock.now() - (now - doubt.since))
    return { topic, fresh: false, doubt: doubt.doubt, staleSince, from: doubt.from }
  }

  /** The text without its signature; where no key is set here, a signed one cannot be checked. */
  private opened(channel: string, text: string): { readonly text: string } | RejectReason {
    if (text.length > limits.messageLength) return 'too-long'
    const { signer } = this.options
    if (signer === undefined) return isSigned(text) ? 'signature' : { text }
    return signer.open(channel, text)
  }

  private admit(arrival: Arrival): void {
    const { envelope } = arrival
    const standing = this.admission.judge(envelope, this.inbox.sources.get(envelope.from)?.epoch)
    if (standing === 'unknown') return this.wait(arrival)
    if (standing === 'guest') return this.guest(envelope)
    if (standing !== 'publisher') return this.reject(standing)
    if (envelope.topic === linkChannel) this.others.link(envelope)
    else if (this.isDoubtful(envelope)) this.waitForBeat(arrival)
    else this.publisher(envelope)
  }

  /** Where nothing is signed, anybody can write a number that is far ahead; the publisher's next heartbeat tells. */
  private isDoubtful(envelope: Envelope): boolean {
    const { admission, signer } = this.options
    return admission !== undefined && signer === undefined && this.inbox.leaps(envelope)
  }

  private waitForBeat(arrival: Arrival): void {
    if (this.queue.isFull) this.counts.crowded++
    else if (this.isRefused(arrival.envelope)) return
    else if (this.leaps.add(arrival)) this.inbox.askForBeat(arrival.envelope.from)
    else this.reject('order')
  }

  private wait(arrival: Arrival): void {
    const waited = this.options.clock.monotonic() - arrival.since
    if (waited >= limits.unknownMs || !this.room.add(arrival)) return this.reject('sender')
    this.admission.wanted()
  }

  /** A message that proves itself: no account is kept of who sent it. */
  private guest(envelope: Envelope): void {
    if (this.guests.isFull) this.counts.crowded++
    else if (this.options.check?.(envelope.topic, envelope.data, envelope.from) !== undefined) this.reject('payload')
    else this.accept(envelope, this.guests)
  }

  private publisher(envelope: Envelope): void {
    if (this.queue.isFull) return void this.counts.crowded++
    if (this.isRefused(envelope)) return
    const verdict = this.inbox.message(envelope, this.options.clock.monotonic())
    if (verdict !== 'new') return this.dropped(envelope.from, verdict)
    if (this.options.clock.now() - envelope.t > this.options.slowMs) this.counts.slow++
    this.accept(envelope)
  }

  /** What a message says is judged before its number is: a forged one must not take the number of a true one. */
  private isRefused(envelope: Envelope): boolean {
    const { check } = this.options
    const isNew = check !== undefined && this.inbox.isNext(envelope)
    if (!isNew || check(envelope.topic, envelope.data, envelope.from) === undefined) return false
    this.inbox.refused(envelope)
    this.reject('payload')
    return true
  }

  private accept({ topic, from, epoch, seq, t, data }: Envelope, queue = this.queue): void {
    this.counts.accepted++
    this.options.onAccepted?.(topic, data, from)
    queue.push({ kind: 'message', topic, from, epoch, seq, t, data })
  }
}
