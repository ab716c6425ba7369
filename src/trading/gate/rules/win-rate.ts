/** The share of winning trades among the latest: below a limit there are no entries until enough of them are too old to count. */

import * as z from 'zod'
import { DAY_MS } from '../../../core/index.js'
import { higher, lower, same } from '../limit.js'
import { all, none } from '../quantity.js'
import { addResult, forgetUntil, goodShare, newRecentResults, resultCount } from '../recent-results.js'
import { defineRule } from '../rule.js'

const defaultDays = 30
const defaultTrades = 20

/**
 * A trade wins when it earns more than its costs. An account without entries has no new trades; its old ones leave the window, and
 * when fewer than `winRateTrades` are left it may enter again: `winRateDays` after its last trade at the latest.
 */
export const winRate = defineRule({
  code: 'winRate',
  limits: {
    minWinRate: higher(z.number().min(0).max(1), 'share of winning trades among the latest, at least'),
    winRateDays: same(z.number().positive().max(3650), `days for which a finished trade counts (${defaultDays} unless said)`, {
      standard: defaultDays,
    }),
    winRateTrades: lower(
      z.number().int().min(1).max(10_000),
      `finished trades from which it is judged (${defaultTrades} unless said)`,
      { standard: defaultTrades },
    ),
  },
  unit: 'share of winning trades',
  boundary: 'exactly the limit is enough; a trade that finished exactly winRateDays ago counts no more',
  source: 'win rate limits of trading desks; freqtrade’s low profit guard',
  begin: newRecentResults,
  // Before every intent: what is too old has left when the intent is judged.
  watch(own, _, time, { winRateDays = defaultDays }) {
    forgetUntil(own, time - winRateDays * DAY_MS)
    return null
  },
  allows: (_, __, { minWinRate = 0, winRateTrades = defaultTrades }, own) =>
    resultCount(own) < winRateTrades || goodShare(own) >= minWinRate ? all : none,
  measures: (_, __, ___, own) => goodShare(own),
  onTrade(own, { exitTime, pnlE6 }) {
    addResult(own, exitTime, pnlE6 > 0)
    return null
  },
})
