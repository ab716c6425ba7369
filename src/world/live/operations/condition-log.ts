/** The conditions of a run in `live.log`: each trouble as it begins and ends, and all of them once a minute. */

import { liveLimits } from '../limits.js'
import type { LiveCondition, LiveConditionCode } from './condition.js'
import type { LiveLog } from './log.js'
import type { LiveStatus } from './status.js'

export class ConditionLog {
  private troubles = new Map<LiveConditionCode, LiveCondition>()
  private nextStatus = Number.NEGATIVE_INFINITY

  constructor(private readonly log: Pick<LiveLog, 'event'>) {}

  status(status: LiveStatus): void {
    const now = new Map(
      status.conditions.flatMap(condition => (condition.isTrouble ? [[condition.code, condition] as const] : [])),
    )
    for (const [code, { since, text }] of now) {
      if (!this.troubles.has(code)) this.log.event('warn', 'condition', { code, on: true, since, text })
    }
    for (const code of this.troubles.keys()) if (!now.has(code)) this.log.event('info', 'condition', { code, on: false })
    this.troubles = now
    if (status.updatedAt < this.nextStatus) return
    this.nextStatus = status.updatedAt + liveLimits.logStatusMs
    this.log.event('info', 'status', statusFields(status))
  }
}

function statusFields({ state, step, tick, conditions, why, clockOffsetMs, lastTrade }: LiveStatus): object {
  const words = Object.fromEntries(conditions.map(({ code, short }) => [code, short]))
  return { state, step, tick, why, conditions: words, clockOffsetMs, lastTrade: lastTrade?.tradeId ?? null }
}
