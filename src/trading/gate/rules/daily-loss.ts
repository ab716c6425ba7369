/** A loss of a UTC day, realised or not, at which entries stop until the next one begins. */

import * as z from 'zod'
import { DAY_MS, fromUsdE6, toUsdE6, type UsdE6 } from '../../../core/index.js'
import { lower } from '../limit.js'
import { defineRule } from '../rule.js'
import { utcDay } from '../utc-day.js'

interface DayOpen {
  day: number
  equityE6: UsdE6
}

export const dailyLoss = defineRule({
  code: 'dailyLoss',
  limits: { dailyLossUsd: lower(z.number().positive().max(1e9), 'loss of a UTC day at which entries stop until the next, USD') },
  unit: 'USD',
  boundary: 'a loss of exactly the limit stops entries; one unit of 1e-6 USD less does not',
  source: 'daily loss limits of futures brokers',
  begin: (): DayOpen => ({ day: -1, equityE6: Number.NaN }),
  watch(own, account, time, { dailyLossUsd = 0 }) {
    const equity = account.equityE6()
    // Equity at the end of a day is known by the first look at the next one. A clock that steps back begins no day.
    if (utcDay(time) > own.day || Number.isNaN(own.equityE6)) {
      own.day = Math.max(own.day, utcDay(time))
      own.equityE6 = equity
    }
    const loss = own.equityE6 - equity
    // A loss that cannot be computed is `noPrice`, and no lock: it ends with the next price.
    if (!(loss >= toUsdE6(dailyLossUsd))) return null
    const reason = `a loss of ${fromUsdE6(loss)} USD today reaches ${dailyLossUsd} USD`
    return { pair: null, until: (own.day + 1) * DAY_MS, reason }
  },
})
