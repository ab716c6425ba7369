/**
 * Pauses when too few trades go the right way: a sequential test whose false alarms are known, and the raw share of the last 24 hours,
 * which fires by luck as well. A trade is right when the price moved its way: its result before fees, slippage and borrowing is above 0.
 */

import * as z from 'zod'
import { DAY_MS, type TimeMs } from '../../../core/index.js'
import type { Trade } from '../../trade.js'
import { higher, type LimitsOf, lower } from '../limit.js'
import { addResult, forgetUntil, goodShare, newRecentResults, resultCount } from '../recent-results.js'
import { defineRule } from '../rule.js'
import { type Cusum, cusumOf } from '../run-length.js'

/** Exactly no move is not right, and neither is a result that is unknown. */
function isRight({ pnlE6, feesE6, slippageE6, borrowE6 }: Trade): boolean {
  return pnlE6 + feesE6 + slippageE6 + borrowE6 > 0
}

const inPercent = (share: number) => `${Math.round(share * 1000) / 10} %`

interface AlarmState extends Cusum {
  score: number
  /** When the last pause began: trades entered before count no more. */
  pausedAt: TimeMs
}

const defaultDrop = 0.1
const defaultTrades = 2_000

const alarmLimits = {
  accuracyAlarm: higher(
    z.number().min(0.3).max(0.95),
    'share of right trades that is still good; a lasting fall below it pauses entries',
  ),
  accuracyDrop: lower(
    z.number().min(0.05).max(0.25),
    `fall below accuracyAlarm that is to be found as soon as possible (${defaultDrop} unless said)`,
    { standard: defaultDrop },
  ),
  falseAlarmTrades: lower(
    z.number().int().min(20).max(1_000_000),
    `trades between two false alarms while the accuracy is good, on average at least (${defaultTrades} unless said)`,
    { standard: defaultTrades },
  ),
}

/**
 * At 55 % and the defaults it alarms by luck once in 2,245 trades (112 days of 20 signals), and finds a fall to 45 % after 146 trades,
 * on average; `runLength` computes both for other limits. After an alarm entries pause for 24 hours, and the test starts from 0.
 */
export const accuracyAlarm = defineRule({
  code: 'accuracyAlarm',
  limits: alarmLimits,
  unit: 'units of log-likelihood ratio',
  boundary: 'a score of exactly the threshold begins a pause; 24 hours after that trade it ends',
  lockEnds: '24 hours after the trade',
  source: 'CUSUM of Bernoulli observations: Page 1954, Reynolds and Stoumbos 1999',
  begin: (limits): AlarmState => ({ ...alarmTest(limits), score: 0, pausedAt: 0 }),
  onTrade(own, trade, limits) {
    if (trade.entryTime < own.pausedAt) return null
    own.score = Math.max(0, own.score + (isRight(trade) ? -own.hit : own.miss))
    if (own.score < own.threshold) return null
    own.score = 0
    own.pausedAt = trade.exitTime
    const { good, bad, trades } = hypotheses(limits)
    const reason = `the share of right trades has fallen from ${inPercent(good)} towards ${inPercent(bad)} (by luck once in ${trades} trades)`
    return { pair: null, until: trade.exitTime + DAY_MS, reason }
  },
})

/** The test of these limits. */
export function alarmTest(limits: LimitsOf<typeof alarmLimits>): Cusum {
  const { good, bad, trades } = hypotheses(limits)
  return cusumOf(good, bad, trades)
}

function hypotheses(limits: LimitsOf<typeof alarmLimits>): { good: number; bad: number; trades: number } {
  const { accuracyAlarm = 0.55, accuracyDrop = defaultDrop, falseAlarmTrades = defaultTrades } = limits
  return { good: accuracyAlarm, bad: accuracyAlarm - accuracyDrop, trades: falseAlarmTrades }
}

const defaultLeast = 20

/** The pause ends when no trade of the window that began it is left in it. */
export const accuracy24h = defineRule({
  code: 'accuracy24h',
  limits: {
    accuracy24h: higher(z.number().min(0).max(1), 'share of right trades among those finished in the last 24 hours, at least'),
    accuracyLeast: lower(
      z.number().int().min(1).max(10_000),
      `trades in these 24 hours from which it is judged (${defaultLeast} unless said)`,
      { standard: defaultLeast },
    ),
  },
  unit: 'share of right trades',
  boundary:
    'exactly the limit goes on; a trade that finished exactly 24 hours ago counts no more, and at that instant the pause ends',
  lockEnds: '24 hours after the last trade that began it or made it longer',
  source: 'accuracy limits of trading desks',
  begin: newRecentResults,
  onTrade(own, trade, { accuracy24h = 0, accuracyLeast = defaultLeast }) {
    forgetUntil(own, trade.exitTime - DAY_MS)
    addResult(own, trade.exitTime, isRight(trade))
    if (resultCount(own) < accuracyLeast || goodShare(own) >= accuracy24h) return null
    const reason = `${own.goodCount} of ${resultCount(own)} trades of the last 24 hours were right, less than ${inPercent(accuracy24h)}`
    return { pair: null, until: trade.exitTime + DAY_MS, reason }
  },
})
