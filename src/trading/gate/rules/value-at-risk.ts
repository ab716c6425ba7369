/**
 * What the account may lose in a day with an entry: a quantile of the loss, and the mean beyond it. A scenario is one of the last 500
 * days: the returns of all pairs on it, each scaled to its present volatility, at the present exposures. Entries that wait count as filled.
 * The limit holds at the order, by the prices then known; the fill costs no more than it allowed there.
 */

import * as z from 'zod'
import type { UsdE6 } from '../../../core/index.js'
import {
  LEAST_OBSERVATIONS,
  placesOfLargest,
  RISK_DECAY,
  RISK_WINDOW,
  SHORTFALL_TAIL,
  tailMean,
  tailRank,
  VALUE_AT_RISK_TAIL,
} from '../filtered-history.js'
import { lower } from '../limit.js'
import { loadLosses, lossesOnBar, lossesOnStep, newPortfolioLosses, type PortfolioLosses } from '../portfolio-losses.js'
import { all, costE6, none, quantityWithin } from '../quantity.js'
import { type Account, defineRule, type Intent } from '../rule.js'

const share = z.number().min(0).max(1)
const valueAtRiskLimits = {
  valueAtRisk99: lower(share, 'loss of a day that 99 % of days may not exceed, as a share of equity, at most'),
}
const shortfallLimits = {
  expectedShortfall975: lower(share, 'mean loss of the worst 2.5 % of days, as a share of equity, at most'),
}

const filteredHistory = {
  unit: 'share of equity, in a day',
  boundary: `exactly the limit is allowed; no entry with fewer than ${LEAST_OBSERVATIONS} days known of all pairs together`,
  source: `filtered historical simulation (Hull and White 1998; Barone-Adesi et al. 1999), λ ${RISK_DECAY}, ${RISK_WINDOW} days`,
  excess: 'shrink',
  begin: newPortfolioLosses,
  onBar(own: PortfolioLosses, bar: Parameters<typeof lossesOnBar>[1]) {
    lossesOnBar(own, bar)
    return null
  },
  onStep: (own: PortfolioLosses, _: Account, time: number) => lossesOnStep(own, time),
} as const

export const valueAtRisk = defineRule<typeof valueAtRiskLimits, PortfolioLosses>({
  ...filteredHistory,
  code: 'valueAtRisk',
  limits: valueAtRiskLimits,
  allows: (intent, account, { valueAtRisk99 = 1 }, own) =>
    most(entryWithinQuantile, intent, account, { share: valueAtRisk99, own }),
  measures: (intent, account, _, own) => measured(quantileAt, intent, account, own),
})

export const expectedShortfall = defineRule<typeof shortfallLimits, PortfolioLosses>({
  ...filteredHistory,
  code: 'expectedShortfall',
  keepsWith: 'valueAtRisk',
  limits: shortfallLimits,
  allows: (intent, account, { expectedShortfall975 = 1 }, own) =>
    most(entryWithinShortfall, intent, account, { share: expectedShortfall975, own }),
  measures: (intent, account, _, own) => measured(shortfallAt, intent, account, own),
})

/** The largest entry that keeps a risk within `limitE6`, at most `wantedE6`; Infinity: all of it. */
type LargestEntry = (own: PortfolioLosses, limitE6: number, wantedE6: UsdE6) => UsdE6

/** The most that a limit on a risk allows. A renewal trades nothing, and a loss that is unknown allows nothing. */
function most(largest: LargestEntry, intent: Intent, account: Account, limit: { share: number; own: PortfolioLosses }): number {
  if (intent.renews) return all
  const equityE6 = account.equityE6()
  const wantedE6 = costE6(intent)
  if (!(equityE6 > 0) || !Number.isSafeInteger(wantedE6) || !loadLosses(limit.own, intent, account)) return none
  const amountE6 = largest(limit.own, equityE6 * limit.share, wantedE6)
  return amountE6 >= wantedE6 ? all : quantityWithin(amountE6, intent)
}

function measured(riskAt: typeof quantileAt, intent: Intent, account: Account, own: PortfolioLosses): number {
  return loadLosses(own, intent, account) ? riskAt(own, costE6(intent)) / account.equityE6() : Number.NaN
}

/** Each scenario allows an entry up to the one at which its loss is the limit; all but the few scenarios of the tail must allow it. */
function entryWithinQuantile(own: PortfolioLosses, limitE6: number, wantedE6: UsdE6): UsdE6 {
  const { n, lossE6, lossPerUsd, work, places } = own
  if (lossesBeyond(own, limitE6, wantedE6) < tailRank(n, VALUE_AT_RISK_TAIL)) return wantedE6
  for (let t = 0; t < n; t++) {
    const room = limitE6 - (lossE6[t] as number)
    const perUsd = lossPerUsd[t] as number
    // Negative, so that the smallest entry is the largest number.
    work[t] = room < 0 ? Number.POSITIVE_INFINITY : perUsd > 0 ? -room / perUsd : Number.NEGATIVE_INFINITY
  }
  const rank = tailRank(n, VALUE_AT_RISK_TAIL)
  placesOfLargest(work, n, rank, places)
  return Math.max(0, -(work[places[rank - 1] as number] as number))
}

/** Scenarios of which the loss with an entry is beyond a limit. */
function lossesBeyond({ n, lossE6, lossPerUsd }: PortfolioLosses, limitE6: number, entryE6: UsdE6): number {
  let beyond = 0
  for (let t = 0; t < n; t++) if ((lossE6[t] as number) + entryE6 * (lossPerUsd[t] as number) > limitE6) beyond++
  return beyond
}

/**
 * Newton's method from what is wanted downwards. The shortfall is a convex, piecewise linear function of the entry, so that no step
 * goes too far, and few are needed.
 */
function entryWithinShortfall(own: PortfolioLosses, limitE6: number, wantedE6: UsdE6): UsdE6 {
  if (lossesBeyond(own, limitE6, wantedE6) === 0) return wantedE6
  let amountE6 = wantedE6
  while (amountE6 >= 0) {
    const excess = shortfallAt(own, amountE6) - limitE6
    if (excess <= 0) return amountE6
    const slope = tailMean(own.lossPerUsd, own.n, SHORTFALL_TAIL, own.places)
    if (!(slope > 0)) return 0
    amountE6 = Math.min(amountE6 - 1, Math.floor(amountE6 - excess / slope))
  }
  return 0
}

/** The value-at-risk with an entry, which no smaller part of it exceeds. */
function quantileAt(own: PortfolioLosses, entryE6: UsdE6): UsdE6 {
  const rank = tailRank(own.n, VALUE_AT_RISK_TAIL)
  loadTail(own, entryE6, rank)
  return own.work[own.places[rank - 1] as number] as number
}

/** The expected shortfall with an entry, which no smaller part of it exceeds. */
function shortfallAt(own: PortfolioLosses, entryE6: UsdE6): UsdE6 {
  loadTail(own, entryE6, Math.ceil(own.n * SHORTFALL_TAIL))
  return tailMean(own.work, own.n, SHORTFALL_TAIL, own.places)
}

/** The losses with an entry in `work`, and where the largest stand in `places`. */
function loadTail({ n, lossE6, lossPerUsd, work, places }: PortfolioLosses, entryE6: UsdE6, count: number): void {
  for (let t = 0; t < n; t++) work[t] = (lossE6[t] as number) + entryE6 * (lossPerUsd[t] as number)
  placesOfLargest(work, n, count, places)
}
