/** What an account would lose in each one-day scenario, with an entry that grows from nothing to what is wanted. */

import type { TimeMs, UsdE6 } from '../../core/index.js'
import type { Bar } from '../../market/index.js'
import { type DailyScenarios, newDailyScenarios, scenariosOnBar, scenariosOnStep } from './daily-scenarios.js'
import { LEAST_OBSERVATIONS, MOST_IN_TAIL, RISK_WINDOW } from './filtered-history.js'
import type { Account, Intent } from './rule.js'

/** A pair's exposures: long and short apart, and the one that the losses count. */
interface Exposure {
  longE6: UsdE6
  shortE6: UsdE6
  /** What `heldE6` was computed from. */
  countedE6: UsdE6
}

/** An account's losses by scenario, and the work space of a judgement; plain data. */
export interface PortfolioLosses {
  readonly daily: DailyScenarios
  readonly exposures: Map<string, Exposure>
  /** Profits of what is held, by day; NaN where one of the pairs has none. Computed again where exposures or days changed. */
  readonly heldE6: Float64Array
  /** `daily.changes` of that computation. */
  heldAt: number
  /** Observations of the entry that is judged. */
  n: number
  /** Of each observation: the loss of what is held, and what a dollar of the entry adds to it; a gain adds nothing. */
  readonly lossE6: Float64Array
  readonly lossPerUsd: Float64Array
  readonly work: Float64Array
  readonly places: Int32Array
}

export function newPortfolioLosses(): PortfolioLosses {
  const perDay = () => new Float64Array(RISK_WINDOW)
  return {
    daily: newDailyScenarios(),
    exposures: new Map(),
    heldE6: perDay(),
    heldAt: -1,
    n: 0,
    lossE6: perDay(),
    lossPerUsd: perDay(),
    work: perDay(),
    places: new Int32Array(MOST_IN_TAIL),
  }
}

export function lossesOnBar(own: PortfolioLosses, bar: Bar): void {
  scenariosOnBar(own.daily, bar)
}

export function lossesOnStep(own: PortfolioLosses, time: TimeMs): void {
  scenariosOnStep(own.daily, time)
}

/**
 * Prepares the losses of an entry. False where they are unknown: a value or a pair's history is missing, or fewer than 250 days are
 * known of all pairs together.
 *
 * In no scenario a gain of the entry makes up for a loss of what is held: an order may fill in part, or another rule may shrink it. So
 * the loss of a larger part of the entry is never smaller, and whatever part of it is filled keeps the limits that the whole keeps.
 * For the same reason long and short of one pair, such as a position that is due and the entry that takes its place, do not offset
 * each other: the larger one counts; and in the entry's own pair what has its direction.
 */
export function loadLosses(own: PortfolioLosses, { pair, direction }: Intent, account: Account): boolean {
  const entered = own.daily.pairs.get(pair)
  if (entered === undefined || !loadHeld(own, account)) return false
  const offsetE6 = direction * sameSideE6(own.exposures.get(pair), direction) - (own.exposures.get(pair)?.countedE6 ?? 0)
  const { heldE6, lossE6, lossPerUsd } = own
  let n = 0
  for (let t = 0; t < RISK_WINDOW; t++) {
    const scenario = entered.scenarios[t] as number
    const loss = -(heldE6[t] as number) - offsetE6 * scenario
    if (Number.isNaN(loss)) continue
    lossE6[n] = loss
    lossPerUsd[n++] = Math.max(0, -direction * scenario)
  }
  own.n = n
  return n >= LEAST_OBSERVATIONS
}

function sameSideE6(exposure: Exposure | undefined, direction: number): UsdE6 {
  return exposure === undefined ? 0 : direction > 0 ? exposure.longE6 : exposure.shortE6
}

/** Computes the profits of what is held, where they changed. */
function loadHeld(own: PortfolioLosses, account: Account): boolean {
  if (!loadExposures(own, account)) return false
  let changed = own.heldAt !== own.daily.changes
  for (const exposure of own.exposures.values()) {
    const countedE6 = exposure.longE6 >= exposure.shortE6 ? exposure.longE6 : -exposure.shortE6
    if (countedE6 === exposure.countedE6) continue
    exposure.countedE6 = countedE6
    changed = true
  }
  if (changed) sumHeld(own)
  return true
}

/** Sums the account's exposures by pair and side; false where one is unknown. */
function loadExposures({ exposures, daily }: PortfolioLosses, account: Account): boolean {
  for (const exposure of exposures.values()) {
    exposure.longE6 = 0
    exposure.shortE6 = 0
  }
  let known = true
  account.eachExposure((pair, valueE6) => {
    const exposure = exposures.get(pair) ?? newExposure(exposures, pair)
    if (valueE6 >= 0) exposure.longE6 += valueE6
    else exposure.shortE6 -= valueE6
    if (Number.isNaN(valueE6) || !daily.pairs.has(pair)) known = false
  })
  return known
}

function newExposure(exposures: Map<string, Exposure>, pair: string): Exposure {
  const exposure = { longE6: 0, shortE6: 0, countedE6: 0 }
  exposures.set(pair, exposure)
  return exposure
}

function sumHeld(own: PortfolioLosses): void {
  const { daily, exposures, heldE6 } = own
  own.heldAt = daily.changes
  heldE6.fill(0)
  for (const [pair, { countedE6 }] of exposures) {
    const scenarios = daily.pairs.get(pair)?.scenarios
    if (countedE6 === 0 || scenarios === undefined) continue
    for (let t = 0; t < RISK_WINDOW; t++) heldE6[t] = (heldE6[t] as number) + countedE6 * (scenarios[t] as number)
  }
}
