/** The accuracy alarm: as many false alarms, and as late a true one, as it says; and how often the raw rule fires by luck beside it. */

import { DAY_MS, rootOf, Stream } from '../../src/core/index.js'
import { type Estimate, estimate, interval, wilson } from '../../src/experiment/statistics/index.js'
import { accuracy24h, accuracyAlarm, alarmTest, type Rule, runLength } from '../../src/trading/index.js'
import { brief, type Check, percent, seeds } from './check.js'
import { madeTrade } from './made-trades.js'

const good = 0.55
const bad = 0.45
const stated = 2_000
const aDay = 20
const days = 50
const limits = { accuracyAlarm: good, accuracy24h: 0.45 }

/** Trades at an accuracy until a rule pauses for the first time. */
export function tradesUntil(rule: Rule, accuracy: number, rng: Stream): number {
  const own = rule.begin?.(limits)
  for (let n = 1; ; n++) if (rule.onTrade?.(own, tradeOf(rng, accuracy, n), limits)) return n
}

/** Days on which the raw rule fires: seen once, at the end of each day, and seen after every trade while trading goes on. */
export function firingDays(accuracy: number, rng: Stream, length = days): { atEnd: number; atAnyTrade: number } {
  let [atEnd, atAnyTrade] = [0, 0]
  const rolling = accuracy24h.begin?.(limits)
  for (let day = 0; day < length; day++) {
    const own = accuracy24h.begin?.(limits)
    let [fired, firedRolling] = [false, false]
    for (let i = 1; i <= aDay; i++) {
      const trade = tradeOf(rng, accuracy, day * aDay + i)
      fired = accuracy24h.onTrade?.(own, trade, limits) != null
      if (accuracy24h.onTrade?.(rolling, trade, limits) != null) firedRolling = true
    }
    if (fired) atEnd++
    if (firedRolling) atAnyTrade++
  }
  return { atEnd, atAnyTrade }
}

/** The n-th trade, at 20 a day. */
function tradeOf(rng: Stream, accuracy: number, n: number) {
  const time = (n * DAY_MS) / aDay
  return madeTrade(time - 1, time, rng.chance(accuracy) ? 1e6 : -1e6)
}

export const alarmCheck: Check = {
  name: 'alarm',
  promise: 'the accuracy alarm is as often false, and as late, as it says',
  measured: `2,000 seeds: mean trades to the first alarm at an accuracy of ${brief(100 * good)} % (stated: at least ${stated}) and of ${brief(100 * bad)} % lie within 3 standard errors of what runLength computes; the raw rule (below 45 % of the last 24 hours, ${aDay} trades a day) beside it, 400 seeds × ${days} days`,
  async run(context) {
    const chosen = seeds(context, 2_000)
    const until = (rule: Rule, accuracy: number) =>
      estimate(chosen.map(seed => tradesUntil(rule, accuracy, new Stream(rootOf(seed), `${rule.code} ${accuracy}`))))
    const test = alarmTest(limits)
    const expected = { toFalse: runLength(test, good), toTrue: runLength(test, bad) }
    const alarm = { toFalse: until(accuracyAlarm, good), toTrue: until(accuracyAlarm, bad) }
    const raw = { toFalse: until(accuracy24h, good), toTrue: until(accuracy24h, bad) }
    const fires = [0.5, 0.55].map(accuracy => rawDays(accuracy, chosen.slice(0, 400)))
    const kept = expected.toFalse >= stated && agrees(alarm.toFalse, expected.toFalse) && agrees(alarm.toTrue, expected.toTrue)
    const perDay = fires.map(
      f =>
        `at ${brief(100 * f.accuracy)} % on ${percent(f.atEnd95)} of days seen once a day, ${percent(f.atAnyTrade95)} seen after every trade`,
    )
    return {
      kept,
      says: `alarm: false after ${trades(alarm.toFalse)} trades (computed ${brief(expected.toFalse)}), true after ${trades(alarm.toTrue)} (computed ${brief(expected.toTrue)}); raw rule: false after ${trades(raw.toFalse)}, true after ${trades(raw.toTrue)}; it fires ${perDay.join('; ')}`,
      figures: { test, expected, alarm, raw, rawDays: fires },
      inputs: { firstSeed: chosen[0], seeds: chosen.length, good, bad, aDay, days },
    }
  },
}

function rawDays(accuracy: number, chosen: readonly number[]) {
  const runs = chosen.map(seed => firingDays(accuracy, new Stream(rootOf(seed), `raw days ${accuracy}`)))
  const all = runs.length * days
  const atEnd = runs.reduce((sum, run) => sum + run.atEnd, 0)
  const atAnyTrade = runs.reduce((sum, run) => sum + run.atAnyTrade, 0)
  return {
    accuracy,
    atEnd: atEnd / all,
    atEnd95: wilson(atEnd, all),
    atAnyTrade: atAnyTrade / all,
    atAnyTrade95: wilson(atAnyTrade, all),
  }
}

function agrees({ mean, error }: Estimate, expected: number): boolean {
  return Math.abs(mean - expected) <= 3 * error
}

function trades(of: Estimate): string {
  const [low, high] = interval(of)
  return `${brief(of.mean)} (95 % ${brief(low)}–${brief(high)})`
}
