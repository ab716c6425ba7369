/** The rules of the house, in the order in which the gate asks them. */

import type { Rule } from '../rule.js'
import { accuracy24h, accuracyAlarm } from './accuracy.js'
import { agreement } from './agreement.js'
import { confidence } from './confidence.js'
import { dailyLoss } from './daily-loss.js'
import { exactQuantity, exchangeMinimum } from './exchange-minimum.js'
import { expiry } from './expiry.js'
import { gross } from './gross.js'
import { kelly } from './kelly.js'
import { knownPrice, linkDown, oddBar, stalePair, unwatched } from './market-doubt.js'
import { openPositions } from './open-positions.js'
import { blackList, whiteList } from './pair-lists.js'
import { largestTrade, smallestTrade } from './trade-size.js'
import { winRate } from './win-rate.js'

/** Signals first; then rules that only allow or refuse, then those that shrink, then what is left must be large enough. */
export const houseRules = [
  confidence,
  expiry,
  agreement,
  unwatched,
  linkDown,
  stalePair,
  blackList,
  whiteList,
  oddBar,
  knownPrice,
  exactQuantity,
  dailyLoss,
  accuracyAlarm,
  accuracy24h,
  openPositions,
  winRate,
  largestTrade,
  kelly,
  gross,
  smallestTrade,
  exchangeMinimum,
] as const satisfies readonly Rule[]
