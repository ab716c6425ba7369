/** The accuracy alarm and the raw rule beside it: what counts as right, when they pause, and when a pause ends. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firingDays, tradesUntil } from '../../../bench/validate/alarm.js'
import { madeAccount, madeIntent, madeTrade } from '../../../bench/validate/made-trades.js'
import { rootOf, Stream } from '../../../src/core/index.js'
import { estimate, sumOf } from '../../../src/experiment/statistics/index.js'
import { cusumOf, runLength } from '../../../src/trading/gate/run-length.js'
import {
  accuracyAlarm,
  alarmTest,
  type Gate,
  type GateKeeper,
  gateOnTrade,
  houseRules,
  judge,
  type Limits,
  newGate,
  type Trade,
} from '../../../src/trading/index.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const T0 = 1_000 * DAY

function keeperOf(limits: Limits, gate: Gate = newGate('portfolio', 'mycelial', limits, houseRules)): GateKeeper {
  return { gate, rules: houseRules, account: madeAccount(1e9), announce: () => undefined }
}

const trade = (time: number, right: boolean, over: Partial<Trade> = {}): Trade => ({
  ...madeTrade(time - 1, time, right ? 1e6 : -1e6),
  ...over,
})
const refusal = (keeper: GateKeeper, time: number) => judge(keeper, madeIntent(time, 1e6), 'entry').refusedBy

describe('the sequential test', () => {
  it('has the run length of a walk that can be solved by hand', () => {
    // ±1 from 0, reflected there: with equal chances h (h + 1) trades to h.
    for (const h of [1, 2, 5, 20]) expect(runLength({ miss: 1, hit: 1, threshold: h }, 0.5)).toBeCloseTo(h * (h + 1), 6)
    // One miss is enough; three misses in a row, where a hit clears all.
    expect(runLength({ miss: 1, hit: 1, threshold: 1 }, 0.75)).toBeCloseTo(4, 9)
    expect(runLength({ miss: 1, hit: 3, threshold: 3 }, 0.5)).toBeCloseTo(14, 9)
  })

  it('has the smallest threshold that keeps false alarms as rare as stated', () => {
    const cases = fc.record({
      good: fc.double({ min: 0.3, max: 0.95, noNaN: true }),
      drop: fc.double({ min: 0.05, max: 0.25, noNaN: true }),
      trades: fc.integer({ min: 20, max: 20_000 }),
    })
    fc.assert(
      fc.property(cases, ({ good, drop, trades }) => {
        const test = cusumOf(good, good - drop, trades)
        expect(runLength(test, good)).toBeGreaterThanOrEqual(trades)
        if (test.threshold > 1) expect(runLength({ ...test, threshold: test.threshold - 1 }, good)).toBeLessThan(trades)
        expect(runLength(test, good - drop)).toBeLessThan(runLength(test, good))
      }),
      { seed: 19, numRuns: 30 },
    )
  })

  it('alarms falsely and truly after as many trades as it computes (the whole of it is `npm run validate -- --only alarm`)', () => {
    const limits = { accuracyAlarm: 0.55 }
    for (const accuracy of [0.55, 0.45]) {
      const lengths = Array.from({ length: 200 }, (_, i) =>
        tradesUntil(accuracyAlarm, accuracy, new Stream(rootOf(i + 1), 'test')),
      )
      const { mean, error } = estimate(lengths)
      expect(Math.abs(mean - runLength(alarmTest(limits), accuracy))).toBeLessThan(3 * error)
    }
  })
})

describe('the alarm', () => {
  const limits = { accuracyAlarm: 0.55, falseAlarmTrades: 20 }
  const { threshold, miss } = alarmTest(limits)
  const needed = Math.ceil(threshold / miss)

  it('pauses all entries from the trade that reaches the threshold, for exactly 24 hours', () => {
    const keeper = keeperOf(limits)
    for (let i = 1; i < needed; i++) gateOnTrade(keeper, trade(T0 + i, false))
    expect(refusal(keeper, T0 + needed)).toBeNull()
    gateOnTrade(keeper, trade(T0 + needed, false))
    expect(keeper.gate.locks).toMatchObject([{ kind: 'accuracyAlarm', pair: null, until: T0 + needed + DAY }])
    expect(refusal(keeper, T0 + needed + DAY - 1)).toBe('accuracyAlarm')
    expect(refusal(keeper, T0 + needed + DAY)).toBeNull()
  })

  it('starts from 0 after an alarm, and trades entered before it count no more', () => {
    const keeper = keeperOf(limits)
    for (let i = 1; i <= needed; i++) gateOnTrade(keeper, trade(T0 + i, false))
    const late = (time: number) => trade(time, false, { entryTime: T0 })
    for (let i = 1; i <= needed; i++) gateOnTrade(keeper, late(T0 + HOUR + i))
    expect(keeper.gate.locks).toMatchObject([{ until: T0 + needed + DAY }])
    for (let i = 1; i < needed; i++) gateOnTrade(keeper, trade(T0 + 2 * DAY + i, false))
    expect(refusal(keeper, T0 + 2 * DAY + needed)).toBeNull()
    gateOnTrade(keeper, trade(T0 + 2 * DAY + needed, false))
    expect(refusal(keeper, T0 + 2 * DAY + needed)).toBe('accuracyAlarm')
  })

  it('goes on from a copy of its state in JSON as if nothing had happened', () => {
    const keeper = keeperOf(limits)
    for (let i = 1; i < needed; i++) gateOnTrade(keeper, trade(T0 + i, false))
    const copy = keeperOf(limits, JSON.parse(JSON.stringify(keeper.gate)) as Gate)
    for (const each of [keeper, copy]) gateOnTrade(each, trade(T0 + needed, false))
    expect(copy.gate).toEqual(keeper.gate)
    expect(copy.gate.locks).toHaveLength(1)
  })
})

describe('the raw share of 24 hours', () => {
  const limits = { accuracy24h: 0.45, accuracyLeast: 20 }
  /** Right ones first, one a minute. */
  const day = (keeper: GateKeeper, right: number, of: number, from = T0) => {
    for (let i = 0; i < of; i++) gateOnTrade(keeper, trade(from + i * 60_000, i < right))
  }

  it('goes on at exactly the limit and pauses below it, until no trade of that window is left in it', () => {
    const even = keeperOf(limits)
    day(even, 9, 20)
    expect(even.gate.locks).toEqual([])
    const low = keeperOf(limits)
    day(low, 8, 20)
    const until = T0 + 19 * 60_000 + DAY
    expect(low.gate.locks).toMatchObject([{ kind: 'accuracy24h', pair: null, until }])
    expect(refusal(low, until - 1)).toBe('accuracy24h')
    expect(refusal(low, until)).toBeNull()
  })

  it('judges nothing below its least number of trades, 20 unless said', () => {
    for (const [given, least] of [
      [limits, 20] as const,
      [{ accuracy24h: 0.45 }, 20] as const,
      [{ ...limits, accuracyLeast: 3 }, 3] as const,
    ]) {
      const keeper = keeperOf(given)
      day(keeper, 0, least - 1)
      expect(keeper.gate.locks).toEqual([])
      day(keeper, 0, 1, T0 + HOUR)
      expect(keeper.gate.locks).toHaveLength(1)
    }
  })

  it('counts no trade that finished exactly 24 hours ago, and one of a millisecond less', () => {
    for (const [age, locks] of [[DAY, 0] as const, [DAY - 1, 1] as const]) {
      const keeper = keeperOf(limits)
      day(keeper, 0, 1, T0)
      day(keeper, 8, 19, T0 + age)
      const first = keeperOf(limits)
      gateOnTrade(first, trade(T0, false))
      for (let i = 0; i < 19; i++) gateOnTrade(first, trade(T0 + age, i < 8))
      expect(first.gate.locks).toHaveLength(locks)
    }
  })

  it('takes a trade for right by its price alone: costs do not make it wrong, no move and no result do', () => {
    const costs = { feesE6: 3e6, slippageE6: 1e6, borrowE6: 1e6 }
    for (const [pnlE6, isRight] of [[-4.9e6, true] as const, [-5e6, false] as const, [Number.NaN, false] as const]) {
      const keeper = keeperOf({ ...limits, accuracyLeast: 1 })
      gateOnTrade(keeper, trade(T0, false, { ...costs, pnlE6 }))
      expect(keeper.gate.locks).toHaveLength(isRight ? 0 : 1)
    }
  })

  it('fires by luck on a quarter of the days at 20 signals a day and an accuracy of 50 %', () => {
    const runs = Array.from({ length: 40 }, (_, i) => firingDays(0.5, new Stream(rootOf(i + 1), 'test'), 25))
    const share = sumOf(runs.map(run => run.atEnd)) / 1_000
    expect(share).toBeGreaterThan(0.2)
    expect(share).toBeLessThan(0.3)
    expect(sumOf(runs.map(run => run.atAnyTrade))).toBeGreaterThan(sumOf(runs.map(run => run.atEnd)))
  })

  it('goes on from a copy of its state in JSON as if nothing had happened', () => {
    const keeper = keeperOf(limits)
    day(keeper, 8, 19)
    const copy = keeperOf(limits, JSON.parse(JSON.stringify(keeper.gate)) as Gate)
    for (const each of [keeper, copy]) day(each, 0, 1, T0 + HOUR)
    expect(copy.gate).toEqual(keeper.gate)
    expect(copy.gate.locks).toHaveLength(1)
  })
})
