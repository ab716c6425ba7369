/** The rules of the house, in the order in which the gate asks them. */

import { OperatorError } from '../../../core/index.js'
import { riskKinds } from '../risk.js'
import type { Rule } from '../rule.js'
import { accuracy24h, accuracyAlarm } from './accuracy.js'
import { agreement } from './agreement.js'
import { priceAnomaly, volumeAnomaly } from './anomaly.js'
import { groupConcentration, pairConcentration } from './concentration.js'
import { confidence } from './confidence.js'
import { cooldown } from './cooldown.js'
import { correlatedCluster } from './correlated-cluster.js'
import { dailyLoss } from './daily-loss.js'
import { dataAge, signalAge } from './data-age.js'
import { equityFloor } from './equity-floor.js'
import { exactQuantity, exchangeMinimum } from './exchange-minimum.js'
import { expiry } from './expiry.js'
import { gross } from './gross.js'
import { kelly } from './kelly.js'
import { losingStreak } from './losing-streak.js'
import { margin } from './margin.js'
import { clockOff, knownPrice, linkDown, oddBar, stalePair, unwatched } from './market-doubt.js'
import { minHold } from './min-hold.js'
import { openPositions } from './open-positions.js'
import { blackList, whiteList } from './pair-lists.js'
import { profitLock } from './profit-lock.js'
import { reducedSize } from './reduced-size.js'
import { stopLossGuard } from './stop-loss-guard.js'
import { largestTrade, smallestTrade } from './trade-size.js'
import { tradesPerDay } from './trades-per-day.js'
import { winRate } from './win-rate.js'

export { mayEnter } from './pair-lists.js'
export { lockedProfitE6 } from './profit-lock.js'
export { tradeSizeE6 } from './trade-size.js'

import { expectedShortfall, valueAtRisk } from './value-at-risk.js'

/** Signals first; then rules that only allow or refuse, then those that shrink, then what is left must be large enough. */
export const houseRules = [
  confidence,
  expiry,
  signalAge,
  agreement,
  minHold,
  unwatched,
  linkDown,
  clockOff,
  stalePair,
  blackList,
  whiteList,
  oddBar,
  knownPrice,
  dataAge,
  exactQuantity,
  dailyLoss,
  accuracyAlarm,
  accuracy24h,
  equityFloor,
  cooldown,
  stopLossGuard,
  losingStreak,
  priceAnomaly,
  volumeAnomaly,
  tradesPerDay,
  openPositions,
  winRate,
  reducedSize,
  largestTrade,
  kelly,
  margin,
  gross,
  profitLock,
  pairConcentration,
  groupConcentration,
  correlatedCluster,
  valueAtRisk,
  expectedShortfall,
  smallestTrade,
  exchangeMinimum,
] as const satisfies readonly Rule[]

/** The rules of the house with rules of one's own: those come after it, and only what an exchange accepts after them. */
export function withOwnRules(own: readonly Rule[]): readonly Rule[] {
  const codes = new Set<string>([...houseRules.map(rule => rule.code), ...riskKinds])
  for (const { code } of own) {
    if (codes.has(code))
      throw new OperatorError({ what: `the code of a rule of your own`, expected: 'one that no other rule has', got: code })
    codes.add(code)
  }
  const last: readonly Rule[] = [smallestTrade, exchangeMinimum]
  return [...houseRules.filter(rule => !last.includes(rule)), ...own, ...last]
}
