/** The transport over any wire: it stamps and sends messages, sends heartbeats, and asks and answers questions. */

import { OperatorError } from '../core/index.js'
import { type Admission, everybody } from './admission.js'
import type { TransportClock } from './clock.js'
import { flatCounters, zeroCounters, zeroRejects } from './counters.js'
import { type Envelope, encodeEnvelope, isName, linkChannel, type Outgoing } from './envelope.js'
import { transportLimits as limits } from './limits.js'
import { type Beat, type LinkMessage, type Question, readLinkMessage, type Snapshot } from './link-message.js'
import { Outbox } from './outbox.js'
import { type MessageCheck, Receiver } from './receiver.js'
import { Repeating } from './repeating.js'
import type { Signer } from './signature.js'
import type { MessageInput, TopicState, Transport, TransportStart } from './transport.js'
import type { Wire, WireListener } from './wire.js'

export interface TransportOptions {
  /** This process among the others, e.g. `trifecta/part-0`; unique, or the others flag it. */
  readonly name: string
  /** This start of it: {@link startEpoch}. */
  readonly epoch: string
  /** Topics to listen to. */
  readonly topics: readonly string[]
  readonly clock: TransportClock
  /** Processes that must be heard for any topic to be fresh. */
  readonly peers?: readonly string[]
  /** Messages committed before a restart and perhaps not sent: they are sent first, with their own epoch and seq. */
  readonly unannounced?: readonly Outgoing[]
  /** Called when these have left. */
  readonly onAnnounced?: () => void
  /** Put before every channel, so that two runs can share one Redis. */
  readonly prefix?: string
  readonly beatMs?: number
  /** Shortest time between two questions to one publisher; two answers to one asker are half of it apart. */
  readonly askMs?: number
  /** A message older than this on arrival is counted as slow. */
  readonly slowMs?: number
  /** Longest wait of `start` for the wire. */
  readonly startMs?: number
  /** Whom to listen to; default: everybody. */
  readonly admission?: Admission
  /** Signs what is sent, and what is not signed with the same key is refused; default: nothing is signed. */
  readonly signer?: Signer | undefined
  readonly check?: MessageCheck
  /** Called with each message that is accepted. */
  readonly onAccepted?: (topic: string, data: unknown, from: string) => void
  /** Called when messages begin to wait. */
  readonly onWaiting?: () => void
  /** One sentence for the log: up, down, a conflict, a stall. */
  readonly onNotice?: (sentence: string) => void
}

const defaults = { peers: [], unannounced: [], prefix: '', beatMs: 1_000, askMs: 200, slowMs: 1_000, startMs: 2_500 }

/** Questions that arise within this time go out together. */
const askSoonMs = 10
/** A timer that is this late means that the process was stalled. */
const stallMs = 500

export class Endpoint implements Transport {
  readonly name: string
  readonly epoch: string
  private readonly options: TransportOptions & Required<Pick<TransportOptions, keyof typeof defaults>>
  private readonly counts = zeroCounters()
  private readonly rejected = zeroRejects()
  private readonly receiver: Receiver
  private readonly outbox: Outbox
  private readonly beats: Repeating
  private readonly admission: Admission
  private readonly clashes = new Set<string>()
  private readonly answeredAt = new Map<string, number>()
  private unannounced: readonly Outgoing[]
  private linkSeq = 0
  private cancelAsking: (() => void) | undefined
  private onUp: (() => void) | undefined

  constructor(
    private readonly wire: Wire,
    given: TransportOptions,
  ) {
    const options = { ...defaults, ...given }
    checkOptions(options)
    this.options = options
    this.name = options.name
    this.epoch = options.epoch
    this.unannounced = options.unannounced
    this.admission = options.admission ?? everybody
    this.outbox = new Outbox(options.epoch)
    this.beats = new Repeating(options.clock, options.beatMs, late => this.beat(late))
    this.receiver = new Receiver(options, this.counts, this.rejected, {
      own: envelope => this.own(envelope),
      link: envelope => this.link(envelope),
      conflict: name => this.clash(name),
    })
  }

  async start(): Promise<TransportStart> {
    const { address } = this.wire
    const link = this.options.prefix + linkChannel
    await this.wire.open([link, `${link}:${this.name}`, ...this.receiver.channels], this.listener())
    const up = await this.upWithin(this.options.startMs)
    this.beats.start()
    if (up) return { up, message: `Connected to ${address}.` }
    const { refusal } = this.wire
    const meanwhile = 'until it answers nothing reaches other processes and every topic from them is stale; it keeps trying'
    if (refusal !== undefined) return { up, message: `${refusal} Until then nothing reaches other processes; it keeps trying.` }
    return { up, message: `${address} does not answer: ${meanwhile}. Start it, or give the right address (REDIS_URL).` }
  }

  stamp(topic: string, data: unknown): Outgoing | undefined {
    const stamped = this.outbox.stamp(topic, data, Math.trunc(this.options.clock.now()))
    this.counts[typeof stamped === 'string' ? stamped : 'stamped']++
    return typeof stamped === 'string' ? undefined : stamped
  }

  send(messages: readonly Outgoing[]): number {
    for (const message of messages) this.outbox.remember(message)
    const sent = this.wire.isUp ? this.wire.send(messages.map(m => this.textOf(m.topic, m))) : 0
    this.counts.sent += sent
    this.counts.unsent += messages.length - sent
    return sent
  }

  publish(topic: string, data: unknown): boolean {
    const message = this.stamp(topic, data)
    return message !== undefined && this.send([message]) === 1
  }

  take(atMost: number): MessageInput[] {
    const { guests, queue } = this.receiver
    const proven = guests.take(atMost)
    return [...proven, ...queue.take(atMost - proven.length)]
  }

  takeProven(): MessageInput[] {
    const { guests } = this.receiver
    return guests.take(guests.length)
  }

  get waiting(): number {
    return this.receiver.queue.length + this.receiver.guests.length
  }

  state(topic: string): TopicState {
    return this.receiver.state(topic)
  }

  stale(): TopicState[] {
    return this.options.topics.map(topic => this.state(topic)).filter(state => !state.fresh)
  }

  /** Claims were read: messages of publishers who were unknown are judged again. Returns how many still wait. */
  judgeAgain(): number {
    const waiting = this.receiver.judgeAgain()
    this.askSoon()
    return waiting
  }

  conflicts(): readonly string[] {
    return [...this.clashes]
  }

  counters(): Readonly<Record<string, number>> {
    this.counts.missed = this.receiver.inbox.missed
    this.counts.withdrawn = this.receiver.inbox.withdrawn
    this.counts.snapshotsForgotten = this.outbox.forgotten
    return flatCounters(this.counts, this.rejected, this.wire.counters())
  }

  leave(): void {
    if (this.wire.isUp) this.sendLink(linkChannel, { kind: 'leave' })
  }

  async close(): Promise<void> {
    this.beats.stop()
    this.cancelAsking?.()
    await this.wire.close()
  }

  private listener(): WireListener {
    return {
      received: (channel, text) => {
        this.receiver.text(channel, text)
        this.askSoon()
      },
      up: () => this.up(),
      down: reason => this.down(reason),
    }
  }

  private up(): void {
    this.counts.ups++
    this.notice(`Connected to ${this.wire.address}.`)
    this.receiver.inbox.online(this.options.clock.monotonic())
    this.announce()
    this.sendLink(linkChannel, this.outbox.beat(this.options.beatMs, false))
    this.sendLink(linkChannel, { kind: 'question', topics: this.options.topics })
    this.askSoon()
    this.onUp?.()
  }

  private down(reason: string): void {
    this.counts.downs++
    this.receiver.inbox.offline(this.options.clock.monotonic())
    this.notice(`Lost ${this.wire.address} (${reason}): every topic from other processes is stale until it is back.`)
  }

  /** Sends the unannounced messages once, before any message of the new epoch. */
  private announce(): void {
    const left = this.send(this.unannounced)
    this.unannounced = this.unannounced.slice(left)
    if (this.unannounced.length === 0) this.options.onAnnounced?.()
  }

  private upWithin(ms: number): Promise<boolean> {
    if (this.wire.isUp) return Promise.resolve(true)
    return new Promise(resolve => {
      const done = (up: boolean) => {
        cancel()
        this.onUp = undefined
        resolve(up)
      }
      const cancel = this.options.clock.setTimer(ms, () => done(false))
      this.onUp = () => done(true)
    })
  }

  private beat(lateMs: number): void {
    if (lateMs > stallMs) this.stalled(lateMs)
    if (this.wire.isUp) this.sendLink(linkChannel, this.outbox.beat(this.options.beatMs, false))
    this.askSoon()
  }

  /** What others sent meanwhile is not read yet, so it was this process that was silent. */
  private stalled(lateMs: number): void {
    this.counts.stalls++
    this.receiver.inbox.forgive(lateMs)
    this.notice(`This process did nothing for ${Math.round(lateMs)} ms: a step took too long, or the machine slept.`)
  }

  private askSoon(): void {
    if (!this.receiver.inbox.isAsking || this.cancelAsking !== undefined) return
    this.askIn(askSoonMs)
  }

  private askIn(ms: number): void {
    this.cancelAsking = this.options.clock.setTimer(ms, () => {
      this.cancelAsking = undefined
      const { inbox } = this.receiver
      for (const { to, topics } of inbox.questions(this.options.clock.monotonic())) {
        this.sendLink(`${linkChannel}:${to}`, { kind: 'question', topics })
      }
      if (inbox.isAsking) this.askIn(this.options.askMs)
    })
  }

  private link(envelope: Envelope): void {
    const message = readLinkMessage(envelope.data)
    if (message === undefined) return this.receiver.reject('link')
    // Without signatures a forged number would make all true ones seem old.
    if (this.options.signer !== undefined && !this.receiver.inbox.isFirstLink(envelope)) return this.receiver.reject('replay')
    if (message.kind === 'beat') this.onHeartbeat(envelope, message)
    else if (message.kind === 'question') this.answer(envelope.from, message)
    else if (message.kind === 'leave') this.farewell(envelope.from)
    else this.onAnswer(envelope.from, message)
  }

  private farewell(from: string): void {
    this.counts.farewellsReceived++
    this.receiver.inbox.leave(from)
  }

  private onAnswer(from: string, snapshot: Snapshot): void {
    this.counts.answersReceived++
    this.receiver.snapshot(from, snapshot)
  }

  private onHeartbeat({ from, epoch, t }: Envelope, beat: Beat): void {
    this.counts.beatsReceived++
    const verdict = this.receiver.inbox.beat({ from, epoch, t, ...beat }, this.options.clock.monotonic())
    if (verdict === 'conflict' || verdict === 'sources') this.receiver.dropped(from, verdict)
    this.receiver.heartbeat(from, t)
  }

  /** Sends the last messages first, then the heartbeat that closes the answer. */
  private answer(asker: string, { topics }: Question): void {
    if (this.isTooSoon(asker)) return void this.counts.questionsIgnored++
    this.counts.questionsAnswered++
    const channel = `${linkChannel}:${asker}`
    for (const { data, ...message } of this.outbox.snapshot(topics)) {
      this.sendLink(channel, { kind: 'snapshot', ...message, data: JSON.parse(data) })
    }
    this.sendLink(channel, this.outbox.beat(this.options.beatMs, true))
  }

  private isTooSoon(asker: string): boolean {
    const now = this.options.clock.monotonic()
    const before = this.answeredAt.get(asker)
    if (before !== undefined && now - before < this.options.askMs / 2) return true
    if (before === undefined && this.answeredAt.size >= limits.sources) this.forgetOldestAsker()
    this.answeredAt.delete(asker)
    this.answeredAt.set(asker, now)
    return false
  }

  private forgetOldestAsker(): void {
    const [oldest] = this.answeredAt.keys()
    if (oldest !== undefined) this.answeredAt.delete(oldest)
  }

  /** A message with our own name: it came back, or another process uses the name. Where names are claimed, the claim decides. */
  private own({ epoch }: Envelope): void {
    if (this.outbox.isOwn(epoch)) return void this.counts.echoes++
    if (this.admission !== everybody) return this.receiver.reject('sender')
    this.receiver.dropped(this.name, 'conflict')
  }

  private clash(name: string): void {
    if (this.clashes.has(name)) return
    this.clashes.add(name)
    const whose = name === this.name ? 'Another process uses our name' : 'Two processes use the name'
    this.notice(`${whose} "${name}": stop one of them, or name it differently.`)
  }

  private sendLink(channel: string, data: LinkMessage): void {
    const time = Math.trunc(this.options.clock.now())
    const message = { topic: linkChannel, epoch: this.epoch, seq: ++this.linkSeq, time, data: JSON.stringify(data) }
    if (this.wire.send([this.textOf(channel, message)]) === 0) return
    if (data.kind === 'beat') this.counts.beatsSent++
    if (data.kind === 'question') this.counts.questionsSent++
  }

  private textOf(channel: string, message: Outgoing) {
    const text = encodeEnvelope(this.name, message)
    const whole = this.options.prefix + channel
    return { channel: whole, text: this.options.signer?.sign(whole, text) ?? text }
  }

  private notice(sentence: string): void {
    this.options.onNotice?.(sentence)
  }
}

function checkOptions({ name, epoch, topics }: TransportOptions): void {
  const names = `1 to ${limits.nameLength} characters`
  if (!isName(name)) throw new OperatorError({ what: 'transport name', expected: names, got: name })
  if (!isName(epoch)) throw new OperatorError({ what: 'transport epoch', expected: names, got: epoch })
  const bad = topics.find(topic => !isName(topic))
  if (bad !== undefined) throw new OperatorError({ what: 'transport topic', expected: names, got: bad })
  const length = topics.reduce((sum, topic) => sum + topic.length + 3, 0)
  if (topics.length <= limits.topics && length <= limits.messageLength / 2) return
  throw new OperatorError({ what: 'transport topics', expected: `at most ${limits.topics}`, got: topics.length })
}
