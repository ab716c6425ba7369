/**
 * In-process delivery: one first-in-first-out queue, each message to its subscribers in ascending agent id, until quiet.
 * Nothing is silently lost: what exceeds a cap is dropped, counted, and its publisher named.
 */

import type { Topic } from './topic.js'

export const limits = {
  /** Messages one publisher may send within one tick. */
  messagesPerAgent: 1_000,
  /** Messages in one tick altogether. */
  messagesPerTick: 100_000,
} as const

/** Handles one message; `from` is the publisher's id (0: the model or the world outside). */
export type Handler<T> = (message: T, from: number, topic: Topic<T>) => void

/** Sees every published message and changes nothing: digest, transport, collectors, viewers. */
export type Tap = (topic: Topic<unknown>, message: unknown, from: number) => void

interface Subscription {
  readonly subscriber: number
  readonly handler: Handler<unknown>
  active: boolean
}

interface Channel {
  /** Ascending by subscriber id, then by time of subscription. */
  own: Subscription[]
  /** Own and family subscribers merged, ascending; rebuilt after a change. */
  merged: Subscription[] | undefined
  members: Set<Topic<unknown>>
}

export interface BusCounters {
  published: number
  delivered: number
  /** Over a cap, and therefore dropped. */
  dropped: number
  /** Refused by its topic's check. */
  refused: number
}

export class Bus {
  private readonly channels = new Map<Topic<unknown>, Channel>()
  private topics: Topic<unknown>[] = []
  private messages: unknown[] = []
  private senders: number[] = []
  private head = 0
  private draining = false
  private publishedThisTick = 0
  private readonly sentThisTick = new Map<number, number>()
  private readonly taps: Tap[] = []
  readonly counters: BusCounters = { published: 0, delivered: 0, dropped: 0, refused: 0 }
  /** Publishers that exceeded a cap or sent what their topic refuses, in this tick, with the reason. */
  readonly offenders = new Map<number, string>()

  constructor(
    /** Called when a handler throws; rethrow to stop the run. */
    private readonly onError: (error: unknown, subscriber: number) => void = error => {
      throw error
    },
  ) {}

  /** True while a message waits. */
  get busy(): boolean {
    return this.head < this.messages.length
  }

  /** Subscribes; the returned function undoes it. */
  subscribe<T>(topic: Topic<T>, subscriber: number, handler: Handler<T>): () => void {
    const channel = this.channel(topic as Topic<unknown>)
    const subscription: Subscription = { subscriber, handler: handler as unknown as Handler<unknown>, active: true }
    const at = channel.own.findIndex(s => s.subscriber > subscriber)
    channel.own.splice(at < 0 ? channel.own.length : at, 0, subscription)
    this.forget(channel)
    return () => {
      subscription.active = false
      channel.own = channel.own.filter(s => s !== subscription)
      this.forget(channel)
    }
  }

  tap(tap: Tap): () => void {
    this.taps.push(tap)
    return () => {
      const at = this.taps.indexOf(tap)
      if (at >= 0) this.taps.splice(at, 1)
    }
  }

  /** Queues a message; it is delivered when the bus next drains. */
  publish<T>(topic: Topic<T>, message: NoInfer<T>, from: number): void {
    if (this.overCap(from) || this.isRefused(topic, message, from)) return
    this.counters.published++
    for (const tap of this.taps) tap(topic as Topic<unknown>, message, from)
    if (this.subscribersOf(topic as Topic<unknown>).length === 0) return
    this.topics.push(topic as Topic<unknown>)
    this.messages.push(message)
    this.senders.push(from)
  }

  /** Delivers until quiet. A drain inside a drain does nothing: the outer one goes on. */
  drain(): void {
    if (this.draining || !this.busy) return
    this.draining = true
    try {
      while (this.head < this.messages.length) this.deliver(this.head++)
    } finally {
      this.draining = false
      if (!this.busy) this.forgetDelivered()
    }
  }

  /** Starts a new tick: caps count anew. */
  beginTick(): void {
    this.publishedThisTick = 0
    this.sentThisTick.clear()
    this.offenders.clear()
  }

  private deliver(index: number): void {
    const topic = this.topics[index] as Topic<unknown>
    const message = this.messages[index]
    const from = this.senders[index] as number
    this.messages[index] = undefined
    const subscriptions = this.subscribersOf(topic)
    for (let i = 0; i < subscriptions.length; i++) {
      const s = subscriptions[i] as Subscription
      if (!s.active) continue
      this.counters.delivered++
      try {
        s.handler(message, from, topic)
      } catch (error) {
        this.onError(error, s.subscriber)
      }
    }
  }

  private overCap(from: number): boolean {
    const sent = (this.sentThisTick.get(from) ?? 0) + 1
    this.sentThisTick.set(from, sent)
    this.publishedThisTick++
    if (this.publishedThisTick <= limits.messagesPerTick && (from === 0 || sent <= limits.messagesPerAgent)) return false
    this.counters.dropped++
    this.offenders.set(from, `published more than ${limits.messagesPerAgent} messages in one tick`)
    return true
  }

  private isRefused<T>(topic: Topic<T>, message: T, from: number): boolean {
    const reason = topic.check?.(message)
    if (reason === undefined) return false
    this.counters.refused++
    this.offenders.set(from, `published a refused message on ${topic.name}: ${reason}`)
    return true
  }

  private forgetDelivered(): void {
    this.topics.length = 0
    this.messages.length = 0
    this.senders.length = 0
    this.head = 0
  }

  private channel(topic: Topic<unknown>): Channel {
    let channel = this.channels.get(topic)
    if (channel === undefined) {
      channel = { own: [], merged: undefined, members: new Set() }
      this.channels.set(topic, channel)
      if (topic.family !== undefined) this.channel(topic.family).members.add(topic)
    }
    return channel
  }

  private subscribersOf(topic: Topic<unknown>): readonly Subscription[] {
    const channel = this.channel(topic)
    if (channel.merged !== undefined) return channel.merged
    const family = topic.family === undefined ? [] : this.channel(topic.family).own
    channel.merged = [...channel.own, ...family].sort((a, b) => a.subscriber - b.subscriber)
    return channel.merged
  }

  private forget(channel: Channel): void {
    channel.merged = undefined
    for (const member of channel.members) this.channel(member).merged = undefined
  }
}
