/** What is to be told: on disk first, then in memory by urgency. A key that was told lately is not told again before its window ends. */

import { type Notice, severities } from '../../core/index.js'
import type { OpsRecord, StoredNotice } from '../../storage/index.js'
import { opsLimits } from '../limits.js'
import type { NoticePolicy } from './policy.js'

/** A notice that is not over. */
export interface Waiting extends StoredNotice {
  /** Channels that took it, in this round of a P0. */
  readonly taken: Set<string>
  /** Failed tries by channel. */
  readonly tries: Map<string, number>
  /** Channels that refused it, or failed too often. */
  readonly gaveUp: Set<string>
  /** When each channel tries again. */
  readonly nextAt: Map<string, number>
}

/** A key that was told, and what came of it since. */
interface Window {
  readonly until: number
  repeats: number
  newest: Notice
}

/** Notices that the disk did not take have numbers below zero. */
let unstored = 0

export class Outbox {
  readonly counters = { accepted: 0, repeated: 0, failed: 0, dropped: 0, acknowledged: 0, expired: 0, unstored: 0 }
  readonly waiting: Waiting[]
  private readonly windows = new Map<string, Window>()

  constructor(
    private readonly record: OpsRecord,
    private readonly policy: NoticePolicy,
    now: number,
  ) {
    this.waiting = record.waiting().map(stored => this.goneOn(stored, now))
    for (const { key, runId, time } of record.newestSince(now - policy.sameKeyMs)) {
      const newest = { severity: 'P3', key, runId, time, text: '' } as const
      this.windows.set(windowOf(newest), { until: time + policy.sameKeyMs, repeats: 0, newest })
    }
  }

  /** Takes a notice; false where it repeats one that was told lately. */
  add(notice: Notice, now: number): boolean {
    const window = this.windows.get(windowOf(notice))
    if (window !== undefined && now < window.until) {
      window.repeats++
      window.newest = notice
      this.counters.repeated++
      this.store(notice, 'repeated')
      return false
    }
    this.tell(notice, now)
    return true
  }

  /** Of each key whose window has ended the newest notice is told, where there was one. Returns whether any was. */
  endWindows(now: number): boolean {
    let isAny = false
    for (const [key, { until, repeats, newest }] of this.windows) {
      if (now < until) continue
      this.windows.delete(key)
      if (repeats === 0) continue
      const times = repeats === 1 ? '' : ` (the last of ${repeats} of this kind)`
      this.tell({ ...newest, text: newest.text + times }, now)
      isAny = true
    }
    return isAny
  }

  /** Ends every P0 of the key. */
  acknowledge(key: string, now: number): number {
    this.keep(() => this.record.acknowledge(key, now))
    const over = this.waiting.filter(each => each.severity === 'P0' && each.key === key)
    for (const each of over) this.remove(each)
    this.counters.acknowledged += over.length
    return over.length
  }

  /** A P0 that nobody acknowledged for so long is over. */
  expire(now: number): void {
    for (const each of [...this.waiting])
      if (each.severity === 'P0' && now - each.time >= this.policy.p0ForMs) this.end(each, 'expired')
  }

  taken(notice: Waiting, channel: string, now: number): void {
    notice.taken.add(channel)
    if (notice.id > 0) this.keep(() => this.record.taken(notice.id, channel, now))
  }

  end(notice: Waiting, state: 'sent' | 'failed' | 'dropped' | 'expired'): void {
    this.remove(notice)
    if (state !== 'sent') this.counters[state]++
    if (notice.id > 0) this.keep(() => this.record.end(notice.id, state))
  }

  /** As an earlier process left it. */
  private goneOn(stored: StoredNotice, now: number): Waiting {
    const { p0EveryMs } = this.policy
    const isP0 = stored.severity === 'P0'
    const notice = waitingOf(stored)
    for (const channel of this.record.takenBy(stored.id, isP0 ? now - p0EveryMs : 0)) {
      if (isP0) notice.nextAt.set(channel, now + p0EveryMs)
      else notice.taken.add(channel)
    }
    return notice
  }

  private tell(notice: Notice, now: number): void {
    this.counters.accepted++
    this.remember(notice, now)
    this.waiting.push(waitingOf(this.store(notice, 'waiting')))
    if (this.waiting.length > opsLimits.noticesWaiting) this.dropOne()
  }

  private remember(notice: Notice, now: number): void {
    this.windows.set(windowOf(notice), { until: now + this.policy.sameKeyMs, repeats: 0, newest: notice })
    const [oldest] = this.windows.keys()
    if (this.windows.size > opsLimits.noticeKeys && oldest !== undefined) this.windows.delete(oldest)
  }

  private dropOne(): void {
    const rank = ({ severity }: Waiting) => severities.indexOf(severity)
    const least = Math.max(...this.waiting.map(rank))
    const oldest = this.waiting.find(each => rank(each) === least)
    if (oldest !== undefined) this.end(oldest, 'dropped')
  }

  /** What the disk does not take is told all the same. */
  private store(notice: Notice, state: 'waiting' | 'repeated'): StoredNotice {
    let id = --unstored
    this.keep(() => {
      id = this.record.add(notice, state)
    })
    return { ...notice, id, state }
  }

  private keep(write: () => void): void {
    try {
      write()
    } catch {
      this.counters.unstored++
    }
  }

  private remove(notice: Waiting): void {
    const at = this.waiting.indexOf(notice)
    if (at >= 0) this.waiting.splice(at, 1)
  }
}

function waitingOf(stored: StoredNotice): Waiting {
  return { ...stored, taken: new Set(), tries: new Map(), gaveUp: new Set(), nextAt: new Map() }
}

function windowOf({ key, runId }: Pick<Notice, 'key' | 'runId'>): string {
  return JSON.stringify([runId, key])
}
