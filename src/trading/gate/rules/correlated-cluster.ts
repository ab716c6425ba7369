/**
 * Positions that move together count as one. Two are linked where their pairs' correlation, with its sign turned for each short, is
 * the limit or more: two longs of pairs that move alike, or a long and a short of pairs that move against each other. The cluster of an
 * entry is all that links lead to from it, over any number of positions (single linkage), so that the order of entries does not matter.
 * Positions that move against each other are not linked, and do not reduce each other. The share holds at the order, by the prices then
 * known; the fill costs no more than it allowed there. Later prices and correlations may carry a cluster beyond it.
 */

import * as z from 'zod'
import type { UsdE6 } from '../../../core/index.js'
import { gateLimits } from '../bounds.js'
import { type Correlations, correlationOf, correlationsOnBar, correlationsOnStep, newCorrelations } from '../correlations.js'
import { lower } from '../limit.js'
import { all, costE6, quantityWithin } from '../quantity.js'
import { type Account, defineRule, type Intent } from '../rule.js'

/** From this correlation on positions are linked, where a profile says nothing else. */
const LINKED = 0.7

/** What is held in one pair and direction. */
interface Holding {
  readonly pair: string
  readonly direction: number
  valueE6: UsdE6
}

const limits = {
  clusterShare: lower(z.number().min(0).max(1), 'most that positions which move together may be, as a share of equity'),
  clusterCorrelation: lower(z.number().min(0).max(1), `correlation from which two positions move together (${LINKED})`, {
    standard: LINKED,
  }),
}

export const correlatedCluster = defineRule<typeof limits, Correlations>({
  code: 'clusterLimit',
  limits,
  unit: 'share of equity',
  boundary: `exactly the share is allowed, exactly the correlation is linked; a correlation of fewer than 66 bars, or of a pair beyond the first ${gateLimits.correlatedPairs}, allows nothing`,
  source: 'shrunk EWMA correlations (RiskMetrics 1996; Ledoit and Wolf 2004), single linkage',
  excess: 'shrink',
  begin: newCorrelations,
  allows(intent, account, { clusterShare = 1, clusterCorrelation = LINKED }, own) {
    if (intent.renews) return all
    const roomE6 = account.equityE6() * clusterShare - clusterE6(own, intent, account, clusterCorrelation)
    return costE6(intent) <= roomE6 ? all : quantityWithin(roomE6, intent)
  },
  measures: (intent, account, { clusterCorrelation = LINKED }, own) =>
    (clusterE6(own, intent, account, clusterCorrelation) + costE6(intent)) / account.equityE6(),
  onBar(own, bar) {
    correlationsOnBar(own, bar)
    return null
  },
  onStep: correlationsOnStep,
})

/** What is held of an intent's cluster; NaN where a correlation that decides about it, or a value, is not known. */
function clusterE6(all: Correlations, { pair, direction }: Intent, account: Account, linked: number): UsdE6 {
  const holdings = holdingsOf(account)
  let size = gather(all, holdings, 0, { pair, direction, valueE6: 0 }, linked)
  let sum = 0
  for (let i = 0; i < size; i++) {
    const holding = holdings[i] as Holding
    sum += holding.valueE6
    size = gather(all, holdings, size, holding, linked)
  }
  return size < 0 ? Number.NaN : sum
}

/** Moves what is linked with a holding to place `size` and behind; gives the size after that, −1 where a link or a value is not known. */
function gather(all: Correlations, holdings: Holding[], size: number, from: Holding, linked: number): number {
  for (let i = size; i < holdings.length; i++) {
    const other = holdings[i] as Holding
    const together = from.direction * other.direction * correlationOf(all, from.pair, other.pair)
    if (Number.isNaN(together) || Number.isNaN(other.valueE6)) return -1
    if (together < linked) continue
    holdings[i] = holdings[size] as Holding
    holdings[size++] = other
  }
  return size
}

/** The account's exposures by pair and direction. */
function holdingsOf(account: Account): Holding[] {
  const holdings: Holding[] = []
  account.eachExposure((pair, valueE6) => {
    if (valueE6 === 0) return
    const direction = valueE6 < 0 ? -1 : 1
    for (const known of holdings)
      if (known.pair === pair && known.direction === direction) {
        known.valueE6 += Math.abs(valueE6)
        return
      }
    holdings.push({ pair, direction, valueE6: Math.abs(valueE6) })
  })
  return holdings
}
