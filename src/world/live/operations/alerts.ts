/** Alerts for a person: halts and their ends, stale pairs, a lost link, a wrong clock, quarantined agents. Each is a notice; the log has them too. */

import type { Severity } from '../../../core/index.js'
import { dataEndedSentence, type Halt } from '../../../trading/index.js'
import type { LiveLog } from './log.js'
import type { RunNotices } from './run-notices.js'
import type { LiveStatus } from './status.js'

/** Least time between two alerts of prints, and how the status counts them by pair. */
const printsSaidEveryMs = 60_000
const byPairPrefix = 'rejectedPrints.'

export class Alerts {
  private stale = ''
  private linkDown = false
  private isClockOff = false
  private quarantined = 0
  private rejectedPrints: number | undefined
  private printsSaidAt = 0
  private ended: number | undefined

  constructor(
    private readonly scenario: string,
    private readonly log: LiveLog | undefined,
    private readonly notices: Pick<RunNotices, 'send'> | undefined,
  ) {}

  halts(halts: readonly Halt[]): void {
    for (const { id, portfolio, kind, on, reason, ends } of halts) {
      this.log?.event(on ? 'warn' : 'info', on ? 'halted' : 'halt ended', { portfolio, kind, reason, ends })
      this.notices?.send(
        on ? 'P1' : 'P2',
        `halt ${id} ${on ? 'begins' : 'ends'}`,
        on
          ? `${this.scenario}: HALTED ${portfolio} (${kind}): ${reason}. Ends: ${ends}.`
          : `${this.scenario}: ${kind} halt of ${portfolio} ended: ${reason}.`,
      )
    }
  }

  status(status: LiveStatus): void {
    const { stalePairs, linkDownSince, quarantined, state, conditions, dataEnded, dataEndedLoss } = status
    if (state !== 'live') return
    this.prints(status)
    const stale = stalePairs.map(p => p.pair).join(', ')
    if (stale !== this.stale) {
      this.stale = stale
      this.notice('P2', 'stale', stale === '' ? 'all pairs are fresh again.' : `no fresh data of ${stale}: no entries there.`)
    }
    if ((linkDownSince !== null) !== this.linkDown) {
      this.linkDown = linkDownSince !== null
      this.notice(
        'P1',
        'link',
        this.linkDown ? 'the link to other processes is down: exits only.' : 'the link is complete again.',
      )
    }
    const clock = conditions.find(({ code, isTrouble }) => code === 'clock' && isTrouble)
    if ((clock !== undefined) !== this.isClockOff) {
      this.isClockOff = clock !== undefined
      this.notice('P2', 'clock', clock?.text ?? 'the clock agrees with the exchange’s again.')
    }
    for (const { agent, reason } of quarantined.slice(this.quarantined)) {
      this.log?.event('warn', 'quarantined', { agent, reason })
      this.notice('P1', `quarantined ${agent}`, `${agent} is quarantined: ${reason}.`)
    }
    this.quarantined = quarantined.length
    const ended = dataEnded.reduce((sum, { positions }) => sum + positions, 0)
    if (ended > (this.ended ?? ended)) this.alert('P1', 'data ended', { dataEnded }, dataEndedSentence(dataEnded, dataEndedLoss))
    this.ended = ended
  }

  /** Prints that were not believed, at most once a minute. */
  private prints({ counters: { world }, updatedAt }: LiveStatus): void {
    const all = world.rejectedPrints ?? 0
    // What a restart finds was told before it.
    this.rejectedPrints ??= all
    if (all <= this.rejectedPrints || updatedAt - this.printsSaidAt < printsSaidEveryMs) return
    const more = all - this.rejectedPrints
    const byPair = Object.entries(world).flatMap(([name, n]) =>
      name.startsWith(byPairPrefix) ? [[name.slice(byPairPrefix.length), n]] : [],
    )
    this.rejectedPrints = all
    this.printsSaidAt = updatedAt
    const pairs = byPair.map(([pair, n]) => `${pair} ${n}`).join(', ')
    const what = more === 1 ? 'a print was' : `${more} prints were`
    this.alert(
      'P2',
      'rejected prints',
      Object.fromEntries(byPair),
      `${what} far from the market and not believed; nothing filled there. So far: ${pairs}.`,
    )
  }

  private alert(severity: Severity, event: string, fields: object, text: string): void {
    this.log?.event('warn', event, fields)
    this.notice(severity, event, text)
  }

  private notice(severity: Severity, key: string, text: string): void {
    this.notices?.send(severity, key, `${this.scenario}: ${text}`)
  }
}
