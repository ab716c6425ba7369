/** A loss of a UTC day, realised or not, at which entries stop until the next one begins. */

import * as z from 'zod'
import { DAY_MS, fromUsdE6, type TimeMs, toUsdE6, type UsdE6 } from '../../../core/index.js'
import { lower } from '../limit.js'
import { defineRule } from '../rule.js'
import { utcDay } from '../utc-day.js'

interface DayOpen {
  day: number
  /** Equity when the day began. */
  equityE6: UsdE6
  /** Equity at the last end of a step at which it was known. */
  lastE6: UsdE6
}

/** Begins the day of an instant with the last equity before it. A clock that steps back begins no day. */
function beginDay(own: DayOpen, time: TimeMs, equity: UsdE6): void {
  const day = utcDay(time)
  if (day <= own.day && !Number.isNaN(own.equityE6)) return
  own.day = Math.max(own.day, day)
  own.equityE6 = time === day * DAY_MS || Number.isNaN(own.lastE6) ? equity : own.lastE6
}

export const dailyLoss = defineRule({
  code: 'dailyLoss',
  limits: { dailyLossUsd: lower(z.number().positive().max(1e9), 'loss of a UTC day at which entries stop until the next, USD') },
  unit: 'USD',
  boundary: 'a loss of exactly the limit stops entries; one unit of 1e-6 USD less does not',
  lockEnds: 'at the next 00:00 UTC',
  source: 'daily loss limits of futures brokers',
  begin: (): DayOpen => ({ day: -1, equityE6: Number.NaN, lastE6: Number.NaN }),
  watch(own, account, time, { dailyLossUsd = 0 }) {
    const equity = account.equityE6()
    beginDay(own, time, equity)
    const loss = own.equityE6 - equity
    // A loss that cannot be computed is `noPrice`, and no lock: it ends with the next price.
    if (!(loss >= toUsdE6(dailyLossUsd))) return null
    const reason = `a loss of ${fromUsdE6(loss)} USD today reaches ${dailyLossUsd} USD`
    return { pair: null, until: (own.day + 1) * DAY_MS, reason }
  },
  onStep(own, account, time) {
    const equity = account.equityE6()
    if (Number.isNaN(equity)) return
    own.lastE6 = equity
    // Intents of this tick came before all prices of 00:00 were known.
    if (time === own.day * DAY_MS) own.equityE6 = equity
  },
})
