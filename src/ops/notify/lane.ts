/** The deliveries of one channel, one after the other: within its rate, tried again, and left to the next channel where it fails. */

import { severities } from '../../core/index.js'
import { Breaker } from '../breaker.js'
import type { Clock } from '../clock.js'
import type { Channel, Delivered } from './channel.js'
import type { Outbox, Waiting } from './outbox.js'
import type { NoticePolicy } from './policy.js'

const minuteMs = 60_000
/** Failures in a row after which a channel is left alone for a while, and how long. */
const breaking = { failures: 5, openMs: 30_000 } as const
/** The longest pause between two tries of one notice, ms. */
const longestPauseMs = 60_000

export interface LaneOptions {
  readonly channel: Channel
  /** The names of all channels, in the order in which they stand in for each other. */
  readonly order: readonly string[]
  /** Whether a channel takes anything now. */
  readonly isUp: (name: string) => boolean
  readonly outbox: Outbox
  readonly policy: NoticePolicy
  readonly clock: Clock
  /** When it took notices in the last minute, before this start. */
  readonly takenAt: readonly number[]
  readonly textOf: (notice: Waiting) => string
}

export class Lane {
  readonly counters = { sent: 0, later: 0, refused: 0 }
  readonly breaker: Breaker
  private sentAt: number[]
  private stopped: Promise<Delivered> | undefined

  constructor(private readonly options: LaneOptions) {
    this.breaker = new Breaker(breaking, options.clock)
    this.sentAt = [...options.takenAt]
  }

  get name(): string {
    return this.options.channel.name
  }

  /** Delivers the most urgent notice that is due here. False where there is none, or the channel may not be used now. */
  async deliverOne(until: AbortSignal): Promise<boolean> {
    const { channel, clock, textOf } = this.options
    if (this.isFull(clock.now())) return false
    const next = this.next(clock.now())
    if (next === undefined || !this.breaker.allows()) return false
    const answer = await Promise.race([channel.send(textOf(next), until, next.severity), this.stoppedBy(until)])
    if (until.aborted && answer !== 'sent') {
      this.breaker.failedOnce()
      return false
    }
    this.counters[answer]++
    this.answered(next, answer)
    return true
  }

  /** `later` once it is aborted: a channel that minds nothing must not hold up an end. */
  private stoppedBy(until: AbortSignal): Promise<Delivered> {
    this.stopped ??= new Promise(resolve => until.addEventListener('abort', () => resolve('later'), { once: true }))
    return this.stopped
  }

  private isFull(now: number): boolean {
    this.sentAt = this.sentAt.filter(time => Math.abs(now - time) < minuteMs)
    return this.sentAt.length >= this.options.policy.perMinute
  }

  /** Of the most severe the oldest. */
  private next(now: number): Waiting | undefined {
    const due = this.options.outbox.waiting.filter(each => this.isDue(each, now))
    for (const severity of severities) {
      const found = due.find(each => each.severity === severity)
      if (found !== undefined) return found
    }
    return undefined
  }

  private isDue(notice: Waiting, now: number): boolean {
    if (notice.taken.has(this.name) || notice.gaveUp.has(this.name)) return false
    if (now < (notice.nextAt.get(this.name) ?? 0)) return false
    return isWide(notice) || this.isFirst(notice)
  }

  /** Whether every channel before this one is away, or has given the notice up. */
  private isFirst({ gaveUp }: Waiting): boolean {
    const { order, isUp } = this.options
    const left = order.filter(name => !gaveUp.has(name))
    return (left.find(isUp) ?? left[0]) === this.name
  }

  private answered(notice: Waiting, answer: Delivered): void {
    const { clock, outbox } = this.options
    const now = clock.now()
    if (answer === 'sent') {
      this.sentAt.push(now)
      this.breaker.succeeded()
      outbox.taken(notice, this.name, now)
    } else this.failed(notice, answer, now)
    this.settle(notice, now)
  }

  private failed(notice: Waiting, answer: 'later' | 'refused', now: number): void {
    const { policy } = this.options
    const tries = (notice.tries.get(this.name) ?? 0) + 1
    this.breaker.failedOnce()
    notice.tries.set(this.name, tries)
    notice.nextAt.set(this.name, now + Math.min(longestPauseMs, 500 * 2 ** Math.min(tries, 10)))
    if (notice.severity !== 'P0' && (answer === 'refused' || tries >= policy.tries)) notice.gaveUp.add(this.name)
  }

  /** What came of the notice, once each channel has taken it or given it up. */
  private settle(notice: Waiting, now: number): void {
    const { policy, order, outbox } = this.options
    if (notice.severity === 'P0') {
      // Told again, until a person acknowledges it.
      if (notice.taken.has(this.name)) notice.nextAt.set(this.name, now + policy.p0EveryMs)
      return void notice.taken.delete(this.name)
    }
    endIfOver(notice, order, outbox)
  }
}

/** Ends a notice that each channel has taken or given up. A start asks it too: an earlier process may have ended between both. */
export function endIfOver(notice: Waiting, order: readonly string[], outbox: Outbox): void {
  if (notice.severity === 'P0') return
  const isOver = isWide(notice) ? order.every(name => notice.taken.has(name) || notice.gaveUp.has(name)) : notice.taken.size > 0
  if (isOver && notice.taken.size > 0) return outbox.end(notice, 'sent')
  if (order.every(name => notice.gaveUp.has(name))) outbox.end(notice, 'failed')
}

/** Told by every channel; the others by the first that takes them. */
function isWide({ severity }: Waiting): boolean {
  return severity === 'P0' || severity === 'P1'
}
