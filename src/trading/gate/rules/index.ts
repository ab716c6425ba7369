/** The rules of the house, in the order in which the gate asks them. */

import type { Rule } from '../rule.js'
import { agreement } from './agreement.js'
import { groupConcentration, pairConcentration } from './concentration.js'
import { confidence } from './confidence.js'
import { correlatedCluster } from './correlated-cluster.js'
import { dailyLoss } from './daily-loss.js'
import { exactQuantity, exchangeMinimum } from './exchange-minimum.js'
import { expiry } from './expiry.js'
import { gross } from './gross.js'
import { knownPrice, linkDown, oddBar, stalePair, unwatched } from './market-doubt.js'
import { openPositions } from './open-positions.js'
import { blackList, whiteList } from './pair-lists.js'
import { largestTrade, smallestTrade } from './trade-size.js'
import { expectedShortfall, valueAtRisk } from './value-at-risk.js'

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
  openPositions,
  largestTrade,
  gross,
  pairConcentration,
  groupConcentration,
  correlatedCluster,
  valueAtRisk,
  expectedShortfall,
  smallestTrade,
  exchangeMinimum,
] as const satisfies readonly Rule[]
