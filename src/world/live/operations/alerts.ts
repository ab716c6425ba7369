/** Alerts for a person: halts and their ends, stale pairs, a lost link, a wrong clock, quarantined agents. Each is a notice; the log has them too. */

import { dataEndedSentence, type Halt } from '../../../trading/index.js'
import type { LiveLog } from './log.js'
import type { Notices } from './notices.js'
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
    private readonly notices: Notices | undefined,
  ) {}

  halts(halts: readonly Halt[]): void {
    for (const { portfolio, kind, on, reason, ends } of halts) {
      this.log?.event(on ? 'warn' : 'info', on ? 'halted' : 'halt ended', { portfolio, kind, reason, ends })
      this.notices?.send(
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
      this.notice(stale === '' ? 'all pairs are fresh again.' : `no fresh data of ${stale}: no entries there.`)
    }
    if ((linkDownSince !== null) !== this.linkDown) {
      this.linkDown = linkDownSince !== null
      this.notice(this.linkDown ? 'the link to other processes is down: exits only.' : 'the link is complete again.')
    }
    const clock = conditions.find(({ code, isTrouble }) => code === 'clock' && isTrouble)
    if ((clock !== undefined) !== this.isClockOff) {
      this.isClockOff = clock !== undefined
      this.notice(clock?.text ?? 'the clock agrees with the exchange’s again.')
    }
    for (const { agent, reason } of quarantined.slice(this.quarantined)) {
      this.alert('quarantined', { agent, reason }, `${agent} is quarantined: ${reason}.`)
    }
    this.quarantined = quarantined.length
    const ended = dataEnded.reduce((sum, { positions }) => sum + positions, 0)
    if (ended > (this.ended ?? ended)) this.alert('data ended', { dataEnded }, dataEndedSentence(dataEnded, dataEndedLoss))
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
      'rejected prints',
      Object.fromEntries(byPair),
      `${what} far from the market and not believed; nothing filled there. So far: ${pairs}.`,
    )
  }

  private alert(event: string, fields: object, text: string): void {
    this.log?.event('warn', event, fields)
    this.notice(text)
  }

  private notice(text: string): void {
    this.notices?.send(`${this.scenario}: ${text}`)
  }
}
