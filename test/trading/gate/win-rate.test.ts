/** The share of winning trades: when entries stop, and how they come back without an operator. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { madeAccount, madeIntent, madeTrade } from '../../../bench/validate/made-trades.js'
import { addResult, forgetUntil, goodShare, newRecentResults, resultCount } from '../../../src/trading/gate/recent-results.js'
import {
  type Gate,
  type GateKeeper,
  gateOnTrade,
  houseRules,
  judge,
  type Limits,
  newGate,
  shippedProfiles,
} from '../../../src/trading/index.js'

const DAY = 86_400_000
const T0 = 1_000 * DAY

function keeperOf(limits: Limits, gate: Gate = newGate('portfolio', 'mycelial', limits, houseRules)): GateKeeper {
  return { gate, rules: houseRules, account: madeAccount(1e9), announce: () => undefined }
}

/** `of` trades at an instant, the first `wins` of which win. */
function finish(keeper: GateKeeper, wins: number, of: number, time = T0): void {
  for (let i = 0; i < of; i++) gateOnTrade(keeper, madeTrade(time - 1, time, i < wins ? 1 : 0))
}

const entry = (keeper: GateKeeper, time = T0) => judge(keeper, madeIntent(time, 1e6), 'entry')

it('allows exactly the limit, and refuses one win less with the share it measured', () => {
  const enough = keeperOf({ minWinRate: 0.4 })
  finish(enough, 8, 20)
  expect(entry(enough).refusedBy).toBeNull()
  const few = keeperOf({ minWinRate: 0.4 })
  finish(few, 7, 20)
  expect(entry(few)).toMatchObject({ qtyE8: 0, refusedBy: 'winRate', measured: 0.35, limit: 0.4 })
  expect(judge(few, { ...madeIntent(T0, 1e6), reduces: true }, 'entry').qtyE8).toBe(1e6)
})

it('judges nothing below 20 finished trades, or as many as winRateTrades says', () => {
  for (const [limits, least] of [[{ minWinRate: 0.4 }, 20] as const, [{ minWinRate: 0.4, winRateTrades: 5 }, 5] as const]) {
    const keeper = keeperOf(limits)
    finish(keeper, 0, least - 1)
    expect(entry(keeper).refusedBy).toBeNull()
    finish(keeper, 0, 1)
    expect(entry(keeper).refusedBy).toBe('winRate')
  }
})

it('comes back by itself: at exactly winRateDays after it finished, a trade counts no more', () => {
  for (const [limits, days] of [[{ minWinRate: 0.4 }, 30] as const, [{ minWinRate: 0.4, winRateDays: 2 }, 2] as const]) {
    const keeper = keeperOf(limits)
    finish(keeper, 0, 1)
    finish(keeper, 0, 19, T0 + DAY)
    expect(entry(keeper, T0 + days * DAY - 1).refusedBy).toBe('winRate')
    expect(entry(keeper, T0 + days * DAY).refusedBy).toBeNull()
  }
})

it('counts an unknown result, and one of exactly 0, as not won', () => {
  const keeper = keeperOf({ minWinRate: 0.01 })
  for (let i = 0; i < 20; i++) gateOnTrade(keeper, madeTrade(T0 - 1, T0, i % 2 ? Number.NaN : 0))
  expect(entry(keeper).refusedBy).toBe('winRate')
})

it('is part of the profile floor, and the raw accuracy of micro', () => {
  expect(shippedProfiles.floor).toMatchObject({ minWinRate: 0.4, minConfidence: 0.7, minAgreeing: 2 })
  expect(shippedProfiles.micro).toMatchObject({ accuracy24h: 0.45 })
})

it('refuses no less with a higher limit, whatever the trades', () => {
  const cases = fc.record({
    wins: fc.array(fc.boolean(), { maxLength: 60 }),
    limit: fc.double({ min: 0, max: 0.9, noNaN: true }),
  })
  fc.assert(
    fc.property(cases, ({ wins, limit }) => {
      const allowed = [limit, limit + 0.1].map(minWinRate => {
        const keeper = keeperOf({ minWinRate })
        for (const win of wins) finish(keeper, win ? 1 : 0, 1)
        return entry(keeper).qtyE8
      })
      expect(allowed[0]).toBeLessThanOrEqual(1e6)
      expect(allowed[1]).toBeLessThanOrEqual(allowed[0] as number)
    }),
    { seed: 19 },
  )
})

it('goes on from a copy of its state in JSON as if nothing had happened', () => {
  const keeper = keeperOf({ minWinRate: 0.4 })
  finish(keeper, 7, 19)
  entry(keeper)
  const copy = keeperOf({ minWinRate: 0.4 }, JSON.parse(JSON.stringify(keeper.gate)) as Gate)
  for (const each of [keeper, copy]) finish(each, 0, 1)
  expect(copy.gate).toEqual(keeper.gate)
  expect(entry(copy)).toEqual(entry(keeper))
})

it('remembers the results within the window and no others, whatever comes in and goes', () => {
  const steps = fc.array(fc.record({ gap: fc.nat(5), good: fc.boolean(), window: fc.nat(20) }), { maxLength: 200 })
  fc.assert(
    fc.property(steps, all => {
      const results = newRecentResults()
      let known: { time: number; good: boolean }[] = []
      let time = 0
      for (const { gap, good, window } of all) {
        time += gap
        forgetUntil(results, time - window)
        addResult(results, time, good)
        known = [...known.filter(each => each.time > time - window), { time, good }]
        expect(resultCount(results)).toBe(known.length)
        expect(goodShare(results)).toBe(known.filter(each => each.good).length / known.length)
        expect(results.times.length).toBeLessThanOrEqual(2 * known.length + 1)
      }
    }),
    { seed: 19 },
  )
})

it('keeps 10,000 results at most', () => {
  const results = newRecentResults()
  for (let i = 0; i < 30_000; i++) addResult(results, 1, i < 20_000)
  expect(resultCount(results)).toBe(10_000)
  expect(goodShare(results)).toBe(0)
  expect(results.times.length).toBeLessThanOrEqual(20_001)
})
