/** So many losing trades in a row in a pair: entries there stop for a time. The next loss stops them again, a trade that wins ends the streak. */

import * as z from 'zod'
import { DAY_MS } from '../../../core/index.js'
import { higher, lower } from '../limit.js'
import { defineRule } from '../rule.js'

const defaultPauseMs = DAY_MS

export const losingStreak = defineRule({
  code: 'losingStreak',
  limits: {
    losingStreak: lower(z.number().int().min(1).max(1_000), 'losing trades in a row in a pair at which entries there pause'),
    losingStreakPauseMs: higher(
      z
        .number()
        .int()
        .min(1)
        .max(365 * DAY_MS),
      'length of that pause, ms; default a day',
      { standard: defaultPauseMs },
    ),
  },
  unit: 'trades',
  boundary: 'exactly the limit pauses the pair; a trade that loses nothing ends the streak',
  lockEnds: '`losingStreakPauseMs` after the last loss',
  source: 'LowProfitPairs of freqtrade, counted in trades',
  /** Losses in a row, by pair. */
  begin: (): Map<string, number> => new Map(),
  onTrade(losses, { pair, pnlE6, exitTime }, limits) {
    const { losingStreak: most = 1, losingStreakPauseMs = defaultPauseMs } = limits
    const streak = pnlE6 >= 0 ? 0 : (losses.get(pair) ?? 0) + 1
    losses.set(pair, streak)
    if (streak < most) return null
    return { pair, until: exitTime + losingStreakPauseMs, reason: `losing trades in a row: ${streak}` }
  },
})
