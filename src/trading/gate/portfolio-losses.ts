/** What an account would lose in each one-day scenario, with an entry that grows from nothing to what is wanted. */

import type { TimeMs, UsdE6 } from '../../core/index.js'
import type { Bar } from '../../market/index.js'
import { type DailyScenarios, newDailyScenarios, scenariosOnBar, scenariosOnStep } from './daily-scenarios.js'
import { LEAST_OBSERVATIONS, MOST_IN_TAIL, RISK_WINDOW } from './filtered-history.js'
import type { Account, Intent } from './rule.js'

/** A pair's exposures, long and short apart: now, and those that the losses were computed from. */
interface Exposure {
  longE6: UsdE6
  shortE6: UsdE6
  countedLongE6: UsdE6
  countedShortE6: UsdE6
}

/** An account's losses by scenario, and the work space of a judgement; plain data. */
export interface PortfolioLosses {
  readonly daily: DailyScenarios
  readonly exposures: Map<string, Exposure>
  /** Profits of what is held, by day; NaN where one of the pairs has none. Computed again where exposures or days changed. */
  readonly heldE6: Float64Array
  /** `daily.changes` of that computation. */
  heldAt: number
  /** The pair and direction that `n` and the losses below are of; null: what is held has changed since. */
  loadedPair: string | null
  loadedDirection: number
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
    loadedPair: null,
    loadedDirection: 0,
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
  const scenarios = own.daily.pairs.get(pair)?.scenarios
  if (scenarios === undefined || !loadHeld(own, account)) return false
  if (own.loadedPair !== pair || own.loadedDirection !== direction) {
    addEntry(own, scenarios, direction, own.exposures.get(pair))
    own.loadedPair = pair
    own.loadedDirection = direction
  }
  return own.n >= LEAST_OBSERVATIONS
}

/** Computes the losses of what is held and of the entry, on the days on which all are known. */
function addEntry(own: PortfolioLosses, scenarios: Float64Array, direction: number, exposure = nothing): void {
  const sameSideE6 = direction > 0 ? exposure.longE6 : -exposure.shortE6
  const offsetE6 = sameSideE6 - largerSideE6(exposure)
  const { heldE6, lossE6, lossPerUsd } = own
  let n = 0
  for (let t = 0; t < RISK_WINDOW; t++) {
    const scenario = scenarios[t] as number
    const loss = -(heldE6[t] as number) - offsetE6 * scenario
    if (Number.isNaN(loss)) continue
    lossE6[n] = loss
    lossPerUsd[n++] = Math.max(0, -direction * scenario)
  }
  own.n = n
}

const nothing: Exposure = { longE6: 0, shortE6: 0, countedLongE6: 0, countedShortE6: 0 }

function largerSideE6({ longE6, shortE6 }: Exposure): UsdE6 {
  return longE6 >= shortE6 ? longE6 : -shortE6
}

/** Computes the profits of what is held, where they changed. */
function loadHeld(own: PortfolioLosses, account: Account): boolean {
  if (!loadExposures(own, account)) return false
  let changed = own.heldAt !== own.daily.changes
  for (const exposure of own.exposures.values()) {
    if (exposure.longE6 === exposure.countedLongE6 && exposure.shortE6 === exposure.countedShortE6) continue
    exposure.countedLongE6 = exposure.longE6
    exposure.countedShortE6 = exposure.shortE6
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
  const exposure = { ...nothing }
  exposures.set(pair, exposure)
  return exposure
}

function sumHeld(own: PortfolioLosses): void {
  const { daily, exposures, heldE6 } = own
  own.heldAt = daily.changes
  own.loadedPair = null
  heldE6.fill(0)
  let waiting: Float64Array | undefined
  let waitingE6 = 0
  for (const [pair, exposure] of exposures) {
    const scenarios = daily.pairs.get(pair)?.scenarios
    const valueE6 = largerSideE6(exposure)
    if (valueE6 === 0 || scenarios === undefined) continue
    if (waiting !== undefined) addProfits(heldE6, waiting, waitingE6, scenarios, valueE6)
    waiting = waiting === undefined ? scenarios : undefined
    waitingE6 = valueE6
  }
  if (waiting !== undefined) addProfits(heldE6, waiting, waitingE6, waiting, 0)
}

/** Adds the profits of two pairs at once, which takes half as long as one after the other. */
function addProfits(sums: Float64Array, a: Float64Array, valueA: UsdE6, b: Float64Array, valueB: UsdE6): void {
  for (let t = 0; t < RISK_WINDOW; t++) sums[t] = (sums[t] as number) + (valueA * (a[t] as number) + valueB * (b[t] as number))
}
