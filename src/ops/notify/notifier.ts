/**
 * Tells people: a notice goes to the outbox on disk, then to the console and the audit, then to the channels. Equal keys are told once in ten
 * minutes, a P0 until a person acknowledges it. No secret is in what is kept or said.
 */

import { join } from 'node:path'
import type { Notice, NoticePort, Severity } from '../../core/index.js'
import { OpsRecord } from '../../storage/index.js'
import { type Clock, wait } from '../clock.js'
import { opsLimits } from '../limits.js'
import type { Redact } from '../redact.js'
import { takeAcknowledgements } from './acknowledgements.js'
import { Audit } from './audit.js'
import type { Channel } from './channel.js'
import { endIfOver, Lane } from './lane.js'
import { Outbox, type Waiting } from './outbox.js'
import { type NoticePolicy, noticePolicySchema } from './policy.js'

export interface NotifierOptions {
  /** Where `ops.db`, `notices.jsonl` and `acks/` are. */
  readonly folder: string
  readonly channels: readonly Channel[]
  readonly clock: Clock
  readonly redact: Redact
  /** The console: gets each notice as a line, and, where there is no channel, a P0 again and again as a channel would. */
  readonly say: (line: string, severity: Severity) => void
  readonly policy?: NoticePolicy | undefined
}

/** How often acknowledgements, windows and channels that wait are looked at, ms. */
const lookMs = 1_000
/** How long an end waits for what is on its way, ms. */
const closeMs = 2_000

export class Notifier implements NoticePort {
  readonly record: OpsRecord
  private readonly outbox: Outbox
  private readonly audit: Audit
  private readonly lanes: Lane[]
  /** Whether the console hears of notices beside the channels. */
  private readonly isSaid: boolean
  private readonly stopped = new AbortController()
  private readonly working: Promise<void>[]
  private wake: () => void = () => undefined
  private woken = Promise.resolve()

  constructor(private readonly options: NotifierOptions) {
    const { folder, clock, policy = noticePolicySchema.parse({}) } = options
    const named = inOrder(options.channels, policy.order)
    const channels = named.length === 0 ? [consoleOf(options)] : named
    this.isSaid = named.length > 0
    const now = clock.now()
    this.record = OpsRecord.open(join(folder, 'ops.db'))
    this.outbox = new Outbox(this.record, policy, now)
    this.audit = new Audit(join(folder, 'notices.jsonl'))
    this.audit.append(this.record.after(this.audit.last))
    const order = channels.map(({ name }) => name)
    for (const notice of [...this.outbox.waiting]) endIfOver(notice, order, this.outbox)
    const isUp = (name: string) => this.lanes.find(lane => lane.name === name)?.breaker.state !== 'open'
    this.lanes = channels.map(channel => {
      const takenAt = this.record.takenSince(channel.name, now - 60_000)
      return new Lane({ channel, order, isUp, outbox: this.outbox, policy, clock, takenAt, textOf })
    })
    this.sleep()
    this.working = [this.tend(), ...this.lanes.map(lane => this.work(lane))]
  }

  send(notice: Notice): void {
    const { clock, redact, say } = this.options
    const { noticeKey, noticeText } = opsLimits
    const shown = { ...notice, key: redact(notice.key).slice(0, noticeKey), text: redact(notice.text).slice(0, noticeText) }
    if (this.outbox.add(shown, clock.now()) && this.isSaid) say(lineOf(shown), shown.severity)
    this.writeAudit()
    this.wakeUp()
  }

  /** Ends the P0 of a key; returns how many there were. */
  acknowledge(key: string): number {
    return this.outbox.acknowledge(key, this.options.clock.now())
  }

  /** What became of notices, and the deliveries of each channel. */
  get counters(): Readonly<Record<string, number>> & Outbox['counters'] {
    const lanes = this.lanes.flatMap(({ name, counters }) => Object.entries(counters).map(([what, n]) => [`${name}.${what}`, n]))
    return {
      ...Object.fromEntries(lanes),
      ...this.outbox.counters,
      waiting: this.outbox.waiting.length,
      auditUnwritten: this.audit.unwritten,
    }
  }

  /** True where no channel takes anything now. */
  get isDeaf(): boolean {
    return this.lanes.every(({ breaker }) => breaker.state !== 'closed')
  }

  /** P0 that nobody has acknowledged, the oldest first. */
  get unacknowledged(): readonly Notice[] {
    return this.outbox.waiting.filter(({ severity }) => severity === 'P0')
  }

  async close(): Promise<void> {
    const { clock } = this.options
    const until = clock.monotonic() + closeMs
    while (this.isBusy && clock.monotonic() < until) await wait(clock, 20, this.stopped.signal)
    this.stopped.abort()
    this.wakeUp()
    await Promise.all(this.working)
    this.record.close()
  }

  /** Whether something was not tried yet. */
  private get isBusy(): boolean {
    return this.outbox.waiting.some(each => each.tries.size === 0 && each.nextAt.size === 0 && each.taken.size === 0)
  }

  private async work(lane: Lane): Promise<void> {
    const { signal } = this.stopped
    while (!signal.aborted) {
      const woken = this.woken
      if (!(await lane.deliverOne(signal))) await woken
    }
  }

  /** Looks once a second for what time, or a person, has brought. */
  private async tend(): Promise<void> {
    const { clock, folder, say } = this.options
    const { signal } = this.stopped
    for (; !signal.aborted; await wait(clock, lookMs, signal)) {
      for (const key of takeAcknowledgements(folder)) say(`${this.acknowledge(key)} acknowledged: ${key}`, 'P3')
      this.outbox.expire(clock.now())
      if (this.outbox.endWindows(clock.now())) this.writeAudit()
      if (this.outbox.waiting.length > 0) this.wakeUp()
    }
  }

  private writeAudit(): void {
    try {
      this.audit.append(this.record.after(this.audit.last))
    } catch {
      this.audit.unwritten++
    }
  }

  private wakeUp(): void {
    this.wake()
    this.sleep()
  }

  private sleep(): void {
    this.woken = new Promise(resolve => {
      this.wake = resolve
    })
  }
}

/** Channels that the policy names, in its order. */
function inOrder(channels: readonly Channel[], order: readonly string[]): Channel[] {
  return order.flatMap(name => channels.find(channel => channel.name === name) ?? [])
}

/** Where nobody else is told, the console is. */
function consoleOf({ say }: NotifierOptions): Channel {
  return {
    name: 'console',
    async send(text, _until, severity) {
      say(text, severity)
      return 'sent'
    },
  }
}

function textOf({ severity, text, runId }: Waiting): string {
  return severity === 'P0' || severity === 'P1' ? `${severity} ${text} [${runId}]` : text
}

function lineOf({ severity, text, time }: Notice): string {
  return `${new Date(time).toISOString()} ${severity} ${text}`
}
