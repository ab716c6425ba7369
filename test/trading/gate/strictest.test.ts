/** Several profiles are never laxer than one of them, also by what each leaves unsaid; and lists name pairs, not texts. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  brokerSchema,
  gateSchema,
  havenLimits,
  houseRules,
  judge,
  type LimitParameters,
  type Limits,
  limitsOf,
  type Rule,
  riskSchema,
  strictest,
} from '../../../src/trading/index.js'
import { account, DAY, HOUR, intent, keeper, T0 } from './support.js'

const named = (...all: Limits[]) => all.map((limits, i) => ({ name: `p${i}`, limits }))
const parameters = (over: Partial<LimitParameters>): LimitParameters => ({
  ...brokerSchema.parse({}),
  ...riskSchema.parse({}),
  ...gateSchema.parse({}),
  ...over,
})
const chosen = (...all: Record<string, unknown>[]) =>
  limitsOf(parameters({ profiles: ['haven', ...all.map((limits, i) => ({ name: `p${i}`, limits }))] }))

describe('what a profile leaves unsaid of a rule that it switches on', () => {
  it('counts as if it held alone: a shorter pause of another profile does not shorten it', () => {
    const both = strictest(named({ losingStreak: 1 }, { losingStreak: 5, losingStreakPauseMs: 60_000 }))
    expect(both).toMatchObject({ losingStreak: 1, losingStreakPauseMs: DAY })
    const kelly = strictest(named({ kellyFraction: 0.5 }, { kellyFraction: 1, kellyCap: 0.9, kellyTrades: 10 }))
    expect(kelly).toMatchObject({ kellyFraction: 0.5, kellyCap: 0.1, kellyTrades: 30 })
  })

  it('is the standard of every limit that its rule reads with one, in both orders', () => {
    let met = 0
    for (const rule of houseRules as readonly Rule[]) {
      const [first] = Object.entries(rule.limits)
      for (const [name, { standard, stricter }] of Object.entries(rule.limits)) {
        if (standard === undefined || first === undefined) continue
        met++
        const on = { [first[0]]: 1 } as Limits
        const lax = { ...on, [name]: stricter === 'higher' ? 1 : 9 } as Limits
        for (const both of [named(on, lax), named(lax, on)]) {
          const value = stricter === 'same' ? undefined : (strictest(both) as Record<string, unknown>)[name]
          if (stricter === 'same') expect(() => strictest(both)).toThrow(name)
          else expect(value, name).toBe(stricter === 'higher' ? Math.max(1, standard as number) : Math.min(9, standard as number))
        }
      }
    }
    expect(met).toBeGreaterThan(10)
  })

  it('is not filled in of a rule that it does not switch on', () => {
    expect(strictest(named({ dailyLossUsd: 5 }))).toEqual({ dailyLossUsd: 5, excess: {} })
  })

  it('is to refuse, where its rule does: another profile’s choice to shrink does not hold then', () => {
    const haven = havenLimits({ minConfidence: 0.5, grossLimit: 0.3 })
    const shrinks: Limits = { grossShare: 0.5, excess: { grossLimit: 'shrink' } }
    for (const both of [named(haven, shrinks), named(shrinks, haven)])
      expect(strictest(both).excess).toEqual({ grossLimit: 'refuse' })
    expect(strictest(named(shrinks)).excess).toEqual({ grossLimit: 'shrink' })
    expect(strictest(named({ dailyLossUsd: 5 }, shrinks)).excess).toEqual({ grossLimit: 'shrink' })
    expect(strictest(named({ pairShare: 0.1 }, { pairShare: 0.2, excess: { pairLimit: 'shrink' } })).excess).toEqual({
      pairLimit: 'shrink',
    })
  })
})

describe('a list of pairs', () => {
  const enters = (limits: Limits, pair: string, time = T0) =>
    judge(keeper(limits), intent({ pair, time, closesAt: time + DAY }), 'entry').refusedBy === null

  it('means a pair in any spelling: what is forbidden as SOL/USD is not entered as SOLUSD', () => {
    for (const spelt of ['SOLUSD', 'SOL/USD', 'sol-usd', 'SOL']) {
      expect(enters({ blackList: [spelt] }, 'SOLUSD'), spelt).toBe(false)
      expect(enters({ whiteList: [spelt] }, 'SOLUSD'), spelt).toBe(true)
      const held = account({ open: 1, gross: 300e6, eachExposure: visit => visit('SOLUSD', 300e6) })
      const limits = { groupShare: 0.3, groups: { layer1: [spelt] } }
      expect(judge(keeper(limits, held), intent({ pair: 'SOLUSD' }), 'entry').refusedBy, spelt).toBe('groupLimit')
    }
    expect(enters(havenLimits({ minConfidence: 0, grossLimit: 1, forbiddenPairs: ['SOL/USD'] }), 'SOLUSD')).toBe(false)
    expect(enters({ blackList: ['SOL/USD'] }, 'ADAUSD')).toBe(true)
  })

  it('with an instant that is none is refused, and holds where it is met', () => {
    expect(() => chosen({ blackList: ['SOLUSD until 2024-13-45'] })).toThrow(
      /limit "blackList" of the profile p0: expected a pair, or/,
    )
    expect(() => chosen({ whiteList: ['SOLUSD until 2024-02-30T00:00Z'] })).toThrow(/whiteList/)
    expect(enters({ blackList: ['SOLUSD until 2024-13-45'] }, 'SOLUSD')).toBe(false)
    expect(enters({ whiteList: ['SOLUSD until 2024-13-45'] }, 'SOLUSD')).toBe(false)
    expect(enters({ blackList: ['SOLUSD until 2024-01-02'] }, 'SOLUSD', Number.NaN)).toBe(false)
  })

  it('of what is allowed, with another: the pairs that both name, each until the earlier instant', () => {
    const lists = (a: string[], b: string[]) => strictest(named({ whiteList: a }, { whiteList: b })).whiteList
    expect(lists(['A'], ['A until 2030-01-01T00:00Z', 'B'])).toEqual(['A until 2030-01-01T00:00Z'])
    expect(lists(['SOL/USD until 2029-01-01'], ['SOLUSD until 2030-01-01'])).toEqual(['SOL/USD until 2029-01-01'])
    expect(lists(['A'], ['B'])).toEqual([])
  })

  it('with another enters what both enter alone, and no more', () => {
    const lines = fc.array(
      fc
        .tuple(fc.constantFrom('SOLUSD', 'SOL/USD', 'ADAUSD'), fc.option(fc.integer({ min: 1, max: 4 })))
        .map(([pair, day]) => (day === null ? pair : `${pair} until 2024-01-0${day}`)),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(lines, lines, fc.constantFrom('whiteList', 'blackList'), fc.integer({ min: 0, max: 5 }), (a, b, list, day) => {
        const [one, two] = [{ [list]: a } as Limits, { [list]: b } as Limits]
        const both = strictest(named(one, two))
        const time = Date.UTC(2024, 0, 1) + (day - 1) * DAY + HOUR
        for (const pair of ['SOLUSD', 'ADAUSD'])
          expect(enters(both, pair, time)).toBe(enters(one, pair, time) && enters(two, pair, time))
      }),
      { numRuns: 200, seed: 7 },
    )
  })
})

describe('what a profile says without effect', () => {
  it('is refused: a limit of a rule that nothing switches on, with the limit that would', () => {
    for (const [limits, what] of [
      [{ kellyCap: 0.1 }, /limit "kellyCap" of the profile p0: expected the limit "kellyFraction" with it, got "none"/],
      [{ losingStreakPauseMs: 5 }, /expected the limit "losingStreak" with it/],
      [{ anomalyPauseMs: 5 }, /expected the limit "anomalyPriceJump" or "anomalyVolumeJump" with it/],
      [{ groups: { layer1: ['A'] } }, /expected the limit "groupShare" with it/],
      [{ groupShare: 0.1 }, /limit "groupShare": expected the limit "groups" with it/],
    ] as const)
      expect(() => chosen(limits)).toThrow(what)
    expect(chosen({ kellyCap: 0.05 }, { kellyFraction: 0.5 })).toMatchObject({ kellyCap: 0.05 })
    expect(chosen({ anomalyPauseMs: 5, anomalyVolumeJump: 3 })).toMatchObject({ anomalyVolumeJump: 3 })
  })

  it('is refused: an excess of a rule that there is none of, that judges no entry, or that nothing switches on', () => {
    expect(() => chosen({ excess: { grossLimt: 'shrink' } })).toThrow(/"grossLimt"\. Did you mean "grossLimit"\?/)
    expect(() => chosen({ excess: { dailyLoss: 'shrink' }, dailyLossUsd: 5 })).toThrow(/Unknown rule that refuses or shrinks/)
    expect(() => chosen({ excess: { pairLimit: 'refuse' } })).toThrow(
      /"excess" of pairLimit in the profile p0: expected the limit "pairShare"/,
    )
    expect(chosen({ excess: { pairLimit: 'refuse' }, pairShare: 0.1 }).excess).toEqual({ pairLimit: 'refuse' })
  })

  it('is refused: a smallest trade above the largest, from one profile or two', () => {
    const what = /expected the smallest trade not to be larger than the largest, got "10 and 5 USD"/
    expect(() => chosen({ smallestTradeUsd: 10, largestTradeUsd: 5 })).toThrow(what)
    expect(() => chosen({ smallestTradeUsd: 10 }, { largestTradeUsd: 5 })).toThrow(what)
    expect(chosen({ smallestTradeUsd: 5, largestTradeUsd: 5 })).toMatchObject({ smallestTradeUsd: 5 })
  })
})

it('a target that spread and slippage alone exceed pays at no fee, and the message says so', () => {
  const profiles = [{ name: 'tiny', limits: { targetShare: 0.0005 } }]
  expect(() => limitsOf(parameters({ profiles, feeRate: 0 }))).toThrow(
    /pays at no `fee`, because half-spread and slippage alone cost more than the target; `allowLosingTarget` runs/,
  )
  expect(() => limitsOf(parameters({ profiles: [{ name: 'even', limits: { targetShare: 0.001 } }], feeRate: 0.001 }))).toThrow(
    /pays from a `fee` of 0 % down \(0\)/,
  )
})
