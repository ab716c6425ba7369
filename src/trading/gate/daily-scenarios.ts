/** One-day scenarios of pairs: what each would gain tomorrow if one of the last days came again, aligned by UTC day. */

import { DAY_MS, type TimeMs } from '../../core/index.js'
import type { Bar } from '../../market/index.js'
import { filterReturns, RISK_WINDOW } from './filtered-history.js'
import { isObservation } from './observation.js'
import { utcDay } from './utc-day.js'

/** A pair's days. Arrays have the oldest day first, and NaN where the pair has no return. */
export interface PairDays {
  /** The UTC day that goes on, counted from 1970-01-01, and its last close. */
  day: number
  closeUsd: number
  /** The last finished day, and its close; −1 and NaN before the first. */
  finishedDay: number
  finishedUsd: number
  /** Each day's return: its close by the close of the finished day before it, minus 1. */
  readonly returns: Float64Array
  /** The same, scaled to the volatility forecast for the coming day. */
  readonly scenarios: Float64Array
}

/** The days of all pairs, as plain data. */
export interface DailyScenarios {
  /** The days on which any pair has a return; −1 where there is none yet. */
  readonly days: Float64Array
  readonly pairs: Map<string, PairDays>
  /** The day on which finished days were last looked for. */
  today: number
  /** Counts what changed a scenario. */
  changes: number
}

export function newDailyScenarios(): DailyScenarios {
  return { days: new Float64Array(RISK_WINDOW).fill(-1), pairs: new Map(), today: -1, changes: 0 }
}

/** Takes a bar's close. Bars longer than a day have no daily return, and their pair stays without scenarios. */
export function scenariosOnBar(all: DailyScenarios, bar: Bar): void {
  const { pair, time, barMs, close } = bar
  if (!isObservation(bar) || barMs > DAY_MS) return
  const day = utcDay(time)
  const own = all.pairs.get(pair) ?? newPair(all, pair)
  if (day < own.day || day <= own.finishedDay) return
  if (day > own.day) finishDay(all, own)
  own.day = day
  own.closeUsd = close
}

/** Finishes the days that are over. */
export function scenariosOnStep(all: DailyScenarios, time: TimeMs): void {
  const today = utcDay(time)
  if (today === all.today) return
  all.today = today
  for (const own of all.pairs.values()) if (own.day < today) finishDay(all, own)
}

function newPair({ pairs }: DailyScenarios, pair: string): PairDays {
  const missing = () => new Float64Array(RISK_WINDOW).fill(Number.NaN)
  const own: PairDays = {
    day: -1,
    closeUsd: Number.NaN,
    finishedDay: -1,
    finishedUsd: Number.NaN,
    returns: missing(),
    scenarios: missing(),
  }
  pairs.set(pair, own)
  return own
}

function finishDay(all: DailyScenarios, own: PairDays): void {
  if (own.day <= own.finishedDay) return
  const dayReturn = own.closeUsd / own.finishedUsd - 1
  own.finishedDay = own.day
  own.finishedUsd = own.closeUsd
  if (Number.isNaN(dayReturn)) return
  const place = placeOf(all, own.day)
  if (place < 0) return
  own.returns[place] = dayReturn
  filterReturns(own.returns, own.scenarios)
  all.changes++
}

/** Where a day stands; a new one pushes out the oldest. −1: a day between those of other pairs, too late to be one of its own. */
function placeOf(all: DailyScenarios, day: number): number {
  const { days } = all
  let place = days.length - 1
  if (day > (days[place] as number)) {
    append(days, day)
    for (const { returns, scenarios } of all.pairs.values()) {
      append(returns, Number.NaN)
      append(scenarios, Number.NaN)
    }
    return place
  }
  while (place > 0 && (days[place] as number) > day) place--
  return days[place] === day ? place : -1
}

function append(array: Float64Array, value: number): void {
  array.copyWithin(0, 1)
  array[array.length - 1] = value
}
