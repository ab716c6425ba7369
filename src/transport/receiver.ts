/** The receiving half: every text becomes a waiting message, or adds one to a counter. */

import type { TransportClock } from './clock.js'
import type { TransportCounters } from './counters.js'
import { type Envelope, linkChannel, parseEnvelope, type RejectReason } from './envelope.js'
import { Inbox, type InboxOptions, type Verdict } from './inbox.js'
import type { Snapshot } from './link-message.js'
import { MessageQueue } from './message-queue.js'
import type { MessageInput, TopicState } from './transport.js'

export interface ReceiverOptions extends InboxOptions {
  readonly name: string
  readonly prefix: string
  readonly clock: TransportClock
  readonly slowMs: number
  readonly check?: ((topic: string, data: unknown) => string | undefined) | undefined
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
  /** Topic of each channel listened to. */
  private readonly topicOf: ReadonlyMap<string, string>

  constructor(
    private readonly options: ReceiverOptions,
    private readonly counts: TransportCounters,
    private readonly rejected: Record<RejectReason, number>,
    private readonly others: Others,
  ) {
    this.inbox = new Inbox(options, options.clock.monotonic())
    this.queue = new MessageQueue(options.onWaiting)
    this.topicOf = new Map(options.topics.map(topic => [options.prefix + topic, topic]))
  }

  get channels(): string[] {
    return [...this.topicOf.keys()]
  }

  text(channel: string, text: string): void {
    this.counts.received++
    const envelope = parseEnvelope(text)
    if (typeof envelope === 'string') return this.reject(envelope)
    if (envelope.from === this.options.name) return this.others.own(envelope)
    if (envelope.topic === linkChannel) return this.others.link(envelope)
    if (this.topicOf.get(channel) !== envelope.topic) return this.reject('topic')
    if (this.queue.isFull) this.counts.crowded++
    else this.judged(envelope, this.inbox.message(envelope, this.options.clock.monotonic()))
  }

  /** A last message within an answer. One that is known already is dropped without being counted. */
  snapshot(from: string, { topic, epoch, seq, time: t, data }: Snapshot): void {
    if (!this.options.topics.includes(topic)) return this.reject('topic')
    if (this.queue.isFull) return void this.counts.crowded++
    const verdict = this.inbox.snapshot({ topic, from, epoch, seq, t }, this.options.clock.monotonic())
    if (verdict !== 'new') return
    this.counts.recovered++
    this.accept({ kind: 'message', topic, from, epoch, seq, t, data })
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

  private judged(envelope: Envelope, verdict: Verdict): void {
    const { topic, from, epoch, seq, t, data } = envelope
    if (verdict !== 'new') return this.dropped(from, verdict)
    if (this.options.clock.now() - t > this.options.slowMs) this.counts.slow++
    this.accept({ kind: 'message', topic, from, epoch, seq, t, data })
  }

  private accept(message: MessageInput): void {
    if (this.options.check?.(message.topic, message.data) !== undefined) return this.reject('payload')
    this.counts.accepted++
    this.queue.push(message)
  }
}
