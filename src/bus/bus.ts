/**
 * In-process delivery: one first-in-first-out queue, each message to its subscribers in ascending agent id, until none waits.
 * A message over a cap is dropped and counted, and its publisher is named.
 */

import { OperatorError, powerOfTwoFrom, refuseAsync, refusePromise } from '../core/index.js'
import { Topic } from './topic.js'

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
  readonly topic: Topic<unknown>
  /** Taps of this topic alone, and those of its family with them; rebuilt after a change. */
  ownTaps: Tap[]
  taps: Tap[] | undefined
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
  // The queue: three parallel arrays that keep their room between drains.
  private readonly waitingIn: Channel[] = []
  private readonly messages: unknown[] = []
  private readonly senders: number[] = []
  private head = 0
  private tail = 0
  private draining = false
  /** True while a message waits, and from a `requestDrain()` to the next drain: a loop over agents reads it after each call. */
  busy = false
  private publishedThisTick = 0
  /** Messages per sender in the tick that `sentIn` names, by id. */
  private sent = new Int32Array(0)
  private sentIn = new Int32Array(0)
  private tick = 1
  private readonly taps: Tap[] = []
  readonly counters: BusCounters = { published: 0, delivered: 0, dropped: 0, refused: 0 }
  /** Publishers that exceeded a cap or sent what their topic refuses, in this tick, with the reason. */
  readonly violations = new Map<number, string>()
  /** Who looks at the model, such as `a reporter`: code that looks may not publish or subscribe. */
  mutedBy: string | undefined
  /** What a tap threw. The publisher is not to blame for it. */
  tapFailure: unknown

  constructor(
    /** Called when a handler throws; rethrow to stop the run. */
    private readonly onError: (error: unknown, subscriber: number) => void = error => {
      throw error
    },
  ) {}

  /** Subscribes; the returned function undoes it. */
  subscribe<T>(topic: Topic<T>, subscriber: number, handler: Handler<T>): () => void {
    if (this.mutedBy !== undefined) throw mutedError(`subscription to ${topic.name}`, this.mutedBy)
    const channel = this.channel(topic as Topic<unknown>)
    if (topic.record)
      throw new OperatorError({ what: `subscribing to "${topic.name}"`, expected: 'a topic of messages', got: 'one of records' })
    refuseAsync(handler, `the handler of "${topic.name}"`)
    const subscription: Subscription = { subscriber, handler: handler as unknown as Handler<unknown>, active: true }
    // The search starts at the end, because a new subscriber mostly has the highest id.
    let at = channel.own.length
    while (at > 0 && (channel.own[at - 1] as Subscription).subscriber > subscriber) at--
    channel.own.splice(at, 0, subscription)
    this.forget(channel)
    return () => {
      subscription.active = false
      channel.own = channel.own.filter(s => s !== subscription)
      this.forget(channel)
    }
  }

  /** Shows every message of some topics (families include their members), or of all, to a tap. Returns the undo. */
  tap(tap: Tap, topics?: readonly Topic<unknown>[]): () => void {
    if (topics === undefined) return added(this.taps, tap)
    const channels = topics.map(topic => this.channel(topic))
    const undo = channels.map(channel => added(channel.ownTaps, tap))
    for (const channel of channels) this.forget(channel)
    return () => {
      for (const u of undo) u()
      for (const channel of channels) this.forget(channel)
    }
  }

  /** Queues a message; it is delivered when the bus next drains. */
  publish<T>(topic: Topic<T>, message: NoInfer<T>, from: number): void {
    if (this.mutedBy !== undefined) throw mutedError(`message on ${topic.name}`, this.mutedBy)
    const channel = this.channel(topic as Topic<unknown>)
    if (topic.record) return this.show(channel, message, from)
    if (this.overCap(from) || this.isRefused(topic, message, from)) return
    this.counters.published++
    this.show(channel, message, from)
    if (this.subscribersOf(channel).length === 0) return
    const at = this.tail++
    this.waitingIn[at] = channel
    this.messages[at] = message
    this.senders[at] = from
    this.busy = true
  }

  /** Makes the loop over agents call `drain()` after the current agent, even if no message waits. */
  requestDrain(): void {
    this.busy = true
  }

  /**
   * Delivers until no message waits. A drain inside a drain does nothing, because the outer one delivers its messages too; nor does
   * one by code that looks, such as a reporter of messages that loops over agents.
   */
  drain(): void {
    if (this.draining || !this.busy || this.mutedBy !== undefined) return
    this.draining = true
    try {
      while (this.head < this.tail) this.deliver(this.head++)
    } finally {
      this.draining = false
      this.busy = this.head < this.tail
      if (!this.busy) {
        this.head = 0
        this.tail = 0
      }
    }
  }

  /** Starts a new tick: every cap counts from 0 again. */
  beginTick(): void {
    this.publishedThisTick = 0
    this.tick++
    if (this.violations.size > 0) this.violations.clear()
  }

  private show(channel: Channel, message: unknown, from: number): void {
    try {
      for (const tap of this.taps) tap(channel.topic, message, from)
      for (const tap of this.tapsOf(channel)) tap(channel.topic, message, from)
    } catch (error) {
      this.tapFailure = error
      throw error
    }
  }

  private deliver(index: number): void {
    const channel = this.waitingIn[index] as Channel
    const message = this.messages[index]
    const from = this.senders[index] as number
    this.messages[index] = undefined
    const subscriptions = this.subscribersOf(channel)
    for (let i = 0; i < subscriptions.length; i++) {
      const s = subscriptions[i] as Subscription
      if (!s.active) continue
      this.counters.delivered++
      try {
        const returned: unknown = s.handler(message, from, channel.topic)
        if (typeof returned === 'object') refusePromise(returned, `the handler of "${channel.topic.name}"`)
      } catch (error) {
        this.onError(error, s.subscriber)
      }
    }
  }

  private overCap(from: number): boolean {
    const within = from === 0 || this.countSent(from) <= limits.messagesPerAgent
    // Messages dropped at one publisher's cap do not use up the cap of the whole tick.
    if (within && ++this.publishedThisTick <= limits.messagesPerTick) return false
    this.counters.dropped++
    const excess = within ? `into a tick of more than ${limits.messagesPerTick}` : `more than ${limits.messagesPerAgent}`
    this.violations.set(from, `published ${excess} messages${within ? '' : ' in one tick'}`)
    return true
  }

  /** Messages of one sender in this tick, this one included. */
  private countSent(from: number): number {
    if (from >= this.sent.length) this.makeRoomFor(from)
    const sent = this.sentIn[from] === this.tick ? (this.sent[from] as number) + 1 : 1
    this.sentIn[from] = this.tick
    this.sent[from] = sent
    return sent
  }

  private makeRoomFor(sender: number): void {
    const wider = (old: Int32Array<ArrayBuffer>) => {
      const room = new Int32Array(Math.max(1_024, powerOfTwoFrom(sender + 1)))
      room.set(old)
      return room
    }
    this.sent = wider(this.sent)
    this.sentIn = wider(this.sentIn)
  }

  private isRefused<T>(topic: Topic<T>, message: T, from: number): boolean {
    const reason = topic.check?.(message)
    if (reason === undefined) return false
    this.counters.refused++
    this.violations.set(from, `published a refused message on ${topic.name}: ${reason}`)
    return true
  }

  private channel(topic: Topic<unknown>): Channel {
    let channel = this.channels.get(topic)
    if (channel === undefined) {
      if (!(topic instanceof Topic)) throw noTopic(topic)
      channel = { topic, ownTaps: [], taps: undefined, own: [], merged: undefined, members: new Set() }
      this.channels.set(topic, channel)
      if (topic.family !== undefined) this.channel(topic.family).members.add(topic)
    }
    return channel
  }

  private subscribersOf(channel: Channel): readonly Subscription[] {
    if (channel.merged !== undefined) return channel.merged
    const { topic } = channel
    const family = topic.family === undefined ? [] : this.channel(topic.family).own
    channel.merged = [...channel.own, ...family].sort((a, b) => a.subscriber - b.subscriber)
    return channel.merged
  }

  private tapsOf(channel: Channel): readonly Tap[] {
    const { family } = channel.topic
    channel.taps ??= family === undefined ? channel.ownTaps.slice() : [...channel.ownTaps, ...this.channel(family).ownTaps]
    return channel.taps
  }

  private forget(channel: Channel): void {
    channel.merged = undefined
    channel.taps = undefined
    for (const member of channel.members) {
      this.channel(member).merged = undefined
      this.channel(member).taps = undefined
    }
  }
}

function mutedError(what: string, by: string): OperatorError {
  return new OperatorError({
    what: `${what} by ${by}`,
    expected: by === 'a reporter' ? 'reporters that only look' : 'code that only looks',
    next: 'Do it in a step.',
  })
}

function noTopic(got: unknown): OperatorError {
  return new OperatorError({
    what: 'the topic of publish() or on()',
    expected: 'what topic() returned',
    got: got ?? String(got),
    next: "Declare it once, const News = topic<number>('news'), and write publish(News, 1) and on(News, …).",
  })
}

function added<T>(list: T[], item: T): () => void {
  list.push(item)
  return () => {
    const at = list.indexOf(item)
    if (at >= 0) list.splice(at, 1)
  }
}
